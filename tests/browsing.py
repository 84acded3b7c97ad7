"""A real browser on pages that answer, a small corpus that has a picture and hostile text, and what axe-core finds."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from chatbot import Chatbot, settings
from tests.builders import linked, markdown, put
from tests.conftest import DATA, Once

AXE = "axe-core@4.14.1"
_BACKGROUND = (
    "which protein powder is best",
    "what is the capital of france",
    "how do i bake sourdough bread",
    "my car will not start in the cold",
    "who won the football match yesterday",
    "what is a good laptop for a student",
    "how do i reset my email password",
    "fix a leaking kitchen tap",
)
# What would run, or be loaded, if any of it were taken for HTML.
HOSTILE = '<script>hit = 1</script><img src="https://example.org/x.png" onerror="hit = 1">'


@pytest.fixture(scope="session")
def page_index(once: Once, built: Path) -> Path:
    """An index of the shell's corpus, which has a picture, and of an entry that is full of HTML."""

    def build(folder: Path) -> None:
        corpus = shutil.copytree(DATA / "shell-corpus", folder / "corpus")
        shown = HOSTILE.replace("<", "\\<")  # what is HTML is left out, and this is none
        text = (
            f"Hold it {HOSTILE} {shown} [link](javascript:hit=1) ![x](https://example.org/y.png)\n\n| a |\n|--:|\n| 1 |"
        )
        ways = [f"wobbling plank {word}" for word in ("board", "balance", "training", "exercise", "how", "why")]
        entry = markdown(
            "How do I hold a wobbling plank?", {"Physio & <b>co</b>": text}, ways, "reviewed: 2026-11-22\n"
        )
        put(corpus / "hips" / "wobbling-plank.md", entry)
        background = put(folder / "background.txt", "".join(f"{line}\n" for line in _BACKGROUND))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "out_of_scope_path", lambda: background)
            Chatbot.build(corpus, linked(built, folder / "index"))

    return once("page", build) / "index"


@pytest.fixture(scope="session")
def axe(once: Once) -> str:
    """The script of axe-core: from the folder that AXE_CORE names, else from npm."""
    if folder := os.environ.get("AXE_CORE"):
        return (Path(folder) / "axe.min.js").read_text(encoding="utf-8")

    def fetch(folder: Path) -> None:
        subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True)
        (packed,) = folder.glob("*.tgz")
        shutil.unpack_archive(packed, folder, filter="data")

    return (once("axe-core", fetch) / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    found = shutil.which("chromium")
    assert found, "the tests of the page need Chromium: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Chat:
    """The page in a browser of some width, as someone who uses it."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, scheme: str = "light", **more: Any) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
        self.page: Page = self.context.new_page()
        self.requested: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda told: self.wrong.append(told.text))
        self.page.goto(address)

    def ask(self, question: str) -> None:
        """Type a question, press Enter and wait for what comes."""
        before = self.page.locator(".exchange").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.came(before)

    def came(self, before: int) -> None:
        self.page.locator(".exchange").nth(before).locator(".reply, .failure").wait_for()

    def press(self, label: str) -> None:
        """Press a button of the last exchange and wait for what comes."""
        before = self.page.locator(".exchange").count()
        self.page.locator(".exchange").last.get_by_role("button", name=label).click()
        self.came(before)

    @property
    def last(self):
        return self.page.locator(".exchange").last

    def violations(self, axe: str) -> list[str]:
        """What axe-core finds wrong, by rule and element."""
        self.page.evaluate(axe)
        found = self.page.evaluate("axe.run()")["violations"]
        return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
