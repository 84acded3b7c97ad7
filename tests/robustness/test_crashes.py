"""A writer killed at every point of a write; `crashing.py` does it, and checks what is left each time."""

import re
from pathlib import Path

PROGRAM = Path(__file__).with_name("crashing.py")


def test_a_commit_killed_at_every_write_rename_and_sync(python, tmp_path):
    done = python(PROGRAM, "store", tmp_path / "index")
    assert done.returncode == 0, done.stderr
    points, after = map(int, re.findall(r"\d+", done.stdout))
    assert points >= 15
    assert after >= 3  # the folder's sync and two files swept


def test_a_build_killed_at_points_throughout(python, tmp_path, corpus):
    done = python(PROGRAM, "build", tmp_path / "index", corpus)
    assert done.returncode == 0, done.stderr
    points, _ = map(int, re.findall(r"\d+", done.stdout))
    assert points >= 10
