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

    signs = [
        {"query": "no feeling when I wipe and my back hurts", "expected_kind": "urgent", "expected": ["cauda-equina"]},
        {"query": "how do I renew my passport", "expected_kind": "not-urgent"},
        {"query": "thanks", "expected": ["thanks"], "first": "How do I open my hips?"},
    ]
    (tmp_path / "signs.jsonl").write_text("\n".join(map(json.dumps, signs)))

    def run(*arguments, sets=("questions.jsonl",)):
        where = ("--corpus", CORPUS, "--index", built, "--queries", *(tmp_path / name for name in sets))
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


def test_the_figures_of_a_set(evaluate, tmp_path):
    (figures,) = json.loads(evaluate("--json")).values()
    assert figures["questions"] == 9 + 1 + 4
    assert figures["in scope"]["all"]["n"] == 9
    assert figures["in scope"]["all"]["first right"][0] == 1
    assert figures["out of scope"]["far"]["declined"][0] == 1


def test_several_sets_and_the_entries_own_questions(evaluate, tmp_path):
    files = {"--failures": tmp_path / "misses.jsonl", "--picture": tmp_path / "coverage.svg"}
    sets = ("questions.jsonl", "signs.jsonl")
    figures = json.loads(evaluate("--json", "--own-questions", *itertools.chain(*files.items()), sets=sets))
    assert list(figures) == [*(str(tmp_path / name) for name in sets), "own questions"]
    signs = figures[str(tmp_path / "signs.jsonl")]
    assert (signs["questions"], signs["signs"]["all"]["urgent"][0], signs["signs"]["all"]["missed"]) == (3, 1, 0)
    assert (signs["without a sign"]["all"]["n"], signs["without a sign"]["all"]["urgent"][0]) == (2, 0)
    assert signs["in scope"]["all"]["answered right"][0] == 1
    own = figures["own questions"]
    assert (own["questions"], own["first and answered"][0], own["misses"]) == (8, 1, [])
    missed = map(json.loads, (tmp_path / "misses.jsonl").read_text().splitlines())
    assert {miss["set"] for miss in missed} <= set(figures)
    # Of the three questions of the signs, one is in scope: a point is no curve.
    assert (tmp_path / "coverage.svg").read_text().count("<polyline") == 2


def test_a_corpus_that_is_named_alone_has_its_own_index(python, index, tmp_path):
    (tmp_path / "questions.jsonl").write_text('{"query": "how long should I hold a stretch", "expected": ["own"]}')
    corpus = tmp_path / "other.jsonl"
    corpus.write_text('{"id": "own", "question": "How long should I hold a stretch?", "answer": "A minute."}')
    manifest = (index / "manifest.json").read_bytes()
    done = python(
        SCRIPT, "--corpus", corpus, "--queries", tmp_path / "questions.jsonl", "--json", CHATBOT_INDEX=str(index)
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[str(tmp_path / "questions.jsonl")]["in scope"]["all"]["first right"][0] == 1
    assert (index / "manifest.json").read_bytes() == manifest


def test_without_a_set_there_is_nothing_to_measure(python):
    for arguments in ((), ("--ablation", "--own-questions")):
        done = python(SCRIPT, *arguments)
        assert done.returncode == 2
        assert "name a set with --queries" in done.stderr
