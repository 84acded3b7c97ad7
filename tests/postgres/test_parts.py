"""Points that are divided among servers: searched as one, opened only whole, switched to at one place.

Where nothing dies, databases of one server stand in for servers.
"""

from dataclasses import replace

import numpy as np
import pytest

from chatbot import Chatbot, IndexMissing, StoreUnavailable
from chatbot.addresses import Address
from chatbot.bot import opened_store
from chatbot.index.index import Index
from chatbot.matching.neighbours import nearest
from chatbot.postgres import publishing
from chatbot.postgres.database import Database
from chatbot.postgres.dealing import part_of
from chatbot.postgres.dropping import drop_old
from chatbot.postgres.points import PublishedPoints
from chatbot.postgres.publishing import publish
from chatbot.postgres.table import Table
from chatbot.postgres.writing import writing
from tests.builders import unit
from tests.fakes import WordEncoder
from tests.postgres.tables import clusters, features_of, table
from tests.postgres.test_publishing import QUESTIONS

QUESTION = "Tell me of word3?"
COUNT = 1000
VECTORS, FEATURES = clusters(COUNT), features_of(COUNT)
QUERIES = clusters(7, seed=1).astype(np.float32)


def opened(address):
    """The bot, whatever became of the corpus since."""
    return Chatbot(Index(opened_store(address), WordEncoder()))


def of_points(server, address, database="postgres"):
    """The tables of points that a database has."""
    sql = f"select tablename from pg_tables where schemaname = 'flexbot_{address.corpus}' and tablename like 'points%'"
    return sorted(name for (name,) in server.execute(sql, database=database))


def in_tables(server, name, vectors, features, parts, exact):
    """A search among these points in so many tables of one database."""
    made = [table(server, f"{name}{part}", vectors, features, exact, part, parts) for part in range(parts)]
    return PublishedPoints(*(Table(Database(Address(server.url(), "t"), each.settings), each) for each in made))


@pytest.fixture(scope="module")
def graphs(server):
    yield in_tables(server, "graph", VECTORS, FEATURES, 3, exact=False)
    server.execute("drop table graph0, graph1, graph2")


def test_each_server_gets_half_of_the_points(server, divided, built):
    report = publish(built, divided)
    total = report.points
    assert (report.sent_points, report.recall, report.where) == (total, 1.0, str(divided))
    (name,) = of_points(server, divided)
    assert of_points(server, divided, "second") == [name.removesuffix("_0") + "_1"]
    schema = f"flexbot_{divided.corpus}"
    first, second = (
        [
            row
            for (row,) in server.execute(f"select row from {schema}.{name[:-1]}{part} order by row", database=database)
        ]
        for part, database in enumerate(("postgres", "second"))
    )
    assert first[:5] == [0, 3, 4, 6, 9]
    assert second[:5] == [1, 2, 5, 7, 8]
    assert sorted(first + second) == list(range(total))
    assert server.execute(f"select count(*) from {schema}.files", database="second") == [(0,)]
    assert server.execute(f"select count(*) from {schema}.current", database="second") == [(0,)]
    again = publish(built, divided)
    assert (again.sent_points, again.sent_bytes, again.changed) == (0, 0, False)


def test_the_replies_are_those_from_disk(bot, built, divided):
    publish(built, divided)
    other = Chatbot.load(" ".join((divided.database, *divided.others)) + f"#{divided.corpus}")
    assert [other.ask(each).to_json() for each in QUESTIONS] == [bot.ask(each).to_json() for each in QUESTIONS]
    for words in ("hip", "lower back", "nothing-like-it"):
        assert other.search(words) == bot.search(words)
    turns = ["how do i stretch my hip flexors", "how often", "and for my back?", "my leg is swollen and hot"]
    here, there = bot.conversation(), other.conversation()
    assert [there.ask(turn).to_json() for turn in turns] == [here.ask(turn).to_json() for turn in turns]


@pytest.mark.parametrize("k", [10, 334, 384, 9999])
def test_parts_give_as_many_as_are_asked_for(graphs, k):
    exact = nearest(VECTORS.astype(np.float32), QUERIES, min(k, COUNT))
    for (rows, cosines), most, others in zip(graphs.nearest_to_each(QUERIES, k), *exact, strict=True):
        assert len(set(rows.tolist())) == len(rows) == min(k, COUNT)
        assert (np.diff(cosines) <= 0).all()
        assert np.isin(rows, others).mean() > 0.97
        assert cosines[0] == pytest.approx(most[0], abs=1e-6)


