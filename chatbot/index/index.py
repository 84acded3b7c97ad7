"""What an index holds, as objects: entries, phrasings, vectors, the fitted matcher's data and the encoder.

Everything is mapped from disk and read when it is needed, so that opening costs the same for any size.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.arrays import NONE
from chatbot.corpus.files import FileState, changed
from chatbot.encoding.encoder import Encoder, OnnxEncoder
from chatbot.errors import IndexDamaged, IndexIncompatible
from chatbot.index.consistency import inconsistencies
from chatbot.index.store import Store, open_store
from chatbot.index.strings import StringTable
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import MATCHER_VERSION, Matcher, Points
from chatbot.matching.neighbours import NeighbourSearch
from chatbot.records import Answer, Entry, Source
from chatbot.text.spelling import SpellingCorrector

_ENTRIES_KEPT = 512


class Index:
    """An opened index. Rows number the entries and the phrasings from 0; `phrasing_entry` joins the two."""

    def __init__(self, store: Store, encoder: Encoder | None = None) -> None:
        self.store = store
        self._given_encoder = encoder
        self._check()
        self.search = self._opened_search()
        self._read_entry = lru_cache(_ENTRIES_KEPT)(lambda row: entry_from_json(self._entries[row], self._sources))

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> "Index":
        """Open and verify the index in `folder`. See `store.open_store` for the errors."""
        return cls(open_store(folder), encoder)

    @property
    def folder(self) -> Path:
        return self.store.folder

    @property
    def disclaimer(self) -> str:
        return str(self.store.about["disclaimer"])

    @property
    def counts(self) -> dict[str, int]:
        """How many entries, phrasings and answers there are."""
        return dict(self.store.about["counts"])

    @property
    def subject(self) -> str:
        """What the corpus is about, in a few words; empty when it does not say."""
        return str(self.store.about["subject"])

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of the entries that answer questions, in the corpus's order."""
        return tuple(self.store.about["topics"])

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
        return self.store.array("vectors")[: self.counts["phrasings"]]

    @cached_property
    def phrasing_entry(self) -> npt.NDArray[Any]:
        """The row of each phrasing's entry, shape (phrasings,); an entry's phrasings stand together, in order."""
        return self.store.array("point-entry")[: self.counts["phrasings"]]

    def nearest_entries(self, row: int) -> list[int]:
        """The rows of the answer entries nearest to an entry by meaning, nearest first."""
        return [other for other in self.store.array("matcher-related")[row].tolist() if other != NONE]

    def _opened_search(self) -> NeighbourSearch:
        """The search among the points: the phrasings, and what else a query is compared with.

        Opened with the index rather than when needed: a later build removes its file, but not what is mapped.
        """
        about = self.store.about["matcher"]["search"]
        file = self.store.path("matcher-search") if about["probes"] else None
        try:
            return NeighbourSearch(self.store.array("vectors"), file, about["probes"]).opened()
        except OSError as error:
            raise IndexDamaged(f"{error}; run `flexbot build --full`") from error

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher fitted on these phrasings, opened on first use."""
        names = [field.name for field in fields(LexicalIndex)]
        lexical = LexicalIndex(**{name: self.store.array(f"matcher-lexical-{name}") for name in names})
        points = Points(
            search=self.search,
            entry_of=self.store.array("point-entry"),
            phrasings=self.counts["phrasings"],
            urgent=self.store.array("matcher-urgent"),
            lexical=lexical,
            background=self.store.array("background-vectors"),
        )
        weights = self.store.about["matcher"]["weights"]
        models = {name: LogisticModel(np.array(each)) for name, each in weights.items()}
        return Matcher(points, self.store.array("matcher-centroids"), self.store.array("matcher-tightness"), models)

    @cached_property
    def corrector(self) -> SpellingCorrector:
        """Corrects queries towards the words of this corpus, opened on first use."""
        return SpellingCorrector(
            self._table("words"), self.store.array("word-counts"), self.store.array("english-words")
        )

    @property
    def thresholds(self) -> dict[str, float]:
        """The probabilities from which the bot answers (of the first match being right), asks what was meant (of the
        question being covered at all), and takes a message for urgent."""
        return dict(self.store.about["matcher"]["thresholds"])

    @cached_property
    def ids(self) -> StringTable:
        """The entries' ids by row."""
        return self._table("ids")

    @cached_property
    def rows(self) -> dict[str, int]:
        """The entries' rows by id."""
        return {entry_id: row for row, entry_id in enumerate(self.ids)}

    @cached_property
    def _entries(self) -> StringTable:
        return self._table("entries")

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {fields["id"]: Source(**fields) for fields in self.store.about["sources"]}

    def entry(self, row: int) -> Entry:
        """The entry in a row; the last few hundred stay in memory."""
        return self._read_entry(row)

    def entries(self) -> Iterator[Entry]:
        return (self.entry(row) for row in range(len(self._entries)))

    def built_from(self, corpus: Path) -> bool:
        """Whether this index was built from the corpus at that path."""
        return bool(self.store.about["corpus"]["path"] == str(corpus.absolute()))

    @property
    def stale(self) -> bool:
        """Whether the corpus changed since this index was built from it; False when the corpus is not there."""
        corpus = self.store.about["corpus"]
        path = Path(corpus["path"])
        known = {name: FileState(*state) for name, state in corpus["files"].items()}
        try:
            return path.exists() and changed(path, known)
        except OSError:
            return False

    def _table(self, name: str) -> StringTable:
        return StringTable(self.store.array(name), self.store.array(f"{name}-offsets"))

    def _check(self) -> None:
        about = self.store.about
        try:
            if about["matcher"]["method"] != MATCHER_VERSION:
                raise IndexIncompatible(f"{self.folder} was fitted by another version; run `flexbot build`")
            dimension = about["encoder"]["dimension"]
            if self._given_encoder and self._given_encoder.dimension != dimension:
                other = self._given_encoder.dimension
                raise IndexIncompatible(
                    f"{self.folder} has {dimension} numbers a vector, not {other}; run `flexbot build`"
                )
            wrong = next(inconsistencies(self.store), "")
            cited = {fields["id"] for fields in about["sources"]}
            if not cited >= set(about["cited"]):
                wrong = "citations without their source"
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            wrong = f"no {error}"
        if wrong:
            message = f"the files in {self.folder} contradict its manifest ({wrong}); run `flexbot build --full`"
            raise IndexDamaged(message)


