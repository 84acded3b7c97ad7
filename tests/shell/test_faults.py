"""Faults that users of shells like this one reported, by the number of their kind."""

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from chatbot.shell.catalogue import Catalogue, Title
from chatbot.shell.commands import registry
from chatbot.shell.completion import LineCompleter

TOPICS = ("Getting Started", "R&D", "FAQ 2024", "getting-started", "lower-back", "Straße", "other", "")


@pytest.fixture
def many_topics(sitting):
    """A shell in whose catalogue each of `TOPICS` has a question of its own, named after it."""
    sitting.said("thanks")
    titles = [Title(f"id-{place}", f"What of {topic}?", topic) for place, topic in enumerate(TOPICS)]
    sitting.shell.opened.catalogue = Catalogue(titles)
    return sitting


def questions(text: str) -> list[str]:
    return [line[5:] for line in text.splitlines() if line.endswith("?")]


def test_k08_each_topic_has_a_name_of_its_own_in_the_list(many_topics):
    assert many_topics.said("/topics").splitlines()[2:-1] == [
        "  1  Getting Started (1)",
        "  2  R&D (1)",
        "  3  FAQ 2024 (1)",
        "  4  getting-started (1)",
        "  5  lower back (1)",
        "  6  Straße (1)",
        "  7  other (1)",
        "  8  (none) (1)",
    ]


@pytest.mark.parametrize("number", range(1, len(TOPICS) + 1))
def test_k08_a_topic_opens_by_its_number(many_topics, number):
    many_topics.said("/topics")
    assert questions(many_topics.said(str(number))) == [f"What of {TOPICS[number - 1]}?"]


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("Getting Started", "Getting Started"),
        ("getting-started", "getting-started"),
        ("r&d", "R&D"),
        ("faq  2024", "FAQ 2024"),
        ("faq-2024", "FAQ 2024"),
        ("LOWER BACK", "lower-back"),
        ("Lower-Back", "lower-back"),
        ("strasse", "Straße"),
        ("(None)", ""),
    ],
)
def test_k08_a_topic_opens_by_its_name_in_any_case(many_topics, typed, topic):
    assert questions(many_topics.said(f"/topics {typed}")) == [f"What of {topic}?"]


def test_k08_a_name_that_may_mean_two_topics_offers_both(many_topics):
    assert many_topics.said("/topics GETTING STARTED").splitlines()[1:4] == [
        "Which of these topics?",
        "  1  Getting Started (1)",
        "  2  getting-started (1)",
    ]
    assert questions(many_topics.said("2")) == ["What of getting-started?"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["Getting Started", "R&D", "FAQ 2024", "getting-started", "lower back", "Straße", "other", "(none)"]),
        ("getting s", ["Getting Started", "getting-started"]),
        ("FAQ-", ["FAQ 2024"]),
        ("lower-b", ["lower back"]),
    ],
)
def test_k08_topics_complete_whatever_their_characters(many_topics, typed, names):
    completer = LineCompleter(registry(), lambda: many_topics.shell.opened.catalogue, dict)
    line = f"/topics {typed}"
    completions = completer.get_completions(Document(line), CompleteEvent(text_inserted=True))
    assert [line[: len(line) + item.start_position] + item.text for item in completions] == [
        f"/topics {name}" for name in names
    ]


@pytest.mark.parametrize(("environment", "width"), [({}, 80), ({"COLUMNS": "50"}, 50)])
def test_k10_a_shell_on_a_terminal_without_a_size(pty, environment, width):
    terminal = pty(columns=0, rows=0, PAGER="cat", **environment)
    terminal.wait_for("Try")
    terminal.wait_for("ask>")
    shown = terminal.ask("how long should i hold a stretch", "Not medical advice")
    reply = shown[shown.index("\nHow long") :].splitlines()
    assert width - 12 < max(map(len, reply)) <= width


def test_k10_the_progress_of_a_build_shows_on_a_terminal_without_a_size(pty):
    terminal = pty(
        program="from chatbot.terminal.progress import Bar\nwith Bar() as bar: bar('model', 0, 1)",
        columns=0,
        rows=0,
    )
    terminal.wait_for("Exporting the model … 00:00")
    assert terminal.end() == 0


HOMELESS = """
import os, pwd, sys

def unknown(user):
    raise KeyError(f"uid not found: {user}")

pwd.getpwuid = unknown
for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "CHATBOT_STATE"):
    os.environ.pop(name, None)
from chatbot.cli import main
sys.exit(main([]))
"""


def test_k14_a_shell_without_a_home_remembers_for_the_session(pty):
    terminal = pty(program=HOMELESS, columns=150)
    assert "History is kept for this session only: there is no home folder" in terminal.wait_for("ask>")
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for("ask>")
    terminal.ask("/good", "there is no home folder to keep history and feedback in; set CHATBOT_STATE")
    terminal.wait_for("ask>")
    terminal.send("\x04")
    assert terminal.end() == 0
