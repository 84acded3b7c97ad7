"""What CI runs: the README's commands as they stand there, one after the other, and nothing where they are not."""

import os
import shutil
import subprocess

import pytest

from tests.builders import put
from tests.conftest import PROJECT

TRY = '<!-- try-commands -->\n```sh\necho "tried in $PWD"\nmkdir .venv\n```\n<!-- end -->\n'
TEST = "<!-- test-command -->\n```sh\nls -d .venv && false | true\n```\n<!-- end -->\n"


@pytest.fixture
def ran(tmp_path):
    """Run `.ci/run` beside a README, with programs of the names that it looks for."""
    for name in ("chromium", "npm"):
        put(tmp_path / "bin" / name, "").chmod(0o755)

    def run(readme):
        put(tmp_path / "clone/README.md", readme)
        put(tmp_path / "clone/.venv/old", "")
        shutil.copytree(PROJECT / ".ci", tmp_path / "clone/.ci")
        env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
        return subprocess.run([tmp_path / "clone/.ci/run"], capture_output=True, text=True, env=env)

    return run


def test_the_first_commands_are_run_and_then_the_test_command(ran, tmp_path):
    done = ran(f"# Title\n\n{TRY}\nWords.\n\n{TEST}")
    assert done.stdout.splitlines() == [
        '+ echo "tried in $PWD"',
        "mkdir .venv",
        f"tried in {tmp_path / 'clone'}",
        "+ ls -d .venv && false | true",
        ".venv",
    ]
    assert (done.returncode, done.stderr) == (1, "")  # a failure within a pipe is one


@pytest.mark.parametrize(("readme", "missing"), [(TEST, "try-commands"), (TRY, "test-command")])
def test_commands_that_are_not_there_are_told(ran, readme, missing):
    done = ran(readme)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"README.md names no {missing} between its marks\n"


def test_the_readme_has_them():
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    first = text.partition("<!-- try-commands -->")[2].partition("<!-- end -->")[0]
    assert first.strip().splitlines()[0] == "```sh"
    assert "\nflexbot ask " in first
    assert text.count("<!-- try-commands -->") == text.count("<!-- test-command -->") == 1
