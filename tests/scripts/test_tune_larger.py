"""What tuning a larger model changes, with a model of two layers instead of the real one."""

import torch

from scripts import tune_larger
from scripts.teaching.low_rank import encode
from scripts.tune_larger import tune
from tests.scripts.tiny import DIMENSION, Tiny, corpus_of_ways


def test_only_the_upper_blocks_are_tuned_and_nothing_is_left_beside_them(monkeypatch):
    monkeypatch.setattr(tune_larger, "_FIRST_BLOCK", 1)
    model, before = Tiny(), Tiny()
    for each in (model, before):
        each.encoder.layer.append(torch.nn.Linear(DIMENSION, DIMENSION, bias=False))
        each.encoder.layer[1].weight.data.copy_(torch.eye(DIMENSION))
    tune(model, corpus_of_ways(), 3)
    assert list(model.state_dict()) == list(before.state_dict())
    changed = {
        name for name, weights in model.state_dict().items() if not torch.equal(weights, before.state_dict()[name])
    }
    assert changed == {"encoder.layer.1.weight"}
    assert model.max_seq_length == before.max_seq_length
    assert not torch.allclose(encode(model, ["question 3"]), encode(before, ["question 3"]), atol=1e-4)
