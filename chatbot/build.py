"""The write path: corpus -> index. What did not change is kept; the rest is encoded, fitted and committed at once."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import __version__, export, settings
from chatbot.corpus import Corpus, read_corpus
from chatbot.encoder import Encoder, OnnxEncoder, Vectors
from chatbot.errors import IndexFolderError
from chatbot.fitting import TrainingSet, fit
from chatbot.index import Index, entry_to_json, stored_encoder, topics_of
from chatbot.records import Entry
from chatbot.sentences import sentences
from chatbot.spelling import english_words, vocabulary
from chatbot.store import IndexWriter, Store, writing
from chatbot.tables import pack
from chatbot.text import plain

Progress = Callable[[str, int, int], None]
_ENCODER_FILES = (export.GRAPH, export.WEIGHTS, export.TOKENIZER)
_PARITY_SAMPLE = 64


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: the size of the index, and how many texts were encoded or kept from before."""

    entries: int
    phrasings: int
    encoded: int
    kept: int
    seconds: float
    changed: bool

    def __str__(self) -> str:
        if not self.changed:
            return f"Up to date: {self.entries:,} entries, {self.phrasings:,} phrasings."
        return (
            f"Built the index: {self.entries:,} entries, {self.phrasings:,} phrasings;"
            f" encoded {self.encoded:,} texts, kept {self.kept:,} ({self.seconds:.1f} s)."
        )


