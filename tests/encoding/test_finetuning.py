"""Tuning an encoder on a corpus's phrasings: the real model, a few steps."""

import re

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.building.build import build
from chatbot.encoding import export, finetuning
from chatbot.encoding.finetuning import is_held_out, tune
from chatbot.errors import EncoderError
from tests.builders import put_lines

CAR = [
    "my car will not start",
    "engine is dead this morning",
    "flat battery, what now",
    "it just clicks when i turn it",
]
GUITAR = ["the string snapped", "how often to change strings", "my g goes out of tune", "buzzing on the third fret"]


@pytest.fixture
def model():
    return export.load_default_model()


@pytest.fixture
def steps(monkeypatch):
    """Set how many steps are taken."""

    def take(count):
        monkeypatch.setattr(finetuning, "STEPS", count)
        monkeypatch.setattr(finetuning, "_WARM_UP", 2)

    return take


def apart(model):
    """How much nearer phrasings lie to their own entry than to the other, as mean cosines."""
    vectors = model.encode([*CAR, *GUITAR], normalize_embeddings=True, show_progress_bar=False)
    cosines = vectors @ vectors.T
    own = np.kron(np.eye(2, dtype=bool), np.ones((4, 4), dtype=bool))
    return cosines[own & ~np.eye(8, dtype=bool)].mean() - cosines[~own].mean()


def test_phrasings_of_an_entry_come_together(model, steps, monkeypatch):
    monkeypatch.setattr(finetuning, "is_held_out", lambda phrasing: False)
    steps(12)
    before, told = apart(model), []
    tune(model, [CAR, GUITAR], lambda *step: told.append(step))
    assert apart(model) > before + 0.1
    assert told == [(step, 12) for step in range(13)]
    assert (model.max_seq_length, model.training) == (256, False)


def test_a_model_reads_its_own_prompt_before_each_phrasing(model, steps, monkeypatch):
    read, preprocess = [], model.preprocess
    monkeypatch.setattr(model, "preprocess", lambda texts: read.extend(texts) or preprocess(texts))
    model.prompts, model.default_prompt_name = {"asked": "query: "}, "asked"
    steps(3)
    tune(model, [CAR, GUITAR], lambda *_: None)
    assert {text.removeprefix("query: ") for text in read} <= {*CAR, *GUITAR}
    assert all(text.startswith("query: ") for text in read)
    assert len(read) == 3 * 4


def test_the_same_phrasings_give_the_same_weights_and_leave_chance_alone(model, steps):
    import torch

    steps(4)
    torch.manual_seed(7)
    expected = torch.rand(1).item()
    again = export.load_default_model()
    torch.manual_seed(7)
    for each in (model, again):
        tune(each, [CAR, GUITAR], lambda *_: None)
    assert torch.rand(1).item() == expected
    found = [each.encode(["hip"], normalize_embeddings=True, show_progress_bar=False)[0] for each in (model, again)]
    assert float(found[0] @ found[1]) == pytest.approx(1, abs=1e-6)


def test_the_weights_are_half_way_between_those_before_and_the_tuned_ones(model, monkeypatch):
    import torch

    def shifted(trained, groups, progress):
        with torch.no_grad():
            for weights in trained.parameters():
                weights.add_(0.5)

    monkeypatch.setattr(finetuning, "_train", shifted)
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    tune(model, [CAR, GUITAR], lambda *_: None)
    for name, weights in model.named_parameters():
        assert torch.allclose(weights, before[name] + 0.25, atol=1e-5), name


def test_one_phrasing_in_five_is_held_out(model, monkeypatch):
    phrasings = [f"question {number}" for number in range(1000)]
    assert sum(map(is_held_out, phrasings)) == pytest.approx(200, abs=40)
    seen = []
    monkeypatch.setattr(finetuning, "_train", lambda model, groups, progress: seen.extend(groups))
    tune(model, [phrasings[:500], phrasings[500:], ["alone"]], lambda *_: None)
    assert [set(group) for group in seen] == [
        {text for text in part if not is_held_out(text)} for part in (phrasings[:500], phrasings[500:])
    ]


def test_the_loss_by_hand():
    import torch

    # Two entries at right angles, each with its two phrasings in one place: e^(1/t) against itself and 2 e^0.
    vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    together = finetuning._contrastive_loss(vectors, torch.tensor([0, 0, 1, 1])).item()
    assert together == pytest.approx(np.log(1 + 2 * np.exp(-1 / 0.07)), abs=1e-6)
    # With the entries swapped, each phrasing's partner is as far as the third of three.
    crossed = finetuning._contrastive_loss(vectors, torch.tensor([0, 1, 0, 1])).item()
    assert crossed == pytest.approx(1 / 0.07 + np.log(1 + 2 * np.exp(-1 / 0.07)), abs=1e-4)


def test_nothing_to_tune_on(model):
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    with pytest.raises(
        EncoderError, match="tuning needs more entries with alternate questions; write some, or do not tune"
    ):
        tune(model, [CAR, ["alone"]], lambda *_: None)
    assert all((weights == before[name]).all() for name, weights in model.named_parameters())


@pytest.fixture
def faq(tmp_path):
    lines = [
        {"id": name, "question": texts[0], "alternate_questions": texts[1:], "answer": f"About the {name}."}
        for name, texts in (("car", CAR), ("guitar", GUITAR))
    ]
    return put_lines(tmp_path / "faq.jsonl", *lines)


def test_an_index_keeps_its_tuned_encoder_until_another_is_asked_for(faq, index, steps, monkeypatch):
    steps(2)

    def weights():
        return Chatbot.load(index).index.store.files["encoder-weights"].sha256

    plain = Chatbot.build(faq, index)
    first = weights()
    stages = []
    Chatbot.build(faq, index, tune=True, progress=lambda stage, *_: stages.append(stage))
    tuned = weights()
    assert tuned != first
    assert "tuning" in stages
    spec = Chatbot.load(index).index.manifest.encoder
    assert re.fullmatch("[0-9a-f]{32}", spec.tuned_on)
    assert spec.parity >= 0.9999
    reply = Chatbot.load(index).ask("my car will not start")
    assert (reply.id, plain.ask("my car will not start").id) == ("car", "car")

    # Asked for again with the same phrasings, and for an edit of an answer, there is nothing to tune.
    with monkeypatch.context() as patch:
        patch.setattr(export, "export", lambda *_: pytest.fail("brought the model in again"))
        assert build(faq, index, tune=True).encoded == 0
        faq.write_text(faq.read_text().replace("About the car.", "About your car."))
        assert build(faq, index).encoded == 1  # the answer, which is so short that it is matched, too
        assert weights() == tuned

    # The model by its name is the model as it comes.
    build(faq, index, model="sentence-transformers/all-MiniLM-L6-v2")
    assert weights() == first


def test_stopping_keeps_the_old_index(faq, index, steps):
    steps(4)
    Chatbot.build(faq, index)
    before = {path.name: path.read_bytes() for path in index.iterdir()}

    def stop(stage, done, total):
        if stage == "tuning" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(faq, index, tune=True, progress=stop)
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before
    assert Chatbot.load(index).ask("the string snapped").id == "guitar"
