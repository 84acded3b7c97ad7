"""A new revision takes the place of the old one while people ask, and what is old goes."""

import threading
import time

import psycopg
import pytest

from chatbot import Chatbot, IndexMissing
from chatbot.bot import opened_store
from chatbot.index.index import Index
from chatbot.postgres.dropping import drop_old
from chatbot.postgres.publishing import publish
from chatbot.postgres.writing import writing
from tests.fakes import WordEncoder


def opened(address):
    """The bot, whatever became of the corpus since."""
    return Chatbot(Index(opened_store(address), WordEncoder()))


def asked(bot, number):
    """The id of the first match, and the revision of its answer."""
    first = bot.match(f"Tell me of word{number}?", 1)[0].id
    (answer,) = bot.entry(first).answers
    return first, answer.text.rstrip(".").split()[-1]


class Client(threading.Thread):
    """Asks without pause, and loads what is new. `seen` are the revisions that answered."""

    def __init__(self, address, leave):
        super().__init__()
        self._address, self._leave = address, leave
        self.seen, self.wrong, self.errors, self.count = [], [], [], 0

    def run(self):
        try:
            bot = opened(self._address)
            while not self._leave.is_set():
                if bot.index.store.newest() != bot.index.store.revision:
                    bot = opened(self._address)
                number = self.count % 12
                first, answered = asked(bot, number)
                if first != f"e{number}":
                    self.wrong.append((number, first))
                if answered not in self.seen[-1:]:
                    self.seen.append(answered)
                self.count += 1
        except Exception as error:  # whatever it is, it is counted
            self.errors.append(error)


@pytest.mark.parametrize(("at", "exact_up_to"), [("address", 0), ("address", 1000), ("divided", 0)])
def test_four_clients_ask_while_revisions_are_switched(request, revisions, at, exact_up_to):
    address = request.getfixturevalue(at)
    publish(revisions("first"), address, exact_up_to=exact_up_to)
    leave = threading.Event()
    clients = [Client(address, leave) for _ in range(4)]
    for client in clients:
        client.start()
    for revision in ("second", "third", "fourth"):
        publish(revisions(revision), address, exact_up_to=exact_up_to)
        before = [client.count for client in clients]  # what is asked just now may be of the old one, the next is not
        while any(
            client.count < count + 3 and not client.errors for client, count in zip(clients, before, strict=True)
        ):
            time.sleep(0.01)
    leave.set()
    for client in clients:
        client.join()
    assert [client.errors for client in clients] == [[]] * 4
    assert [client.wrong for client in clients] == [[]] * 4
    # Each revision once, in order: nobody was given an older one again, or a piece of another.
    order = ["first", "second", "third", "fourth"]
    for client in clients:
        assert client.seen == [revision for revision in order if revision in client.seen]
        assert client.seen[-1] == "fourth"


def test_who_has_opened_a_revision_keeps_it(address, revisions):
    publish(revisions("first"), address)
    bot = opened(address)
    publish(revisions("second"), address)
    assert [asked(bot, number) for number in range(12)] == [(f"e{number}", "first") for number in range(12)]
    assert bot.index.store.newest() != bot.index.store.revision
    assert asked(opened(address), 3) == ("e3", "second")


def tables(server, address):
    sql = f"select count(*) from pg_tables where schemaname = 'flexbot_{address.corpus}' and tablename like 'points%'"
    return server.execute(sql)[0][0]


def drop(server, address):
    with writing(address.servers) as servers:
        drop_old(servers, grace="0 seconds")


def test_what_was_replaced_twice_goes_after_a_while(server, address, revisions):
    publish(revisions("first"), address)
    bot = opened(address)
    for revision in ("second", "third"):
        publish(revisions(revision), address)
    assert tables(server, address) == 3  # for ten minutes
    files = f"flexbot_{address.corpus}.files"
    before = server.execute(f"select count(distinct file) from {files}")
    drop(server, address)
    assert tables(server, address) == 2
    assert server.execute(f"select count(distinct file) from {files}") < before
    with pytest.raises(IndexMissing, match="the revision that was opened is gone"):
        asked(bot, 3)
    assert asked(opened(address), 3) == ("e3", "third")
    drop(server, address)
    assert tables(server, address) == 2  # the one before stays, to go back to
    publish(revisions("second"), address)
    assert asked(opened(address), 3) == ("e3", "second")


def test_a_table_that_someone_reads_is_left_for_the_next_time(server, address, revisions, monkeypatch):
    monkeypatch.setattr("chatbot.postgres.dropping._LOCK_TIMEOUT", "50ms")
    publish(revisions("first"), address)
    table = opened(address).index.store.published.tables[0].points.table
    for revision in ("second", "third"):
        publish(revisions(revision), address)
    with psycopg.connect(server.url()) as reader:
        reader.execute(f"select 1 from {table} limit 1")
        drop(server, address)
        assert tables(server, address) == 3
    drop(server, address)
    assert tables(server, address) == 2
