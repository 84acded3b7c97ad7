"""The write path: corpus -> index. What did not change is kept; the rest is encoded, fitted and committed at once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chatbot import __version__, settings
from chatbot.arrays import StoredVectors
from chatbot.building.capacity import check_capacity
from chatbot.building.conditions import not_for
from chatbot.building.drift import changed_points, hardly_changed
from chatbot.building.embeddings import VECTORS, EmbeddingCache, text_key
from chatbot.building.matcher import MatcherMaker, kept_whole
from chatbot.building.plan import Plan, Request, given_spec
from chatbot.building.training_set import PointTexts, corpus_points
from chatbot.building.words import written
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import ADAPTER, folder_of
from chatbot.corpus.reader import read_corpus
from chatbot.encoding import export
from chatbot.encoding.adapter import fuse_adapter
from chatbot.encoding.encoder import Encoder
from chatbot.encoding.finetuning import tune as tune_model
from chatbot.encoding.spec import ENCODER_FILES, EncoderSpec
from chatbot.errors import IndexFolderError
from chatbot.index.index import Index, stored_encoder, topics_of
from chatbot.index.manifest import CorpusState, Counts, Manifest, MatcherSpec
from chatbot.index.store import Store, read_chosen_model
from chatbot.index.stored_entries import entry_to_json, sources_to_json
from chatbot.index.stored_figures import figure_to_json
from chatbot.index.stored_offers import offer_to_json
from chatbot.index.stored_rows import condition_to_json, part_to_json
from chatbot.index.strings import pack
from chatbot.index.writer import IndexWriter, tidy, writing
from chatbot.matching.conditions import Conditions
from chatbot.records import StageProgress
from chatbot.text.spelling import SpellingCorrector, english_words, vocabulary

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

    The model that was named last, tuned or not, stays until another is named, through `full` builds and the mending of
    an index that is damaged or has another format. Only where its manifest is damaged, too, nothing tells which model
    that was, and the default comes in.
    """
    started = time.perf_counter()
    request = Request(model, full, tune, encoder)
    if report := _up_to_date(request, corpus_path, index_path):
        tidy(index_path)
        return report
    corpus = read_corpus(corpus_path).checked()
    points = corpus_points(corpus)
    with writing(index_path) as writer:
        old = writer.old.manifest if writer.old else None
        plan = Plan.of(request, old, read_chosen_model(index_path), corpus, points)
        dimension = encoder.dimension if encoder else settings.MODEL_DIMENSION
        check_capacity(index_path, len(points.texts), dimension, exports=plan.model is not None)
        task = _Build(plan, corpus, points, writer, progress or (lambda *_: None))
        task.run()
    return BuildReport(
        len(corpus.entries), points.phrasings, task.encoded, task.kept, time.perf_counter() - started, changed=True
    )


def _up_to_date(request: Request, corpus_path: Path, index_path: Path) -> BuildReport | None:
    """The report of a build that has nothing to do, or None when there is something to do."""
    if request.full or request.tune or request.encoder:
        return None
    try:
        index = Index.open(index_path)
    except IndexFolderError:
        return None
    if (
        not request.is_met_by(index.manifest.encoder)
        or not index.built_from(corpus_path)
        or not corpus_path.exists()
        or index.stale
    ):
        return None
    counts = index.manifest.counts
    return BuildReport(counts.entries, counts.phrasings, 0, 0, 0.0, changed=False)


