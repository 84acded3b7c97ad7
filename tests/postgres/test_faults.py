"""A server that dies, or does not answer: an error that says so, never half an answer, and it goes on afterwards."""

import re

import psycopg
import pytest

from chatbot import Chatbot, StorageError, StoreUnavailable
from chatbot.addresses import Address
from chatbot.bot import opened_store
from chatbot.index.index import Index
from chatbot.postgres import database
from chatbot.postgres.database import Database
from chatbot.postgres.filing import Files
from chatbot.postgres.publishing import _Publication, publish
from tests.builders import put
from tests.fakes import WordEncoder

QUESTION = "Tell me of word3?"


@pytest.fixture
def address(own_server):
    return Address(own_server.url(), "flexibility")


def opened(address):
    """The bot, whatever became of the corpus since."""
    return Chatbot(Index(opened_store(address), WordEncoder()))


def test_a_server_that_was_killed_is_told_and_taken_up_again(own_server, address, revisions):
    publish(revisions("first"), address)
    bot = opened(address)
    reply = bot.ask(QUESTION).to_json()
    own_server.kill()
    with pytest.raises(
        StoreUnavailable, match=r"postgresql://127.0.0.1:\d+/postgres#flexibility cannot be asked: .*refused"
    ):
        bot.ask(QUESTION)
    with pytest.raises(StoreUnavailable):
        opened(address)
    own_server.start()
    assert bot.ask(QUESTION).to_json() == reply
    assert opened(address).ask(QUESTION).to_json() == reply


def test_a_connection_that_broke_is_opened_anew_without_a_word(own_server, address, revisions):
    publish(revisions("first"), address)
    bot = opened(address)
    reply = bot.ask(QUESTION).to_json()
    own_server.kill()
    own_server.start()
    assert bot.ask(QUESTION).to_json() == reply


@pytest.mark.parametrize("step", [(_Publication, "_send_files"), (Files, "wrong"), (_Publication, "_switch")])
def test_a_server_that_is_killed_while_one_publishes_keeps_the_old_revision(
    own_server, address, revisions, monkeypatch, step
):
    publish(revisions("first"), address)
    real = getattr(*step)

    def killed(one):
        own_server.kill()
        return real(one)

    with monkeypatch.context() as patch:
        patch.setattr(*step, killed)
        with pytest.raises(StoreUnavailable):
            publish(revisions("second"), address)
    own_server.start()
    assert "of first" in opened(address).entry("e3").answers[0].text
    assert publish(revisions("second"), address).changed
    assert "of second" in opened(address).entry("e3").answers[0].text


def test_a_server_that_is_there_and_says_nothing(own_server, address, revisions, monkeypatch):
    publish(revisions("first"), address)
    bot = opened(address)
    reply = bot.ask(QUESTION).to_json()
    monkeypatch.setattr(database._Connection, "limit", 0.3)
    own_server.pause()
    try:
        with pytest.raises(StoreUnavailable, match="did not answer within 3 s"):
            bot.ask(QUESTION)
    finally:
        own_server.resume()
    monkeypatch.undo()
    assert bot.ask(QUESTION).to_json() == reply


def test_a_query_that_takes_too_long(own_server, address, revisions, monkeypatch):
    monkeypatch.setitem(database._SETTINGS, "statement_timeout", "200ms")
    publish(revisions("first"), address)
    bot = opened(address)
    with psycopg.connect(own_server.url()) as other:
        other.execute(f"lock table {bot.index.store.published.tables[0].points.table} in access exclusive mode")
        with pytest.raises(StoreUnavailable, match="did not answer within 3 s; try again, or see to it"):
            bot.ask(QUESTION)
    assert bot.ask(QUESTION).answers


def test_a_host_that_is_not_there():
    with pytest.raises(StoreUnavailable, match=r"postgresql://127.0.0.1:1/x#flexibility cannot be asked: .*refused"):
        Chatbot.load("postgresql://bot:secret@127.0.0.1:1/x")


def test_no_message_repeats_a_password(own_server):
    own_server.execute("create role locked login password 'right'")
    wrong = {
        f"postgresql://locked:s3cret@127.0.0.1:{own_server.port}/postgres": "authentication failed",
        f"postgresql://flex:s3cret@127.0.0.1:{own_server.port}/nowhere": 'database "nowhere" does not exist',
        "postgresql://flex:%zzs3cret@127.0.0.1/postgres": "is no address of a database",
        "postgresql://flex@127.0.0.1/postgres?password=s3cret&no-such=1": "is no address of a database",
    }
    for text, words in wrong.items():
        for act in (Chatbot.load, lambda text: Database(Address.parse(text)).writing().__enter__()):
            with pytest.raises((StoreUnavailable, StorageError), match=words) as failed:
                act(text)
            error = failed.value
            while error:
                assert not re.search("s3cret", f"{error} {error.args}")
                error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_password_comes_from_the_environment_or_a_service_file(own_server, monkeypatch, tmp_path):
    own_server.execute("create role locked login password 'right'")
    asked = ("select current_user::text", ())
    address = Address(own_server.url("locked"), "flexibility")
    with pytest.raises(StoreUnavailable, match="no password supplied"):
        Database(address).read(asked)
    with monkeypatch.context() as patch:
        patch.setenv("PGPASSWORD", "right")
        assert Database(address).read(asked) == [[("locked",)]]
    service = f"[answers]\nhost=127.0.0.1\nport={own_server.port}\ndbname=postgres\nuser=locked\npassword=right\n"
    monkeypatch.setenv("PGSERVICEFILE", str(put(tmp_path / "services", service)))
    named = Address.parse("postgresql://?service=answers#flexibility")
    assert Database(named).read(asked) == [[("locked",)]]
    assert str(named) == "postgresql://#flexibility"
