"""The manifest: what was written is read, and what does not fit is refused, told with its place."""

import hashlib
import json
import math
from dataclasses import fields, replace
from pathlib import Path

import pytest

from chatbot.corpus.file_states import FileState
from chatbot.encoding.spec import ENCODER_FILES, EncoderSpec
from chatbot.errors import IndexDamaged, IndexIncompatible
from chatbot.index.index import Index
from chatbot.index.manifest import (
    Calibration,
    ChosenModel,
    CorpusState,
    Counts,
    Manifest,
    MatcherSpec,
    SearchSpec,
    StoredFile,
    Thresholds,
    chosen_model,
    from_json,
    to_json,
)
from chatbot.index.store import open_store
from tests.builders import put
from tests.conftest import rewrite_manifest
from tests.fakes import manifest
from tests.index.numbered import commit, number_in

MEND = "build the index again in full"


def test_every_byte_of_the_manifest_flipped_or_cut(folder):
    path = folder / "manifest.json"
    data = path.read_bytes()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        for changed in (bytes(flipped), data[:place]):
            put(path, changed)
            with pytest.raises((IndexDamaged, IndexIncompatible)) as caught:
                open_store(folder)
            assert str(path) in str(caught.value)
            assert str(caught.value).endswith(MEND)
    put(path, data)
    assert number_in(folder) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"[" * 100_000,
        b'{"format": 6}',
        b'{"format": 6, "checksum": "x"}',
    ],
)
def test_a_manifest_that_is_none(folder, content):
    put(folder / "manifest.json", content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json (is not a manifest|has been changed or cut); build"):
        open_store(folder)


@pytest.mark.parametrize("number", [2, 3, 0, "3", None, 2.5, []])
def test_another_format(folder, number):
    rewrite_manifest(folder, lambda content: content.update(format=number))
    with pytest.raises(IndexIncompatible) as caught:
        open_store(folder)
    assert str(caught.value) == f"{folder / 'manifest.json'} has format {number!r}, this version reads 6; {MEND}"


@pytest.mark.parametrize(
    "name",
    [
        "../text-0123456789abcdef.txt",
        "/etc/passwd",
        "manifest.json",
        "a/text-0123456789abcdef.txt",
        "text-0123456789abcdef.txt\n",
        "",
    ],
)
def test_a_path_that_leaves_the_folder(folder, name):
    rewrite_manifest(folder, lambda content: content["files"]["text"].update(file=name))
    with pytest.raises(IndexDamaged, match="names a file outside the index") as caught:
        open_store(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "record", [None, [], "x", {}, {"file": "x"}, {"file": 5, "sha256": "x", "size": 1, "mtime": 1, "ctime": 1}]
)
def test_a_file_record_that_is_none(folder, record):
    rewrite_manifest(folder, lambda content: content["files"].update(text=record))
    with pytest.raises(IndexDamaged, match=r"manifest\.json is not a manifest"):
        open_store(folder)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("size", 5, "has 8 bytes instead of 5"),
        ("size", "8", "files.text.size is '8', not a whole number"),
        ("sha256", "0" * 64, "has been changed"),
        ("sha256", 5, "files.text.sha256 is 5, not a text"),
    ],
)
def test_a_file_record_that_lies(folder, field, value, message):
    rewrite_manifest(folder, lambda content: content["files"]["text"].update({field: value}))
    with pytest.raises(IndexDamaged, match=message):
        open_store(folder)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "é 🤸"])
def test_any_text_can_stand_in_the_manifest(folder, text):
    commit(folder, 1, disclaimer=text)
    assert open_store(folder).manifest.disclaimer == text
    json.loads((folder / "manifest.json").read_bytes())


