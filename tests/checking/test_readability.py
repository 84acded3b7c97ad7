"""Syllables, words and grades against counts by hand."""

import pytest

from chatbot.checking.readability import count_words, grade, split_sentences, syllables
from tests.effort import LINEAR, growth

# Counted by saying them.
SYLLABLES = {
    1: "a stretch stretched hold times likes breathe knees thighs strength eye aches knee's tongue years played pulled",
    2: "muscle muscles little settled metre stretches lifted useful hamstring movement sometimes somewhere being trying"
    " spasm rhythm didn't quiet react forearm evening beyond headaches safety fluid diet tissue careful",
    3: "flexible elastic idea area everyone easier soleus serious Pilates obvious piriform fascia muscular video usual"
    " Achilles everything medium",
    4: "sciatica situation mobility television cooperate variety experience recovery exercises diabetes coordinate",
    5: "flexibility tendinopathic sacroiliac physiology vocabulary",
    6: "physiotherapist hypermobility osteoarthritis fibromyalgia",
}


@pytest.mark.parametrize(("word", "count"), [(word, n) for n, words in SYLLABLES.items() for word in words.split()])
def test_syllables_of_words_counted_by_hand(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("written", "count"),
    [("Muscle,", 2), ("(knees)", 1), ("30-second", 4), ("150", 3), ("cm", 2), ("PNF", 3), ("didn’t", 2), ("—", 1)],
)
def test_marks_numerals_and_letters_read_one_by_one(written, count):
    assert syllables(written) == count


def test_the_formula():
    # 6 words of 1 syllable in 1 sentence: 0.39 * 6 + 11.8 * 1 - 15.59.
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # 5 words in 2 sentences; 7 syllables, of which "30" has 2: 0.39 * 2.5 + 11.8 * 1.4 - 15.59.
    assert grade("Hold for 30 seconds. Breathe.") == pytest.approx(1.905)


def test_nothing_to_read():
    assert grade("") == 0.0
    assert grade("— **…** [@bandy-1994]") == 0.0
    assert count_words("— **…** [@bandy-1994]") == 0


def test_citations_emphasis_and_marks_are_not_read():
    bare = "The cat sat on the mat."
    assert grade("The **cat** sat on the *mat* [@bandy-1994; @behm-2016].") == pytest.approx(grade(bare))
    assert grade("- The cat sat on the mat.") == pytest.approx(grade(bare))
    assert grade("### The cat sat on the mat") == pytest.approx(grade(bare))
    assert count_words("1. The **cat** sat – on [@bandy-1994] the mat.") == 6


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Sit. Sit! Sit?? Sit…  Sit", ["Sit.", "Sit!", "Sit??", "Sit…", "Sit"]),
        ("(Sit.) “Stand.” **Lie.** Up", ["(Sit.)", "“Stand.”", "Lie.", "Up"]),
        ("E.g. Sit approx. 3 cm up, vs. Ann, as Dr. Lee and J. Doe say.", None),
        ("Sit for 1.5 h. 2 sets", None),
        ("Sit on a mat, etc. on the floor", None),
        ("Sit 5 min. Stand.", ["Sit 5 min.", "Stand."]),
        ("Sit\nup.\n\nStand", ["Sit up.", "Stand"]),
        ("Do this:\n\n- sit\n- stand\n  up\n2. lie [@x]", ["Do this:", "sit", "stand up", "lie"]),
        ("Do this:\n- sit\n* stand", ["Do this:", "sit", "stand"]),
        ("### Sit\n\nStand\n### Lie", ["Sit", "Stand", "Lie"]),
        ("Sit <!-- Not. Here. -->\nup.<br>**Stand**\n\n| Lie | Rest |\n|---|---|", ["Sit up.", "Stand", "Lie", "Rest"]),
    ],
)
def test_sentences(text, sentences):
    assert split_sentences(text) == (sentences or [text])


@pytest.mark.parametrize(("part", "sentences"), [("[", 1), ("a.", 1), ("...", 1), ("[a](", 1), ("Ab. ", 200_000)])
def test_a_text_without_end(part, sentences):
    assert growth(split_sentences, lambda size: part * size, 2000) < LINEAR
    assert len(split_sentences(part * 200_000)) == sentences
