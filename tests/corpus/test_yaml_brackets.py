"""Brackets that do not stand as they should, by hand."""

import pytest

from chatbot.corpus.yaml_brackets import balanced, in_brackets, separated


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("a: [b, c", "a: [b, c]"),
        ("a: [b, c]]", "a: [b, c]"),
        ("a: {b: 1", "a: {b: 1}"),
        ("a: [{b: 1]", "a: [{b: 1}]"),
        ("a: {b: [1, 2, c: 3}", "a: {b: [1, 2], c: 3}"),
        ("a: [{b: 1, {b: 2}]", "a: [{b: 1}, {b: 2}]"),
        ("a: [{b: 1}, {b: [2]}]", "a: [{b: 1}, {b: [2]}]"),
        ("a: b", "a: b"),
    ],
)
def test_each_bracket_gets_its_other(line, mended):
    assert balanced(line) == mended


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("  - a b: {c: 1 d.R: [2] e: 3}", "  - a b: {c: 1, d.R: [2], e: 3}"),
        ("a: {b: 1, c: 2}", "a: {b: 1, c: 2}"),
        ("a: [{b: 1}, {c: 2}]", "a: [{b: 1}, {c: 2}]"),
    ],
)
def test_each_field_in_braces_gets_its_comma(line, mended):
    assert separated(line) == mended


@pytest.mark.parametrize(
    ("line", "stands"),
    [
        ("related: [a", True),
        ("  - joints: {a", True),
        ("  - {is: a", True),
        ("question: [a", False),
        ("  - [a", False),
        ("  - {a", False),
        ("related: a [b", False),
    ],
)
def test_a_sentence_may_begin_with_a_bracket(line, stands):
    assert in_brackets(line, {"question"}) is stands
