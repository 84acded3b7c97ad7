"""K15: on another corpus, what the shell says of its subject and its disclaimer is that corpus's."""

import pytest

from chatbot import Chatbot
from chatbot.shell.session import INTRODUCTION
from tests.builders import put_lines
from tests.fakes import WordEncoder

WHOLE = "For questions about your bill only. Ask the desk about anything else."
OURS = ("flexib", "stretch", "medical", "healthcare", "reviewed")


@pytest.fixture(scope="module")
def billing(tmp_path_factory):
    """A function that builds a bot with a disclaimer of its own, and a subject if one is given."""

    def build(disclaimer, subject=""):
        folder = tmp_path_factory.mktemp("billing")
        entries = [
            {"id": "late", "question": "What if I pay late?", "answer": "We charge a fee."},
            {"id": "how", "question": "How do I pay?", "answer": "By card.", "related": ["late"]},
            {"id": "hello", "question": "Hello", "answer": "Good day.", "kind": "small-talk"},
            {
                "id": "fraud",
                "question": "Someone stole my card",
                "answer": "Call.",
                "kind": "urgent",
                "care": "emergency",
            },
        ]
        put_lines(folder / "faq.jsonl", *entries)
        (folder / "disclaimer.md").write_text(disclaimer)
        if subject:
            (folder / "subject.md").write_text(subject)
        return Chatbot.build(folder / "faq.jsonl", folder / "index", encoder=WordEncoder())

    return build


def all_that_is_said(sit, bot):
    sitting = sit(lambda progress, note: bot)
    sitting.shell.loader.start()
    sitting.shell.opened  # noqa: B018 -- waits
    sitting.shell.greet()
    greeting = "".join(sitting.written)
    # The warning sign last: whatever is asked after it is answered with its care.
    said = [
        sitting.said(line) for line in ("renew a visa", "Hello", "how do I pay", "1", "someone stole my card", "/why")
    ]
    return greeting, said


def test_nothing_is_said_of_the_subject_before_it_is_known():
    assert not [word for word in OURS if word in INTRODUCTION.lower()]


def test_small_talk_names_commands_in_the_shell_alone(sit, tmp_path):
    hello = {
        "id": "hello",
        "question": "Hello",
        "answer": "Good day.",
        "kind": "small-talk",
        "in_shell": "Type `/topics`.",
    }
    put_lines(tmp_path / "faq.jsonl", {"id": "how", "question": "How do I pay?", "answer": "By card."}, hello)
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "index", encoder=WordEncoder())
    assert bot.ask("hello").answers[0].text == "Good day."
    there = sit(lambda progress, note: bot)
    assert there.said("hello").split("\n")[1:4] == ["  Good day.", "", "  Type /topics."]
    assert "/topics" not in there.said("how do i pay")
    assert there.shell.replies[0].answers[0].text == "Good day."  # as it is saved


def test_k15_the_subject_and_the_disclaimer_are_the_corpuss(sit, billing):
    greeting, said = all_that_is_said(sit, billing(f"{WHOLE}\n---\nAsk the desk.\n", "bills and payments\n"))
    assert greeting.startswith(f"Answers about bills and payments.\n{WHOLE}\n")
    for text in said[:5]:
        assert text.rstrip().endswith("Ask the desk.")
        assert WHOLE not in text
    assert "I cover bills and payments." in said[0]
    assert not [word for word in OURS if word in "".join((greeting, *said)).lower()]


def test_k15_without_a_subject_and_a_short_form(sit, billing):
    greeting, said = all_that_is_said(sit, billing(WHOLE))
    assert greeting.startswith(f"{WHOLE}\n")
    for text in said[:5]:
        assert text.rstrip().endswith(WHOLE)
    assert not [word for word in OURS if word in "".join((greeting, *said)).lower()]
