"""Faults that users of shells like this one reported, by the number of their kind."""

import json
import shutil
import sys

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from chatbot import Chatbot, settings
from chatbot.index.index import Index
from chatbot.shell.catalogue import Catalogue
from chatbot.shell.commands import registry
from chatbot.shell.completion import LineCompleter
from chatbot.shell.screen import Screen
from chatbot.terminal import feedback
from tests.builders import put_lines
from tests.fakes import WordEncoder
from tests.shell.conftest import CORPUS

TOPICS = ("Getting Started", "R&D", "FAQ 2024", "getting-started", "lower-back", "Straße", "other", "")


@pytest.fixture(scope="module")
def faq(tmp_path_factory):
    """A bot in whose corpus each of `TOPICS` has a question of its own, named after it, and two have one in common."""
    folder = tmp_path_factory.mktemp("faq")
    entries = [
        {"id": f"e{place}", "topic": topic, "question": f"What of {topic}?", "answer": "This."}
        for place, topic in enumerate(TOPICS)
    ]
    opening = [
        {"id": name, "topic": "R&D", "question": "When are you open?", "answer": name} for name in ("now", "then")
    ]
    path = put_lines(folder / "faq.jsonl", *entries, *opening)
    return Chatbot.build(path, folder / "index", encoder=WordEncoder())


@pytest.fixture
def many_topics(sit, faq):
    return sit(lambda progress, note: faq)


def questions(text: str) -> list[str]:
    return [line[5:] for line in text.splitlines() if "?" in line]


