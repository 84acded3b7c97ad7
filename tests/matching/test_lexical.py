"""Words in common, worked out by hand: idf is log((documents + 1) / (seen + 0.5)), tf is 1 + log(count).

Weights are stored as halves (float16), so they are true to three digits.
"""

from math import log, sqrt

import numpy as np
import pytest

from chatbot.matching.lexical import LexicalIndex, MappedFeatures
from chatbot.text.cleaning import words


def fitted(texts, document_of=None, others=()):
    return LexicalIndex.fit(texts, np.array(document_of or range(len(texts))), list(others))


def alike(index, text, rows=None):
    """The similarities of a text with the texts in `rows`, all of them where none are given."""
    return index.similarities(
        text, np.arange(len(index.features.starts) - 1) if rows is None else np.array(rows, dtype=int)
    )


def near(value):
    return pytest.approx(value, rel=2e-3)


def test_words_are_letters_and_digits_with_their_apostrophes():
    assert words("Don’t   over-stretch 2 MUSCLES_x, it's 柔軟") == [
        "don’t",
        "over",
        "stretch",
        "2",
        "muscles",
        "x",
        "it's",
        "柔軟",
    ]


def test_the_same_text_scores_one_and_a_strange_one_nothing():
    assert alike(fitted(["aa", "bb"]), "aa") == near([1, 0])
    assert alike(fitted(["aa", "bb"]), "zz").tolist() == [0, 0]


@pytest.mark.parametrize("text", ["", "?!"])
def test_a_text_without_words_scores_nothing(text):
    assert alike(fitted(["aa", "...", "bb"]), text).tolist() == [0, 0, 0]


def test_shared_words_weigh_by_how_rare_they_are():
    # Two documents. "aa" and the pair are in one (log 2), "bb" in both (log 1.2).
    rare, common = log(3 / 1.5), log(3 / 2.5)
    index = fitted(["aa bb", "bb cc"])
    word = 1 / sqrt(2 * rare**2 + common**2)  # the length of each text's words: rare, common and a rare pair
    letters = sqrt(3) / sqrt(3 * rare**2 + 3 * common**2)  # 3 n-grams a word; the asked word's have 1/sqrt(3) each
    assert alike(index, "aa") == near([rare * (word + letters) / 2, 0])
    assert alike(index, "bb") == near([common * (word + letters) / 2] * 2)


def test_a_word_said_twice_weighs_one_plus_log_two():
    # "aa aa": the word counts 1 + log 2, the pair aa_aa once; both are in one of two documents.
    twice = 1 + log(2)
    assert alike(fitted(["aa aa", "bb"]), "aa") == near([(twice / sqrt(twice**2 + 1) + 1) / 2, 0])


def test_only_the_rows_asked_for_are_compared_in_their_order():
    index = fitted(["aa", "...", "bb", "aa bb", "cc"])
    every = alike(index, "aa bb")
    assert every[3] == near(1)
    assert alike(index, "aa bb", [3, 1, 0, 3]).tolist() == every[[3, 1, 0, 3]].tolist()
    assert alike(index, "aa bb", [1]).tolist() == [0]
    assert alike(index, "aa bb", []).shape == (0,)


@pytest.mark.parametrize("text", ["aa bb", "bb bb bb aa", "stretch my hips", "aa"])
def test_similarities_lie_between_nothing_and_one(text):
    index = fitted(["aa bb", "bb aa bb", "stretching hips", "aa", ""])
    assert (alike(index, text) >= 0).all()
    assert alike(index, text).max() <= 1.001


def test_a_document_counts_a_word_once_however_many_texts_say_it():
    # Both texts of document 0 say "aa": seen once among two documents, as "bb" is; so idf is the same for both.
    index = fitted(["aa", "aa", "bb"], [0, 0, 1])
    values = sorted({round(float(each), 5) for each in index.idf})
    assert values == [round(log(3 / 1.5), 5), round(log(3 / 0.5), 5)]


def test_the_texts_of_a_document_need_not_stand_together():
    apart, together = fitted(["aa", "bb", "aa cc"], [1, 0, 1]), fitted(["aa", "aa cc", "bb"], [1, 1, 0])
    assert apart.idf.tolist() == together.idf.tolist()


def test_each_other_text_is_a_document():
    index = fitted(["aa", "bb"], others=["aa", "aa", "cc"])
    # Five documents: "aa" in 3, "bb" in 1, "cc" in 1, all else in none.
    wanted = {log(6 / 3.5), log(6 / 1.5), log(6 / 0.5)}
    assert sorted({round(float(each), 5) for each in index.idf}) == sorted(round(each, 5) for each in wanted)


def test_idf_never_falls_below_a_twentieth():
    index = fitted(["aa"], others=["aa"] * 50)
    assert index.idf.min() == pytest.approx(0.05)


def test_a_misspelt_word_still_has_letters_in_common():
    near, far = alike(fitted(["hamstring stretch", "ankle mobility"]), "hamsting")
    assert 0.1 < near < 0.5  # no word in common, but n-grams
    assert far == 0


def test_rare_words_are_in_fewer_than_one_of_a_hundred_documents():
    # 200 documents. Seen in none: 0.5 / 201; in one: 1.5 / 201 < 0.01; in two: 2.5 / 201 > 0.01.
    index = fitted(["calf calf", "calf", "hip"], [0, 0, 1], others=["hip", *["."] * 197])
    assert index.rare_words("My CALF, my hip?") == {"my", "calf"}
    assert index.rare_words("?!") == set()


def test_in_a_small_corpus_no_word_is_rare():
    # A word that none of 48 documents has: 0.5 / 49 > 0.01; none of 51: 0.5 / 52 < 0.01, and 1.5 / 52 in one of them.
    assert fitted(["calf"], others=["."] * 47).rare_words("shoulder") == set()
    assert fitted(["calf"], others=["."] * 50).rare_words("shoulder calf") == {"shoulder"}


def test_arrays_bring_the_same_index_back():
    index = fitted(["aa bb", "bb cc"])
    again = LexicalIndex(index.idf, MappedFeatures(**vars(index.features)))
    assert alike(again, "aa bb cc").tolist() == alike(index, "aa bb cc").tolist()
