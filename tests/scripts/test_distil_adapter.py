"""What a teacher is made of, what it asks for by hand, and that the smaller model comes nearer to it."""

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from chatbot import settings
from chatbot.encoding.adapter import fuse_adapter, save_adapter
from scripts import distil_adapter
from scripts.distil_adapter import Teacher, Texts, begin_with, distil, teach
from scripts.teaching.lesson import Batch, Lesson
from scripts.teaching.low_rank import adapted, changes_of, encode
from tests.scripts.tiny import ANSWERS, DIMENSION, Tiny, corpus_of_ways


@pytest.fixture(scope="module")
def lesson():
    return Lesson.of(corpus_of_ways())


@pytest.fixture(scope="module")
def texts(lesson):
    return Texts.of(lesson)


@pytest.fixture(scope="module")
def vectors(texts):
    """What a model of more numbers than the tiny one has for the texts: chance, but alike for the texts of an entry."""
    chance = torch.Generator().manual_seed(5)
    of_entries = torch.randn(ANSWERS + 2, 24, generator=chance)[texts.entries]
    return normalize(of_entries + torch.randn(len(texts.texts), 24, generator=chance), dim=1)


@pytest.fixture(scope="module")
def teacher(texts, vectors):
    torch.manual_seed(0)
    with torch.no_grad():
        smaller = encode(Tiny(), texts.texts)
    return teach(texts, smaller, vectors, ANSWERS + 1)


def batch_of(texts, entries):
    none = torch.zeros(len(texts))
    return Batch(texts, torch.tensor(entries), none, none, none.bool(), none.bool())


def test_each_text_is_there_once_with_what_it_is(lesson, texts):
    out_of_scope = settings.out_of_scope_path().read_text().splitlines()
    assert len(texts.texts) == len(set(texts.texts))
    assert {text for text, no in zip(texts.texts, texts.out_of_scope, strict=True) if no} == set(out_of_scope)
    kinds = {
        text: (row, urgent, caution)
        for text, row, urgent, caution in zip(
            texts.texts, texts.entries.tolist(), texts.urgent.tolist(), texts.caution.tolist(), strict=True
        )
    }
    assert kinds[lesson.messages[3][0]] == kinds[lesson.alternates[3][0]] == (3, 0, 0)
    assert kinds["question 3 what then"] == (4, 0, 0)
    assert kinds[lesson.signs[0][0]] == (ANSWERS, 1, 1)
    assert kinds[lesson.look_alikes[0]] == (-1, 0, 0)
    assert kinds[lesson.cautions[0]] == (-1, 0, 1)


def test_what_a_teacher_asks_for_by_hand():
    teacher = Teacher(
        {"there": 0, "other": 1}, torch.tensor([[0.6, 0.8], [0.0, 1.0]]), torch.eye(2), torch.nn.Linear(2, 2)
    )
    # "there" lies at (1, 0) and should at (0.6, 0.8), so it is 0.4 away. By the teacher's proxies the logits should be
    # 20 times 0.6 and 0.8, a softmax of 1 to e^4; by the proxies (0, 1) and (1, 0) they are 20 times 0 and 1.
    proxies = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    found = teacher.loss(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), batch_of(["there", "unknown"], [0, 1]), proxies)
    should = np.array([1, np.exp(4)]) / (1 + np.exp(4))
    does = np.array([1, np.exp(20)]) / (1 + np.exp(20))
    assert found.item() == pytest.approx(6 * 0.4 + 2 * np.sum(should * np.log(should / does)), rel=1e-4)
    same = teacher.loss(teacher.vectors[:1], batch_of(["there"], [0]), teacher.proxies)
    assert same.item() == pytest.approx(0, abs=1e-5)


def test_a_teacher_tells_entries_apart_and_lies_where_the_smaller_model_does(texts, teacher):
    owned = torch.where(texts.entries >= 0)[0]
    nearest = (teacher.vectors[owned] @ teacher.proxies.T).argmax(dim=1)
    assert (nearest == texts.entries[owned]).float().mean() > 0.95
    assert torch.allclose(teacher.vectors.norm(dim=1), torch.ones(len(texts.texts)), atol=1e-5)
    with torch.no_grad():
        smaller = encode(Tiny(), texts.texts)
    # No turn of the teacher's vectors lies nearer: what they have in common with the smaller ones is symmetric.
    common = teacher.vectors.T @ smaller
    assert torch.allclose(common, common.T, atol=1e-2)
    assert torch.linalg.eigvalsh((common + common.T) / 2).min() > -1e-2
    alarmed, signs = teacher.planes(10 * teacher.vectors)[:, 0] > 0, texts.urgent.bool()
    assert alarmed[signs].float().mean() > 0.9
    assert alarmed[~signs].float().mean() < 0.05


def test_it_begins_with_the_adapter_that_is_there(tmp_path):
    path, model, fused = tmp_path / "adapter.safetensors", Tiny(), Tiny()
    changes = adapted(model)
    torch.manual_seed(1)
    with torch.no_grad():
        for change in changes.values():
            change.up.copy_(torch.randn(DIMENSION, 32))
    save_adapter(changes_of(changes), path)
    fuse_adapter(fused, path)
    other = Tiny()
    begin_with(adapted(other), path)
    assert torch.allclose(encode(other, ["a text"]), encode(fused, ["a text"]), atol=1e-3)


def test_the_smaller_model_comes_nearer_to_its_teacher(texts, teacher, lesson, tmp_path, monkeypatch):
    monkeypatch.setattr(distil_adapter, "load_default_model", Tiny)
    monkeypatch.setattr(distil_adapter, "LEARNING_RATE", 0.1)
    begin, path = tmp_path / "begin.safetensors", tmp_path / "adapter.safetensors"
    save_adapter(changes_of(adapted(Tiny())), begin)
    owned = texts.entries >= 0

    def nearness():
        torch.manual_seed(0)
        save_adapter(distil(teacher, lesson, begin, 60), path)
        taught = Tiny()
        fuse_adapter(taught, path)
        return (encode(taught, texts.texts) * teacher.vectors).sum(dim=1)[owned].mean().item()

    with_teacher = nearness()
    monkeypatch.setattr(Teacher, "loss", lambda *_: torch.zeros(()))
    without = nearness()
    assert with_teacher > without + 0.05
