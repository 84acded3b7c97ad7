"""The adapter: low-rank changes added to a model's weights, and a file that is not the right one refused."""

import pytest
import torch
from safetensors.torch import load_file

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
def path(tmp_path):
    return tmp_path / "adapter.safetensors"


def weights_of(model):
    return {name: weights.tolist() for name, weights in model.named_parameters()}


def test_up_times_down_is_added_to_each_layer_s_weight(path):
    save_adapter({**FIRST, **BLOCK}, path)
    model = Tiny()
    fuse_adapter(model, path)
    assert weights_of(model) == {
        "first.weight": [[1 + 1, 1 + 2, 1 + 3], [1 + 10, 1 + 20, 1 + 30]],
        "first.bias": [1, 1],
        "block.0.weight": [[1, 1 + 1], [1 + 0.5, 1]],
        "block.0.bias": [1, 1],
    }
    assert all(weights.requires_grad for weights in model.parameters())


def test_a_layer_that_the_adapter_does_not_name_stays(path):
    save_adapter(BLOCK, path)
    model = Tiny()
    fuse_adapter(model, path)
    assert weights_of(model)["first.weight"] == [[1, 1, 1], [1, 1, 1]]
    assert weights_of(model)["block.0.weight"] == [[1, 2], [1.5, 1]]


def test_it_is_kept_in_16_bits_and_added_in_32(path):
    # A third in 16 bits is 0.333251953125; its square in 32 bits is 0.1110568642616272.
    third = torch.full((1, 1), 1 / 3, requires_grad=True)
    save_adapter({"0.down": third, "0.up": third.expand(2, 1)}, path)
    kept = load_file(path)
    assert {name: (each.dtype, tuple(each.shape)) for name, each in kept.items()} == {
        "0.down": (torch.float16, (1, 1)),
        "0.up": (torch.float16, (2, 1)),
    }
    model = torch.nn.Sequential(torch.nn.Linear(1, 2))
    torch.nn.init.zeros_(model[0].weight)
    fuse_adapter(model, path)
    assert model[0].weight.flatten().tolist() == pytest.approx([0.333251953125**2] * 2, abs=1e-8)


@pytest.mark.parametrize("layer", ["second", "block", "block.0"])
def test_an_adapter_of_another_model_is_refused(path, layer):
    save_adapter({f"{layer}.down": torch.ones(1, 3), f"{layer}.up": torch.ones(2, 1)}, path)
    with pytest.raises(EncoderError) as caught:
        fuse_adapter(Tiny(), path)
    assert str(caught.value).startswith(f"{path} is no adapter of sentence-transformers/all-MiniLM-L6-v2 (")
    assert str(caught.value).endswith("); make it anew, or remove it")


@pytest.mark.parametrize("content", [None, b"", b"no adapter at all"])
def test_a_file_that_is_none_is_refused(path, content):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EncoderError, match="is no adapter of"):
        fuse_adapter(Tiny(), path)
