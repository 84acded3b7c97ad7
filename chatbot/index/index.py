"""What an index holds, as objects: entries, phrasings, vectors, the fitted matcher's data and the encoder.

Everything is mapped from disk and read when it is needed, so that opening costs the same for any size.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot import settings
from chatbot.arrays import NONE, Rows
from chatbot.corpus.file_states import changed
from chatbot.encoding.encoder import Encoder
from chatbot.encoding.spec import GRAPH, TOKENIZER
from chatbot.errors import IndexDamaged, IndexIncompatible
from chatbot.index.consistency import inconsistencies
from chatbot.index.manifest import MEND, Manifest
from chatbot.index.store import LEXICAL, Store, open_store
from chatbot.index.stored_entries import StoredSources, entry_from_json
from chatbot.index.stored_figures import StoredFigures
from chatbot.index.stored_offers import offer_from_json
from chatbot.index.stored_rows import condition_from_json, part_from_json
from chatbot.index.stored_search import open_search
from chatbot.index.strings import StringTable
from chatbot.matching.all_clears import AllClears
from chatbot.matching.conditions import Conditions
from chatbot.matching.follow_ups import FOLLOW_UPS, FollowUps
from chatbot.matching.lexical import LexicalIndex, MappedFeatures
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import MATCHER_VERSION, Matcher
from chatbot.matching.points import Points
from chatbot.matching.scorer import Scorer
from chatbot.matching.screen import Screen
from chatbot.matching.turns import Turns
from chatbot.records import Entry, Kind, Part, RelatedQuestion, Thresholds
from chatbot.text.spelling import SpellingCorrector

_ENTRIES_KEPT = 512


class Index:
    """An opened index. Rows number the entries and the phrasings from 0; `phrasing_entry` joins the two."""

    def __init__(self, store: Store, encoder: Encoder | None = None, corpus: Path | None = None) -> None:
        self.store = store
        self._given_encoder = encoder
        self._check()
        self.corpus = corpus or Path(self.manifest.corpus.path)
        self.search = open_search(self.store)
        self._read_entry = lru_cache(_ENTRIES_KEPT)(lambda row: entry_from_json(self._entries[row], self._sources))
        self._read_offer = lru_cache(_ENTRIES_KEPT)(lambda row: offer_from_json(self._offers[row]))

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None, corpus: Path | None = None) -> "Index":
        """Open and verify the index in `folder`. See `store.open_store` for the errors.

        `corpus` is what `stale` compares it with, if not the corpus that it was built from.
        """
        return cls(open_store(folder), encoder, corpus)

    @property
    def folder(self) -> Path:
        return self.store.folder

    @property
    def where(self) -> str:
        """Where the index lies, for people."""
        return self.store.where

    @property
    def manifest(self) -> Manifest:
        return self.store.manifest

    @property
    def disclaimer(self) -> str:
        return self.manifest.disclaimer

    @property
    def short_disclaimer(self) -> str | None:
        """The short form of the disclaimer, if it has one."""
        return self.manifest.short_disclaimer

    @property
    def counts(self) -> dict[str, int]:
        """How many entries, phrasings and answers there are."""
        return asdict(self.manifest.counts)

    @property
    def subject(self) -> str:
        """What the corpus is about, in a few words; empty when it does not say."""
        return self.manifest.subject

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of the entries that answer questions, in the corpus's order."""
        return self.manifest.topics

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder that made the vectors, opened on first use."""
        return self._given_encoder or stored_encoder(self.store)

    @cached_property
    def phrasings(self) -> StringTable:
        return self._table("phrasings")

    @cached_property
    def vectors(self) -> npt.NDArray[Any]:
        """Unit vectors of the phrasings, shape (phrasings, dimension)."""
        return self.store.array("vectors")[: self.manifest.counts.phrasings]

    @cached_property
    def phrasing_entry(self) -> npt.NDArray[Any]:
        """The row of each phrasing's entry, shape (phrasings,); an entry's phrasings stand together, in order."""
        return self.store.array("point-entry")[: self.manifest.counts.phrasings]

    def nearest_entries(self, row: int) -> list[int]:
        """The rows of the answer entries nearest to an entry by meaning, nearest first."""
        return [other for other in self.store.array("matcher-related")[row].tolist() if other != NONE]

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The words of the points, opened on first use."""
        published = self.store.published
        features = published.features if published else MappedFeatures(*map(self.store.array, LEXICAL))
        return LexicalIndex(self.store.array("matcher-lexical-idf"), features)

    @cached_property
    def points(self) -> Points:
        """What a query is compared with, opened on first use."""
        return Points(
            search=self.search,
            entry_of=self.store.array("point-entry"),
            kinds=self.store.array("point-kinds"),
            phrasings=self.manifest.counts.phrasings,
            urgent=self.store.array("matcher-urgent"),
            lexical=self.lexical,
            out_of_scope=self.store.array("out-of-scope-vectors"),
        )

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher fitted on these phrasings, opened on first use."""
        similarity = self.store.array("matcher-intra-entry-similarity")
        scorer = Scorer(self.points, LogisticModel(self.store.array("matcher-coverage")))
        return Matcher(scorer, self.store.array("matcher-centroids"), similarity, self._models)

    @cached_property
    def screen(self) -> Screen:
        """The screen for warning signs, opened on first use."""
        return Screen(self.points, self._models)

    @cached_property
    def all_clears(self) -> AllClears:
        """What tells that a warning sign was seen to, opened on first use."""
        return AllClears(self.points, self.store.array("matcher-all-clear"))

    @cached_property
    def turns(self) -> Turns:
        """What people said next to answers, opened on first use."""
        kinds, parts = (self.store.array(f"matcher-turn-{name}") for name in ("kinds", "parts"))
        return Turns(self.store.array("turn-vectors"), kinds, parts)

    @cached_property
    def follow_ups(self) -> FollowUps:
        """What ranks entries for messages after an answer, opened on first use."""
        weights = np.array(self.manifest.matcher.weights[FOLLOW_UPS])
        return FollowUps(self.matcher, self.store.array("matcher-topics"), weights)

    @cached_property
    def _models(self) -> dict[str, LogisticModel]:
        return {name: LogisticModel(np.array(each)) for name, each in self.manifest.matcher.weights.items()}

    @cached_property
    def corrector(self) -> SpellingCorrector:
        """Corrects queries towards the words of this corpus, opened on first use."""
        return SpellingCorrector(
            self._table("words"), self.store.array("word-counts"), self.store.array("english-words")
        )

    @property
    def thresholds(self) -> Thresholds:
        """From which probabilities the bot does what."""
        return self.manifest.matcher.thresholds

    @cached_property
    def ids(self) -> StringTable:
        """The entries' ids by row."""
        return self._table("ids")

    @cached_property
    def rows(self) -> dict[str, int]:
        """The entries' rows by id."""
        return {entry_id: row for row, entry_id in enumerate(self.ids)}

    @cached_property
    def conditions(self) -> Conditions:
        """What tells which conditions people say that they have, opened on first use."""
        rows = [condition_from_json(line) for line in self._table("conditions")]
        return Conditions(rows, self.store.array("matcher-said-weights"))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts that answers have, in the order of their table."""
        return tuple(map(part_from_json, self._table("parts")))

    @cached_property
    def figures(self) -> StoredFigures:
        """The figures by id, with their pictures."""
        return StoredFigures(self._table("figures"), self._table("drawings"))

    @cached_property
    def _entries(self) -> StringTable:
        return self._table("entries")

    @cached_property
    def _offers(self) -> StringTable:
        return self._table("offers")

    @cached_property
    def _sources(self) -> StoredSources:
        return StoredSources(self._table("sources"))

    def entry(self, row: int) -> Entry:
        """The entry in a row; the last few hundred stay in memory."""
        return self._read_entry(row)

    def entries(self) -> Iterator[Entry]:
        return (self.entry(row) for row in range(len(self._entries)))

    def offer(self, row: int) -> RelatedQuestion:
        """The entry in a row as it is offered beside a reply, for far less than reading the entry takes."""
        return self._read_offer(row)[1]

    def kind(self, row: int) -> Kind:
        """The kind of the entry in a row, likewise."""
        return self._read_offer(row)[0]

    @cached_property
    def answers(self) -> dict[str, list[int]]:
        """The rows of the entries that answer questions, by topic in the corpus's order; under "" those without one."""
        by_topic: dict[str, list[int]] = {}
        for row, line in enumerate(self._offers):
            kind, offer = offer_from_json(line)
            if kind == "answer":
                by_topic.setdefault(offer.topic, []).append(row)
        return by_topic

    def points_outside(self, topics: Collection[str]) -> Rows:
        """The rows of the points that speak for answers of other topics than these."""
        outside = [row for topic, rows in self.answers.items() if topic not in topics for row in rows]
        return np.flatnonzero(np.isin(self.store.array("point-entry"), outside))

    def built_from(self, corpus: Path) -> bool:
        """Whether this index was built from the corpus at that path, whatever it holds by now."""
        return self.manifest.corpus.path == str(corpus.absolute())

    @property
    def stale(self) -> bool:
        """Whether `corpus` holds something else by now than this index was built from."""
        return self.differs_from(self.corpus)

    def differs_from(self, corpus: Path) -> bool:
        """Whether a corpus holds something else than this index was built from; False when it is not there."""
        try:
            known = self.manifest.corpus.files
            return corpus.exists() and changed(corpus, known, moved=not self.built_from(corpus))
        except OSError:
            return False

    def _table(self, name: str) -> StringTable:
        return StringTable(self.store.array(name), self.store.array(f"{name}-offsets"))

    def _check(self) -> None:
        if self.manifest.matcher.version != MATCHER_VERSION:
            raise IndexIncompatible(f"{self.where} was fitted by another version; {settings.REBUILD}")
        dimension, given = self.manifest.encoder.dimension, self._given_encoder
        if given and given.dimension != dimension:
            raise IndexIncompatible(
                f"{self.where} holds {dimension}-dimensional vectors, the encoder makes {given.dimension};"
                f" {settings.REBUILD}"
            )
        if wrong := next(inconsistencies(self.store), ""):
            raise IndexDamaged(f"the files in {self.where} contradict its manifest ({wrong}); {MEND}")


def stored_encoder(store: Store) -> Encoder:
    """The encoder that lies in an index directory."""
    return store.manifest.encoder.open(store.path(GRAPH), store.path(TOKENIZER))


def topics_of(entries: Iterable[Entry]) -> list[str]:
    """The topics of the answer entries, each once, in order."""
    return list(dict.fromkeys(entry.topic for entry in entries if entry.kind == "answer" and entry.topic))
