"""The README names what there is, so that it cannot rot."""

import re

import pytest

from chatbot import cli
from chatbot.shell.commands import registry
from tests.conftest import PROJECT

COMMANDS = sorted(
    next(action for action in cli._parser()._actions if action.choices and action.metavar == "COMMAND").choices
)
VARIABLES = sorted(
    {
        name
        for path in (PROJECT / "chatbot").rglob("*.py")
        for name in re.findall(r'"(CHATBOT_[A-Z]+)"', path.read_text(encoding="utf-8"))
    }
)


@pytest.fixture(scope="module")
def readme():
    return (PROJECT / "README.md").read_text(encoding="utf-8")


def test_what_is_looked_for():
    assert {"ask", "build", "check", "feedback", "forget"} <= set(COMMANDS)
    assert {"CHATBOT_CORPUS", "CHATBOT_INDEX", "CHATBOT_STATE", "CHATBOT_FEEDBACK"} <= set(VARIABLES)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(readme, command):
    assert f"flexbot {command}" in readme


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_readme_names_every_environment_variable(readme, variable):
    assert f"`{variable}" in readme


def test_the_readme_names_only_commands_and_variables_that_exist(readme):
    named = set(re.findall(r"^\$? ?flexbot ([a-z]\w+)", readme, flags=re.MULTILINE))
    assert named <= set(COMMANDS)
    assert set(re.findall(r"CHATBOT_[A-Z]+", readme)) <= set(VARIABLES)


def test_the_readmes_table_of_shell_commands_is_the_registrys(readme):
    table = re.search(r"<!-- shell-commands -->\n(.*?)<!-- end -->", readme, flags=re.DOTALL)
    assert table
    assert table[1] == registry().markdown()


def test_the_readme_has_every_option(readme):
    options = {
        option for action in cli._parser()._actions for option in action.option_strings if option.startswith("--")
    }
    for option in options - {"--help", "--version"}:
        assert option in readme


def test_the_files_it_links_to_are_there(readme):
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", readme):
        assert (PROJECT / target).exists(), target


def test_the_changelog_begins_with_what_is_not_released():
    headings = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert headings[0].strip("[]") == "Unreleased" or headings[0].startswith("[Unreleased]")
