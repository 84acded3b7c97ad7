"""Items of a list in brackets that a comma of the text has torn apart."""

import pytest

from chatbot.checking.torn_items import check_lists
from chatbot.corpus.reader import read_corpus


def problems(folder, lists):
    path = folder / "hips" / "x.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nquestion: Why?\n{lists}---\n## A\n\nText.\n")
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    return [str(problem).removeprefix(f"{folder}/") for problem in check_lists(corpus)]


ADVICE = "in brackets each comma begins an item; write an item a line, with `- ` before it"


@pytest.mark.parametrize(
    ("before", "item"),
    [
        ("one calf that is swollen", "warm and painful"),
        ("a leg that is hot", "and swollen"),
        ("wound redness", "discharge or fever"),
        ("tingling", "numbness or weakness in the leg"),
        ("a hot", "swollen joint"),
        ("recent surgery", "unless your team agrees"),
        ("osteoporosis", "for the lying version"),
        ("a recent fall", "crash or blow to the neck"),
        ("very loose joints", "especially in the shoulder"),
        ("a medicine", "such as a steroid"),
    ],
)
def test_k27_an_item_that_reads_as_the_end_of_the_one_before(tmp_path, before, item):
    problem = f"hips/x.md:3: warning: {item!r} reads as the end of {before!r}: {ADVICE}"
    assert problems(tmp_path, f"avoid_if: [pregnancy, {before}, {item}]\n") == [problem]


@pytest.mark.parametrize(
    "lists",
    [
        "avoid_if: [recent back surgery, pain that runs below the knee]\n",
        "avoid_if: [swollen and painful calves, a hip replacement or recent hip surgery, pregnancy]\n",
        "avoid_if: ['a calf that is swollen, warm and painful', a fever]\n",
        "avoid_if: [a calf that is swollen, 'warm and painful']\n",
        "avoid_if:\n  - a calf that is swollen\n  - warm and painful\n",
        "alternate_questions: [can I run, sore knee or hip, with a cold, for how long]\n",
        "related: []\n",
    ],
)
def test_k27_whole_items_are_left_alone(tmp_path, lists):
    assert problems(tmp_path, lists) == []


def test_k27_a_question_torn_at_its_comma(tmp_path):
    lists = "alternate_questions: [how long do I hold,\n  and how often]\n"
    problem = f"hips/x.md:4: warning: 'and how often' reads as the end of 'how long do I hold': {ADVICE}"
    assert problems(tmp_path, lists) == [problem]