def test_what_is_read_of_points_is_in_their_order(graphs):
    rows = np.array([999, 0, 17, 17, 10, 4])
    assert np.array_equal(graphs.at(rows), VECTORS[rows].astype(np.float32))
    for own, sent in zip(graphs.of(rows), FEATURES.of(rows), strict=True):
        assert np.array_equal(own, sent)
    assert graphs.texts_in(3) == FEATURES.texts_in(3) == [row for row in range(COUNT) if row % 7 == 3 and row % 10]


def test_equal_points_come_in_the_order_of_their_rows(server):
    same = np.repeat(VECTORS[:1].astype(np.float32), 7, axis=0)
    points = in_tables(server, "same", same, features_of(7), 3, exact=True)
    ((rows, _),) = points.nearest_to_each(QUERIES[:1], 5)
    assert rows.tolist() == [0, 1, 2, 3, 4]
    server.execute("drop table same0, same1, same2")


class Counting(Database):
    """Keeps of how many points each of its answers was."""

    def __init__(self, address):
        super().__init__(address)
        self.given = []

    def ask(self, *statements):
        answer = super().ask(*statements)

        def counted():
            found = answer()
            self.given += map(len, found)
            return found

        return counted


@pytest.mark.parametrize(("where", "given"), [("everywhere", [35]), ("in one part", [35, 60])])
def test_a_part_is_asked_for_its_share_and_for_all_where_it_may_have_more(server, where, given):
    """Of 60 nearest a third, 20, and 4 times the root of 20 * 2/3, which is 14.6: 35."""
    near = part_of(np.arange(180), 3) == 1 if where == "in one part" else np.arange(180) < 75
    vectors = np.where(near[:, None], VECTORS[0], -VECTORS[0]).astype(np.float32)
    vectors = unit(vectors + np.random.default_rng(0).normal(scale=0.01, size=vectors.shape)).astype(np.float32)
    made = [table(server, f"share{part}", vectors, features_of(180), True, part, 3) for part in range(3)]
    asked = [Counting(Address(server.url(), "t")) for _ in made]
    points = PublishedPoints(*map(Table, asked, made))
    query = unit(VECTORS[:1].astype(np.float32))
    ((rows, _),) = points.nearest_to_each(query, 60)
    assert rows.tolist() == nearest(vectors, query, 60)[1][0].tolist()
    assert [each.given for each in asked] == [given] * 3
    server.execute("drop table share0, share1, share2")


def test_all_are_asked_before_one_is_waited_for(graphs, monkeypatch):
    order = []
    for one in graphs._tables:

        def ask(*_, place=one.points.part):
            order.append(f"asked {place}")
            return lambda: order.append(f"waited for {place}") or [[(place, b"", b"")]]

        monkeypatch.setattr(one.database, "ask", ask)
    graphs._of_each(lambda table: table.rows([table.points.part]))
    assert order == [f"{done} {place}" for done in ("asked", "waited for") for place in range(3)]


