"""The script that measures a page, on a page in which it is known what is found."""

import json

from tests.builders import put_lines


def test_a_page_is_measured_by_its_own_script(python, exported, tmp_path):
    hold, hips = "How long should I hold a stretch?", "How do I improve hip rotation?"
    asked = put_lines(
        tmp_path / "asked.jsonl",
        {"query": hold, "expected": ["how-long-hold"]},
        {"query": hips, "expected": ["how-long-hold"]},
    )
    done = python("-m", "scripts.evaluation.exported", exported, "--queries", asked, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    row = json.loads(done.stdout)[str(asked)]["in scope"]["all"]
    assert row["n"] == 2
    assert row["first right"][0] == row["answered right"][0] == row["answered wrong"][0] == 0.5
