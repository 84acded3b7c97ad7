"""Completion and suggestion as functions of the line."""

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from chatbot.shell.catalogue import Catalogue, Title
from chatbot.shell.choices import Choice
from chatbot.shell.commands import registry
from chatbot.shell.completion import LineCompleter, QuestionSuggest
from chatbot.shell.toolbar import bot_text, tip_text, toolbar_text

CATALOGUE = Catalogue(
    [
        Title("a", "How long should I hold a stretch?", "dose"),
        Title("b", "How do I stretch my hip flexors?", "hips"),
        Title("c", "Why are my hamstrings tight?", "hamstrings"),
    ]
)
CHOICES = {1: Choice("First", "/open a"), 2: Choice("Second", "/open b"), 0: Choice("none of these", "")}


def completed(text, requested=False, catalogue=CATALOGUE):
    completer = LineCompleter(registry(), lambda: catalogue, lambda: CHOICES)
    event = CompleteEvent(text_inserted=not requested, completion_requested=requested)
    return [
        text[: len(text) + item.start_position] + item.text for item in completer.get_completions(Document(text), event)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/re", ["/reload"]),
        ("/S", ["/sources", "/show", "/search", "/save"]),
        ("/zz", []),
        ("/topics h", ["/topics hips", "/topics hamstrings"]),
        ("how", []),
        ("", []),
    ],
)
def test_while_typing_only_commands_complete(text, expected):
    assert [line.replace("/S", "/s") if text == "/S" else line for line in completed(text)] == expected


def test_a_slash_lists_all_commands():
    assert completed("/") == [f"/{command.name}" for command in registry()]


def test_tab_on_an_empty_line_lists_the_choices():
    assert completed("", requested=True) == ["1", "2", "0"]
    assert completed("  ", requested=True) == ["1", "2", "0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tigth hamstring", ["Why are my hamstrings tight?"]),
        ("FLEXORS hip", ["How do I stretch my hip flexors?"]),
        # "how" is in two questions of three, "hold" in one: only one has half of what could be shared.
        ("how hold", ["How long should I hold a stretch?"]),
        ("strech", ["How do I stretch my hip flexors?", "How long should I hold a stretch?"]),
        ("hams", ["Why are my hamstrings tight?"]),
        ("which protein powder is best", []),
        ("?!", []),
    ],
)
def test_tab_finds_questions_that_share_words_begun_or_mistyped(text, expected):
    assert completed(text, requested=True) == expected


def test_nothing_completes_before_the_bot_is_open():
    assert completed("hamstrings", requested=True, catalogue=None) == []
    assert completed("/topics ", catalogue=None) == []


def suggested(text, history=(), catalogue=CATALOGUE):
    remembered = InMemoryHistory(list(history))
    remembered.get_strings()
    buffer = Buffer(history=remembered)
    for line in history:
        buffer.history.append_string(line)
    found = QuestionSuggest(lambda: catalogue).get_suggestion(buffer, Document(text))
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HOW LONG", " should I hold a stretch?"),
        ("how do i stretch my hip", " flexors?"),
        ("ho", None),
        ("what", None),
        ("/how", None),
        ("how\nlong", None),
        ("Why are my hamstrings tight?", None),
    ],
)
def test_a_question_of_the_corpus_is_suggested(text, expected):
    assert suggested(text) == expected


def test_history_comes_first():
    assert suggested("how long", ["how long does it take"]) == " does it take"


def test_nothing_is_suggested_before_the_bot_is_open():
    assert suggested("how long", catalogue=None) is None


def test_samples_come_from_different_topics():
    assert {title.topic for title in CATALOGUE.sample(3)} == {"dose", "hips", "hamstrings"}
    assert len(Catalogue([Title("x", "X?", ""), Title("y", "Y?", "")]).sample(3)) == 2


def test_the_toolbar_says_what_there_is():
    assert toolbar_text("opening", 0, "", 1, 80) == " opening · offline · /help · Tab: questions like yours"
    assert toolbar_text("x", 0, "navigation", 3, 80) == " x · offline · /help · vi: navigation"
    assert toolbar_text("x", 3, "", 3, 80) == " x · offline · /help · a number or Down: choose"


def test_the_toolbar_tells_how_far_opening_is():
    assert bot_text(None, None) == "opening"
    assert bot_text(None, ("fitting", 0, 1)) == "building the index: fitting the matcher"
    assert bot_text(None, ("phrasings", 30, 120)) == "building the index: encoding questions 25%"
    assert bot_text(1200, ("phrasings", 120, 120)) == "1,200 entries"


def test_the_toolbar_leaves_out_what_does_not_fit():
    assert toolbar_text("7 questions", 3, "", 1, 57) == " 7 questions · offline · /help · a number or Down: choose"
    assert toolbar_text("7 questions", 3, "", 1, 56) == " 7 questions · offline · /help"
    assert tip_text("Why are my hamstrings tight?", "", 24) == " Tab: Why are my hamst …"
    assert tip_text("Why?", "insert", 24) == " vi: insert · Tab: Why?"
    assert tip_text("開脚はどうすればできますか", "", 20) == " Tab: 開脚はどうす …"
