"""The texts whose words are right, and those that were written as people type."""

from chatbot.building.words import written
from chatbot.records import Messages
from tests.builders import entry


def test_what_was_reviewed_and_what_was_typed():
    entries = [
        entry("How?", "how to", answers=("**Fold** [@a].\n\n- So.", "Thus."), messages=Messages(("hw to",))),
        entry(
            "Clot?",
            "red calf",
            answers=("Go.",),
            kind="urgent",
            look_alikes=("sore calf",),
            messages=Messages(("warm calf",), ("calf cramp",), ("a bit warm",)),
        ),
    ]
    reviewed, typed = written(entries)
    # Questions, and answers as plain words.
    assert reviewed == ["How?", "Fold. So.", "Thus.", "Clot?", "Go."]
    assert typed == ["how to", "hw to", "red calf", "warm calf", "sore calf", "calf cramp", "a bit warm"]


def test_nothing_was_written():
    assert written([]) == ([], [])
