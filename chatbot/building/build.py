"""The write path: corpus -> index. What did not change is kept; the rest is encoded, fitted and committed at once."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chatbot import __version__, settings
from chatbot.arrays import NONE, StoredVectors
from chatbot.building.capacity import check_capacity
from chatbot.building.embeddings import EmbeddingCache, text_key
from chatbot.building.fitting import fit
from chatbot.building.related import nearest_entries
from chatbot.building.training_set import BESIDE, PointTexts, TrainingSet, fingerprint, point_texts, training_set
from chatbot.corpus.reader import Corpus, read_corpus
from chatbot.encoding import export
from chatbot.encoding.encoder import Encoder, OnnxEncoder
from chatbot.encoding.finetuning import tune as tune_model
from chatbot.errors import IndexFolderError
from chatbot.index.index import Index, entry_to_json, stored_encoder, topics_of
from chatbot.index.store import IndexWriter, Store, tidy, writing
from chatbot.index.strings import pack
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.matcher import MATCHER_VERSION, Points
from chatbot.matching.neighbours import FLAT_UP_TO, NeighbourSearch, write_inverted_file
from chatbot.records import Entry, StageProgress
from chatbot.text.citations import drop_citations
from chatbot.text.spelling import SpellingCorrector, english_words, vocabulary

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
    tune: bool = False,
    encoder: Encoder | None = None,
    progress: StageProgress | None = None,
) -> BuildReport:
    """Bring the index in `index_path` up to date with the corpus, or leave it as it was.

    `model` names another encoder than the index has; `full` brings the model in and encodes everything again; `tune`
    tunes the model on the corpus's phrasings unless the index has it tuned on just these.
    `encoder` is used as it is instead of a model (then opening the index needs it too). `progress` is told
    (stage, done, total). Raises `CorpusError` with all problems, `EncoderError`, `IndexBusy` or `StorageError`;
    whichever it is, an index that was there stays and keeps answering.
    """
    started = time.perf_counter()
    if not full and not tune and encoder is None and (report := _up_to_date(corpus_path, index_path, model)):
        tidy(index_path)
        return report
    corpus = read_corpus(corpus_path).checked()
    with writing(index_path) as writer:
        task = _Build(corpus, writer, None if full else writer.old, progress or (lambda *_: None))
        task.run(model, encoder, tune)
    return BuildReport(
        len(corpus.entries), task.phrasings, task.encoded, task.kept, time.perf_counter() - started, changed=True
    )


def _up_to_date(corpus_path: Path, index_path: Path, model: str | None) -> BuildReport | None:
    """The report of a build that has nothing to do, or None when there is something to do."""
    try:
        index = Index.open(index_path)
    except IndexFolderError:
        return None
    if (
        not _has_encoder(index.store.about, model)
        or not index.built_from(corpus_path)
        or not corpus_path.exists()
        or index.stale
    ):
        return None
    return BuildReport(index.counts["entries"], index.counts["phrasings"], 0, 0, 0.0, changed=False)


def _has_encoder(about: dict[str, Any], model: str | None, tuned_on: str | None = None) -> bool:
    """Whether an index has the encoder that is asked for: any where nothing is, else that model, tuned on just this."""
    encoder = about["encoder"]
    nothing_asked_for = model is None and tuned_on is None
    return nothing_asked_for or (model in (None, encoder["model"]) and encoder.get("tuned_on") == tuned_on)


class _Build:
    def __init__(self, corpus: Corpus, writer: IndexWriter, old: Store | None, progress: StageProgress) -> None:
        self.corpus = corpus
        self.writer = writer
        self.old = old
        self.progress = progress
        self.encoded = self.kept = self.phrasings = 0

    def run(self, model: str | None, encoder: Encoder | None, tune: bool) -> None:
        entries = self.corpus.entries
        points = point_texts(entries)
        self.phrasings = points.phrasings
        check_capacity(
            self.writer.folder, len(points.texts), encoder.dimension if encoder else settings.MODEL_DIMENSION
        )
        if encoder is None:
            open_encoder, about_encoder = self._encoder(model, points.texts[: points.phrasings], tune)
        else:
            open_encoder = partial(lambda given: given, encoder)
            about_encoder = {"model": type(encoder).__name__, "dimension": encoder.dimension}
            self._forget_other_encoder(about_encoder)
        embeddings = EmbeddingCache(self.writer, self.old, open_encoder, about_encoder, self.progress)
        corrector = self._write_words(entries)
        vectors = embeddings.vectors("vectors", "phrasings", points.texts)
        fitted_on = fingerprint(self.corpus, points)
        parameters = self._kept_matcher(fitted_on)
        if parameters is None:
            tuned = "tuned_on" in about_encoder
            training = training_set(self.corpus, points, vectors, corrector, embeddings.vectors, tuned=tuned)
            parameters = {**self._fitted_matcher(training), "fitted_on": fitted_on}
        self.encoded += embeddings.encoded
        self.kept += embeddings.kept
        self._write_entries(entries, points)
        self.writer.commit(self._manifest(about_encoder, parameters))

    def _kept_matcher(self, fitted_on: str) -> dict[str, Any] | None:
        """What the manifest says of the old matcher, whose arrays are kept, when it was fitted on the same."""
        if not self.old or self.old.about["matcher"].get("fitted_on") != fitted_on:
            return None
        for name in self.old.files:
            if name.startswith(("matcher-", *BESIDE)):
                self.writer.keep(name)
        self.kept += sum(len(self.old.array(name)) for name in BESIDE)
        return dict(self.old.about["matcher"])

    def _fitted_matcher(self, training: TrainingSet) -> dict[str, Any]:
        """Fit a matcher and write its arrays. Returns what the manifest says of it."""
        entry_of, urgent = training.points.entry_of, training.urgent
        document_of = np.where(entry_of == NONE, len(urgent), entry_of)
        lexical = LexicalIndex.fit(training.points.texts, document_of, training.background.texts)
        search, about_search = self._search(training.vectors)
        points = Points(search, entry_of, training.points.phrasings, urgent, lexical, training.background.vectors)
        fitted = fit(points, training, partial(self.progress, "fitting"))
        related = nearest_entries(points, np.array([entry.kind == "answer" for entry in self.corpus.entries]))
        lexical_arrays = {f"lexical-{name}": array for name, array in lexical.arrays().items()}
        for name, array in {**fitted.arrays, **lexical_arrays, "urgent": urgent, "related": related}.items():
            self.writer.put_array(f"matcher-{name}", array)
        return {"method": MATCHER_VERSION, **fitted.parameters, "search": about_search}

    def _search(self, vectors: StoredVectors) -> tuple[NeighbourSearch, dict[str, Any]]:
        """The search among the points, with an inverted file where there are many, and what the manifest says of it."""
        if len(vectors) <= FLAT_UP_TO:
            return NeighbourSearch(vectors), {"kind": "flat", "probes": 0, "recall": 1.0}
        path = self.writer.scratch / "search.ivf"
        about = write_inverted_file(vectors, path)
        return NeighbourSearch(vectors, self.writer.put_file("matcher-search", path), about["probes"]), about

    def _encoder(
        self, model: str | None, phrasings: Sequence[str], tune: bool
    ) -> tuple[Callable[[], Encoder], dict[str, Any]]:
        """What opens the encoder: that of the old index where it is asked for, else the model exported anew."""
        entries = [entry.phrasings for entry in self.corpus.entries]
        # What tells whether tuning would come out as before.
        tuned_on = text_key(json.dumps(entries)).hex() if tune else None
        old_about = self.old.about["encoder"] if self.old else {}
        if self.old and export.GRAPH in self.old.files and _has_encoder(self.old.about, model, tuned_on):
            for name in _ENCODER_FILES:
                self.writer.keep(name)
            return partial(stored_encoder, self.old), old_about
        self.progress("model", 0, 1)
        sample = phrasings[:: max(1, len(phrasings) // _PARITY_SAMPLE)][:_PARITY_SAMPLE]
        adapt = partial(tune_model, entries=entries, progress=partial(self.progress, "tuning")) if tune else None
        name = model or old_about.get("model") or settings.MODEL
        exported = export.export(name, self.writer.scratch, sample, adapt)
        self.progress("model", 1, 1)
        about = exported.about | ({"tuned_on": tuned_on} if tune else {})
        self._forget_other_encoder(about)
        graph, _, tokenizer = (
            self.writer.put_file(name, path)
            for name, path in zip(_ENCODER_FILES, (exported.graph, exported.weights, exported.tokenizer), strict=True)
        )
        files = (graph, tokenizer, about["dimension"], about["max_tokens"], about["prompt"])
        return partial(OnnxEncoder, *files), about

    def _forget_other_encoder(self, about: dict[str, Any]) -> None:
        """Vectors of another encoder cannot be kept."""
        if self.old and self.old.about["encoder"] != about:
            self.old = None

    def _write_entries(self, entries: Sequence[Entry], points: PointTexts) -> None:
        for name, texts in (
            ("entries", [entry_to_json(entry) for entry in entries]),
            ("ids", [entry.id for entry in entries]),
            ("phrasings", points.texts[: points.phrasings]),
        ):
            self._write_table(name, texts)
        self.writer.put_array("point-entry", points.entry_of)

    def _write_table(self, name: str, texts: Sequence[str]) -> None:
        data, offsets = pack(texts)
        self.writer.put_array(name, data)
        self.writer.put_array(f"{name}-offsets", offsets)

    def _write_words(self, entries: Sequence[Entry]) -> SpellingCorrector:
        reviewed = [
            text
            for entry in entries
            for text in (entry.question, *(drop_citations(each.text) for each in entry.answers))
        ]
        typed = [text for entry in entries for text in (*entry.alternate_questions, *entry.look_alikes)]
        words, counts = vocabulary(reviewed, typed)
        self._write_table("words", words)
        self.writer.put_array("word-counts", np.array(counts, dtype=np.int64))
        if self.old and "english-words" in self.old.files and self.old.about["matcher"]["method"] == MATCHER_VERSION:
            self.writer.keep("english-words")
            english = self.old.array("english-words")
        else:
            english = english_words()
            self.writer.put_array("english-words", english)
        return SpellingCorrector(words, np.array(counts, dtype=np.int64), english)

    def _manifest(self, encoder: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
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
            "counts": {
                "entries": len(corpus.entries),
                "phrasings": self.phrasings,
                "answers": sum(len(entry.answers) for entry in corpus.entries),
            },
            "matcher": parameters,
            "topics": topics_of(corpus.entries),
            "disclaimer": corpus.disclaimer,
            "subject": corpus.subject,
            "cited": sorted({cited.id for entry in corpus.entries for each in entry.answers for cited in each.sources}),
            "sources": [asdict(source) for source in corpus.sources.values()],
            "entries": {entry.id: text_key(entry_to_json(entry)).hex() for entry in corpus.entries},
        }
