"""The exported encoder against sentence-transformers itself, and the order and bounds of its batches."""

import numpy as np
import pytest

from chatbot.encoding import encoder as encoder_module
from chatbot.encoding.encoder import OnnxEncoder, as_read
from chatbot.encoding.export import _packaged_weights
from chatbot.errors import EncoderError

SENTENCES = [
    "hip",
    "What stretch can I do to loosen up my lower back?",
    "my calf is swollen and warm since the flight, should i massage it or is it dangerous",
    "",
    "   ",
    "!?…",
    "🤸🏽‍♀️🧘 stretch 🔥",
    "¿Cómo puedo tocarme los pies? 柔軟性 を 高める Übung",
    "UPPER case and lower CASE",
    "a" * 5000,
    " ".join(["hold"] * 3000),
    " ".join(f"Hold the stretch for {n} seconds and breathe." for n in range(400)),
    *(" ".join(["stretch", "the", "hamstring", "gently"] * n) for n in (1, 3, 9, 27, 60)),
]


@pytest.fixture(scope="module")
def encoder(bot):
    return bot.index.encoder


@pytest.fixture(scope="module")
def original():
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(_packaged_weights()), device="cpu")


def test_parity_with_sentence_transformers(encoder, original):
    wanted = original.encode(list(map(as_read, SENTENCES)), normalize_embeddings=True, show_progress_bar=False)
    found = encoder.encode(SENTENCES)
    cosines = np.sum(found * wanted, axis=1)
    # Served in 8 bits, it turns most texts by two degrees or three, and one that says nothing by seven.
    assert np.median(cosines) >= 0.998
    assert cosines.min() >= 0.99
    assert np.abs(found - wanted).max() < 0.025


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Is it safe?", "Is it safe"),
        ("is it safe ?! ...", "is it safe"),
        ("Is it safe? I am 60.", "Is it safe? I am 60"),
        ("1.5 or 2?", "1.5 or 2"),
        ("safe (or not?)", "safe (or not?)"),
        ("!?…", "!?…"),
        ("", ""),
    ],
)
def test_closing_marks_are_not_read(text, read):
    assert as_read(text) == read


def test_a_vector_does_not_depend_on_closing_marks(encoder):
    question = "is it safe to stretch a pulled hamstring"
    vectors = encoder.encode([question, f"{question}?", f"{question}.", f"{question} ?!"])
    assert (vectors == vectors[0]).all()


def test_vectors_are_unit_floats_of_the_models_dimension(encoder):
    vectors = encoder.encode(SENTENCES)
    assert encoder.dimension == 384
    assert (vectors.shape, vectors.dtype) == ((len(SENTENCES), 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_order_is_kept_whatever_the_lengths(encoder):
    together = encoder.encode(SENTENCES)
    backwards = encoder.encode(SENTENCES[::-1])[::-1]
    alone = np.vstack([encoder.encode([text]) for text in SENTENCES])
    assert np.sum(together * alone, axis=1).min() >= 0.99999
    assert np.sum(together * backwards, axis=1).min() >= 0.99999


def test_like_means_near(encoder):
    back, stiff, passport = encoder.encode(["loosen my lower back", "my low back is stiff", "renew a passport"])
    assert back @ stiff > 0.6 > 0.2 > back @ passport


def test_nothing_to_encode(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_progress_ends_with_the_number_of_texts(encoder):
    told = []
    encoder.encode(SENTENCES, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == (len(SENTENCES), len(SENTENCES))
    assert {total for _, total in told} == {len(SENTENCES)}


def test_batches_hold_few_tokens_and_little_padding():
    class Encoding:
        def __init__(self, length):
            self.length = length

        def __len__(self):
            return self.length

    lengths = [30, 3, 20, 7, 7, 512, 10, 250, 250, 260, 1]
    batches = [rows.tolist() for rows in encoder_module._batches([Encoding(length) for length in lengths])]
    # Shortest first: 1 3 7 7, where 10 would bring the padding to 22; 10 20, where 30 would bring it to 30; 30; then
    # 250s: 2 x 250 fits, 3 x 260 is too much.
    assert batches == [[10, 1, 3, 4], [6, 2], [0], [7, 8], [9], [5]]
    assert list(encoder_module._batches([])) == []


def test_chunks_of_texts_keep_their_places(encoder, monkeypatch):
    whole = encoder.encode(SENTENCES[:9])
    monkeypatch.setattr(encoder_module, "_TOKENIZE_CHUNK", 2)
    assert np.sum(encoder.encode(SENTENCES[:9]) * whole, axis=1).min() >= 0.99999


def test_a_prompt_goes_before_each_text(encoder, built, bot):
    store = bot.index.store
    graph, tokenizer = store.path("encoder-graph"), store.path("encoder-tokenizer")
    prompted = OnnxEncoder(graph, tokenizer, 384, 256, "query: ")
    assert prompted.encode(["hip"])[0] @ encoder.encode(["query: hip"])[0] == pytest.approx(1, abs=1e-5)
    assert prompted.encode(["hip"])[0] @ encoder.encode(["hip"])[0] < 0.99


def test_texts_are_cut_at_the_models_limit(bot):
    store = bot.index.store
    short = OnnxEncoder(store.path("encoder-graph"), store.path("encoder-tokenizer"), 384, 4)
    # Two tokens are the model's own marks, so two words are read.
    cut, whole = short.encode(["hip stretch for runners", "hip stretch"])
    assert cut @ whole == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("broken", ["encoder-graph", "encoder-tokenizer"])
def test_files_that_are_no_model(bot, tmp_path, broken):
    paths = {name: bot.index.store.path(name) for name in ("encoder-graph", "encoder-tokenizer")}
    paths[broken] = tmp_path / "broken"
    paths[broken].write_bytes(b"broken")
    with pytest.raises(EncoderError, match=r"cannot open the encoder .*; build the index again in full"):
        OnnxEncoder(paths["encoder-graph"], paths["encoder-tokenizer"], 384, 256)
