"""The documents name what there is, so that they cannot rot."""

import re

import pytest

from chatbot import cli, settings
from chatbot.corpus.reader import read_corpus
from chatbot.records import CARES
from chatbot.shell.commands import registry
from tests.conftest import CORPUS, PROJECT

COMMANDS = next(action for action in cli._parser()._actions if action.choices and action.metavar == "COMMAND").choices
DOCS = [
    PROJECT / name
    for name in ("README.md", "CONTRIBUTING.md", "corpus/README.md", *map(str, sorted((PROJECT / "docs").glob("*.md"))))
]
SOURCES = {
    path: path.read_text(encoding="utf-8") for room in ("chatbot", "scripts") for path in (PROJECT / room).rglob("*.py")
}
PACKAGE = "\n".join(text for path, text in SOURCES.items() if path.is_relative_to(PROJECT / "chatbot"))
VARIABLES = set(re.findall(r'"(CHATBOT_[A-Z]+)"', PACKAGE))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

every_doc = pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(PROJECT)))


def read(path):
    return path.read_text(encoding="utf-8")


def spans(text):
    """What stands in backticks within the prose and the tables of a document."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def code(text):
    """Every piece of code of a document: its spans, and the lines of its blocks without their comments."""
    blocks = [block for language, block in FENCE.findall(text) if language in ("sh", "python")]
    return [*spans(text), *(line.partition("  #")[0] for block in blocks for line in block.splitlines())]


def commands(text):
    """Each command of a document as a list of words."""
    for piece in code(text):
        for command in re.split(r"&&|[|<>;]", piece):
            if words := command.split():
                yield words


def option_strings(parser):
    return {option for action in parser._actions for option in action.option_strings}


def prose(text):
    """The sentences of a document, roughly: no code blocks, and a table's row or a list's item by itself."""
    blocks = re.split(r"\n\n|\n(?=[-|] )", FENCE.sub("", text))
    return [sentence for block in blocks for sentence in re.split(r"[.:;]\s+(?=\W*[A-Z])", " ".join(block.split()))]


@pytest.fixture(scope="module")
def readme():
    return read(PROJECT / "README.md")


@pytest.fixture(scope="module")
def reply(bot):
    return bot.ask("how do I loosen my lower back")


def test_what_is_looked_for():
    assert {"ask", "build", "check", "feedback", "forget"} <= set(COMMANDS)
    assert {"CHATBOT_CORPUS", "CHATBOT_INDEX", "CHATBOT_STATE", "CHATBOT_FEEDBACK"} <= VARIABLES
    assert ["flexbot", "ask", '"…"', "--json"] in list(commands('Say `flexbot ask "…" --json`.'))
    assert prose("- `--json` has it: the `matches`. And\nmore.\n- Other") == [
        "- `--json` has it: the `matches`", "And more.", "- Other",
    ]  # fmt: skip


def test_the_readme_is_short(readme):
    assert len(readme.encode()) <= 7500


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_readme_names_every_command(readme, command):
    assert f"flexbot {command}" in readme


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_the_readme_names_every_environment_variable(readme, variable):
    assert f"`{variable}" in readme


def test_the_readme_has_every_option(readme):
    parsers = [cli._parser(), *COMMANDS.values()]
    options = {option for parser in parsers for option in option_strings(parser) if option.startswith("--")}
    for option in options - {"--help", "--version"}:
        assert option in readme


def test_the_readme_counts_the_corpus(readme):
    entries = read_corpus(PROJECT / "corpus").entries
    signs = sum(entry.kind == "urgent" for entry in entries)
    assert f"It knows {len(entries)} entries" in " ".join(readme.split())
    assert f"and {signs} warning signs" in " ".join(readme.split())


def test_the_table_of_shell_commands_is_the_registrys():
    table = re.search(r"<!-- shell-commands -->\n(.*?)<!-- end -->", read(PROJECT / "docs/shell.md"), flags=re.DOTALL)
    assert table
    assert table[1] == registry().markdown()


def test_the_readmes_example_runs(readme, built, monkeypatch, capsys):
    monkeypatch.setenv("CHATBOT_INDEX", str(built))
    monkeypatch.setenv("CHATBOT_CORPUS", str(CORPUS))
    (example,) = (block for language, block in FENCE.findall(readme) if language == "python")
    exec(example, {})  # noqa: S102 -- it is the README's
    assert capsys.readouterr().out.startswith("answer ")


@every_doc
def test_commands_and_their_options_exist(path):
    for words in commands(read(path)):
        if words[0] != settings.APP:
            continue
        name = words[1] if len(words) > 1 and re.fullmatch(r"[a-z]\w+", words[1]) else None
        assert name is None or name in COMMANDS, words
        known = option_strings(COMMANDS[name] if name else cli._parser())
        assert set(OPTION.findall(" ".join(words))) <= known, words


@every_doc
def test_scripts_and_their_options_exist(path):
    for words in commands(read(path)):
        if words[0] != "python" or not words[1:] or not re.match(r"-m$|scripts/", words[1]):
            continue
        file = PROJECT / (f"{words[2].replace('.', '/')}.py" if words[1] == "-m" else words[1])
        if words[1:3] in (["-m", "chatbot"], ["-m", "pytest"], ["-m", "venv"]):
            continue
        harness = SOURCES[PROJECT / "scripts/robustness/harness.py"] if file.parent.name == "robustness" else ""
        known = set(re.findall(r'"(--[a-z-]+)"', SOURCES[file] + harness))
        assert set(OPTION.findall(" ".join(words))) <= known, words


@every_doc
def test_options_by_themselves_exist(path):
    known = {option for parser in (cli._parser(), *COMMANDS.values()) for option in option_strings(parser)}
    known |= set(re.findall(r'"(--[a-z-]+)"', "".join(SOURCES.values())))
    named = {option for span in spans(read(path)) if span.startswith("--") for option in OPTION.findall(span)}
    assert named <= known


@every_doc
def test_files_that_are_named_exist(path):
    folders = (PROJECT / name for name in ("chatbot", "scripts", "tests", "docs", "corpus"))
    names = {file.name for folder in folders for file in folder.rglob("*")} | {file.name for file in PROJECT.iterdir()}
    for piece in code(read(path)):
        for word in piece.split():
            if re.fullmatch(r"(?:scripts|chatbot|tests|docs|\.ci)/[\w./-]*|corpus/[\w-]+\.\w+", word):
                assert (PROJECT / word).exists(), word
    for span in spans(read(path)):
        if re.fullmatch(r"[\w-]+\.(?:py|md|txt|toml|yaml)", span):
            assert span in names, span


@every_doc
def test_links_lead_somewhere(path):
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", read(path)):
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", FENCE.sub("", read(file)), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, anchor


@every_doc
def test_names_of_the_code_exist(path, bot, reply):
    named = {
        "bot": bot, "chat": bot.conversation(), "reply": reply, "answer": reply.answers[0], "settings": settings,
        "source": reply.answers[0].sources[0], "related": reply.related[0], "Chatbot": type(bot),
    }  # fmt: skip
    for piece in code(read(path)):
        for name, attribute in re.findall(rf"(?<!\.)\b({'|'.join(named)})\.(?!py\b|md\b)([a-z_A-Z]\w*)", piece):
            assert hasattr(named[name], attribute), f"{name}.{attribute}"
    for span in spans(read(path)):
        if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+", span):
            assert re.search(rf"\b{span}\b", PACKAGE), span


@every_doc
def test_shell_commands_that_are_named_exist(path):
    for span in spans(read(path)):
        if match := re.match(r"/([a-z]+)(?:[ =]|$)", span):
            assert registry().find(match[1]), span


def keys_of(value):
    """Every key of plain data, inside lists and objects too."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_the_table_of_a_replys_keys_is_complete(reply):
    table = re.search(r"<!-- reply-keys -->\n(.*?)<!-- end -->", read(PROJECT / "docs/replies.md"), flags=re.DOTALL)[1]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == list(reply.to_dict())
    kinds = {"answer", "clarify", "no-answer", "urgent", "small-talk"}
    assert set(spans(table)) <= keys_of(reply.to_dict()) | kinds | {*CARES}


@every_doc
def test_keys_that_are_named_for_json_exist(path, reply):
    known = keys_of(reply.to_dict()) | {"error"}
    for sentence in prose(read(path)):
        if "--json" in sentence or "to_dict" in sentence:
            for span in spans(sentence):
                assert not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", span) or span in known | {settings.APP}, sentence


def test_the_changelog_begins_with_what_is_not_released():
    headings = re.findall(r"^## (.+)$", read(PROJECT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0].strip("[]") == "Unreleased" or headings[0].startswith("[Unreleased]")
