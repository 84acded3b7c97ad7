"""Which corpus and which index go together."""

import json
from pathlib import Path

import pytest

from chatbot import settings
from chatbot.index.location import Location, locate

PACKAGED = settings.packaged_corpus_path()


@pytest.fixture
def own(tmp_path):
    """A corpus, and an index that says it was built from it, in a format of tomorrow."""
    corpus, index = tmp_path / "own.jsonl", tmp_path / "own-index"
    corpus.touch()
    index.mkdir()
    (index / "manifest.json").write_text(json.dumps({"format": 99, "corpus": {"path": str(corpus)}}))
    return corpus, index


def test_k03_without_a_word_the_packaged_corpus_and_its_index_are_meant():
    assert locate() == Location(PACKAGED, settings.index_path())


def test_k03_each_corpus_has_an_index_of_its_own(own, tmp_path, monkeypatch):
    corpus, _ = own
    cache = settings.index_path_of(corpus).parent
    assert cache == tmp_path / "cache" / "flexbot" / "indexes"
    assert locate(corpus) == Location(corpus, settings.index_path_of(corpus))
    assert settings.index_path_of(corpus).name.startswith("own-")
    assert settings.index_path_of(tmp_path / "other" / "own.jsonl") != settings.index_path_of(corpus)
    monkeypatch.chdir(tmp_path)
    for same in ("own.jsonl", "./own.jsonl", "other/../own.jsonl"):
        assert settings.index_path_of(Path(same)) == settings.index_path_of(corpus)
    monkeypatch.setenv("CHATBOT_CORPUS", str(corpus))
    assert locate() == locate(corpus)
    assert settings.index_path() == settings.index_path_of(corpus)


def test_k03_the_packaged_corpus_has_its_index_however_it_is_named(tmp_path, monkeypatch):
    usual = settings.index_path()
    (tmp_path / "link").symlink_to(PACKAGED)
    for name in (PACKAGED, tmp_path / "link", PACKAGED / ".." / PACKAGED.name):
        assert locate(name).index == usual
    monkeypatch.setattr(settings, "_CHECKOUT", tmp_path)  # as an installed copy
    assert locate(settings.packaged_corpus_path()).index == tmp_path / "cache" / "flexbot" / "index"


def test_k03_an_index_named_alone_goes_on_with_its_own_corpus(own, monkeypatch):
    corpus, index = own
    assert locate(index=index) == Location(corpus, index, chosen=False, expected=True)
    monkeypatch.setenv("CHATBOT_INDEX", str(index))
    assert locate() == Location(corpus, index, chosen=False)
    corpus.unlink()
    assert locate() == Location(PACKAGED, index, chosen=False)


@pytest.mark.parametrize("manifest", [None, b"", b"{", b"[]", b'{"corpus": {}}', b'{"corpus": {"path": 7}}'])
def test_k03_a_folder_that_tells_no_corpus_is_for_the_packaged_one(own, manifest):
    _, index = own
    (index / "manifest.json").unlink()
    if manifest is not None:
        (index / "manifest.json").write_bytes(manifest)
    assert locate(index=index) == Location(PACKAGED, index, expected=True)


def test_k03_both_named_in_a_call_or_in_the_environment_are_taken_as_they_are(own, tmp_path, monkeypatch):
    _, index = own
    other = tmp_path / "other.jsonl"
    assert locate(other, index) == Location(other, index)
    monkeypatch.setenv("CHATBOT_CORPUS", str(other))
    monkeypatch.setenv("CHATBOT_INDEX", str(index))
    assert locate() == Location(other, index)


def test_k03_a_corpus_named_in_a_call_takes_no_other_corpus_its_index(own, tmp_path, monkeypatch):
    corpus, index = own
    other = tmp_path / "other.jsonl"
    monkeypatch.setenv("CHATBOT_INDEX", str(index))
    assert locate(other) == Location(other, settings.index_path_of(other))
    assert locate(corpus) == Location(corpus, index)
    (index / "manifest.json").unlink()
    assert locate(other) == Location(other, index)