def test_a_server_that_lacks_its_part_is_named(server, divided, databases, revisions):
    folder = revisions("first")
    publish(folder, divided)
    server.execute(f"drop schema flexbot_{divided.corpus} cascade", database="second")
    with pytest.raises(IndexMissing, match=r"postgresql://127.0.0.1:\d+/second#t\w+ lacks part 2 of 2 of the points"):
        opened(divided)
    report = publish(folder, divided)
    assert (report.changed, report.sent_points) == (True, report.points // 2)
    assert opened(divided).ask(QUESTION).answers


def test_other_servers_than_were_published_to_are_refused(divided, databases, revisions):
    home, (second, third) = divided.database, databases
    three = Address(home, divided.corpus, (second, third))
    folder = revisions("first")
    publish(folder, three)
    for others, said in (
        ((third, second), "/third#t\\w+ lacks part 2 of 3"),
        ((), "one of 3 parts .*, and the address names 1 servers"),
        ((second,), "one of 3 parts .*, and the address names 2 servers"),
    ):
        with pytest.raises(IndexMissing, match=said):
            opened(Address(home, divided.corpus, others))
    with pytest.raises(IndexMissing, match=r"no index is published at postgresql://127.0.0.1:\d+/second#t"):
        opened(Address(second, divided.corpus, (home, third)))
    assert opened(three).ask(QUESTION).answers
    # Published in another order, both are there until the revision goes.
    swapped = Address(home, divided.corpus, (third, second))
    publish(folder, swapped)
    assert opened(swapped).ask(QUESTION).to_json() == opened(three).ask(QUESTION).to_json()


def test_the_same_revision_in_more_parts_leaves_those_who_read_it(server, divided, revisions):
    one = divided.servers[0]
    folder = revisions("first")
    publish(folder, one)
    bot = opened(one)
    report = publish(folder, divided)
    assert (report.changed, report.sent_points, report.sent_bytes) == (True, report.points, 0)
    assert bot.ask(QUESTION).to_json() == opened(divided).ask(QUESTION).to_json()
    assert len(of_points(server, divided)) == 2
    drop(divided)
    assert len(of_points(server, divided)) == 1
    assert opened(divided).ask(QUESTION).answers


def drop(address):
    with writing(address.servers) as servers:
        drop_old(servers, grace="0 seconds")


def test_every_server_drops_what_the_first_no_longer_knows(server, divided, revisions):
    for revision in ("first", "second", "third"):
        publish(revisions(revision), divided)
    for database in ("postgres", "second"):
        assert len(of_points(server, divided, database)) == 3
    drop(divided)
    for database in ("postgres", "second"):
        assert len(of_points(server, divided, database)) == 2
    assert opened(divided).ask(QUESTION).answers[0].text.endswith("of third.")


def test_what_a_server_publishes_itself_is_not_dropped_with_the_parts_of_another(server, divided, databases, revisions):
    own = Address(databases[0], divided.corpus)
    publish(revisions("own"), own)
    for revision in ("first", "second", "third"):
        publish(revisions(revision), divided)
    drop(divided)
    assert opened(own).ask(QUESTION).answers[0].text.endswith("of own.")


@pytest.fixture
def apart(server, address, own_server):
    """An address in two parts, the second of which is on a server to kill and to pause."""
    return Address(address.database, address.corpus, (own_server.url(),))


@pytest.mark.parametrize("which", ["the first", "the second"])
def test_a_part_that_does_not_answer_is_told_and_never_left_out(own_server, apart, revisions, monkeypatch, which):
    if which == "the first":
        apart = Address(apart.others[0], apart.corpus, (apart.database,))
    publish(revisions("first"), apart)
    bot = opened(apart)
    reply = bot.ask(QUESTION).to_json()
    monkeypatch.setattr("chatbot.postgres.database._Connection.limit", 0.3)
    own_server.pause()
    try:
        with pytest.raises(
            StoreUnavailable, match=rf"^postgresql://127.0.0.1:{own_server.port}/.* did not answer within 3 s"
        ):
            bot.ask(QUESTION)
    finally:
        own_server.kill()
    monkeypatch.undo()
    for ask in (lambda: bot.ask(QUESTION), lambda: opened(apart)):
        with pytest.raises(StoreUnavailable, match=rf"^postgresql://127.0.0.1:{own_server.port}/.* cannot be asked: "):
            ask()
    own_server.start()
    assert bot.ask(QUESTION).to_json() == opened(apart).ask(QUESTION).to_json() == reply


@pytest.mark.parametrize("step", ["_send_points", "_send_files", "_switch"])
def test_whoever_dies_before_the_switch_leaves_the_old_revision(own_server, apart, revisions, monkeypatch, step):
    publish(revisions("first"), apart)

    def killed(_):
        own_server.kill()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing._Publication, step, killed)
        with pytest.raises(KeyboardInterrupt):
            publish(revisions("second"), apart)
    own_server.start()
    assert opened(apart).ask(QUESTION).answers[0].text.endswith("of first.")
    assert publish(revisions("second"), apart).changed
    assert opened(apart).ask(QUESTION).answers[0].text.endswith("of second.")


def test_a_server_that_dies_while_points_are_sent(own_server, apart, revisions, monkeypatch):
    publish(revisions("first"), apart)
    real = publishing.Part.send

    def killed(part):
        if str(part.server).startswith(f"postgresql://127.0.0.1:{own_server.port}/"):
            own_server.kill()
        return real(part)

    with monkeypatch.context() as patch:
        patch.setattr(publishing.Part, "send", killed)
        with pytest.raises(StoreUnavailable, match=rf"^postgresql://127.0.0.1:{own_server.port}/"):
            publish(revisions("second"), apart)
    own_server.start()
    assert opened(apart).ask(QUESTION).answers[0].text.endswith("of first.")
    report = publish(revisions("second"), apart)
    assert report.sent_points == report.points // 2  # the other had arrived


def test_fewer_points_than_a_part_has_are_an_error(graphs):
    tables = graphs._tables
    short = Table(tables[1].database, replace(tables[1].points, count=COUNT))
    with pytest.raises(Exception, match=r"found 33[34] of 393 points; publish the index again"):
        PublishedPoints(tables[0], short, tables[2]).nearest_to_each(QUERIES, 1000)
