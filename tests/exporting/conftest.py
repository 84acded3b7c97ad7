"""A page exported from a small corpus, with its pictures, in a real browser from the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chatbot import Chatbot
from chatbot.exporting.export import export
from tests import browsing
from tests.browsing import Chat
from tests.conftest import Once

axe, browser, page_index = browsing.axe, browsing.browser, browsing.page_index


@pytest.fixture(scope="session")
def exported(once: Once, page_index: Path) -> Path:
    """The page of the corpus of `page_index`, which is so small that the page only lists."""

    def write(folder: Path) -> None:
        export(Chatbot.load(page_index), folder / "page.html", figures=True)

    return once("exported", write) / "page.html"


class OfflineChat(Chat):
    """The page of a file, in a browser without a network."""

    def __init__(
        self, browser: Browser, page: Path, width: int = 1280, scheme: str = "light", fragment: str = ""
    ) -> None:
        super().__init__(browser, f"{page.as_uri()}{fragment}", width, scheme, offline=True)
        self.page.evaluate("ready")

    def decided(self, message: str) -> dict:
        """What the page's script decides on a message."""
        return self.page.evaluate("message => decide(model, message)", message)


@pytest.fixture
def chat(browser: Browser, exported: Path) -> Iterator[OfflineChat]:
    """The page, freshly opened; at the end nothing may have been wrong nor asked of any host."""
    chat = OfflineChat(browser, exported)
    yield chat
    chat.context.close()
    assert chat.wrong == []
    assert [url for url in chat.requested if not url.startswith(("file:", "data:", "blob:"))] == []
