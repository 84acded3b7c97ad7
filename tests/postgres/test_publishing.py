"""An index that is published in a database answers as the folder does that it was published from."""

import hashlib
import json

import pytest

from chatbot import Chatbot, IndexBusy, IndexDamaged, IndexIncompatible, IndexMissing
from chatbot.addresses import Address
from chatbot.building.build import build
from chatbot.postgres import sending
from chatbot.postgres.publishing import publish
from tests.builders import put
from tests.conftest import PROJECT, rewrite_manifest

QUESTIONS = [
    json.loads(line)["query"]
    for name in ("in_scope", "people", "urgent", "out_of_scope")
    for line in (PROJECT / f"tests/evaluation/{name}.jsonl").read_text(encoding="utf-8").splitlines()[::12]
]


def of(address):
    return f"{address.database}#{address.corpus}"


def test_the_replies_are_those_from_disk(bot, published):
    other = Chatbot.load(published)
    assert len(QUESTIONS) > 40
    assert [other.ask(each).to_json() for each in QUESTIONS] == [bot.ask(each).to_json() for each in QUESTIONS]
    assert [each.to_json() for each in other.ask_many(QUESTIONS[:9])] == [
        each.to_json() for each in bot.ask_many(QUESTIONS[:9])
    ]


def test_words_find_what_they_find_on_disk(bot, published):
    other = Chatbot.load(published)
    for words in ("hip", "lower back", "nothing-like-it", "stretches run"):
        assert other.search(words) == bot.search(words)
    for word in ("hip", "back", "the", "zebra"):
        assert other.index.lexical.texts_with(word) == bot.index.lexical.texts_with(word)
    assert len(bot.index.lexical.texts_with("hip")) > 3


def test_a_conversation_goes_on_as_from_disk(bot, published):
    turns = ["how do i stretch my hip flexors", "how often", "and for my back?", "my leg is swollen and hot"]
    here, there = bot.conversation(), Chatbot.load(published).conversation()
    assert [there.ask(turn).to_json() for turn in turns] == [here.ask(turn).to_json() for turn in turns]


def test_the_numbers_of_a_report(address, built, bot):
    points = len(bot.index.store.array("point-entry"))
    report = publish(built, address)
    assert (report.points, report.sent_points, report.recall, report.changed) == (points, points, 1.0, True)
    assert report.sent_bytes > 50_000_000  # the encoder
    again = publish(built, address)
    assert (again.sent_points, again.sent_bytes, again.changed) == (0, 0, False)
    assert str(again) == f"Published already: {address}."


def test_an_edited_answer_sends_no_point_and_an_edited_phrasing_all(address, index, corpus, quick_builds):
    build(corpus, index)
    first = publish(index, address)
    edited = next(corpus.rglob("pigeon-pose.md"))
    put(edited, edited.read_text(encoding="utf-8").replace("is gentler", "is kinder"))
    build(corpus, index)
    answer = publish(index, address)
    assert (answer.sent_points, answer.changed) == (0, True)
    assert answer.sent_bytes < 100_000 < first.sent_bytes
    assert "is kinder" in Chatbot.load(of(address), corpus=corpus).ask("Is pigeon pose safe for my knees?").to_json()
    put(edited, edited.read_text(encoding="utf-8").replace("question: ", "question: So, "))
    build(corpus, index)
    phrasing = publish(index, address)
    assert phrasing.sent_points == phrasing.points == first.points


def test_where_nothing_is_published(server, address):
    with pytest.raises(IndexMissing, match=r"no index is published at postgresql://127.0.0.1:\d+/postgres#t"):
        Chatbot.load(of(address))


def test_corpora_lie_side_by_side(published, address, built):
    other = Address(address.database, f"{address.corpus}2")
    publish(built, other)
    publish(built, address)
    assert Chatbot.load(of(other)).ask("how long should i hold a stretch").kind == "answer"


def test_a_changed_manifest_is_refused(server, published, address):
    change(server, address, "manifest-")
    with pytest.raises(IndexDamaged, match=r"manifest-.*.json at postgresql://.* has been changed; publish the index"):
        Chatbot.load(published)


@pytest.mark.parametrize("how", ["changed", "lost", "forgotten"])
def test_a_changed_or_lost_file_is_refused_and_sent_again(server, published, address, built, how):
    schema = f"flexbot_{address.corpus}"
    pieces = f"select piece from {schema}.files where file like 'ids-offsets-%'"
    if how == "changed":
        change(server, address, "ids-offsets-")
    else:
        server.execute(f"delete from {schema}.{'pieces' if how == 'lost' else 'files'} where piece in ({pieces})")
    said = "ids-offsets-.*.npy at postgresql://.* has been changed" if how == "changed" else "lacks ids-offsets-"
    with pytest.raises(IndexDamaged, match=f"{said}.*; publish the index again"):
        Chatbot.load(published)
    report = publish(built, address)
    assert (report.changed, report.sent_points) == (True, 0)
    Chatbot.load(published)


def change(server, address, name):
    schema = f"flexbot_{address.corpus}"
    server.execute(
        f"update {schema}.pieces set data = 'x'::bytea || data"
        f" where piece in (select piece from {schema}.files where file like '{name}%')"
    )


def test_another_format_is_refused_as_on_disk(server, published, address, index):
    rewrite_manifest(index, lambda content: content.update(format=99))
    manifest = (index / "manifest.json").read_bytes()
    schema, revision = f"flexbot_{address.corpus}", hashlib.sha256(manifest).hexdigest()
    for statement in (
        f"insert into {schema}.revisions (revision, points) select '{revision}', points from {schema}.revisions",
        f"insert into {schema}.pieces values ('\\x{revision}', '\\x{manifest.hex()}')",
        f"insert into {schema}.files values ('manifest-{revision[:16]}.json', 1, '\\x{revision}')",
        f"update {schema}.current set revision = '{revision}'",
    ):
        server.execute(statement)
    with pytest.raises(IndexIncompatible, match=r"has format 99, this version reads"):
        Chatbot.load(published)


def test_points_of_another_revision_are_refused(server, published, address):
    server.execute(f"update flexbot_{address.corpus}.point_sets set count = count - 1")
    with pytest.raises(IndexDamaged, match="has other points than its manifest says"):
        Chatbot.load(published)


def test_what_does_not_arrive_as_it_was_sent_is_never_switched_to(
    published, address, index, corpus, quick_builds, monkeypatch
):
    before = Chatbot.load(published).index.store.revision
    edited = next(corpus.rglob("how-long-hold.md"))
    put(edited, edited.read_text(encoding="utf-8").replace("question: ", "question: So, "))
    build(corpus, index)
    real = sending.copied

    def shifted(vectors, features, rows):
        return real(vectors[::-1], features, rows)

    monkeypatch.setattr(sending, "copied", shifted)
    with pytest.raises(IndexDamaged, match="are not those that were sent"):
        publish(index, address)
    assert Chatbot.load(published).index.store.revision == before
    monkeypatch.undo()
    assert publish(index, address).changed  # what was never verified is sent again
    assert Chatbot.load(published, corpus=corpus).index.store.revision != before


def test_only_one_publishes_at_a_time(server, address, built):
    import psycopg

    with psycopg.connect(server.url()) as other:
        other.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (f"flexbot_{address.corpus}",))
        with pytest.raises(IndexBusy, match="another is publishing at postgresql://"):
            publish(built, address)
    assert publish(built, address).changed
