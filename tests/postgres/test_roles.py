"""The bot reads and the editor writes, by the SQL that docs/postgres.md has; and both from the command line."""

import re

import psycopg
import pytest

from chatbot import Chatbot, StorageError
from chatbot.addresses import Address
from chatbot.bot import opened_store
from chatbot.index.index import Index
from chatbot.postgres.database import Database
from chatbot.postgres.publishing import publish
from tests.conftest import CORPUS, PROJECT
from tests.fakes import WordEncoder

ROLES = re.search(
    r"<!-- roles -->\n```sql\n(.*?)```", (PROJECT / "docs/postgres.md").read_text(encoding="utf-8"), re.DOTALL
)[1]


@pytest.fixture
def roles(own_server):
    """The addresses of the bot and of the editor."""
    own_server.execute(ROLES)
    return Address(own_server.url("bot"), "flexibility"), Address(own_server.url("editor"), "flexibility")


def test_the_editor_publishes_and_the_bot_reads_each_revision(roles, revisions):
    bot, editor = roles
    for revision in ("first", "second"):
        publish(revisions(revision), editor)
        opened = Chatbot(Index(opened_store(bot), WordEncoder()))
        assert f"of {revision}" in opened.ask("Tell me of word3?").answers[0].text


def test_the_bot_writes_nothing(own_server, roles, revisions):
    bot, editor = roles
    with pytest.raises(StorageError, match=r"permission denied .* has the rights of each role"):
        publish(revisions("first"), bot)
    publish(revisions("first"), editor)
    with pytest.raises(StorageError, match="permission denied"):
        publish(revisions("second"), bot)
    with psycopg.connect(bot.database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from flexbot_flexibility.current")


def test_a_stranger_reads_nothing(own_server, roles, revisions):
    publish(revisions("first"), roles[1])
    own_server.execute("create role stranger login")
    with pytest.raises(StorageError, match="permission denied for schema flexbot_flexibility"):
        opened_store(Address(own_server.url("stranger"), "flexibility"))


def test_what_answers_writes_nothing_whatever_its_role_may(server):
    with pytest.raises(StorageError, match="read-only transaction"):
        Database(Address(server.url(), "t")).read(("create table t (a int)", ()))


def test_an_editor_without_the_extension_is_told(own_server, revisions):
    own_server.execute("create role editor login")
    own_server.execute("grant create on database postgres to editor")
    with pytest.raises(StorageError, match='permission denied to create extension "vector"'):
        publish(revisions("first"), Address(own_server.url("editor"), "flexibility"))


def test_from_the_command_line(main, flexbot, address, built):
    text = f"{address.database}#{address.corpus}"
    done = main("ask", "how long should i hold a stretch", "--index", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no index is published at postgresql://127.0.0.1" in done.stderr
    done = main("build", "--store", text)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith("Up to date: 12 entries")
    assert re.fullmatch(
        r"Published \d+ points at postgresql://127\.0\.0\.1:\d+/postgres#t\w+; sent \d+ points and [\d,]+ bytes of"
        r" files, recall 1\.000 \(.* s\)\.",
        second,
    )
    assert main("build", "--store", text).stdout.splitlines()[1].startswith("Published already: postgresql://127")
    here = main("ask", "how long should i hold a stretch", "--json", "--index", built)
    assert main("ask", "how long should i hold a stretch", "--json", "--index", text).stdout == here.stdout
    assert flexbot("ask", "how long should i hold a stretch", "--json", CHATBOT_INDEX=text).stdout == here.stdout


def test_an_index_from_a_folder_never_loads_what_speaks_to_a_database(python, built):
    program = "import sys; from chatbot import Chatbot; Chatbot.load(sys.argv[1]).ask('hello'); print(*sys.modules)"
    loaded = python("-c", program, built, CHATBOT_CORPUS=str(CORPUS)).stdout.split()
    assert "chatbot.bot" in loaded
    assert not [name for name in loaded if name.startswith(("psycopg", "chatbot.postgres"))]