ENCODER = {name: StoredFile(f"{name}-0123456789abcdef.bin", "", 1, 2, 3) for name in ENCODER_FILES}
FULL = manifest(
    {"text": StoredFile("text-0123456789abcdef.txt", "0123456789abcdef", 1, 2, 3)},
    versions={"chatbot": "1"},
    corpus=CorpusState("/corpus", {"hips/a.md": FileState(4, 5, "aa"), "caf\udce9/b.md": FileState(6, 7, "bb")}),
    encoder=EncoderSpec("words", 4, parity=0.5),
    matcher=MatcherSpec(
        1,
        "x",
        Calibration("y", 7),
        {"w": (1.0, -2.5)},
        Thresholds(0.0, 1.0, 0.25, 0.125),
        SearchSpec("flat", 0, 1.0),
        {"n": 1.0},
    ),
    counts=Counts(2, 3, 4),
    topics=("hips",),
    subject="stretching",
    entries={"a": "00", "b": "11"},
)


def test_what_is_written_is_read():
    assert from_json(to_json(FULL).encode(), Path("manifest.json")) == FULL


def test_what_is_written():
    content = json.loads(to_json(FULL))
    assert list(content) == ["format", *(field.name for field in fields(Manifest)), "checksum"]
    assert content["format"] == 6
    assert content["corpus"]["files"]["hips/a.md"] == {"size": 4, "mtime": 5, "sha256": "aa"}
    assert content["matcher"]["thresholds"] == {"answer": 0.0, "clarify": 1.0, "urgent": 0.25, "caution": 0.125}
    assert content["encoder"]["tuned_on"] == ""
    # The SHA-256 of the rest, with its names sorted and nothing between.
    rest = json.dumps({name: content[name] for name in content if name != "checksum"}, sort_keys=True)
    compact = rest.replace('": ', '":').replace(", ", ",").replace("caf\\udce9", "caf\udce9")
    assert content["checksum"] == hashlib.sha256(compact.encode("utf-8", "surrogatepass")).hexdigest()


def put_value(path, value):
    """A change of the manifest: the value at `path`, or none there when `value` is `KeyError`."""

    def change(content):
        for key in path[:-1]:
            content = content[key]
        if value is KeyError:
            del content[path[-1]]
        else:
            content[path[-1]] = value

    return change


