"""Which misspelt words are mended, with a vocabulary written by hand."""

import numpy as np
import pytest

from chatbot.text.spelling import SpellingCorrector, english_words, vocabulary


@pytest.fixture(scope="module")
def english():
    return english_words()


@pytest.fixture
def corrector(english):
    counts = {"hamstring": 20, "piriformis": 5, "stretch": 100, "sciatica": 8, "flexor": 30, "psoas": 9}
    words = sorted(counts)
    return SpellingCorrector(words, np.array([counts[word] for word in words]), english)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my hamsting is tight", "my hamstring is tight"),
        ("strech for the pirifromis", "stretch for the piriformis"),
        ("siatica!", "sciatica!"),
        ("Hamstirng", "hamstring"),
        ("hip flexer", "hip flexor"),
        ("psaos", "psoas"),
    ],
)
def test_misspelt_words_become_those_of_the_corpus(corrector, typed, meant):
    assert corrector.correct(typed).text == meant


@pytest.mark.parametrize(
    "right",
    [
        "how do I renew my passport",
        "STRETCH my hamstring, please",
        "psoas",
        "statin organise adhd",  # which English lists lack
        "tst hp",  # none with a letter more; too short to tell
        "isnt' flexr's",
        "zzyzxqwv",
        "柔軟性 🤸 42",
        "",
    ],
)
def test_other_words_stay_as_they_are(corrector, right):
    assert corrector.correct(right).text == right


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hiii", "hi"),
        ("sooooo tight", "so tight"),  # not "soo"
        ("goooood", "good"),  # "god" is a word, too, but the corpus has the other
        ("Hamstrinnnngs!!", "hamstrings!!"),
        ("psoasss", "psoas"),
        ("strrretchhh", "stretch"),
        ("aaa www zzz", "aaa www zzz"),  # no letter alone is a word
        ("III", "III"),
    ],
)
def test_letters_that_were_drawn_out_are_left_out(english, typed, meant):
    words = ["good", "hi", "psoas", "so", "stretch"]
    found = SpellingCorrector(words, np.array([9, 3, 9, 50, 99]), english).correct(typed)
    assert (found.text, found.sure) == (meant, meant)


def test_a_closer_word_goes_before_a_frequent_one(english):
    words = SpellingCorrector(["glutes", "plutex"], np.array([2, 100]), english)
    assert words.correct("glutex").text == "plutex"  # one edit each, but 50 times as frequent: 1.5 - 0.60 < 1 - 0.09
    words = SpellingCorrector(["glutes", "plutex"], np.array([2, 10]), english)
    assert words.correct("glutex").text == "glutes"  # 1.5 - 0.30 > 1 - 0.09


def test_of_three_letters_one_was_left_out_or_it_stays(english):
    words = SpellingCorrector(["bake", "back", "gun", "neck", "ankle"], np.array([5, 50, 90, 9, 9]), english)
    assert words.correct("bak nek").text == "back neck"  # back before bake: 1 - 0.51 < 1 - 0.21
    assert words.correct("gud ack ank").text == "gud ack ank"  # another letter, another beginning, two letters


def test_vocabulary_takes_what_is_reviewed_or_typed_often():
    reviewed = ["Stretch the hamstring", "a hamstring answer"]
    typed = [
        "psoas help",
        "psoas again",
        "psoas",
        "rare word",
        "rare slip",
        *["hamstring"] * 18,
        "hamstrin",
        "hamstrin x",
        "hamstrin y",
    ]
    # hamstring: 2 + 18 texts; psoas: 3; hamstrin: 3, but one edit from a word that is in at least 15; all else that is
    # only typed is rare.
    words = {"a": 1, "answer": 1, "hamstring": 20, "psoas": 3, "stretch": 1, "the": 1}
    assert vocabulary(reviewed, typed) == (list(words), list(words.values()))


def test_vocabulary_takes_abbreviations_in_capitals():
    typed = ["is it DOMS", *["what does it do"] * 20, "doms again", "MY HED HURTS", "I"]
    # doms: 2 texts, once in capitals; does: 20, frequent; a text in capitals only is shouted, and one letter is a word.
    assert dict(zip(*vocabulary([], typed), strict=True)) == {"what": 20, "does": 20, "it": 21, "do": 20, "doms": 2}


def test_a_word_of_one_text_is_right_but_no_other_is_taken_for_it(english):
    words = SpellingCorrector(["soleus", "soles"], np.array([1, 2]), english)
    assert words.correct("soleus").text == "soleus"
    assert words.correct("soleusx").text == "soles"  # two edits, beside one


def test_a_word_counts_once_a_text():
    assert vocabulary(["hip hip hip"], ["hip"]) == (["hip"], [2])


def test_the_english_list_is_sorted_hashes(english):
    assert english.dtype == np.uint64
    assert (np.diff(english.astype(object)) > 0).all()
    assert len(english) > 50_000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("MY HAMSTING IS TIGHT", "my hamstring is tight"),
        ("WHY ACL?", "WHY ACL?"),  # two words of an abbreviation's length may be two
        ("my HAMSTING hurts", "my hamstring hurts"),
        ("my PSAOS hurts", "my PSAOS hurts"),  # may be an abbreviation
        ("McFlexer says so", "McFlexer says so"),
    ],
)
def test_k30_capitals_are_read_like_small_letters_but_for_abbreviations(corrector, typed, meant):
    assert corrector.correct(typed).text == meant


def test_k4_another_word_that_is_close_is_a_guess(english):
    counts = {"github": 9, "sftp": 9, "stretch": 9}
    words = SpellingCorrector(sorted(counts), np.array([9, 9, 9]), english)
    read = words.correct("strech gitlab sntp")
    assert read.text == "stretch github sftp"
    assert read.sure == "stretch gitlab sntp"
    slip = words.correct("strech githbu")
    assert slip.text == slip.sure == "stretch github"
