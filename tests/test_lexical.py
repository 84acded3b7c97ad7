"""Words in common, worked out by hand: idf is log((documents + 1) / (seen + 0.5)), tf is 1 + log(count)."""

from math import log, sqrt

import numpy as np
import pytest

from chatbot.lexical import LexicalIndex, words


def fitted(texts, document_of=None, background=()):
    return LexicalIndex.fit(texts, np.array(document_of or range(len(texts))), list(background))


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


def test_the_same_text_scores_two_and_a_strange_one_nothing():
    assert fitted(["aa", "bb"]).similarities("aa") == pytest.approx([2, 0])
    assert fitted(["aa", "bb"]).similarities("zz") == pytest.approx([0, 0])


def test_a_text_without_words_scores_nothing():
    assert fitted(["aa", "..."]).similarities("?!") == pytest.approx([0, 0])


def test_shared_words_weigh_by_how_rare_they_are():
    # Two documents. "aa" and the pair are in one (log 2), "bb" in both (log 1.2).
    rare, common = log(3 / 1.5), log(3 / 2.5)
    index = fitted(["aa bb", "bb cc"])
    word = 1 / sqrt(2 * rare**2 + common**2)  # the length of each text's words: rare, common and a rare pair
    letters = sqrt(3) / sqrt(3 * rare**2 + 3 * common**2)  # 3 n-grams a word; the asked word's have 1/sqrt(3) each
    assert index.similarities("aa") == pytest.approx([rare * (word + letters), 0], rel=1e-5)
    assert index.similarities("bb") == pytest.approx([common * (word + letters)] * 2, rel=1e-5)


def test_a_word_said_twice_weighs_one_plus_log_two():
    # "aa aa": the word counts 1 + log 2, the pair aa_aa once; both are in one of two documents.
    index = fitted(["aa aa", "bb"])
    twice = 1 + log(2)
    assert index.similarities("aa") == pytest.approx([twice / sqrt(twice**2 + 1) + 1, 0], rel=1e-5)


def test_a_document_counts_a_word_once_however_many_texts_say_it():
    # Both texts of document 0 say "aa": seen once among two documents, as "bb" is; so idf is the same for both.
    index = fitted(["aa", "aa", "bb"], [0, 0, 1])
    values = sorted({round(float(each), 5) for each in index.idf})
    assert values == [round(log(3 / 1.5), 5), round(log(3 / 0.5), 5)]


def test_each_background_line_is_a_document():
    index = fitted(["aa", "bb"], background=["aa", "aa", "cc"])
    # Five documents: "aa" in 3, "bb" in 1, "cc" in 1, all else in none.
    wanted = {log(6 / 3.5), log(6 / 1.5), log(6 / 0.5)}
    assert sorted({round(float(each), 5) for each in index.idf}) == sorted(round(each, 5) for each in wanted)


def test_idf_never_falls_below_a_twentieth():
    index = fitted(["aa"], background=["aa"] * 50)
    assert index.idf.min() == pytest.approx(0.05)


def test_a_misspelt_word_still_has_letters_in_common():
    index = fitted(["hamstring stretch", "ankle mobility"])
    near, far = index.similarities("hamsting")
    assert 0.2 < near < 1  # no word in common, but n-grams
    assert far == 0


def test_gram_is_the_similarities_row_by_row():
    # 120 texts that share a word, so that it goes through the dense product, with rare ones beside it.
    texts = [f"stretch part{number} {'hip' if number % 3 else 'knee'}" for number in range(120)]
    index = fitted(texts)
    asked = [*texts[:20], "stretch my hip", "nothing known", ""]
    assert (np.diff(index.starts) > 50).any()
    assert index.gram(asked) == pytest.approx(np.array([index.similarities(text) for text in asked]), abs=1e-5)


def test_arrays_bring_the_same_index_back():
    index = fitted(["aa bb", "bb cc"])
    again = LexicalIndex.from_arrays(2, index.arrays())
    assert again.similarities("aa bb cc").tolist() == index.similarities("aa bb cc").tolist()