FILE = "urgent/leg-clot.md"


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("corpus",), KeyError, "corpus is missing"),
        (("corpus", "path"), 5, "corpus.path is 5, not a text"),
        (("corpus", "files", FILE), None, f"corpus.files.{FILE} is None, not an object"),
        (("corpus", "files", FILE), {"size": 5, "sha256": ""}, f"corpus.files.{FILE}.mtime is missing"),
        (("corpus", "files", FILE, "size"), "x", f"corpus.files.{FILE}.size is 'x', not a whole number"),
        (("corpus", "files", "a\nb"), 1, r"corpus.files.a\nb is 1, not an object"),
        (("counts", "answers"), 12.0, "counts.answers is 12.0, not a whole number"),
        (("counts", "entries"), True, "counts.entries is True, not a whole number"),
        (("counts", "entries"), 0, "counts has no entries"),
        (("encoder", "max_tokens"), 0.5, "encoder.max_tokens is 0.5, not a whole number"),
        (("encoder", "max_tokens"), 0, "it names other files of an encoder than its encoder has"),
        (("encoder", "max_tokens"), KeyError, "encoder.max_tokens is missing"),
        (("encoder", "prompt"), None, "encoder.prompt is None, not a text"),
        (("encoder", "prompt"), KeyError, "encoder.prompt is missing"),
        (("encoder", "parity"), "1", "encoder.parity is '1', not a number"),
        (("files", "encoder-weights"), KeyError, "it names other files of an encoder than its encoder has"),
        (("matcher", "weights", "top1_correct", 0), "x", "matcher.weights.top1_correct.0 is 'x', not a number"),
        (("matcher", "weights", "in_scope", 0), math.inf, "matcher.weights.in_scope.0 is inf, not a number"),
        (("matcher", "weights", "in_scope", 0), math.nan, "matcher.weights.in_scope.0 is nan, not a number"),
        (("matcher", "weights", "in_scope", 0), 10**400, f"matcher.weights.in_scope.0 is 1{'0' * 39}, not a number"),
        (("matcher", "weights", "caution", 1), None, "matcher.weights.caution.1 is None, not a number"),
        (("matcher", "weights", "caution"), [1, 2.5], "matcher has weights of another size than its signals"),
        (("matcher", "weights", "urgent"), KeyError, "matcher has weights of another size than its signals"),
        (("matcher", "weights", "follow_ups"), KeyError, "matcher has weights of another size than its signals"),
        (("matcher", "weights", "follow_ups"), [0.5] * 38, "matcher has weights of another size than its signals"),
        (("matcher", "weights", "follow_ups"), [0.5] * 40, "matcher has weights of another size than its signals"),
        (("matcher", "weights", "follow_ups", 0), "x", "matcher.weights.follow_ups.0 is 'x', not a number"),
        (("matcher", "thresholds", "answer"), "0.5", "matcher.thresholds.answer is '0.5', not a number"),
        (("matcher", "thresholds", "urgent"), True, "matcher.thresholds.urgent is True, not a number"),
        (("matcher", "thresholds", "caution"), KeyError, "matcher.thresholds.caution is missing"),
        (("matcher", "thresholds", "clarify"), 1.01, "matcher.thresholds are no probabilities"),
        (("matcher", "thresholds", "answer"), -0.01, "matcher.thresholds are no probabilities"),
        (("matcher", "search", "probes"), -1, "matcher.search reads nothing"),
        (("disclaimer",), " ", "it has no disclaimer"),
        (("subject",), 5, "subject is 5, not a text"),
        (("topics",), None, "topics is None, not a list"),
        (("topics", 1), 5, "topics.1 is 5, not a text"),
        (("files", "vectors", "siez"), 1, "files.vectors.siez is unknown"),
        (("files", "vectors", "size"), None, "files.vectors.size is None, not a whole number"),
    ],
    ids=str,
)
def test_a_value_that_lies(index, path, value, what):
    rewrite_manifest(index, put_value(path, value))
    with pytest.raises(IndexDamaged) as caught:
        Index.open(index)
    assert str(caught.value) == f"{index / 'manifest.json'} is not a manifest ({what}); {MEND}"


def test_weights_of_another_version_are_not_looked_at(index):
    """So that its vectors may be kept. Opening the index to ask it is refused, see `test_index`."""

    def older(content):
        content["matcher"].update(version=0, weights={"other": [1.0]})

    rewrite_manifest(index, older)
    assert open_store(index).manifest.matcher.weights == {"other": (1.0,)}


def test_the_model_that_was_chosen():
    exported = replace(FULL, encoder=EncoderSpec("m", 4, max_tokens=9), files=ENCODER)
    tuned = replace(exported, encoder=replace(exported.encoder, tuned_on="x"))
    assert chosen_model(to_json(exported).encode()) == ChosenModel("m", tuned=False)
    assert chosen_model(to_json(tuned).encode()) == ChosenModel("m", tuned=True)
    assert chosen_model(to_json(FULL).encode()) is None  # an object of a program, which has no name to bring it in by


def test_the_model_that_was_chosen_for_an_index_of_another_format(index):
    def other(content):
        content.update(format=99, files=None)
        content["encoder"] = {"model": "m", "max_tokens": 9}

    rewrite_manifest(index, other)
    assert chosen_model((index / "manifest.json").read_bytes()) == ChosenModel("m", tuned=False)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{}", b"[" * 100_000, b'{"encoder": 5}'])
def test_what_is_no_manifest_names_no_model(content):
    assert chosen_model(content) is None


def test_a_damaged_manifest_names_no_model(index):
    data = (index / "manifest.json").read_bytes()
    assert chosen_model(data) == ChosenModel("sentence-transformers/all-MiniLM-L6-v2", tuned=False)
    assert chosen_model(data.replace(b"all-MiniLM-L6-v2", b"all-MiniLM-L6-v3")) is None
