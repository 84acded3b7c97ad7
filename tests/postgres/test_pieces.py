"""Files as pieces: an edit costs those that it is in, at publishing and at opening."""

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.bot import opened_store
from chatbot.building.build import build
from chatbot.postgres import pieces
from chatbot.postgres.database import Database
from chatbot.postgres.pieces import pieces_of
from chatbot.postgres.publishing import publish
from tests.builders import put

TEXT = np.frombuffer(
    b" ".join(b"%d is said of %d." % (number, number * number % 977) for number in range(60_000)), dtype=np.uint8
)


def put_in(text, place):
    return np.concatenate([text[:place], np.frombuffer(b" and more", dtype=np.uint8), text[place:]])


def test_pieces_are_the_whole():
    found = pieces_of(TEXT)
    assert [piece.start for piece in found] == [0, *(piece.end for piece in found[:-1])]
    assert found[-1].end == len(TEXT)
    sizes = [piece.end - piece.start for piece in found]
    assert all(8 << 10 <= size <= 128 << 10 for size in sizes[:-1])
    assert 12_000 < np.mean(sizes) < 48_000
    assert pieces_of(TEXT[:0]) == []
    assert [piece.end for piece in pieces_of(TEXT[:9])] == [9]


@pytest.mark.parametrize("place", [0, 5_000, 700_000, 1_048_570, 1_100_000, len(TEXT)])
def test_what_is_put_in_changes_the_pieces_that_it_is_in(place):
    before = {piece.name for piece in pieces_of(TEXT)}
    after = pieces_of(put_in(TEXT, place))
    new = [piece for piece in after if piece.name not in before]
    assert len(after) > 50
    assert 1 <= len(new) <= 2
    assert new[0].start <= place <= new[-1].end


def test_blocks_leave_no_trace(monkeypatch):
    whole = pieces_of(TEXT)
    monkeypatch.setattr(pieces, "_BLOCK", 1000)
    assert pieces_of(TEXT) == whole


def test_what_never_ends_a_piece_ends_with_the_largest():
    assert {piece.end - piece.start for piece in pieces_of(np.zeros(1 << 20, dtype=np.uint8))} == {128 << 10}


def test_an_edit_brings_the_pieces_that_it_is_in(address, index, corpus, quick_builds, monkeypatch):
    text = f"{address.database}#{address.corpus}"
    edited = next(corpus.rglob("pigeon-pose.md"))
    long = " ".join(f"Part {number} is {number * number % 977}." for number in range(5_000))
    put(edited, f"{edited.read_text(encoding='utf-8').rstrip()} {long}\n")
    build(corpus, index)
    publish(index, address)
    Chatbot.load(text, corpus=corpus)
    put(edited, edited.read_text(encoding="utf-8").replace("Part 2500 is", "Part 2500 was"))
    build(corpus, index)
    entries = opened_size(index)
    assert entries > 90_000
    report = publish(index, address)
    assert report.sent_points == 0
    assert report.sent_bytes < entries
    read, real = [], Database.read

    def counted(database, *statements):
        rows = real(database, *statements)
        read.extend(
            len(data) for (sql, _), found in zip(statements, rows, strict=True) if ".pieces" in sql for _, data in found
        )
        return rows

    monkeypatch.setattr(Database, "read", counted)
    assert "Part 2500 was" in Chatbot.load(text, corpus=corpus).entry("pigeon-pose").answers[0].text
    assert 0 < sum(read) <= report.sent_bytes


def opened_size(index):
    return opened_store(index).files["entries"].size


@pytest.mark.parametrize("left", [0, 100])
def test_what_was_cut_in_the_cache_is_brought_again(address, revisions, left):
    publish(revisions("first"), address)
    store = opened_store(address)
    for name in ("entries", "ids"):
        path = store.path(name)
        put(path, path.read_bytes()[:left])
    again = opened_store(address)
    assert all(again.path(name).stat().st_size == store.files[name].size for name in ("entries", "ids"))


def test_pieces_that_no_file_has_are_dropped(server, address, revisions):
    from tests.postgres.test_switching import drop

    for revision in ("first", "second", "third"):
        publish(revisions(revision), address)
    schema = f"flexbot_{address.corpus}"
    drop(server, address)
    assert server.execute(f"select count(*) from {schema}.revisions") == [(2,)]
    unused = f"select count(*) from {schema}.pieces where piece not in (select piece from {schema}.files)"
    assert server.execute(unused) == [(0,)]
    publish(revisions("first"), address)
