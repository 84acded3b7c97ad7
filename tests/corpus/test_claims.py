"""What is known of the claims of answers: good lines, bad lines with their place, and the corpus that carries them."""

import json

import pytest

from chatbot.corpus.claims import VERDICTS, Claim, read_claims
from chatbot.corpus.reader import read_corpus
from tests.builders import put_lines

GOOD = {"entry": "a", "claim": "It helps.", "sources": ["s"], "studied": "20 men", "verdict": "supported", "change": ""}
NOT_ONE = (
    'not a claim; write {"entry": "id", "claim": "the sentence", "sources": ["id"], "studied": "whom, what, how much",'
    ' "verdict": "supported", "change": ""}'
)


def read(*lines):
    problems = []
    found = list(read_claims("\n".join(lines), {"a"}, lambda *problem: problems.append(problem)))
    return found, problems


def line(**changes):
    return json.dumps(GOOD | changes)


def without(name):
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def test_good_lines():
    found, problems = read(line(), "", *(line(verdict=each) for each in VERDICTS), line(claim="  It \n helps ", note=1))
    assert problems == []
    assert found == [*(Claim("a", "It helps.", number) for number in (1, 3, 4, 5, 6)), Claim("a", "It helps", 7)]
    assert VERDICTS == ("supported", "overstated", "wrong", "not-found")
    assert read(line(claim=""))[0] == [Claim("a", "", 1)]  # which was taken out


@pytest.mark.parametrize(
    "written",
    [
        "It helps.",
        "[]",
        "null",
        "5",
        "{}",
        *map(without, ("entry", "claim", "studied", "verdict", "change")),
        *(line(**{name: 5}) for name in ("entry", "claim", "studied", "verdict", "change")),
        line(entry=["a"]),
        "[" * 100_000,
    ],
)
def test_lines_that_are_none(written):
    assert read(line(), written) == ([Claim("a", "It helps.", 1)], [(2, NOT_ONE, "error")])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"entry": "b"}, "'entry' names the unknown entry 'b'; correct it or remove the line"),
        (
            {"verdict": "right"},
            "'verdict' is 'right'; it must be one of supported, overstated, wrong, not-found",
        ),
    ],
)
def test_what_fits_nothing(changes, problem):
    assert read(line(**changes)) == ([], [(1, problem, "error")])


def test_a_folder_has_them_at_its_top(corpus):
    put_lines(corpus / "claims.jsonl", GOOD | {"entry": "pigeon-pose"}, GOOD)
    found = read_corpus(corpus)
    assert found.claims == (Claim("pigeon-pose", "It helps.", 1),)
    assert [str(problem) for problem in found.problems] == [
        f"{corpus}/claims.jsonl:2: 'entry' names the unknown entry 'a'; correct it or remove the line"
    ]
    assert "claims.jsonl" in found.files  # so that its changes are seen


def test_a_corpus_without_them_has_none(corpus):
    assert read_corpus(corpus).claims == ()
