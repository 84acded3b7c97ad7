"""What an opened index holds, and manifests that lie."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.errors import ChatbotError, IndexDamaged, IndexIncompatible
from chatbot.index.index import Index, topics_of
from chatbot.index.store import open_store
from chatbot.index.stored_entries import StoredSources, entry_from_json, entry_to_json, sources_to_json
from chatbot.matching.conditions import Told
from chatbot.matching.follow_ups import Before, Readings
from chatbot.records import TURNS, Answer, Condition, Dose, Entry, Messages, Part, RelatedQuestion, Source
from tests.builders import put
from tests.conftest import ANSWERS, CORPUS, ENTRIES, ENTRY_IDS, PHRASINGS, rewrite_manifest
from tests.fakes import WordEncoder


def test_what_is_in_it(bot):
    index = bot.index
    assert index.counts == {"entries": ENTRIES, "phrasings": PHRASINGS, "answers": ANSWERS}
    assert index.topics == ("dose", "hips", "lower-back")
    assert list(index.ids) == ENTRY_IDS
    assert index.rows == {entry_id: row for row, entry_id in enumerate(ENTRY_IDS)}
    assert [entry.id for entry in index.entries()] == ENTRY_IDS
    assert index.vectors.shape == (PHRASINGS, 384)
    assert np.bincount(index.phrasing_entry).tolist() == [6, 6, 3, 6, 6, 6, 6, 6, 5, 5, 6, 6]
    first = [0, 6, 12, 15, 21, 27, 33, 39, 45, 50, 55, 61]
    assert [index.phrasings[row] for row in first] == [entry.question for entry in index.entries()]
    assert 0 < index.thresholds.clarify < 1
    assert index.disclaimer.startswith("These answers come from various sources and may differ.")


def test_the_nearest_entries_of_each(bot):
    index = bot.index
    owner = index.phrasing_entry
    # All 67 phrasings are looked at, so that the nearest entries are those with the nearest phrasing.
    cosines = index.vectors @ index.vectors[np.searchsorted(owner, np.arange(ENTRIES))].T
    for row in range(ENTRIES):
        best = {entry: cosines[owner == entry, row].max() for entry in range(8) if entry != row}
        assert index.nearest_entries(row) == sorted(best, key=best.get, reverse=True)[:6]


def test_fewer_than_six_nearest_entries_are_no_more_than_there_are(tmp_path):
    lines = [json.dumps({"id": name, "question": f"Why {name}?", "answer": "So."}) for name in ("a", "b", "c")]
    (tmp_path / "faq.jsonl").write_text("\n".join(lines))
    index = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "small", encoder=WordEncoder()).index
    assert [sorted(index.nearest_entries(row)) for row in range(3)] == [[1, 2], [0, 2], [0, 1]]
    assert index.store.array("matcher-related")[0, 2:].tolist() == [-1] * 4


def test_an_entry_as_it_was_written(bot):
    entry = bot.index.entry(bot.index.rows["loosen-lower-back"])
    assert entry.question == "What stretch can I do to loosen up my lower back?"
    assert entry.alternate_questions[0] == "my lower back is stiff after sitting all day"
    assert entry.related == ("hip-flexor-stretch", "how-long-hold")
    assert entry.avoid_if == ("recent back surgery", "pain that runs below the knee")
    assert (entry.kind, entry.care, entry.topic, entry.reviewed) == ("answer", None, "lower-back", date(2026, 11, 22))
    assert [answer.viewpoint for answer in entry.answers] == ["Sports physiotherapy", "Yoga teaching"]
    assert [source.id for source in entry.answers[1].sources] == ["behm-2016-review", "bandy-1994-stretch-time"]
    assert "3. Hold **30 seconds**, 3 times a side [@bandy-1994-stretch-time]." in entry.answers[0].text
    clot = bot.index.entry(bot.index.rows["leg-clot"])
    assert (clot.kind, clot.care) == ("urgent", "same-day")
    assert clot.look_alikes == (
        "my calves are sore after running",
        "calf cramp at night",
        "both ankles feel stiff in the morning",
    )


def test_what_is_offered_of_an_entry(bot):
    index = bot.index
    assert index.offer(index.rows["hip-flexor-stretch"]) == RelatedQuestion(
        "hip-flexor-stretch",
        "How do I stretch my hip flexors?",
        "Sports physiotherapy",
        # Of the 91 characters of the answer as many whole words as 88 hold, with the last one for what is left out.
        "Kneel on one knee, tuck the pelvis under and lean forward until the front of the hip …",
        topic="hips",
    )
    assert [index.kind(row) for row in range(ENTRIES)] == ["answer"] * 8 + ["small-talk"] * 2 + ["urgent"] * 2


def test_offers_need_no_entries(built, monkeypatch):
    monkeypatch.setattr("chatbot.index.index.entry_from_json", None)
    index = Index.open(built)
    assert [index.offer(row).id for row in range(ENTRIES)] == ENTRY_IDS


def test_entries_through_json_and_back():
    source = Source("s", "Title")
    entry = Entry(
        "x", "Why?", (Answer("A", "Text.\n[@s]", (source,), ("x",)), Answer("B", "é 🤸")),
        ("one",), ("two",), ("three",), ("x",), date(2026, 1, 2), "urgent", "routine", "See someone.", "hips",
    )  # fmt: skip
    dose = Dose(("hold 20 to 30 s", "each side"), hold=(20, 30), each_side=True)
    entry = replace(entry, command="again", in_shell="`/é`", not_for=("hip", "é"), dose=dose, height=0.48)
    line = entry_to_json(entry)
    assert "\n" not in line
    assert entry_from_json(line, {"s": source}).caution == "See someone."
    assert entry_from_json(line, {"s": source}).not_for == ("hip", "é")
    wanted = Entry(
        **{name: getattr(entry, name) for name in Entry.__slots__}
        | {"answers": (entry.answers[0], Answer("B", "é 🤸", (), ("x",)))}
    )
    assert entry_from_json(line, {"s": source}) == wanted


def test_an_entry_is_stored_without_its_messages_and_needs_no_command():
    entry = Entry("x", "Why?", (Answer("A", "Text."),), messages=Messages(("why then",)))
    found = entry_from_json(entry_to_json(entry), {})
    assert (found.messages, found.command, found.not_for) == (Messages(), None, ())
    assert found == replace(entry, messages=Messages())


def test_parts_and_conditions_as_they_were_written(talked):
    index = Index.open(talked, WordEncoder())
    assert index.parts == (
        Part("dose", "how long", words=("seconds",)),
        Part("feel", "where to feel it", ("Feel", "Where to feel it"), numbered=True, cited=True),
    )
    # Without the items of `avoid_if`: the entries know what they are not for.
    assert index.conditions.conditions == [
        Condition("back-surgery", "had back surgery", "loosen-lower-back", ("back surgery", "spine op*")),
        Condition("asthma", "have asthma", names=("asthma",)),
    ]
    assert {entry.id: entry.not_for for entry in index.entries() if entry.not_for} == {
        "loosen-lower-back": ("back-surgery",)
    }
    # Of none it is known whose they are, so that whatever is named is said.
    assert index.conditions.told("an op on my spine, spine operation in may, and asthma") == Told(
        {"back-surgery": "in may", "asthma": ""}
    )


def test_what_was_said_after_answers(talked):
    index = Index.open(talked, WordEncoder())
    kinds = [TURNS[kind] for kind in index.turns.kinds]
    assert (kinds, index.turns.parts.tolist()) == (["part", "part", "changed", "aside"], [0, 1, -1, -1])
    said = ["how many seconds", "where then", "and my knees", "my dog barks"]
    assert index.turns.vectors.tolist() == WordEncoder().encode(said).tolist()
    # A message at the place of one that is like no other has 1 / 1.3 of its kind.
    (dog,) = WordEncoder().encode(["my dog barks"])
    assert index.turns.read(dog).shares["aside"] == pytest.approx(1 / 1.3, abs=0.05)


def test_what_ranks_after_an_answer_is_the_fit_of_the_index(talked):
    index = Index.open(talked, WordEncoder())
    weights = index.manifest.matcher.weights["follow_ups"]
    assert index.follow_ups.scorer is index.matcher.scorer
    dose, hips, back = [0] * 3, [1] * 3, [2] * 2
    assert index.store.array("matcher-topics").tolist() == [*dose, *hips, *back, *[-1] * 4]
    texts = ["how long should i hold"] * 3
    near = index.points.near(texts, WordEncoder().encode(texts))
    readings = Readings(*map(index.matcher.scorer.compare, near), index.turns.read(near[0].vector))
    before = Before(ENTRY_IDS.index("pigeon-pose"))
    likely = index.follow_ups.choices(readings, before).probabilities(np.array(weights))
    ranked = index.follow_ups.rank(readings, before, 3)
    assert [each.confidence for each in ranked] == pytest.approx(sorted(likely[:-1], reverse=True)[:3])
    assert ranked[0].entry == ENTRY_IDS.index("how-long-hold")


def test_an_index_without_tables_has_neither_parts_nor_conditions(bot):
    assert (bot.index.parts, bot.index.conditions.conditions) == ((), [])
    assert bot.index.conditions.told("i have a new hip") == Told()
    assert set(bot.index.turns.read(bot.index.vectors[0]).shares.values()) == {0}


def test_sources_are_found_by_their_id():
    sources = {"b": Source("b", "Second", verified=True), "é": Source("é", "Last"), "a": Source("a", "First", "Ito")}
    stored = StoredSources(sources_to_json(sources))
    assert list(stored) == ["a", "b", "é"]
    assert stored == sources
    assert [name in stored for name in ("", "aa", "c", "ê")] == [False] * 4
    assert StoredSources([]) == {}


def test_an_entry_is_read_with_its_own_sources_only(built, monkeypatch):
    read = []
    monkeypatch.setattr(StoredSources, "__getitem__", lambda self, name: read.append(name) or Source(name, "T"))
    index = Index.open(built)
    assert index.entry(ENTRY_IDS.index("loosen-lower-back")).answers
    assert sorted(set(read)) == ["bandy-1994-stretch-time", "behm-2016-review"]


def test_topics_are_those_of_answers():
    def entry(topic, kind="answer"):
        return Entry("x", "q", (), topic=topic, kind=kind)

    assert topics_of([entry("b"), entry("a"), entry("u", "urgent"), entry("b"), entry("")]) == ["b", "a"]


@pytest.fixture
def own(corpus, index):
    """An index of the corpus copy, up to date."""
    Chatbot.build(corpus, index)
    return index


def test_stale(own, corpus, recwarn):
    index = Index.open(own)
    assert index.stale is False
    path = corpus / "hips" / "pigeon-pose.md"
    before = path.read_bytes()
    os.utime(path)  # touched, not changed
    assert index.stale is False
    path.write_bytes(before.replace(b"quiet", b"QUIET"))  # same size
    assert index.stale is True
    path.write_bytes(before)
    assert index.stale is False
    (corpus / "hips" / "new.md").write_text("x")
    assert index.stale is True
    (corpus / "hips" / "new.md").unlink()
    (corpus / "NOTES.md").write_text("not part of it")
    assert index.stale is False
    path.unlink()
    assert index.stale is True
    shutil.rmtree(corpus)
    assert index.stale is False  # nothing to compare with


def test_a_fit_of_another_version_is_refused(own):
    rewrite_manifest(own, lambda manifest: manifest["matcher"].update(version=0))
    with pytest.raises(IndexIncompatible, match="was fitted by another version; build the index again"):
        Index.open(own)


def test_another_encoder_is_refused(built):
    with pytest.raises(IndexIncompatible) as caught:
        Index.open(built, WordEncoder(512))
    assert str(caught.value) == (f"{built} holds 384-dimensional vectors, the encoder makes 512; build the index again")


def test_built_from(bot, tmp_path, monkeypatch):
    assert bot.index.built_from(CORPUS)
    monkeypatch.chdir(CORPUS.parent)
    assert bot.index.built_from(type(CORPUS)("corpus"))
    assert not bot.index.built_from(tmp_path)


def use(folder):
    """Open an index and do everything with it."""
    bot = Chatbot(Index.open(folder))
    for question in ("How long should I hold a stretch?", "numb between my legs", "zzz", "hello"):
        bot.ask(question).to_json()
        bot.match(question, k=20)
    list(bot.index.entries())
    return bot.index.stale


@pytest.mark.parametrize(
    "lie",
    [
        lambda manifest: manifest["counts"].update(entries=ENTRIES + 1),
        lambda manifest: manifest["counts"].update(entries=0),
        lambda manifest: manifest["counts"].update(entries="12"),
        lambda manifest: manifest["counts"].update(phrasings=PHRASINGS - 1),
        lambda manifest: manifest["counts"].update(phrasings=10**18),
        lambda manifest: manifest["encoder"].update(dimension=383),
        lambda manifest: manifest["encoder"].update(dimension=None),
        lambda manifest: manifest.pop("counts"),
        lambda manifest: manifest.pop("encoder"),
        lambda manifest: manifest.pop("matcher"),
        lambda manifest: manifest.pop("disclaimer"),
        lambda manifest: manifest.update(disclaimer=""),
        lambda manifest: manifest.update(sources=[]),
        lambda manifest: manifest.update(topics=None),
        lambda manifest: manifest.update(counts=[]),
        lambda manifest: manifest["matcher"]["weights"].update(in_scope=[1.0]),
        lambda manifest: manifest["matcher"]["weights"].update(in_scope=["x"] * 4),
        lambda manifest: manifest["matcher"]["weights"].update(in_scope=[None] * 4),
        lambda manifest: manifest["matcher"]["weights"].update(in_scope=[float("nan")] * 4),
        lambda manifest: manifest["matcher"]["weights"].pop("caution"),
        lambda manifest: manifest["matcher"]["weights"].pop("follow_ups"),
        lambda manifest: manifest["matcher"].update(weights=None),
        lambda manifest: manifest["matcher"].update(thresholds={}),
        lambda manifest: manifest["matcher"]["thresholds"].update(clarify=2),
        lambda manifest: manifest["matcher"].pop("search"),
        lambda manifest: manifest["matcher"]["search"].update(probes=-1),
        lambda manifest: manifest["matcher"]["search"].update(probes=8),
        lambda manifest: manifest["encoder"].update(max_tokens=-5),
        lambda manifest: manifest["files"].pop("vectors"),
        lambda manifest: manifest["files"].pop("encoder-graph"),
        lambda manifest: manifest["files"].pop("matcher-centroids"),
        lambda manifest: manifest["files"].update(vectors=manifest["files"]["vectors-keys"]),
        lambda manifest: manifest["files"].update(entries=manifest["files"]["phrasings"]),
        lambda manifest: manifest["files"].update({"matcher-centroids": manifest["files"]["out-of-scope-vectors"]}),
        lambda manifest: manifest["files"].update(
            {"matcher-intra-entry-similarity": manifest["files"]["matcher-centroids"]}
        ),
        lambda manifest: manifest["files"].update({"matcher-lexical-starts": manifest["files"]["point-entry"]}),
        lambda manifest: manifest["files"].update(
            {"matcher-lexical-weights": manifest["files"]["matcher-lexical-idf"]}
        ),
        lambda manifest: manifest["files"].pop("matcher-lexical-idf"),
        lambda manifest: manifest["files"].update(
            {"matcher-lexical-idf": manifest["files"]["matcher-intra-entry-similarity"]}
        ),
        lambda manifest: manifest["files"].update(
            {"matcher-lexical-buckets": manifest["files"]["matcher-lexical-weights"]}
        ),
        lambda manifest: manifest["files"].update(
            {"matcher-urgent": manifest["files"]["matcher-intra-entry-similarity"]}
        ),
        lambda manifest: manifest["files"].update({"point-entry": manifest["files"]["word-counts"]}),
        lambda manifest: manifest["files"].pop("point-kinds"),
        lambda manifest: manifest["files"].update({"point-kinds": manifest["files"]["point-entry"]}),
        lambda manifest: manifest["files"].update({"point-kinds": manifest["files"]["matcher-urgent"]}),
        lambda manifest: manifest["files"].update({"matcher-topics": manifest["files"]["matcher-urgent"]}),
        lambda manifest: manifest["files"].update({"matcher-turn-kinds": manifest["files"]["matcher-urgent"]}),
        lambda manifest: manifest["files"].update({"matcher-turn-parts": manifest["files"]["matcher-topics"]}),
        lambda manifest: manifest["files"].update({"matcher-said-weights": manifest["files"]["matcher-lexical-idf"]}),
        lambda manifest: manifest["files"].pop("conditions"),
        lambda manifest: manifest["files"].pop("parts-offsets"),
        lambda manifest: manifest["files"].update({"encoder-graph": manifest["files"]["encoder-tokenizer"]}),
    ],
    ids=lambda lie: "",
)
def test_a_manifest_that_lies_with_a_right_checksum(index, lie):
    rewrite_manifest(index, lie)
    with pytest.raises(ChatbotError) as caught:
        use(index)
    assert "build the index again" in str(caught.value)


def test_an_inverted_file_that_is_none(index):
    def lie(manifest):
        manifest["matcher"]["search"].update(kind="IVF32,SQ8", probes=8)
        manifest["files"]["matcher-search"] = manifest["files"]["encoder-tokenizer"]

    rewrite_manifest(index, lie)
    with pytest.raises(IndexDamaged, match="build the index again"):
        use(index)


def test_a_manifest_that_does_not_lie_is_read(index):
    rewrite_manifest(index, lambda about: None)
    assert use(index) is False


def test_the_real_weights_flipped_cut_and_gone(index):
    path = open_store(index).path("encoder-weights")
    data = path.read_bytes()
    middle = len(data) // 2
    put(path, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    with pytest.raises(
        IndexDamaged, match=r"encoder-weights-[0-9a-f]{16}\.bin has been changed; build the index again in full"
    ):
        Index.open(index)
    put(path, data[:-1])
    with pytest.raises(IndexDamaged, match="has 58,562,559 bytes instead of 58,562,560"):
        Index.open(index)
    path.unlink()
    with pytest.raises(IndexDamaged, match="is missing; build the index again in full"):
        Index.open(index)


def test_every_file_of_a_real_index_flipped(index):
    store = open_store(index)
    for name, record in store.files.items():
        path = store.path(name)
        if record.size > 10_000_000:
            continue
        data = path.read_bytes()
        put(path, data[:-1] + bytes([data[-1] ^ 128]))
        with pytest.raises(IndexDamaged, match=record.file):
            Index.open(index)
        put(path, data)
    assert Index.open(index).counts["entries"] == ENTRIES


def test_no_file_of_an_index_is_a_pickle(bot):
    for name, record in bot.index.store.files.items():
        if record.file.endswith(".npy"):
            assert bot.index.store.array(name).dtype != object
        else:
            assert record.file.rpartition(".")[2] in ("onnx", "bin", "json")
    json.loads(bot.index.store.path("encoder-tokenizer").read_bytes())


def test_k03_an_index_is_compared_with_a_corpus_by_content(own, corpus, tmp_path):
    copy = shutil.copytree(corpus, tmp_path / "copy")  # with the times of the files
    index = Index.open(own, corpus=copy)
    assert index.stale is False
    assert not index.built_from(copy)
    path = copy / "hips" / "pigeon-pose.md"
    before, state = path.read_bytes(), path.stat()
    path.write_bytes(before.replace(b"quiet", b"QUIET"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # as an archive that sets every time does
    assert index.stale is True
    assert Index.open(own).stale is False  # compared with the corpus it was built from
    path.write_bytes(before)
    assert index.stale is False  # other times, same content
    shutil.rmtree(copy)
    assert index.stale is False  # nothing to compare with
    assert index.differs_from(CORPUS) is False
    assert index.differs_from(CORPUS / "hips") is True
