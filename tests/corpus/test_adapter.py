"""The adapter beside a corpus: what the default encoder learnt for it, with its SHA-256 written down."""

from hashlib import sha256

import pytest

from chatbot.corpus.reader import read_corpus

ENTRY = "---\nquestion: Why are my calves tight?\n---\n## Physiotherapy\nThey work all day.\n"
DIGEST = sha256(b"learnt").hexdigest()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calves").mkdir()
    (tmp_path / "calves" / "tight.md").write_text(ENTRY)
    return tmp_path


def test_a_corpus_without(folder):
    assert read_corpus(folder).adapter == ""


def test_a_corpus_with(folder):
    (folder / "adapter.safetensors").write_bytes(b"learnt")
    (folder / "adapter.sha256").write_text(f"{DIGEST}\n")
    corpus = read_corpus(folder)
    assert (corpus.adapter, corpus.problems) == (DIGEST, ())
    assert {"adapter.safetensors", "adapter.sha256"} <= set(corpus.files)


@pytest.mark.parametrize(
    ("content", "written", "said"),
    [
        (
            b"learnt",
            None,
            "safetensors:1: no adapter.sha256 tells whether it is whole; bring that file back, or train the adapter"
            " anew",
        ),
        (
            None,
            DIGEST,
            "sha256:1: the adapter.safetensors that it belongs to is missing; bring it back, or remove this file",
        ),
        (
            b"learnt",
            "00",
            f"safetensors:1: its SHA-256 is {DIGEST}, but adapter.sha256 says 00; bring the right file back",
        ),
    ],
)
def test_what_does_not_fit_is_refused(folder, content, written, said):
    if content is not None:
        (folder / "adapter.safetensors").write_bytes(content)
    if written is not None:
        (folder / "adapter.sha256").write_text(written)
    (problem,) = read_corpus(folder).problems
    assert str(problem) == f"{folder}/adapter.{said}"