def build(
    corpus_path: Path,
    index_path: Path,
    *,
    model: str | None = None,
    full: bool = False,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index in `index_path` up to date with the corpus, or leave it as it was.

    `model` names another encoder than the index has; `full` brings the model in and encodes everything again.
    `encoder` is used as it is instead of a model (then opening the index needs it too). `progress` is told
    (stage, done, total). Raises `CorpusError` with all problems, `EncoderError`, `IndexBusy` or `StorageError`;
    whichever it is, an index that was there stays and keeps answering.
    """
    started = time.perf_counter()
    if not full and encoder is None and (report := _up_to_date(corpus_path, index_path, model)):
        return report
    corpus = read_corpus(corpus_path).checked()
    with writing(index_path) as writer:
        task = _Build(corpus, writer, None if full else writer.old, progress or (lambda *_: None))
        task.run(model, encoder)
    return BuildReport(
        len(corpus.entries), task.phrasings, task.encoded, task.kept, time.perf_counter() - started, changed=True
    )


def _up_to_date(corpus_path: Path, index_path: Path, model: str | None) -> BuildReport | None:
    """The report of a build that has nothing to do, or None when there is something to do."""
    try:
        index = Index.open(index_path)
    except IndexFolderError:
        return None
    same_model = model in (None, index.store.about["encoder"]["model"])
    if not same_model or not index.built_from(corpus_path) or not corpus_path.exists() or index.stale:
        return None
    return BuildReport(index.counts["entries"], index.counts["phrasings"], 0, 0, 0.0, changed=False)


class _Build:
    def __init__(self, corpus: Corpus, writer: IndexWriter, old: Store | None, progress: Progress) -> None:
        self.corpus = corpus
        self.writer = writer
        self.old = old
        self.progress = progress
        self.encoded = self.kept = self.phrasings = 0

    def run(self, model: str | None, encoder: Encoder | None) -> None:
        entries = self.corpus.entries
        phrasings = [phrasing for entry in entries for phrasing in entry.phrasings]
        self.phrasings = len(phrasings)
        if encoder is None:
            encoder, about_encoder = self._encoder(model, phrasings)
        else:
            about_encoder = {"model": type(encoder).__name__, "dimension": encoder.dimension}
            self._forget_other_encoder(about_encoder)
        training = self._training(entries, phrasings, encoder)
        parameters = self._fit(training)
        self._write_entries(entries, phrasings, training.entry_of)
        self._write_spelling(entries, training.answer_texts)
        self.writer.commit(self._manifest(about_encoder, len(training.answer_texts), parameters))

    def _training(self, entries: Sequence[Entry], phrasings: Sequence[str], encoder: Encoder) -> TrainingSet:
        answers = [plain(answer.text) for entry in entries for answer in entry.answers]
        look_alikes = [text for entry in entries for text in entry.look_alikes]
        fragments = _fragments(entries)
        background = settings.background_path().read_text(encoding="utf-8").splitlines()
        return TrainingSet(
            texts=phrasings,
            vectors=self._vectors("vectors", "phrasings", phrasings, encoder),
            entry_of=_owners(entries, lambda entry: len(entry.phrasings)),
            answer_texts=answers,
            answer_vectors=self._vectors("answer-vectors", "answers", answers, encoder),
            answer_entry_of=_owners(entries, lambda entry: len(entry.answers)),
            look_alike_texts=look_alikes,
            look_alike_vectors=self._vectors("look-alike-vectors", "phrasings", look_alikes, encoder),
            fragment_texts=fragments,
            fragment_vectors=self._vectors("fragment-vectors", "phrasings", fragments, encoder),
            background_texts=background,
            background_vectors=self._vectors("background-vectors", "background", background, encoder),
            urgent=np.array([entry.kind == "urgent" for entry in entries]),
        )

    def _fit(self, training: TrainingSet) -> dict[str, Any]:
        """The fitted matcher's parameters; its arrays are written, or kept when what it is fitted on is the same."""
        fingerprint = training.fingerprint()
        if self.old and self.old.about["matcher"].get("fitted_on") == fingerprint:
            for name in self.old.files:
                if name.startswith("matcher-"):
                    self.writer.keep(name)
            return dict(self.old.about["matcher"])
        self.progress("fitting", 0, 1)
        fitted = fit(training)
        self.progress("fitting", 1, 1)
        for name, array in fitted.arrays.items():
            self.writer.put_array(f"matcher-{name}", array)
        return {**fitted.parameters, "fitted_on": fingerprint}

    def _encoder(self, model: str | None, phrasings: Sequence[str]) -> tuple[Encoder, dict[str, Any]]:
        """The encoder of the old index, or the model exported anew."""
        old_about = self.old.about["encoder"] if self.old else {}
        if self.old and export.GRAPH in self.old.files and model in (None, old_about["model"]):
            for name in _ENCODER_FILES:
                self.writer.keep(name)
            return stored_encoder(self.old), old_about
        self.progress("model", 0, 1)
        sample = phrasings[:: max(1, len(phrasings) // _PARITY_SAMPLE)][:_PARITY_SAMPLE]
        exported = export.export(model or old_about.get("model") or settings.MODEL, self.writer.scratch, sample)
        self.progress("model", 1, 1)
        self._forget_other_encoder(exported.about)
        graph, _, tokenizer = (
            self.writer.put_file(name, path)
            for name, path in zip(_ENCODER_FILES, (exported.graph, exported.weights, exported.tokenizer), strict=True)
        )
        about = exported.about
        return OnnxEncoder(graph, tokenizer, about["dimension"], about["max_tokens"], about["prompt"]), about

    def _forget_other_encoder(self, about: dict[str, Any]) -> None:
        """Vectors of another encoder cannot be kept."""
        if self.old and self.old.about["encoder"] != about:
            self.old = None

    def _vectors(self, name: str, stage: str, texts: Sequence[str], encoder: Encoder) -> Vectors:
        """The texts' vectors, those of texts that the old index has taken from there; written as array `name`."""
        keys = np.frombuffer(b"".join(map(_key, texts)), dtype="V16") if texts else np.empty(0, dtype="V16")
        vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
        known: dict[bytes, int] = {}
        if self.old and f"{name}-keys" in self.old.files:
            known = {key.tobytes(): row for row, key in enumerate(self.old.array(f"{name}-keys"))}
            old_vectors = self.old.array(name)
        missing = []
        for row, key in enumerate(keys):
            if (old_row := known.get(key.tobytes())) is None:
                missing.append(row)
            else:
                vectors[row] = old_vectors[old_row]
        if missing:
            wanted = [texts[row] for row in missing]
            vectors[missing] = encoder.encode(wanted, lambda done, total: self.progress(stage, done, total))
        self.encoded += len(missing)
        self.kept += len(texts) - len(missing)
        self.writer.put_array(name, vectors)
        self.writer.put_array(f"{name}-keys", keys)
        return vectors

    def _write_entries(self, entries: Sequence[Entry], phrasings: Sequence[str], entry_of: npt.NDArray[Any]) -> None:
        for name, texts in (
            ("entries", [entry_to_json(entry) for entry in entries]),
            ("ids", [entry.id for entry in entries]),
            ("phrasings", phrasings),
        ):
            data, offsets = pack(texts)
            self.writer.put_array(name, data)
            self.writer.put_array(f"{name}-offsets", offsets)
        self.writer.put_array("phrasing-entry", entry_of)

    def _write_spelling(self, entries: Sequence[Entry], answers: Sequence[str]) -> None:
        reviewed = [*(entry.question for entry in entries), *answers]
        typed = [text for entry in entries for text in (*entry.alternate_questions, *entry.look_alikes)]
        words, counts = vocabulary(reviewed, typed)
        data, offsets = pack(words)
        self.writer.put_array("words", data)
        self.writer.put_array("words-offsets", offsets)
        self.writer.put_array("word-counts", np.array(counts, dtype=np.int64))
        if self.old and "english-words" in self.old.files:
            self.writer.keep("english-words")
        else:
            self.writer.put_array("english-words", english_words())

    def _manifest(self, encoder: dict[str, Any], answers: int, parameters: dict[str, Any]) -> dict[str, Any]:
        corpus = self.corpus
        files = {name: [state.size, state.mtime, state.sha256] for name, state in sorted(corpus.files.items())}
        fingerprint = hashlib.sha256(
            "".join(f"{name}\0{state[2]}\0" for name, state in files.items()).encode("utf-8", "surrogateescape")
        )
        return {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": {"chatbot": __version__, "numpy": np.__version__},
            "encoder": encoder,
            "corpus": {"path": str(corpus.root.absolute()), "fingerprint": fingerprint.hexdigest(), "files": files},
            "counts": {"entries": len(corpus.entries), "phrasings": self.phrasings, "answers": answers},
            "matcher": parameters,
            "topics": topics_of(corpus.entries),
            "disclaimer": corpus.disclaimer,
            "cited": sorted({cited.id for entry in corpus.entries for each in entry.answers for cited in each.sources}),
            "sources": [asdict(source) for source in corpus.sources.values()],
            "entries": {entry.id: _key(entry_to_json(entry)).hex() for entry in corpus.entries},
        }


def _key(text: str) -> bytes:
    """16 bytes that stand for `text`."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _fragments(entries: Sequence[Entry]) -> list[str]:
    """The sentences of harmless phrasings that have several."""
    harmless = (text for entry in entries if entry.kind != "urgent" for text in entry.phrasings)
    split = (sentences(text) for text in harmless)
    return list(dict.fromkeys(part for parts in split if len(parts) > 1 for part in parts))


def _owners(entries: Sequence[Entry], count: Callable[[Entry], int]) -> npt.NDArray[np.int32]:
    """The row of the owning entry of each of its things, when each entry has `count(entry)` of them."""
    return np.repeat(np.arange(len(entries), dtype=np.int32), [count(entry) for entry in entries])
