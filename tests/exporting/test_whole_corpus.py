"""The page of the whole corpus: small enough, sure enough to answer, and without fault in a browser."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.conftest import environment
from tests.exporting.conftest import OfflineChat


@pytest.fixture(scope="module")
def whole(once):
    """What `flexbot export` says of the packaged corpus, and its page."""

    def write(folder):
        command = [sys.executable, "-m", "chatbot", "export", str(folder / "page.html")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment(), check=True)
        (folder / "said.txt").write_text(done.stdout)

    return once("whole-page", write)


def test_it_is_small_and_answers(whole):
    assert (whole / "page.html").stat().st_size < 3_000_000
    said = re.search(r"right for (0\.\d+), the whole bot's for (0\.\d+)\. It answers", (whole / "said.txt").read_text())
    assert float(said[1]) >= 0.75 * float(said[2])


@pytest.fixture
def chat(browser, whole):
    chat = OfflineChat(browser, whole / "page.html", width=360)
    yield chat
    chat.context.close()
    assert chat.wrong == []
    assert [url for url in chat.requested if not url.startswith(("file:", "data:", "blob:"))] == []


def test_it_answers_lists_alarms_and_declines(chat):
    told = {
        "How long should I hold a stretch?": "answer",
        "knee": "list",  # a bare word names a part, not a question
        "numb between my legs and cant pee since my back went": "urgent",
        "what is the capital of france": "none",
        "qwrtz": "none",
    }
    assert {message: chat.decided(message)["kind"] for message in told} == told
    assert chat.decided("qwrtz")["caution"] is None


def test_small_talk_is_answered_as_such_without_a_caution(chat):
    told = {
        "hi": "greeting",
        "Hello!": "greeting",
        "good morning": "greeting",
        "cool": "ok-acknowledge",
        "help": "help-me",
        "thanks": "thanks",
        "who are you?": "who-are-you",
        "hi there, bot": "greeting",
    }
    decided = {message: chat.decided(message) for message in told}
    ids = chat.page.evaluate("model.ids")
    assert {message: ids[each["shown"]] for message, each in decided.items()} == told
    assert {each["caution"] for each in decided.values()} == {None}
    assert chat.decided("hello, my chest hurts")["kind"] == "urgent"


def test_every_entry_can_be_shown(chat):
    shown = chat.page.evaluate("Object.keys(replies.entries).filter(id => entry(id).querySelector('h2').textContent)")
    assert len(shown) == chat.page.evaluate("model.ids.length") > 500


def test_it_promises_sources_as_every_answer_has_some(chat):
    expect(chat.page.locator(".welcome p").first).to_contain_text("checked beforehand and names its sources.")


def test_axe_finds_nothing(chat, axe):
    assert chat.violations(axe) == []
    chat.ask("my hips are so tight")
    expect(chat.last.locator("h2")).to_be_focused()
    assert chat.violations(axe) == []
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
