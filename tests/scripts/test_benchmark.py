"""The benchmark runs from end to end on a tiny corpus. What it measures is not judged: no timed assertion here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPUS, PHRASINGS, PROJECT

SCRIPT = PROJECT / "scripts" / "benchmark.py"
SCALE = "12 entries, 48 phrasings: "
NAMES = [
    ("build", "flexbot build, first", "s"),
    ("build", "sentence-transformers + faiss, first", "s"),
    ("cold", "flexbot ask", "s"),
    ("cold", "sentence-transformers + faiss", "s"),
    ("cold", "Python alone", "s"),
    ("cold", "Python and the libraries that asking needs", "s"),
    ("profile", "import numpy", "ms"),
    ("profile", "import ONNX Runtime", "ms"),
    ("profile", "import tokenizers", "ms"),
    ("profile", "import markdown-it, for answers as text", "ms"),
    ("profile", "import the package's own modules", "ms"),
    ("profile", "open the index: read the manifest, verify and map the files", "ms"),
    ("profile", "look whether the corpus changed", "ms"),
    ("profile", "open the encoder: the tokenizer's vocabulary, the session", "ms"),
    ("profile", "encode the question", "ms"),
    ("profile", "ask: encode again, match, read the entries", "ms"),
    ("profile", "render the reply", "ms"),
    ("prompt", "flexbot, a key is echoed", "s"),
    ("prompt", "prompt-toolkit alone, a key is echoed", "s"),
    ("prompt", "flexbot, the prompt is drawn", "s"),
    ("warm", "ask, median", "ms"),
    ("warm", "ask, 95th percentile", "ms"),
    ("warm", "ask, all but the encoder", "ms"),
    ("warm", "encoding alone", "ms"),
    ("warm", "matching alone, from a vector to ranked entries", "ms"),
    ("warm", "ask, 20 one by one", "a second"),
    ("warm", "ask_many of 20", "a second"),
    ("warm", "ask, 20 from 8 threads", "a second"),
    ("rebuild", "flexbot build, one answer edited", "s"),
    ("rebuild", "flexbot build, nothing changed", "s"),
    ("scale", f"{SCALE}flexbot build, first", "s"),
    ("scale", f"{SCALE}size of the index", "MB"),
    ("scale", f"{SCALE}opening the index", "ms"),
    ("scale", f"{SCALE}flexbot ask, whole process", "s"),
    ("scale", f"{SCALE}ask, median", "ms"),
    ("scale", f"{SCALE}ask, 95th percentile", "ms"),
    ("scale", f"{SCALE}ask, all but the encoder", "ms"),
    ("scale", f"{SCALE}encoding alone", "ms"),
    ("scale", f"{SCALE}matching alone, from a vector to ranked entries", "ms"),
]
OPTIONAL = ("txtai", "Haystack")
PARTS = ("build", "cold", "profile", "prompt", "warm", "rebuild")


def benchmark(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the benchmark; it must not use the caller's index."""
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "CHATBOT_INDEX": "/nowhere"})


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    few = ("--repeat", "1", "--warm-up", "0", "--questions", "20", "--scale", "12")
    done = benchmark(*PARTS, "--json", "--corpus", CORPUS, *few)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(900)
def test_every_figure_is_there_under_its_name(report: dict[str, Any]) -> None:
    rows = [row for row in report["rows"] if not row["name"].startswith(OPTIONAL)]
    assert [(row["part"], row["name"], row["unit"]) for row in rows] == NAMES
    assert [row["error"] for row in rows] == [None] * len(NAMES)
    for row in rows:
        assert row.keys() == {
            "part", "name", "unit", "median", "min", "max", "runs", "times", "peak_megabytes", "error"
        }  # fmt: skip
        assert row["runs"] == 1
        assert 0 < row["min"] == row["median"] == row["max"]


def test_whole_processes_have_their_memory_and_a_comparison(report: dict[str, Any]) -> None:
    by_name = {row["name"]: row for row in report["rows"] if row["part"] == "cold"}
    alone, ask = by_name["Python alone"]["peak_megabytes"], by_name["flexbot ask"]["peak_megabytes"]
    # Loose bounds that tell bytes from kilobytes, and a child's memory from its parent's.
    assert 5 < alone < 60 < ask < 2000
    assert by_name["flexbot ask"]["times"] == 1.0
    assert all(row["times"] > 0 for row in by_name.values())


def test_what_it_was_measured_on_is_named(report: dict[str, Any]) -> None:
    assert report["schema"] == 1
    about = report["about"]
    assert about["processor"]
    assert about["cores"] >= 1
    assert about["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"numpy", "faiss-cpu", "onnxruntime", "torch", "sentence-transformers"} <= about["versions"].keys()
    assert (about["repeat"], about["warm_up"]) == (1, 0)


@pytest.mark.parametrize(
    ("part", "name"),
    [("build", "flexbot build, first"), ("cold", "flexbot build, to measure the rest with")],
)
def test_a_failure_of_the_package_is_a_row(part: str, name: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"id": "a", "question": "Is there an answer?"}\n', encoding="utf-8")
    done = benchmark(part, "--json", "--corpus", corpus, "--repeat", "2", "--warm-up", "0")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)["rows"][0]
    assert row["name"] == name
    assert row["error"].startswith("status 2: flexbot: ")
    assert "corpus.jsonl:1: no answer" in row["error"]
    assert row["median"] is None
    assert row["runs"] == 0


def test_the_table_has_a_line_for_each_figure(built: Path) -> None:
    done = benchmark("rebuild", "--corpus", CORPUS, "--index", built, "--repeat", "2", "--warm-up", "0")
    assert done.returncode == 0, done.stderr
    names = [line[9:80].strip() for line in done.stdout.splitlines() if line.startswith("rebuild")]
    assert names == ["flexbot build, one answer edited", "flexbot build, nothing changed"]
    assert "Medians of 2 after 0 to warm up" in done.stdout


@pytest.mark.parametrize("arguments", [("colder",), ("--repeat", "0"), ("--warm-up", "-1"), ("--questions", "0")])
def test_bad_arguments_are_refused(arguments: tuple[str, ...]) -> None:
    done = benchmark(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_alternatives_get_every_phrasing(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    inside = PROJECT / "scripts" / "bench_inside.py"
    done = subprocess.run([sys.executable, inside, "texts", CORPUS, file], capture_output=True, text=True)
    assert done.stdout.strip() == str(PHRASINGS), done.stderr
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == PHRASINGS
    assert all(line["text"] and line["answer"] for line in lines)


def test_a_generated_corpus_is_the_same_each_time_and_sound(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.jsonl", "two.jsonl", "other.jsonl")]
    for file, seed in zip(files, ("1", "1", "2"), strict=True):
        command = [sys.executable, PROJECT / "scripts" / "generate_corpus.py", "--seed", seed, "--entries", "300", file]
        subprocess.run(command, check=True)
    assert files[0].read_bytes() == files[1].read_bytes() != files[2].read_bytes()
    records = [json.loads(line) for line in files[0].read_text(encoding="utf-8").splitlines()]
    assert len({record["question"] for record in records}) == len(records) == 300
    for record in records:
        phrasings = [record["question"], *record["alternate_questions"]]
        assert len(set(phrasings)) == len(phrasings) == 4
        assert 200 <= len(record["answer"].split()) < 230
    check = subprocess.run(
        [sys.executable, "-m", "chatbot", "check", "--corpus", files[0]], capture_output=True, text=True, cwd=PROJECT
    )
    assert "0 errors, 0 warnings" in check.stdout, check.stdout[:2000]
