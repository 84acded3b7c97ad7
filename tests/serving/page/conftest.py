"""The service in a process of its own, answering from a small corpus, and a real browser on its page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import browsing
from tests.browsing import Chat
from tests.conftest import environment

axe, browser, page_index = browsing.axe, browsing.browser, browsing.page_index


@pytest.fixture(scope="module")
def address(page_index: Path) -> Iterator[str]:
    """Where `flexbot serve` answers."""
    places = ["--corpus", str(page_index.parent / "corpus"), "--index", str(page_index)]
    command = [sys.executable, "-m", "chatbot", "serve", "--port", "0", *places]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
    ) as server:
        told = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", told)):
            line = server.stderr.readline()
            assert line, f"the server ended: {told}"
            told += line
        yield f"{found[0]}/"
        server.terminate()


@pytest.fixture
def chat(browser: Browser, address: str) -> Iterator[Chat]:
    """The page, freshly opened; at the end nothing may have been wrong nor asked of another host."""
    chat = Chat(browser, address)
    yield chat
    chat.context.close()
    assert chat.wrong == []
    assert [url for url in chat.requested if not url.startswith((address, "data:"))] == []
