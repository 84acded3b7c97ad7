"""Several hosts in one address: reads go to a replica, and on to another host when one dies."""

import time

import psycopg
import pytest

from chatbot import Chatbot
from chatbot.addresses import Address
from chatbot.bot import opened_store
from chatbot.index.index import Index
from chatbot.postgres.publishing import publish
from tests.fakes import WordEncoder
from tests.postgres.conftest import place_for_a_server

QUESTION = "Tell me of word3?"


@pytest.fixture
def replica(own_server):
    """A streaming replica of `own_server`."""
    with place_for_a_server() as folder:
        other = own_server.replica(folder)
        yield other
        other.stop()


def both(own_server, replica, **options):
    hosts = f"127.0.0.1:{own_server.port},127.0.0.1:{replica.port}"
    asked = "&".join(f"{name}={value}" for name, value in options.items())
    return Address(f"postgresql://flex@{hosts}/postgres?{asked}", "flexibility")


def caught_up(own_server, replica):
    (target,) = own_server.execute("select pg_current_wal_lsn()::text")[0]
    while not replica.execute(f"select pg_last_wal_replay_lsn() >= '{target}'::pg_lsn")[0][0]:
        time.sleep(0.01)


def opened(address):
    return Chatbot(Index(opened_store(address), WordEncoder()))


def port(bot):
    (rows,) = bot.index.store.published.database.read(("select inet_server_port()", ()))
    return rows[0][0]


def test_reads_go_to_the_replica_and_writes_to_the_primary(own_server, replica, revisions):
    """Published through the same address, of which the replica is named first."""
    publish(revisions("first"), both(replica, own_server))
    caught_up(own_server, replica)
    bot = opened(both(own_server, replica, target_session_attrs="prefer-standby"))
    assert port(bot) == replica.port
    assert bot.ask(QUESTION).answers[0].text.endswith("of first.")
    publish(revisions("second"), both(replica, own_server))
    caught_up(own_server, replica)
    assert bot.index.store.newest() != bot.index.store.revision
    assert bot.ask(QUESTION).answers[0].text.endswith("of first.")
    assert opened(both(own_server, replica)).ask(QUESTION).answers[0].text.endswith("of second.")


@pytest.mark.parametrize("dies", ["primary", "replica"])
def test_when_one_host_dies_the_other_answers(own_server, replica, revisions, dies):
    publish(revisions("first"), Address(own_server.url(), "flexibility"))
    caught_up(own_server, replica)
    order = (own_server, replica) if dies == "primary" else (replica, own_server)
    bot = opened(both(*order))
    reply = bot.ask(QUESTION).to_json()
    assert port(bot) == order[0].port
    order[0].kill()
    assert bot.ask(QUESTION).to_json() == reply
    assert port(bot) == order[1].port


def test_reads_are_spread_over_hosts(own_server, replica, revisions):
    publish(revisions("first"), Address(own_server.url(), "flexibility"))
    caught_up(own_server, replica)
    address = both(own_server, replica, load_balance_hosts="random")
    store = opened_store(address)
    found = set()
    for _ in range(60):  # all on one host: twice in 2 to the 60
        store.published.database.close()
        found.add(store.published.database.read(("select inet_server_port()", ()))[0][0][0])
    assert found == {own_server.port, replica.port}


def test_a_replica_that_lags_behind_is_passed_over(own_server, replica, revisions):
    """It lacks the tables of the revision that was opened from the primary."""
    replica.execute("select pg_wal_replay_pause()")
    publish(revisions("first"), Address(own_server.url(), "flexibility"))
    bot = opened(both(own_server, replica))
    with psycopg.connect(replica.url()) as behind:
        assert behind.execute("select to_regnamespace('flexbot_flexibility')").fetchone() == (None,)
    published = bot.index.store.published.database
    published.close()
    published._idle.append(_connection_to(replica))
    assert bot.ask(QUESTION).answers[0].text.endswith("of first.")
    assert port(bot) == own_server.port


def _connection_to(server):
    from chatbot.postgres.database import Database

    return Database(Address(server.url(), "flexibility"))._connected()
