"""Vectors: what is encoded, what is kept, and what an interrupted build leaves for the next."""

import numpy as np
import pytest

from chatbot.building import embeddings as module
from chatbot.building.build import build
from chatbot.building.embeddings import EmbeddingCache, text_key, vector_key
from chatbot.encoding.spec import EncoderSpec
from chatbot.errors import EncoderError
from chatbot.index.index import Index
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from tests.conftest import PHRASINGS
from tests.fakes import WordEncoder, manifest

TEXTS = [f"text number {number}" for number in range(8)]


class Interrupted(WordEncoder):
    """Gives up at the call after so many."""

    def __init__(self, calls, dimension=16):
        super().__init__(dimension)
        self._left = calls

    def encode(self, texts, progress=None):
        self._left -= 1
        if self._left < 0:
            raise EncoderError("interrupted")
        return super().encode(texts, progress)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def vectorise(folder, texts, encoder=None, model="words", progress=None):
    """One build that holds only the vectors of these texts. Returns its encoder and its embeddings."""
    encoder = encoder or WordEncoder(16)
    with writing(folder) as writer:
        embeddings = EmbeddingCache(
            writer,
            writer.old,
            lambda: encoder,
            EncoderSpec(model, encoder.dimension),
            progress or (lambda *_: None),
        )
        vectors = embeddings.vectors("vectors", "phrasings", texts)
        assert vectors.tolist() == WordEncoder(encoder.dimension).encode(texts).tolist()
        writer.commit(manifest(writer.files))
    assert open_store(folder).array("vectors").tolist() == vectors.tolist()
    return encoder, embeddings


def counts(embeddings):
    return embeddings.encoded, embeddings.kept


def checkpoints(folder):
    return sorted(folder.glob("encoded-*.npy"))


def test_keys_are_blake2b():
    assert text_key("").hex() == "cae66941d9efbd404e4d88758ea67670"
    assert text_key("a") != text_key("b")
    assert text_key("\ud800") == text_key("?")  # what cannot be encoded is replaced


def test_all_texts_of_a_first_build_are_encoded(folder):
    encoder, embeddings = vectorise(folder, TEXTS)
    assert encoder.seen == TEXTS
    assert counts(embeddings) == (8, 0)
    assert checkpoints(folder) == []


def test_what_the_old_index_has_is_kept_wherever_it_stands(folder):
    vectorise(folder, TEXTS)
    encoder, embeddings = vectorise(folder, ["new", TEXTS[7], TEXTS[0], "newer", TEXTS[7]])
    assert encoder.seen == ["new", "newer"]
    assert counts(embeddings) == (2, 3)


def test_vectors_of_texts_that_were_read_otherwise_are_made_anew(folder, monkeypatch):
    vectorise(folder, TEXTS)
    monkeypatch.setattr(module, "READING", 0)
    encoder, embeddings = vectorise(folder, TEXTS)
    assert (encoder.seen, counts(embeddings)) == (TEXTS, (8, 0))


def test_the_file_of_the_same_texts_in_the_same_order_is_kept_as_it_is(folder, monkeypatch):
    vectorise(folder, TEXTS)
    before = open_store(folder).files["vectors"].file
    monkeypatch.setattr(module, "_fill", None)  # copies vector by vector
    encoder, embeddings = vectorise(folder, TEXTS)
    assert (encoder.seen, counts(embeddings)) == ([], (0, 8))
    assert open_store(folder).files["vectors"].file == before
    assert open_store(folder).array("vectors-keys").tobytes() == b"".join(map(vector_key, TEXTS))


def test_no_texts_need_no_encoder(folder):
    encoder, embeddings = vectorise(folder, [])
    assert (encoder.seen, counts(embeddings)) == ([], (0, 0))
    assert vectorise(folder, TEXTS)[0].seen == TEXTS  # nothing was kept of it


def test_progress_counts_what_was_there(folder, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    vectorise(folder, TEXTS[:2])
    told = []
    vectorise(folder, TEXTS, progress=lambda *step: told.append(step))
    assert told == [("phrasings", 5, 8), ("phrasings", 8, 8)]


# Interruptions. With chunks of three, eight texts are encoded in three calls.


@pytest.fixture
def interrupted(folder, monkeypatch):
    """A folder in which a build stopped after two of three chunks."""
    monkeypatch.setattr(module, "_CHUNK", 3)
    with pytest.raises(EncoderError):
        vectorise(folder, TEXTS, Interrupted(2))
    assert len(checkpoints(folder)) == 2
    return folder


def test_the_next_build_encodes_only_what_is_left(interrupted):
    encoder, embeddings = vectorise(interrupted, TEXTS)
    assert encoder.seen == TEXTS[6:]
    assert counts(embeddings) == (2, 6)


def test_and_a_commit_sweeps_the_checkpoints(interrupted):
    vectorise(interrupted, TEXTS)
    assert checkpoints(interrupted) == []
    files = {record.file for record in open_store(interrupted).files.values()}
    assert {path.name for path in interrupted.iterdir()} == {".lock", "manifest.json", *files}


def test_a_build_of_several_chunks_leaves_none_of_them(folder, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    encoder, embeddings = vectorise(folder, TEXTS)
    assert (encoder.seen, counts(embeddings)) == (TEXTS, (8, 0))
    assert checkpoints(folder) == []


def test_interrupted_again_and_again_it_comes_to_an_end(interrupted):
    more = [*TEXTS, *(f"more {number}" for number in range(6))]
    with pytest.raises(EncoderError):
        vectorise(interrupted, more, Interrupted(1))
    assert len(checkpoints(interrupted)) == 3
    encoder, _ = vectorise(interrupted, more)
    assert encoder.seen == more[9:]


def test_the_order_of_texts_may_be_another_by_then(interrupted):
    encoder, _ = vectorise(interrupted, [*TEXTS[::-1], "more"])
    assert encoder.seen == [TEXTS[7], TEXTS[6], "more"]


@pytest.mark.parametrize(("dimension", "model"), [(16, "other words"), (8, "words")])
def test_checkpoints_of_another_encoder_are_not_used(interrupted, dimension, model):
    encoder, _ = vectorise(interrupted, TEXTS, WordEncoder(dimension), model)
    assert encoder.seen == TEXTS


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:-1] + b"x", lambda _: b""])
def test_damaged_checkpoints_are_not_used(interrupted, damage):
    first = checkpoints(interrupted)[0]
    lost = [TEXTS[:3], TEXTS[3:6]]
    known = np.load(first, allow_pickle=False)["key"][0].tobytes()
    first.write_bytes(damage(first.read_bytes()))
    encoder, _ = vectorise(interrupted, TEXTS)
    assert encoder.seen == [*next(texts for texts in lost if vector_key(texts[0]) == known), *TEXTS[6:]]


