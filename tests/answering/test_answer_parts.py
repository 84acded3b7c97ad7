"""The part of an answer that is asked about: cut from answers as they are written."""

import pytest

from chatbot.answering.answer_parts import answer_part
from chatbot.records import Answer, Part, Source
from chatbot.text.layout import plain_lines
from chatbot.text.writing import to_markdown

STEPS = Part("steps", "how to do it", numbered=True)
FEEL = Part("feel", "where to feel it", leads=("Where to feel it", "Feel"), words=("feel", "feels"))
DOSE = Part("dose", "how long and how often", words=("hold", "seconds", "a day"))
EASIER = Part("easier", "an easier way", leads=("Easier",))
EVIDENCE = Part("evidence", "what it rests on", cited=True)
PARTS = (STEPS, FEEL, DOSE, EASIER, EVIDENCE)
TRIAL, REVIEW = Source("trial", "Trial"), Source("review", "Review")
ANSWER = Answer(
    "Physio",
    """\
It helps most people [@review]. Breathe out slowly.

1. Kneel down.
2. Lean forward and hold it for 30 seconds [@trial].

**Where to feel it.** At the front. Not in the knee; hold on to a chair. **Easier:** Lie down. It feels lighter then.

Rest twice a day.""",
    (REVIEW, TRIAL),
    ("surgery",),
)


def cut(text, part, *others):
    """What is left of a text; None where it has no such part."""
    found = answer_part(Answer("", text), part, (part, *others))
    return found and found.text


@pytest.mark.parametrize(
    ("part", "text", "sources"),
    [
        (STEPS, "1. Kneel down.\n2. Lean forward and hold it for 30 seconds [@trial].", (TRIAL,)),
        (FEEL, "**Where to feel it.** At the front. Not in the knee; hold on to a chair.", ()),
        (DOSE, "2. Lean forward and hold it for 30 seconds [@trial].\n\nRest twice a day.", (TRIAL,)),
        (EASIER, "**Easier:** Lie down. It feels lighter then.", ()),
        (
            EVIDENCE,
            "It helps most people [@review].\n\n2. Lean forward and hold it for 30 seconds [@trial].",
            (REVIEW, TRIAL),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Part) else None,
)
def test_each_part_of_an_answer_with_the_sources_that_are_cited_there(part, text, sources):
    assert answer_part(ANSWER, part, PARTS) == Answer("Physio", text, sources, ("surgery",))


def test_an_answer_without_the_part_has_none():
    assert answer_part(Answer("A", "Walk."), FEEL, PARTS) is None
    assert answer_part(ANSWER, Part("harder", "a harder way", leads=("Harder",)), PARTS) is None
    assert answer_part(Answer("A", " \n\n "), STEPS, PARTS) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Feel it in the hip.", True),
        ("**Feel it** in the hip.", True),
        ("FEEL. In the hip.", True),
        ("**Where to feel it**\nIn the hip.", True),
        ("Feelings come later.", False),  # another word
        ("You will feel it.", False),  # not at its beginning
    ],
)
def test_a_paragraph_is_of_the_part_whose_lead_begins_it(text, is_one):
    assert cut(text, Part("feel", "F", leads=("Where to feel it", "Feel"))) == (text if is_one else None)


def test_a_lead_is_no_pattern():
    assert cut("Why? Because.", Part("why", "why", leads=("Why?",))) is None  # no word ends behind the mark
    assert cut("Whx Because.", Part("why", "why", leads=("Wh.",))) is None


def test_bold_words_that_begin_something_else_divide_a_paragraph():
    text = "**Feel** the hip. **Easier** on the floor. **Now and then** rest."
    assert cut(text, FEEL, EASIER) == "**Feel** the hip."
    assert cut(text, EASIER, FEEL) == "**Easier** on the floor."
    # Small letters and one or two letters stress a word and begin nothing.
    for stressed in ("**Feel** it in **the hip**.", "**Feel** it **No** more."):
        assert cut(stressed, FEEL) == stressed


def test_what_another_part_begins_is_none_of_a_part_by_its_words():
    text = "**Easier:** hold it. **Feel** it for 30 seconds."
    assert cut(text, DOSE, EASIER, FEEL) is None
    assert cut(text, DOSE, EASIER) == "**Feel** it for 30 seconds."
    assert cut(text, DOSE) == "**Easier:** hold it.\n\n**Feel** it for 30 seconds."


def test_other_sentences_are_of_the_parts_that_have_a_word_in_them():
    text = "Kneel. Hold it for a while. Twice a day is enough! (Seconds count.) 30 seconds. So it is. holding on"
    assert cut(text, DOSE) == "Hold it for a while. Twice a day is enough! (Seconds count.) 30 seconds."
    # Words that stand together, and as they are.
    assert cut("A good day. Holding it.", DOSE) is None
    # What goes on in small letters is the same sentence.
    assert cut("Kneel approx. here and hold. Rest.", DOSE) == "Kneel approx. here and hold."


def test_sentences_of_several_paragraphs_stay_in_theirs():
    assert cut("Hold it.\n\nRest.\n\nStand. Hold it. A day off.", DOSE) == "Hold it.\n\nHold it. A day off."
    # Spaces alone are an empty line, too.
    assert cut("Kneel.\n \nEasier lying.", EASIER) == "Easier lying."


def test_a_numbered_list_is_kept_with_what_introduces_it():
    text = "Do this:\n1. Kneel.\n2) Lean\n   forward.\n10. Rise."
    assert cut(text, STEPS) == text
    assert cut("1. Kneel.", STEPS) == "1. Kneel."
    assert cut("- Kneel.\n- Lean.", STEPS) is None
    assert cut("In 2020. No list.", STEPS) is None


def test_of_a_list_those_items_are_kept_that_have_a_word():
    text = "In short:\n- Kneel.\n* Hold it.\n- Rest for\n  30 seconds."
    assert cut(text, DOSE) == "* Hold it.\n- Rest for\n  30 seconds."
    assert cut("1. Kneel.\n2. Hold it.", DOSE) == "2. Hold it."
    assert cut("- Kneel.\n- Lean.", DOSE) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. Hold it.\n2. Rise.\n3. Hold on.", "1. Hold it.\n\n3. Hold on."),
        ("1. Rise.\n2. Hold it.\n3. Hold on.\n4. Rise.\n5. Hold.", "2. Hold it.\n3. Hold on.\n\n5. Hold."),
        ("1. Hold.\n2. Rise.\n3. Hold.\n4. Rise.\n5. Hold.", "1. Hold.\n\n3. Hold.\n\n5. Hold."),
        ("1) Hold.\n2) Rise.\n3) Hold.", "1. Hold.\n\n3. Hold."),
    ],
)
def test_items_of_a_list_keep_their_numbers(text, shown):
    page = plain_lines(cut(text, DOSE), {})
    assert [line.strip() for line in page.split("\n")] == shown.split("\n")
    numbers = [item[0] for item in to_markdown(cut(text, DOSE)).split("\n") if item]
    assert numbers == [item[0] for item in shown.split("\n") if item]


def test_what_is_cited_is_so_by_its_citation():
    text = "It works [@trial]. It may not. See [@review; @trial].\n\n- So [@trial].\n- Or so."
    assert cut(text, EVIDENCE) == "It works [@trial]. See [@review; @trial].\n\n- So [@trial]."
