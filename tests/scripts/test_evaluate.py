"""The evaluation and its ablation run from end to end, on questions whose answers are known."""

import itertools
import json

import pytest

from tests.conftest import CORPUS, ENTRY_IDS, PROJECT

SCRIPT = PROJECT / "scripts" / "evaluate.py"
STEPS = [
    "nearest phrasing",
    "+ centroid",
    "regression among the neighbours",
    "+ words in common",
    "+ spelling",
    "+ sentences",
]
OTHER_THINGS = ("how do I renew my passport", "best pizza dough recipe", "who won the match", "fix a dripping tap")
# A story in which the question is the smaller part.
STORY = "My cousin came over and we watched the tennis on the sofa. Is pigeon pose safe for my knees?"


@pytest.fixture
def evaluate(python, built, tmp_path, bot):
    """Run the evaluation of the test corpus's own questions, and four about other things."""
    answers = [entry for entry in bot.index.entries() if entry.kind == "answer"]
    assert len(answers) == len(ENTRY_IDS) - 4
    lines = [{"query": entry.question, "expected": [entry.id]} for entry in answers]
    lines += [
        {"query": STORY, "expected": ["pigeon-pose"]},
        {"query": "numb between my legs", "expected": [], "kind": "sign"},
    ]
    lines += [{"query": query, "expected": [], "kind": "far"} for query in OTHER_THINGS]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))

    def run(*arguments):
        where = ("--corpus", CORPUS, "--index", built, "--queries", tmp_path / "questions.jsonl")
        done = python(SCRIPT, *where, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def test_each_step_of_the_ablation_is_measured(evaluate):
    rows = [json.loads(line) for line in evaluate("--ablation").splitlines()]
    assert [row["step"] for row in rows] == STEPS
    assert list(rows[0]) == ["step", "accuracy", "AUROC sign", "AUROC far"]
    for before, row in itertools.pairwise(rows):
        assert list(row) == ["step", "accuracy", "gain", "AUROC sign", "AUROC far"]
        gain, low, high = row["gain"]
        assert gain == pytest.approx(row["accuracy"] - before["accuracy"], abs=1e-4)
        assert low <= gain <= high
    # Own questions are found by their nearest phrasing already, and the story by the time its sentences count.
    assert rows[0]["accuracy"] >= 0.8888
    assert rows[-1]["accuracy"] == 1
    assert min(row["AUROC far"] for row in rows) > 0.9


def test_the_figures_of_a_set(evaluate):
    figures = json.loads(evaluate("--json"))
    assert figures["questions"] == 9 + 1 + 4
    assert figures["in scope"]["questions"] == 9
    assert figures["in scope"]["accuracy"][0] == 1
    assert figures["out of scope: far"]["declined"][0] == 1
