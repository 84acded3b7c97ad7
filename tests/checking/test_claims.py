"""Every number that is cited, beside what is known of it."""

import pytest

from chatbot.checking.claims import check_claims, cited_sentences
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put, put_lines

SOURCES = "sources:\n- id: a\n  title: A\n- id: b\n  title: B\n"
TEXT = "Hold for 30 seconds [@a]. It is safe [@b]. Or 60.\n\n1. Take 5 [@a; @b]."


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "sources.yaml", SOURCES)
    put(tmp_path / "hips" / "fold.md", markdown("Fold?", {"Care": "Fold.", "Yoga": TEXT}))
    return tmp_path


def found(folder, *claims):
    record = {"entry": "fold", "sources": [], "studied": "", "verdict": "supported", "change": ""}
    put_lines(folder / "claims.jsonl", *(record | {"claim": claim} for claim in claims))
    corpus = read_corpus(folder).checked()
    return [str(problem).removeprefix(f"{folder}/") for problem in check_claims(corpus)]


HOLD, TAKE = "Hold for 30 seconds [@a].", "Take 5 [@a; @b]."  # without the number of its item


def missing(sentence):
    return (
        f"hips/fold.md:8: warning: no line of claims.jsonl has the cited number in “{sentence}”; check it and write one"
    )


def test_each_cited_number_has_a_line(folder):
    assert found(folder, HOLD, TAKE) == []
    assert found(folder, HOLD, TAKE, "It is safe [@b].", "") == []  # which has no number, and what was taken out
    assert found(folder, TAKE) == [missing(HOLD)]
    assert found(folder) == [missing(HOLD), missing(TAKE)]


def test_a_line_whose_sentence_is_gone(folder):
    gone = "Hold for 20 seconds [@a]."
    assert found(folder, HOLD, gone, TAKE) == [
        f"claims.jsonl:2: warning: 'fold' no longer says “{gone}”; check it again, or remove the line"
    ]


def test_a_number_in_a_citation_is_none(folder):
    put(folder / "sources.yaml", f"{SOURCES}- id: ito-1999\n  title: C\n")
    put(folder / "hips" / "fold.md", markdown("Fold?", {"Care": "Hold it [@ito-1999; @a; @b]."}))
    assert found(folder) == []


def test_a_long_sentence_is_shown_by_its_beginning(folder):
    put(folder / "hips" / "fold.md", markdown("Fold?", {"Care": f"{'5' * 81} [@a; @b]."}))
    assert found(folder)[0].count("5" * 80) == 1
    assert "5" * 81 not in found(folder)[0]


def test_a_corpus_that_keeps_none_needs_none(folder):
    assert list(check_claims(read_corpus(folder).checked())) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One [@a]. Two. Three [@b]!", ["One [@a].", "Three [@b]!"]),
        ("One\ntwo [@a].\n\nThree [@b].", ["One two [@a].", "Three [@b]."]),
        ("- One [@a]\n- two [@b]\n* three\n2) four [@a]", ["- One [@a]", "- two [@b]", "2) four [@a]"]),
        ("Props, e.g. Blocks [@a]. This vs. That [@b].", ["Props, e.g. Blocks [@a].", "This vs. That [@b]."]),
        ("It took 1.5 weeks [@a]. **Bold** [@b].", ["It took 1.5 weeks [@a].", "**Bold** [@b]."]),
        ("Nothing is cited.", []),
    ],
)
def test_sentences_that_cite_something(text, sentences):
    assert cited_sentences(text) == sentences
