"""The adapter: low-rank changes added to a model's weights, and a file that is not the right one refused."""

import re
from hashlib import sha256

import pytest
import torch
from safetensors.torch import load_file

from chatbot import settings
from chatbot.encoding import export
from chatbot.encoding.adapter import fuse_adapter, save_adapter
from chatbot.errors import EncoderError


class Tiny(torch.nn.Module):
    """Two layers, one inside of another module, with weights that are easy to add to."""

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 2)
        self.block = torch.nn.Sequential(torch.nn.Linear(2, 2))
        with torch.no_grad():
            for weights in self.parameters():
                weights.fill_(1)


FIRST = {"first.down": torch.tensor([[1.0, 2.0, 3.0]]), "first.up": torch.tensor([[1.0], [10.0]])}
BLOCK = {"block.0.down": torch.eye(2), "block.0.up": torch.tensor([[0.0, 1.0], [0.5, 0.0]])}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "adapter_path", lambda: tmp_path / "adapter.safetensors")
    return tmp_path / "adapter.safetensors"


@pytest.fixture
def adapter(path, monkeypatch):
    """An adapter for `Tiny`, and its hash in the settings."""
    save_adapter({**FIRST, **BLOCK}, path)
    digest = sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(settings, "ADAPTER_SHA256", digest)
    return digest


def weights_of(model):
    return {name: weights.tolist() for name, weights in model.named_parameters()}


def test_up_times_down_is_added_to_each_layer_s_weight(adapter):
    model = Tiny()
    assert fuse_adapter(model) == adapter
    assert weights_of(model) == {
        "first.weight": [[1 + 1, 1 + 2, 1 + 3], [1 + 10, 1 + 20, 1 + 30]],
        "first.bias": [1, 1],
        "block.0.weight": [[1, 1 + 1], [1 + 0.5, 1]],
        "block.0.bias": [1, 1],
    }
    assert all(weights.requires_grad for weights in model.parameters())


def test_a_layer_that_the_adapter_does_not_name_stays(path, monkeypatch):
    save_adapter(BLOCK, path)
    monkeypatch.setattr(settings, "ADAPTER_SHA256", sha256(path.read_bytes()).hexdigest())
    model = Tiny()
    fuse_adapter(model)
    assert weights_of(model)["first.weight"] == [[1, 1, 1], [1, 1, 1]]
    assert weights_of(model)["block.0.weight"] == [[1, 2], [1.5, 1]]


def test_it_is_kept_in_16_bits_and_added_in_32(path, monkeypatch):
    # A third in 16 bits is 0.333251953125; its square in 32 bits is 0.1110568642616272.
    third = torch.full((1, 1), 1 / 3, requires_grad=True)
    save_adapter({"0.down": third, "0.up": third.expand(2, 1)}, path)
    kept = load_file(path)
    assert {name: (each.dtype, tuple(each.shape)) for name, each in kept.items()} == {
        "0.down": (torch.float16, (1, 1)),
        "0.up": (torch.float16, (2, 1)),
    }
    monkeypatch.setattr(settings, "ADAPTER_SHA256", sha256(path.read_bytes()).hexdigest())
    model = torch.nn.Sequential(torch.nn.Linear(1, 2))
    torch.nn.init.zeros_(model[0].weight)
    fuse_adapter(model)
    assert model[0].weight.flatten().tolist() == pytest.approx([0.333251953125**2] * 2, abs=1e-8)


def test_a_file_with_another_hash_is_refused(adapter, path, monkeypatch):
    monkeypatch.setattr(settings, "ADAPTER_SHA256", "0" * 64)
    model = Tiny()
    with pytest.raises(EncoderError) as caught:
        fuse_adapter(model)
    assert str(caught.value) == (
        f"{path} has the SHA-256 {adapter}, not {'0' * 64}; run `pip install --force-reinstall flexibility-chatbot`"
    )
    assert weights_of(model) == weights_of(Tiny())


def test_a_missing_file_is_refused(path, monkeypatch):
    monkeypatch.setattr(settings, "ADAPTER_SHA256", "0" * 64)
    with pytest.raises(EncoderError) as caught:
        fuse_adapter(Tiny())
    assert str(caught.value) == f"{path} is missing; run `pip install --force-reinstall flexibility-chatbot`"


# With the default model.

LAYER = "0.model.encoder.layer.0.attention.self.query"


@pytest.fixture
def of_default(path, monkeypatch):
    """An adapter that adds 1 to one weight of the default model."""
    down, up = torch.zeros(1, 384), torch.zeros(384, 1)
    down[0, 5] = up[7, 0] = 1
    save_adapter({f"{LAYER}.down": down, f"{LAYER}.up": up}, path)
    monkeypatch.setattr(settings, "ADAPTER_SHA256", sha256(path.read_bytes()).hexdigest())


def query_weights(model):
    return model.get_submodule(LAYER).weight.detach().clone()


def test_the_default_model_is_brought_in_with_its_adapter(of_default):
    model, spec = export._load(settings.MODEL)
    assert spec.adapter == settings.ADAPTER_SHA256
    change = query_weights(model) - query_weights(export.load_default_model())
    assert (change[7, 5].item(), change.abs().sum().item()) == (pytest.approx(1), pytest.approx(1))


def test_another_model_has_none(of_default):
    model, spec = export._load(str(export._packaged_weights()))
    assert spec.adapter == ""
    assert torch.equal(query_weights(model), query_weights(export.load_default_model()))


def test_a_model_whose_adapter_is_refused_leaves_no_export(of_default, path, tmp_path, monkeypatch):
    path.unlink()
    (tmp_path / "scratch").mkdir()
    with pytest.raises(EncoderError, match=re.escape(f"{path} is missing")):
        export.export(settings.MODEL, tmp_path / "scratch")
    assert list((tmp_path / "scratch").iterdir()) == []