def test_k08_each_topic_has_a_name_of_its_own_in_the_list(many_topics):
    assert many_topics.said("/topics").splitlines()[2:-1] == [
        "  1  Getting Started (1)",
        "  2  R&D (3)",
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
    assert questions(many_topics.said(str(number)))[0] == f"What of {TOPICS[number - 1]}?"


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
    assert questions(many_topics.said(f"/topics {typed}"))[0] == f"What of {topic}?"


def test_k09_two_entries_of_one_topic_with_one_question_look_different(many_topics):
    labels = many_topics.said("/topics R&D").splitlines()[3:5]
    assert labels == ["  2  When are you open? (now)", "  3  When are you open? (then)"]
    many_topics.said("3")
    assert many_topics.shell.last.id == "then"
    found = many_topics.said("/search when are you open").splitlines()[2:4]
    assert sorted(line[5:] for line in found) == [line[5:] for line in labels]


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
def test_k08_topics_complete_whatever_their_characters(faq, typed, names):
    catalogue = Catalogue.of(faq.index.entries())
    completer = LineCompleter(registry(), lambda: catalogue, dict)
    line = f"/topics {typed}"
    completions = completer.get_completions(Document(line), CompleteEvent(text_inserted=True))
    assert [line[: len(line) + item.start_position] + item.text for item in completions] == [
        f"/topics {name}" for name in names
    ]


@pytest.mark.parametrize(("environment", "width"), [({}, 80), ({"COLUMNS": "50"}, 50)])
def test_k10_a_shell_on_a_terminal_without_a_size(pty, environment, width):
    terminal = pty(columns=0, rows=0, PAGER="cat", **environment)
    terminal.wait_for("Try")
    terminal.wait_for_prompt()
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
    assert "History is kept for this session only: there is no home folder" in terminal.wait_for_prompt()
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.ask("/good", "there is no home folder to keep history, feedback and the routine in; set CHATBOT_STATE")
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0


def paged(pty, columns=60):
    """A shell that waits for a key between two pages of a reply."""
    terminal = pty(rows=14, columns=columns)
    terminal.wait_for("Try")
    terminal.wait_for_prompt()
    terminal.ask("my lower back feels tight", "-- more")
    return terminal


@pytest.mark.parametrize("burst", [True, False], ids=["at once", "key by key"])
def test_k18_no_key_typed_at_a_page_is_lost(pty, tmp_path, burst):
    terminal = paged(pty)
    asked = "quick stretch in a chair at work"
    for keys in [asked] if burst else asked:
        terminal.send(keys)
        if not burst:
            terminal.wait_for_silence(0.1)
    terminal.ask("", f"(you asked: {asked})")
    assert (tmp_path / "state" / "history").read_text().endswith(f"\n+{asked}\n")


def test_k18_a_q_alone_stops_and_leaves_the_line_empty(pty):
    for keys in ("q", "q\r", "\x1b", "\x03"):
        terminal = paged(pty)
        terminal.send(keys)
        terminal.wait_for("The rest: /again")
        terminal.wait_for_prompt()
        terminal.ask("thanks", "You are welcome.")


def test_k18_keys_that_are_no_letters_reach_the_prompt(pty):
    terminal = paged(pty)
    terminal.send("\t")
    terminal.wait_for("The rest: /again")
    terminal.wait_for("4  How often should I stretch")  # the menu of choices
    terminal = paged(pty)
    terminal.send("\x1bOP")
    terminal.wait_for("The rest: /again")
    terminal.wait_for("Ask in your own words, or:")


@pytest.mark.parametrize(
    "key",
    ["\x1b[A", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[H", "\x1b[1;5D", "\x1b[1;2A"],
    ids=["Up", "Right", "Left", "PageUp", "Home", "Ctrl-Left", "Shift-Up"],
)
def test_k18_keys_that_move_elsewhere_are_not_typed(pty, tmp_path, key):
    terminal = paged(pty)
    terminal.send(key)
    terminal.wait_for_silence(0.7)
    assert "The rest" not in terminal.raw
    terminal.send(f"q{key}")
    terminal.wait_for("The rest: /again")
    terminal.wait_for_prompt()
    terminal.ask("thanks", "You are welcome.")
    assert (tmp_path / "state" / "history").read_text().endswith("\n+thanks\n")


@pytest.mark.parametrize(
    "key", [" ", "\r", "\n", "\x1b[B", "\x1b[6~"], ids=["Space", "Enter", "^J", "Down", "PageDown"]
)
def test_k18_keys_that_go_on(pty, key):
    terminal = paged(pty)
    terminal.send(key)
    terminal.wait_for("Continue with")


def test_k18_ctrl_z_suspends_between_two_pages(pty):
    terminal = pty(program="import os; os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])", rows=14, columns=60)
    terminal.send(f"PS1=; clear; {sys.executable} -m chatbot\r")
    terminal.wait_for("Try")
    terminal.wait_for_prompt()
    terminal.ask("my lower back feels tight", "-- more")
    terminal.send("\x1a")
    terminal.wait_for("Stopped")
    terminal.send("fg\r")
    terminal.wait_for("-- more")
    terminal.send(" ")
    terminal.wait_for("Continue with")


def test_k18_the_rest_is_laid_out_anew_when_the_terminal_was_resized(pty):
    terminal = paged(pty)
    terminal.child.setwinsize(14, 34)
    terminal.wait_for_silence(0.5)
    terminal.send(" ")
    terminal.wait_for("  Not for you if: recent back\n  surgery · pain that runs below\n  the knee\n")
    page = terminal.wait_for("-- more")
    assert max(map(len, page.splitlines())) <= 34


def resized(sizes, layouts):
    """What a screen of these sizes, one a page, writes of a text that is laid out for each width as told."""
    written, left = [], list(sizes)

    def more():
        left.pop(0)
        return True

    screen = Screen(written.append, lambda: left[0], more=more)
    assert screen.show(lambda width: layouts[width]) is True
    return written


def test_k18_after_a_resize_no_paragraph_is_lost():
    wide = "1 1 1\n1 1\n\n2 2 2\n2 2\n2\n\n3 3 3\n"
    narrow = "1 1\n1 1\n1\n\n2 2\n2 2\n2 2\n\n3 3\n3\n"
    layouts = {5: wide, 3: narrow}
    # The first page of five rows less two ends within the first paragraph's empty line, so the second is next.
    assert resized([(5, 5), (3, 5), (3, 5), (3, 5)], layouts) == [
        "1 1 1\n1 1\n\n",
        "2 2\n2 2\n2 2\n",
        "\n3 3\n3\n",
        "\n",
    ]
    # Of the second paragraph two of three lines were shown: it begins again.
    assert resized([(5, 7), (3, 12)], layouts) == ["1 1 1\n1 1\n\n2 2 2\n2 2\n", "2 2\n2 2\n2 2\n\n3 3\n3\n\n"]
    # A paragraph whose last line was shown does not.
    assert resized([(5, 4), (3, 12)], layouts) == ["1 1 1\n1 1\n", "2 2\n2 2\n2 2\n\n3 3\n3\n\n"]
    # Pages are as high as the screen is now.
    assert resized([(5, 4), (5, 12)], layouts) == ["1 1 1\n1 1\n", "\n2 2 2\n2 2\n2\n\n3 3 3\n\n"]


CHANGED = "The corpus changed since the index was built. /reload takes the changes in."


def edited_thanks(corpus):
    path = corpus / "small-talk" / "thanks.md"
    path.write_text(path.read_text().replace("You are welcome.", "Gladly."))


@pytest.fixture
def own(index, tmp_path):
    """A corpus and an index of it to edit."""
    places = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(CORPUS, places[0])
    shutil.copytree(index, places[1])
    Chatbot.build(*places)
    return places


@pytest.mark.parametrize("first", ["thanks", "", "/help more"])
def test_k16_an_edit_before_the_first_question_is_noticed(own, sit, first):
    corpus, folder = own
    sitting = sit(lambda progress, note: Chatbot.load(folder))
    sitting.shell.loader.start()
    sitting.shell.loader.get()
    edited_thanks(corpus)
    sitting.shell.handle(first)
    assert "".join(sitting.written).count(CHANGED) == 1
    assert CHANGED not in sitting.said("thanks")
    sitting.said("/reload")
    assert CHANGED not in sitting.said("thanks")


def test_k16_an_edit_while_the_index_was_brought_up_to_date_is_noticed(own, sit):
    corpus, folder = own

    def opening(progress, note):
        bot = Chatbot.build(corpus, folder)
        edited_thanks(corpus)
        return bot

    assert CHANGED in sit(opening).said("thanks")


def test_k16_what_opening_told_is_not_told_again(own, sit):
    corpus, folder = own
    edited_thanks(corpus)

    def opening(progress, note):
        note("the index cannot be brought up to date, so the old one answers")
        return Chatbot(Index.open(folder))

    assert CHANGED not in sit(opening).said("thanks")


def test_k19_a_reply_is_saved_as_json_by_the_name_of_the_file(sitting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sitting.said("thanks")
    sitting.said("how long should i hold a stretch")
    replies = [reply.to_dict() for reply in sitting.shell.replies]
    assert sitting.said("/save one.JSON") == "Saved to one.JSON.\n\n"
    assert json.loads((tmp_path / "one.JSON").read_text()) == replies[1]
    sitting.said("/save all both.json")
    assert json.loads((tmp_path / "both.json").read_text()) == replies
    assert sitting.said("/save reply.txt") == "Saved to reply.txt, as Markdown.\n\n"
    assert (tmp_path / "reply.txt").read_text().startswith("**You:** how long should i hold a stretch\n\n")


def test_k19_search_lists_answers_only_those_with_the_words_first(sit, built):
    bot = Chatbot.load(built)
    sitting = sit(lambda progress, note: bot)
    lines = sitting.said("/search pigeon").splitlines()
    assert lines[1] == "Nearest first"
    sitting.said("1")
    assert sitting.shell.last.id == "pigeon-pose"
    listed = {line.split(maxsplit=1)[1] for line in lines[2:-1]}
    assert listed == {entry.question for entry in bot.entries()}  # all eight, neither small talk nor warning signs


def test_k19_the_last_word_on_a_reply_counts(sit, bot):
    first, second = sit(lambda progress, note: bot), sit(lambda progress, note: bot)
    for line in ("thanks", "/good", "/bad", "what is the capital of france", "/bad", "/bad the capital"):
        first.said(line)
    for line in ("thanks", "/bad", "/good"):  # another session: its own word
        second.said(line)
    given, unreadable = feedback.read(settings.feedback_path())
    assert [(each.verdict, each.query, each.missing) for each in given] == [
        ("bad", "thanks", ""),
        ("bad", "what is the capital of france", "the capital"),
        ("good", "thanks", ""),
    ]
    assert unreadable == 0
    assert "Good: 1 reply" in second.said("/feedback")