def stored_encoder(store: Store) -> Encoder:
    """The encoder that lies in an index directory."""
    about = store.about["encoder"]
    graph, tokenizer = store.path("encoder-graph"), store.path("encoder-tokenizer")
    return OnnxEncoder(graph, tokenizer, about["dimension"], about["max_tokens"], about["prompt"])


def entry_to_json(entry: Entry) -> str:
    """An entry as one line of JSON; sources by id."""
    return json.dumps(
        {
            "id": entry.id,
            "question": entry.question,
            "answers": [
                [answer.viewpoint, answer.text, [source.id for source in answer.sources]] for answer in entry.answers
            ],
            "alternates": entry.alternate_questions,
            "look_alikes": entry.look_alikes,
            "related": entry.related,
            "avoid_if": entry.avoid_if,
            "reviewed": entry.reviewed.isoformat() if entry.reviewed else None,
            "kind": entry.kind,
            "care": entry.care,
            "topic": entry.topic,
        },
        ensure_ascii=False,
    )


def entry_from_json(line: str, sources: dict[str, Source]) -> Entry:
    """The entry that `entry_to_json` wrote."""
    fields = json.loads(line)
    avoid_if = tuple(fields["avoid_if"])
    return Entry(
        id=fields["id"],
        question=fields["question"],
        answers=tuple(
            Answer(viewpoint, text, tuple(sources[source] for source in cited), avoid_if)
            for viewpoint, text, cited in fields["answers"]
        ),
        alternate_questions=tuple(fields["alternates"]),
        look_alikes=tuple(fields["look_alikes"]),
        related=tuple(fields["related"]),
        avoid_if=avoid_if,
        reviewed=date.fromisoformat(fields["reviewed"]) if fields["reviewed"] else None,
        kind=fields["kind"],
        care=fields["care"],
        topic=fields["topic"],
    )


def topics_of(entries: Iterable[Entry]) -> list[str]:
    """The topics of the answer entries, each once, in order."""
    return list(dict.fromkeys(entry.topic for entry in entries if entry.kind == "answer" and entry.topic))
