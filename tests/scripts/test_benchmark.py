"""The benchmark runs from end to end on a tiny corpus. What it measures is not judged: no timed assertion here."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatbot.corpus.reader import read_corpus
from scripts.benchmarks.beside import questions, ratios
from scripts.benchmarks.edits import edit_one_answer, edit_one_phrasing
from scripts.benchmarks.generate_corpus import main as generate_corpus
from scripts.benchmarks.inside import write_texts
from scripts.benchmarks.peers import model_folder
from scripts.benchmarks.peers.picture import panels, svg
from tests.conftest import CORPUS, PHRASINGS, PROJECT

SCRIPT = PROJECT / "scripts" / "benchmark.py"
PARTS = ("build", "cold", "profile", "prompt", "warm", "peers", "rebuild")


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


def test_every_part_measures_something(report: dict[str, Any]) -> None:
    rows = report["rows"]
    assert list(dict.fromkeys(row["part"] for row in rows)) == [*PARTS, "scale"]
    for row in rows:
        assert row["error"] is None, row
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
    assert names[:3] == [
        "flexbot build, one answer edited",
        "flexbot build, one phrasing added",
        "flexbot build, nothing changed",
    ]
    assert "sentence-transformers + faiss, one text changed" in names
    assert "Medians of 2 after 0 to warm up" in done.stdout


@pytest.mark.parametrize("arguments", [("colder",), ("--repeat", "0"), ("--warm-up", "-1"), ("--questions", "0")])
def test_bad_arguments_are_refused(arguments: tuple[str, ...]) -> None:
    done = benchmark(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_peers_get_every_phrasing(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    assert write_texts(CORPUS, file) == PHRASINGS
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == PHRASINGS
    assert all(line["text"] and line["answer"] for line in lines)


def test_a_peer_finds_what_was_put_in_the_place_of_a_text(tmp_path: Path) -> None:
    system = importlib.import_module("scripts.benchmarks.peers.direct").System
    peer = system(model_folder(), tmp_path)
    peer.save(["how long to hold a stretch", "what to wear in a yoga class"])
    peer.open()
    assert peer.nearest(["clothes for yoga", "how many seconds is a stretch held"]) == [1, 0]
    peer.replace(0, "shoes for yoga")
    again = system(model_folder(), tmp_path)
    again.open()
    assert again.nearest(["which shoes for yoga"]) == [0]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_an_edit_changes_one_entry_and_the_corpus_stays_sound(kind: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    if kind == "folder":
        shutil.copytree(PROJECT / "corpus", corpus)
    else:
        corpus = tmp_path / "corpus.jsonl"
        generate_corpus(["--entries", "3", str(corpus)])
    before = read_corpus(corpus).checked().entries
    edit_one_answer(corpus, 1)
    edit_one_phrasing(corpus, 2)
    after = read_corpus(corpus).checked().entries
    ((old, new),) = ((old, new) for old, new in zip(before, after, strict=True) if old != new)
    assert set(new.phrasings) - set(old.phrasings) == {"how was that again for the time number 2"}
    assert new.answers[-1].text == f"{old.answers[-1].text} That was edit 1."


def test_a_generated_corpus_is_the_same_each_time_and_sound(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.jsonl", "two.jsonl", "other.jsonl")]
    for file, seed in zip(files, ("1", "1", "2"), strict=True):
        generate_corpus(["--seed", seed, "--entries", "300", str(file)])
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


def test_a_ratio_is_of_rounds_not_of_medians() -> None:
    # Medians 2 and 4 would say 2; the rounds say 0.5, 4 and 2.
    row = ratios("ask", "ms", {"earlier": [8.0, 1.0, 2.0], "now": [4.0, 4.0, 4.0]})
    assert row.split() == ["ask", "2.000", "4.000", "ms", "2.00", "(0.50", "to", "4.00)"]


def test_both_versions_are_asked_the_same_messages_each_on_one_line() -> None:
    messages = questions(1000)
    assert len(set(messages)) == 1000
    assert messages[:3] == questions(1000)[:3]
    assert all(message == " ".join(message.split()) for message in messages)


def test_bars_are_as_long_as_their_values() -> None:
    rows = [
        {"part": "cold", "name": "flexbot ask", "median": 0.5},
        {"part": "cold", "name": "txtai", "median": 6.0},
        {"part": "cold", "name": "Python alone", "median": 0.1},
        {"part": "peers", "name": "memory: flexbot", "median": 90.0},
        {"part": "peers", "name": "memory: txtai", "median": 360.0},
    ]
    found = panels([*rows, {"part": "peers", "name": "memory: broken", "median": None}])
    assert found["a question from a cold start (s)"] == {"flexbot": 0.5, "txtai": 6.0}
    assert found["memory when open (MB)"] == {"flexbot": 90.0, "txtai": 360.0}
    drawn = svg({title: values for title, values in found.items() if values})
    # 370 pixels for the longest of a panel; a twelfth and a fourth of them for the others.
    assert [f'width="{width}"' in drawn for width in ("30.8", "370.0", "92.5")] == [True] * 3