def test_the_old_index_is_whole_after_an_interruption(folder, monkeypatch):
    vectorise(folder, ["before"])
    revision = open_store(folder).revision
    monkeypatch.setattr(module, "_CHUNK", 3)
    with pytest.raises(EncoderError):
        vectorise(folder, ["before", *TEXTS], Interrupted(1))
    assert open_store(folder).revision == revision
    encoder, embeddings = vectorise(folder, ["before", *TEXTS])
    assert encoder.seen == TEXTS[3:]
    assert embeddings.kept >= 1


def test_a_whole_build_goes_on_where_it_was_interrupted(folder, corpus, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 20)
    stopped = Interrupted(3, 64)
    with pytest.raises(EncoderError):
        build(corpus, folder, encoder=stopped)
    assert len(stopped.seen) == 60
    assert len(checkpoints(folder)) == 3
    # An encoder of the same name, that gives up no more.
    again = Interrupted(1000, 64)
    build(corpus, folder, encoder=again)
    assert set(again.seen).isdisjoint(stopped.seen)
    assert checkpoints(folder) == []
    index = Index.open(folder, WordEncoder(64))
    assert len(index.phrasings) == PHRASINGS
    assert index.vectors.tolist() == WordEncoder(64).encode(list(index.phrasings)).tolist()


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr("chatbot.matching.neighbours.FLAT_UP_TO", 4)


def written(folder, texts, encoder):
    """The vectors of these texts as a build writes them, and its embeddings."""
    with writing(folder) as writer:
        spec = EncoderSpec("words", encoder.dimension)
        embeddings = EmbeddingCache(writer, writer.old, lambda: encoder, spec, lambda *_: None)
        embeddings.vectors("vectors", "phrasings", texts)
        writer.commit(manifest(writer.files))
    return open_store(folder).array("vectors"), embeddings


@pytest.mark.usefixtures("few_are_many")
def test_very_many_are_kept_in_half_the_bytes(folder):
    vectors, _ = written(folder, TEXTS, WordEncoder(16))
    assert vectors.dtype == np.float16
    assert vectors.tolist() == WordEncoder(16).encode(TEXTS).astype(np.float16).tolist()


@pytest.mark.usefixtures("few_are_many")
def test_of_a_corpus_that_shrank_no_rounded_vector_is_kept(folder):
    written(folder, TEXTS, WordEncoder(16))
    vectors, embeddings = written(folder, TEXTS[:4], WordEncoder(16))
    assert counts(embeddings) == (4, 0)
    assert vectors.dtype == np.float32
    assert vectors.tolist() == WordEncoder(16).encode(TEXTS[:4]).tolist()


def test_nor_is_one_of_an_index_that_was_kept_in_fewer_bytes(folder, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr("chatbot.matching.neighbours.FLAT_UP_TO", 4)
        written(folder, TEXTS, WordEncoder(16))
    vectors, embeddings = written(folder, TEXTS, WordEncoder(16))
    assert counts(embeddings) == (8, 0)
    assert vectors.tolist() == WordEncoder(16).encode(TEXTS).tolist()


@pytest.mark.usefixtures("few_are_many")
def test_of_a_corpus_that_grew_the_vectors_are_kept(folder):
    written(folder, TEXTS[:4], WordEncoder(16))
    vectors, embeddings = written(folder, TEXTS, WordEncoder(16))
    assert counts(embeddings) == (4, 4)
    assert vectors.tolist() == WordEncoder(16).encode(TEXTS).astype(np.float16).tolist()


@pytest.mark.usefixtures("few_are_many")
def test_what_an_interruption_left_of_very_many_is_kept_too(folder, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 2)
    with pytest.raises(EncoderError, match="interrupted"):
        written(folder, TEXTS, Interrupted(2))
    vectors, embeddings = written(folder, TEXTS, WordEncoder(16))
    assert counts(embeddings) == (4, 4)
    assert vectors.tolist() == WordEncoder(16).encode(TEXTS).astype(np.float16).tolist()
