"""The lines of a set."""

import json

from scripts.evaluation.questions import Question, own_questions, read_questions


def test_a_line_becomes_a_question(tmp_path):
    lines = [
        {"query": "hips", "expected": ["a", "b"], "style": "keywords"},
        {"query": " ", "expected": ["a"]},
        {"query": "hips and neck", "expected": [["a", "b"], ["c"]]},
        {"query": "and my mum?", "expected": ["a"], "first": "how often", "first_expected": ["b", "c"], "kind": "swap"},
        {"query": "my chest hurts", "expected_kind": "urgent"},
        {"query": "a backbend?", "expected": ["a"], "first": "I have a new hip", "suits": False},
        {"query": "and the splits?", "expected": ["a"], "after": "b", "suits": True},
    ]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert read_questions(tmp_path / "set.jsonl") == [
        Question("hips", (("a", "b"),), style="keywords"),
        Question("hips and neck", (("a", "b"), ("c",))),
        Question("and my mum?", (("a",),), kind="swap", first="how often", opened="b"),
        Question("my chest hurts", ((),), expected_kind="urgent"),
        Question("a backbend?", (("a",),), first="I have a new hip", suits=False),
        Question("and the splits?", (("a",),), opened="b", suits=True),
    ]


def test_what_should_become_of_a_question():
    def scopes(*expected, expected_kind=""):
        question = Question("?", (expected,), expected_kind=expected_kind)
        return question.in_scope, question.out_of_scope, question.is_sign

    assert scopes("a") == (True, False, False)
    assert scopes() == (False, True, False)
    # A sign is for the screen, whatever answers it; of a look-alike without a label nobody knows what answers it.
    assert scopes("a", expected_kind="urgent") == (False, False, True)
    assert scopes("a", expected_kind="not-urgent") == (True, False, False)
    assert scopes(expected_kind="not-urgent") == (False, False, False)
    assert Question("?", (("a", "b"), ("c",))).expected == ("a", "b", "c")


def test_every_entry_that_answers_is_asked_its_own_question(bot):
    asked = {question.query: question.expected for question in own_questions(bot)}
    assert len(asked) == 8
    assert asked["How long should I hold a stretch?"] == ("how-long-hold",)
