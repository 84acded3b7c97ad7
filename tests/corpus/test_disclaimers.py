"""The disclaimer and its short form, as they stand in a file; see `test_reader` for the file itself."""

import pytest

from chatbot.corpus.disclaimers import DEFAULT_DISCLAIMERS, Disclaimers, read_disclaimers


def read(text):
    problems = []
    found = read_disclaimers(text, lambda *problem: problems.append(problem))
    return found, problems


@pytest.mark.parametrize(
    ("text", "whole", "short"),
    [
        ("No  advice.\nAsk us.\n", "No advice. Ask us.", None),
        ("No advice.\n---\nAsk us.", "No advice.", "Ask us."),
        ("No advice.\n \t-----\t \nAsk\nus.", "No advice.", "Ask us."),
        ("No advice.\n--\nAsk us.", "No advice. -- Ask us.", None),
        ("No --- advice.", "No --- advice.", None),
        ("One.\n---\nTwo.\n---\nThree.", "One.", "Two. --- Three."),  # only the first divides
    ],
)
def test_the_short_form_stands_below_the_first_line_of_dashes(text, whole, short):
    assert read(text) == (Disclaimers(whole, short), [])


EMPTY = "the disclaimer is empty; every reply carries it: write it, or remove the file"


@pytest.mark.parametrize("text", ["", " \n\t", "\x07\n", "---\nAsk us.", "\n\n---\n"])
def test_every_reply_carries_one(text):
    assert read(text) == (DEFAULT_DISCLAIMERS, [(1, EMPTY, "error")])


@pytest.mark.parametrize(("text", "line"), [("No advice.\n---", 2), ("No\nadvice.\n\n---\n \n", 4)])
def test_dashes_with_nothing_below_them(text, line):
    problem = (line, "no short form below the dashes; write it, or remove them", "error")
    assert read(text) == (Disclaimers("No advice.", None), [problem])


def test_what_is_said_where_there_is_no_file():
    assert DEFAULT_DISCLAIMERS.short == "Not medical advice: consult your healthcare provider about your own needs."
    assert len(DEFAULT_DISCLAIMERS.short) < len(DEFAULT_DISCLAIMERS.whole)
