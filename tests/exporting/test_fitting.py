"""What a page decides with, fitted on held-out messages whose shares are made by hand."""

import math

import numpy as np
import pytest

from chatbot.exporting.fitting import CAUTIONS, fit_page
from chatbot.exporting.lesson import Classes, Labelled, Lesson
from tests.builders import entry

ENTRIES = (entry("hips"), entry("calves"), entry("numb", kind="urgent"))
CLASSES = Classes(ENTRIES)
OUTSIDE, CAUTION = CLASSES.outside, CLASSES.cautions[2]


class ByName:
    """A model that is wholly sure of what a message names: `0` to `2` an entry, `o` nothing; `s7` that it is a sign by
    7 hundredths, and an ordinary thing else. It knows no word of what begins with `u`, and would call it a sign."""

    def shares(self, texts):
        return np.array([self._shares(text.split()[0]) for text in texts]).reshape(len(texts), CLASSES.count)

    def known(self, texts):
        return np.array([not text.startswith("u") for text in texts], dtype=np.float32)

    def _shares(self, name):
        shares = np.full(CLASSES.count, 0.001)
        if name.startswith("s"):
            shares[[2, 0]] = float(name[1:]) / 100, 1 - float(name[1:]) / 100
        else:
            shares[{"o": OUTSIDE, "u": 2}.get(name) or int(name)] = 1
        return shares / shares.sum()


def lesson_of(right, wrong, outside, signs=(), look_alikes=()):
    """As many questions for the hips that are told right, and wrong, and that have no answer."""
    asked = [(f"0 {n}", frozenset({0})) for n in range(right)] + [(f"1 {n}", frozenset({0})) for n in range(wrong)]
    none = [(f"o {n}", frozenset()) for n in range(outside)]
    return Lesson(Labelled([], []), [*asked, *none], list(signs), list(look_alikes))


def test_classes_are_numbered_by_hand():
    assert (CLASSES.urgent, CLASSES.shown, CLASSES.outside, CLASSES.plain) == ([2], [0, 1], 3, 4)
    assert (CLASSES.look_alikes, CLASSES.cautions, CLASSES.count) == ({2: 5}, {2: 6}, 7)


@pytest.mark.parametrize(
    ("right", "wrong", "bots", "may"),
    [(90, 10, 0.9, True), (75, 25, 1.0, True), (74, 26, 1.0, False), (90, 10, None, False), (49, 0, 0.9, False)],
)
def test_it_answers_only_from_three_quarters_of_the_bots_first_matches_on(right, wrong, bots, may):
    fitted = fit_page(ByName(), CLASSES, lesson_of(right, wrong, 60), bots)
    assert fitted.may_answer is may
    if bots and right + wrong >= 50:
        assert fitted.measured["first"] == pytest.approx(right / (right + wrong), abs=1e-4)


def test_too_few_without_an_answer_tell_nothing():
    fitted = fit_page(ByName(), CLASSES, lesson_of(90, 10, 49), 0.9)
    assert (fitted.may_answer, fitted.list) == (False, 0)


def test_what_has_no_answer_is_less_likely_to_have_one():
    fitted = fit_page(ByName(), CLASSES, lesson_of(95, 5, 60), 0.9)
    model = np.array(fitted.covered)

    def covered(share, outside):
        signals = np.array([math.log(share), math.log(share / 0.001), -math.log(outside), 1, 1])
        return 1 / (1 + math.exp(-signals @ model))

    assert covered(0.99, 0.001) >= fitted.list > covered(0.001, 0.99)


def test_the_screen_allows_as_many_false_alarms_as_it_may():
    ordinary = [(f"s{share}", frozenset({0})) for share in range(1, 101 - 1)]  # 1 to 99 hundredths
    lesson = Lesson(Labelled([], []), ordinary, ["s99"] * 10 + ["s95"] * 10 + ["s50"] * 10, [])
    fitted = fit_page(ByName(), CLASSES, lesson, None)
    likely = sorted(ByName().shares([text])[0][[2, CAUTION]].sum() for text, _ in ordinary)
    alarmed = [share for share in likely if math.log(share / (1 - share)) >= fitted.caution]
    # The quantile at 0.88 of 99 lies behind the 87th: 12 are above it, and no more than 0.12 of them by its definition.
    assert len(alarmed) == 12 == round(CAUTIONS * 99)
    assert fitted.measured == {"urgent": 0.3333, "urgent_or_caution": 0.6667}


def test_a_single_word_needs_what_so_many_ordinary_words_have_and_never_less_than_others():
    ordinary = [("s10", frozenset({0}))] * 60
    words = [f"s{share}" for share in range(1, 100)] + ["u"] * 500  # 1 to 99 hundredths, and what is not known
    fitted = fit_page(ByName(), CLASSES, Lesson(Labelled([], []), ordinary, [], [], words), None)
    likely = [ByName().shares([word])[0][[2, CAUTION]].sum() for word in words[:99]]
    assert sum(math.log(share / (1 - share)) >= fitted.caution_of_word for share in likely) == 12
    for few in (words[:29], ["s5"] * 60):
        fitted = fit_page(ByName(), CLASSES, Lesson(Labelled([], []), ordinary, [], [], few), None)
        assert fitted.caution_of_word == fitted.caution


def test_what_is_not_known_at_all_says_nothing_of_a_sign():
    ordinary = [("s10", frozenset({0}))] * 60
    unknown = [("u", frozenset({0}))] * 60
    fitted = [
        fit_page(ByName(), CLASSES, Lesson(Labelled([], []), asked, [], []), None) for asked in (ordinary, unknown)
    ]
    assert fitted[1].caution < fitted[0].caution < 0
    assert fitted[1].urgent < fitted[0].urgent < 0
