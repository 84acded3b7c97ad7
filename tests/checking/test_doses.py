"""A dose is held to the text of its entry."""

import pytest

from chatbot.checking.doses import check_doses
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put

HELD = "Hold 20 to 30 seconds. Do two or three on each leg, twice a day."
BREATHS = "Stay for five slow breaths, on most days."


def missing(folder, dose, **answers):
    put(folder / "legs/calf.md", markdown("Calf?", answers or {"Physio": HELD}, front=f"dose: [{dose}]\n"))
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    return [(problem.line, problem.message, problem.severity) for problem in check_doses(corpus)]


@pytest.mark.parametrize("dose", ["hold 20 to 30 s, 2 to 3 times, each side, 2 times a day", "hold 30 s"])
def test_what_the_text_says_in_figures_or_words(tmp_path, dose):
    assert missing(tmp_path, dose) == []


@pytest.mark.parametrize(
    ("dose", "item"),
    [
        ("hold 20 to 40 s", "hold 20 to 40 s"),
        ("hold 3 s", "hold 3 s"),  # a number of the text, and no length
        ("hold 30 min", "hold 30 min"),
        ("hold 30 s, 4 times", "4 times"),
        ("hold 30 s, every day", "every day"),
    ],
)
def test_what_it_does_not_say(tmp_path, dose, item):
    message = f"no answer says {item!r}; make 'dose' what the text recommends, or take it out"
    assert missing(tmp_path, dose) == [(3, message, "error")]


def test_one_answer_has_to_say_all_of_it(tmp_path):
    both = {"Physio": HELD, "Yoga": BREATHS}
    assert missing(tmp_path, "hold 5 breaths, most days", **both) == []
    ((_, message, _),) = missing(tmp_path, "hold 5 breaths, most days, 3 times", **both)
    assert message.startswith("no answer says '3 times'")
