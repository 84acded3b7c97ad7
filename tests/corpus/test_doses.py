"""How much of a movement an entry recommends: what is read of the field, and what is refused."""

import pytest

from chatbot.corpus.doses import FORMS, read_dose
from chatbot.corpus.reader import read_corpus
from chatbot.records import Dose
from tests.builders import markdown, put


def read(*items):
    told = []
    return read_dose(items, told.append), told


def test_all_that_a_dose_may_say():
    items = ("hold 20 to 30 s", "2 to 3 times", "2 rounds", "rest 1 min", "each side", "2 to 3 days a week")
    dose = Dose(items, (20, 30), None, (2, 3), (2, 2), (60, 60), True, "2 to 3 days a week")
    assert read(*items) == (dose, [])


def test_minutes_are_seconds_and_breaths_are_breaths():
    assert read("hold 1 to 2 min")[0].hold == (60, 120)
    assert read("hold 3 to 5 breaths")[0] == Dose(("hold 3 to 5 breaths",), breaths=(3, 5))
    assert read("10 times", "most days")[0] == Dose(("10 times", "most days"), times=(10, 10), often="most days")


def test_each_form_that_is_told_can_be_read():
    for form in FORMS:
        others = () if form.startswith("hold") or form.endswith(" times") else ("5 times",)
        assert read(form, *others)[1] == []


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        (("hold it",), "'hold it' is no item of a 'dose'; write it as one of: hold 20 to 30 s"),
        (("hold 30 to 20 s",), "'hold 30 to 20 s' counts from nothing, or down; write the smaller number first"),
        (("0 times",), "'0 times' counts from nothing, or down"),
        (("hold 20 s", "hold 5 breaths"), "'hold 5 breaths' says what another item of the 'dose' says"),
        (("3 times", "4 times"), "'4 times' says what another item of the 'dose' says"),
        (("3 times", "every day", "most days"), "'most days' says what another item"),
        (("each side",), "the 'dose' neither holds nor counts; write `hold … s`, or `… times`"),
    ],
)
def test_what_is_no_dose_is_reported_and_left_out(items, problem):
    dose, (told,) = read(*items)
    assert dose is None
    assert told.startswith(problem)


def test_an_entry_has_its_dose_and_a_wrong_one_is_told_by_its_line(tmp_path):
    put(tmp_path / "legs/calf.md", markdown("Calf?", {"Physio": "Hold."}, front="dose: [hold 20 s, each side]\n"))
    put(tmp_path / "legs/shin.md", markdown("Shin?", {"Physio": "Hold."}, front="dose: [hold 20]\n"))
    put(tmp_path / "legs/hello.md", markdown("Hello", {"Physio": "Hi."}, front="kind: small-talk\ndose: [hold 20 s]\n"))
    corpus = read_corpus(tmp_path)
    assert {entry.id: entry.dose for entry in corpus.entries} == {
        "calf": Dose(("hold 20 s", "each side"), (20, 20), each_side=True), "shin": None, "hello": None,
    }  # fmt: skip
    told = [(problem.line, problem.message[:30]) for problem in corpus.problems]
    assert told == [(4, "only answers have a 'dose'; re"), (3, "'hold 20' is no item of a 'dos")]
