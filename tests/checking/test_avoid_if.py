"""Every item of `avoid_if`, beside the conditions that a corpus keeps."""

import pytest

from chatbot.checking.avoid_if import check_avoid_if
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put

HIP = "- condition: hip\n  said: have a new hip\n  names: [new hip]\n  avoid_if: [a new hip]\n"
NONE = "- why: it is felt now\n  avoid_if: [pain]\n"


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "hips" / "fold.md", markdown("Fold?", {"A": "Fold."}, front="avoid_if:\n  - a new hip\n  - pain\n"))
    front = "kind: urgent\ncare: routine\navoid_if: [a rash]\n"
    put(tmp_path / "urgent" / "clot.md", markdown("Clot?", {"A": "Go."}, front=front))
    put(tmp_path / "conditions.yaml", HIP)
    put(tmp_path / "no-conditions.yaml", NONE)
    return tmp_path


def found(folder):
    return [str(problem).removeprefix(f"{folder}/") for problem in check_avoid_if(read_corpus(folder).checked())]


def test_every_item_of_an_answer_means_a_condition_or_none(folder):
    assert found(folder) == []  # those of signs tell nobody off
    (folder / "no-conditions.yaml").unlink()
    message = "“pain” stands in no row of conditions.yaml nor of no-conditions.yaml; write it in one"
    assert found(folder) == [f"hips/fold.md:4: warning: {message}"]


def test_what_no_entry_has_any_more(folder):
    put(folder / "conditions.yaml", HIP.replace("[a new hip]", "[a new hip, two hips, a cough, a rash]"))
    assert found(folder) == [
        f"conditions.yaml:1: warning: no entry has “{item}” in its 'avoid_if'; take it out"
        for item in ("a cough", "two hips")
    ]


def test_a_corpus_that_keeps_no_conditions_needs_none(folder):
    (folder / "conditions.yaml").unlink()
    assert found(folder) == []
