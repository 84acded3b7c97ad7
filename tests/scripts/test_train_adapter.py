"""What the adapter is trained on and what comes of it, with a model of one layer instead of the real one."""

import random

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from chatbot import settings
from chatbot.encoding.adapter import fuse_adapter, save_adapter
from chatbot.encoding.finetuning import is_held_out
from scripts.teaching import losses, low_rank
from scripts.teaching.lesson import Lesson, draw
from scripts.teaching.low_rank import LowRank, adapted, encode
from scripts.train_adapter import train
from tests.scripts.tiny import ANSWERS, Tiny, corpus_of_ways, numbered


@pytest.fixture(scope="module")
def corpus():
    return corpus_of_ways()


@pytest.fixture
def lesson(corpus):
    return Lesson.of(corpus)


def test_nothing_that_is_held_out_is_taught(lesson):
    taught = [
        *(text for texts in (*lesson.alternates.values(), *lesson.messages.values()) for text in texts),
        *(text for text, _ in lesson.signs),
        *lesson.look_alikes,
        *lesson.cautions,
    ]
    assert lesson.exchanges == [(f"question {row} what then", row + 1) for row in range(ANSWERS - 1)]
    every = [
        *(text for row in range(ANSWERS) for text in (f"question {row}", *numbered(f"way {row}", 4))),
        *(text for row in range(ANSWERS) for text in numbered(f"message {row}", 4)),
        *("sign", *numbered("it is a sign", 40), *numbered("it is like one", 40), *numbered("it may be one", 20)),
    ]
    assert taught == [text for text in every if not is_held_out(text)]
    assert {row for _, row in lesson.signs} == {ANSWERS}
    assert set(lesson.alternates) == set(range(ANSWERS))


def test_a_batch_says_what_each_of_its_texts_is(lesson):
    batch = draw(lesson, random.Random(0))  # noqa: S311
    # Two of each of 24 entries, 16 exchanges, 24 signs, 24 look-alikes, 8 cautions, 6 in context and 8 out of scope.
    assert len(batch.texts) == 48 + 16 + 24 + 24 + 8 + 6 + 8
    rows = batch.entries.tolist()
    assert sorted(rows[:48]) == sorted([*range(ANSWERS)] * 2)
    assert set(zip(batch.texts[48:64], rows[48:64], strict=True)) <= set(lesson.exchanges)
    assert len(set(batch.texts[48:64])) == 16
    assert rows[64:] == [ANSWERS] * 24 + [-1] * 46
    for text, row in zip(batch.texts[:48], rows, strict=False):
        assert f" {row}" in text
    assert all("it is a sign" in text or text.endswith("sign") for text in batch.texts[64:88])
    assert all(text.startswith("it is like one") for text in batch.texts[88:112])
    assert all(text.startswith("it may be one") for text in batch.texts[112:120])
    assert batch.urgent.tolist() == [0] * 64 + [1] * 24 + [0] * 46
    assert batch.caution.tolist() == [0] * 64 + [1] * 24 + [0] * 24 + [1] * 8 + [0] * 14
    # Of so short a message nobody can say that it has no sign, but where it follows another question.
    assert batch.tellable.tolist() == [False] * 48 + [True] * 86
    assert batch.out_of_scope.tolist() == [False] * 126 + [True] * 8
    out_of_scope = settings.out_of_scope_path().read_text().splitlines()
    assert set(batch.texts[126:]) <= set(out_of_scope)


def test_the_contrast_by_hand():
    # Two entries at right angles, each with its two texts in one place, and a text alone between them: of each of the
    # four, e^(1/t) to its partner, twice e^0 to the others and e^(cos 45/t) to the one alone.
    axes = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.5**0.5, 0.5**0.5]])
    found = losses._contrast(axes, torch.tensor([0, 0, 1, 1, 2])).item()
    wanted = np.log(1 + 2 * np.exp(-1 / 0.07) + np.exp((0.5**0.5 - 1) / 0.07))
    assert found == pytest.approx(wanted, abs=1e-6)


def test_vectors_come_in_the_order_of_their_texts(monkeypatch):
    monkeypatch.setattr(low_rank, "_READ_AT_ONCE", 2)
    texts = ["a long text of words", "short", "a text", "medium text here", "x"]
    model = Tiny()
    wanted = normalize(model(model.preprocess(texts))["sentence_embedding"], dim=1)
    assert torch.allclose(encode(model, texts), wanted, atol=1e-6)


def test_a_change_is_nothing_at_first_and_then_twice_up_times_down():
    weight = torch.ones(2, 3)
    change = LowRank(weight)
    assert torch.equal(change(weight), weight)
    assert (change.down.shape, change.up.shape) == ((32, 3), (2, 32))
    with torch.no_grad():
        change.up[1, 0] = 1
        change.down[0] = torch.tensor([1.0, 2.0, 3.0])
    assert torch.allclose(change(weight), torch.tensor([[1.0, 1.0, 1.0], [3.0, 5.0, 7.0]]))


def test_only_the_layers_of_blocks_are_changed():
    model = Tiny()
    assert list(adapted(model)) == ["encoder.layer.0"]
    learnt = {name for name, weights in model.named_parameters() if weights.requires_grad}
    changes = "encoder.layer.0.parametrizations.weight.0"
    assert learnt == {f"{changes}.down", f"{changes}.up"}


def test_a_fused_adapter_is_what_was_trained(corpus, tmp_path, capsys):
    texts = ["it is a sign", "question 3", "way 5 number 1"]
    model, path = Tiny(), tmp_path / "adapter.safetensors"
    before = encode(model, texts)
    save_adapter(train(model, corpus, 5, 0.3), path)
    trained = encode(model.eval(), texts)
    assert (trained * before).sum(dim=1).min() < 0.95
    other = Tiny()
    fuse_adapter(other, path)
    assert torch.allclose(encode(other, texts), trained, atol=1e-3)
    assert capsys.readouterr().out.startswith("step 0 of 5, loss ")


def test_the_same_corpus_gives_the_same_adapter(corpus):
    first, second = (train(Tiny(), corpus, 3, 1e-3) for _ in range(2))
    assert list(first) == ["encoder.layer.0.down", "encoder.layer.0.up"]
    for name, change in first.items():
        assert torch.allclose(change, second[name], atol=1e-6)