class _Build:
    """The steps of a plan. `encoded` and `kept` count texts, when it has run."""

    def __init__(
        self, plan: Plan, corpus: Corpus, points: PointTexts, writer: IndexWriter, progress: StageProgress
    ) -> None:
        self.plan = plan
        self.corpus = corpus
        self.points = points
        self.writer = writer
        self.progress = progress
        self.encoded = self.kept = 0

    @property
    def old(self) -> Store:
        """The index before, where the plan keeps something of it."""
        if self.writer.old is None:
            raise ValueError("there is no index to keep anything of")
        return self.writer.old

    def run(self) -> None:
        open_encoder, spec = self._encoder()
        old = self.old if self.plan.keep_vectors else None
        embeddings = EmbeddingCache(self.writer, old, open_encoder, spec, self.progress)
        corrector = self._write_words()
        vectors = embeddings.vectors(VECTORS, "phrasings", self.points.texts)
        matcher = self._matcher(spec, vectors, corrector, embeddings)
        self.encoded += embeddings.encoded
        self.kept += embeddings.kept
        self._write_entries()
        self.writer.commit(self._manifest(spec, matcher))

    def _encoder(self) -> tuple[Callable[[], Encoder], EncoderSpec]:
        """What opens the encoder, and what is known of it."""
        given = self.plan.given
        if given:
            return lambda: given, given_spec(given)
        if self.plan.model:
            return self._exported_encoder(self.plan.model)
        for name in ENCODER_FILES:
            self.writer.keep(name)
        return partial(stored_encoder, self.old), self.old.manifest.encoder

    def _exported_encoder(self, model: str) -> tuple[Callable[[], Encoder], EncoderSpec]:
        self.progress("model", 0, 1)
        phrasings = self.points.texts[: self.points.phrasings]
        sample = phrasings[:: max(1, len(phrasings) // _PARITY_SAMPLE)][:_PARITY_SAMPLE]
        adapt = self._adapt if self.plan.adapter or self.plan.tuned_on else None
        exported = export.export(model, self.writer.scratch, sample, adapt)
        self.progress("model", 1, 1)
        files = (exported.graph, exported.weights, exported.tokenizer)
        graph, _, tokenizer = map(self.writer.put_file, ENCODER_FILES, files)
        spec = replace(exported.spec, adapter=self.plan.adapter, tuned_on=self.plan.tuned_on)
        return partial(spec.open, graph, tokenizer), spec

    def _adapt(self, model: Any) -> None:
        """Change a sentence-transformers model as the plan says, before it is exported."""
        if self.plan.adapter:
            fuse_adapter(model, folder_of(self.corpus.root) / ADAPTER)
        if self.plan.tuned_on:
            entries = [entry.phrasings for entry in self.corpus.entries]
            tune_model(model, entries, partial(self.progress, "tuning"))

    def _matcher(
        self, spec: EncoderSpec, vectors: StoredVectors, corrector: SpellingCorrector, embeddings: EmbeddingCache
    ) -> MatcherSpec:
        """The old matcher, or one with its calibration where that holds, or one that is calibrated anew."""
        if self.plan.keep_matcher:
            matcher, kept = kept_whole(self.old, self.writer)
            self.kept += kept
            return matcher
        maker = MatcherMaker(self.plan, self.corpus, self.points, vectors, embeddings, self.writer)
        if self.plan.may_keep_calibration:
            ids = [entry.id for entry in self.corpus.entries]
            before = self.old.manifest.matcher.calibration.changed
            changed = before + changed_points(self.old, self.points, ids)
            if hardly_changed(changed, self.points):
                matcher, kept = maker.as_calibrated(self.old, changed)
                self.kept += kept
                return matcher
        tuned = bool(spec.tuned_on or spec.adapter)
        return maker.recalibrated(corrector, tuned=tuned, progress=self.progress)

    def _write_entries(self) -> None:
        finder = Conditions(self.corpus.conditions.rows)
        entries = [replace(entry, not_for=not_for(entry, finder)) for entry in self.corpus.entries]
        self._write_table("conditions", [condition_to_json(condition) for condition in self.corpus.conditions.rows])
        drawings = [self.corpus.drawings[name] for name in sorted(self.corpus.drawings)]
        self._write_table("figures", [figure_to_json(drawing.figure) for drawing in drawings])
        self._write_table("drawings", [drawing.svg for drawing in drawings])
        self._write_table("parts", [part_to_json(part) for part in self.corpus.parts])
        self._write_table("entries", [entry_to_json(entry) for entry in entries])
        self._write_table("sources", sources_to_json(self.corpus.sources))
        self._write_table("ids", [entry.id for entry in entries])
        self._write_table("offers", [offer_to_json(entry) for entry in entries])
        self._write_table("phrasings", self.points.texts[: self.points.phrasings])
        self.writer.put_array("point-entry", self.points.entry_of)
        self.writer.put_array("point-kinds", self.points.kinds)

    def _write_table(self, name: str, texts: Sequence[str]) -> None:
        data, offsets = pack(texts)
        self.writer.put_array(name, data)
        self.writer.put_array(f"{name}-offsets", offsets)

    def _write_words(self) -> SpellingCorrector:
        words, counts = vocabulary(*written(self.corpus.entries))
        self._write_table("words", words)
        self.writer.put_array("word-counts", np.array(counts, dtype=np.int64))
        if self.plan.keep_english_words:
            self.writer.keep("english-words")
            english = self.old.array("english-words")
        else:
            english = english_words()
            self.writer.put_array("english-words", english)
        return SpellingCorrector(words, np.array(counts, dtype=np.int64), english)

    def _manifest(self, spec: EncoderSpec, matcher: MatcherSpec) -> Manifest:
        corpus, entries = self.corpus, self.corpus.entries
        return Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={"chatbot": __version__, "numpy": np.__version__},
            corpus=CorpusState(str(corpus.root.absolute()), dict(sorted(corpus.files.items()))),
            encoder=spec,
            matcher=matcher,
            counts=Counts(len(entries), self.points.phrasings, sum(len(entry.answers) for entry in entries)),
            topics=tuple(topics_of(entries)),
            disclaimer=corpus.disclaimer,
            short_disclaimer=corpus.short_disclaimer,
            subject=corpus.subject,
            entries={entry.id: text_key(entry_to_json(entry)).hex() for entry in entries},
            files=dict(sorted(self.writer.files.items())),
        )
