"""The library's front door: `Chatbot`, and `Conversation` for questions that lean on the one before."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot import settings
from chatbot.addresses import Address
from chatbot.answering.arguments import count_argument, index_argument, path_argument, text_argument, texts_argument
from chatbot.answering.conversation import Conversation
from chatbot.answering.reply import Reply
from chatbot.answering.responder import Responder
from chatbot.answering.search import search
from chatbot.answering.state import ConversationState
from chatbot.answering.suiting import suited
from chatbot.corpus.ids import topic_name
from chatbot.index.index import Index
from chatbot.index.location import Location, locate
from chatbot.index.store import Store, lost_model, open_store
from chatbot.records import Entry, Match

if TYPE_CHECKING:
    from chatbot.encoding.encoder import Encoder
    from chatbot.records import StageProgress


class Chatbot:
    """Answers questions from one index. Any number of threads may share one.

    Make one with `load` or `build`. It never prints and keeps nothing of what is asked. It opens no network
    connection, but to the database of an index that is published in one.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self._responder = Responder(index)

    @classmethod
    def load(
        cls,
        index: str | Path | Address | None = None,
        *,
        corpus: str | Path | None = None,
        encoder: "Encoder | None" = None,
    ) -> "Chatbot":
        """Open the index in the folder `index`, or that of `corpus`, or the packaged corpus's. `index` may also be the
        address of a published one, `postgresql://…#name`.

        Warns (`UserWarning`) when the corpus holds something else than the index was built from; `bot.index.stale`
        tells, too. An index that is named alone is compared with the corpus that it was built from.
        `encoder` replaces the one in the index, for an index that was built with it. Raises `IndexMissing`,
        `IndexDamaged`, `IndexIncompatible`, `EncoderError`, `StorageError` or `StoreUnavailable`.
        """
        place = locate(path_argument(corpus, "corpus"), index_argument(index, "index"))
        bot = cls(_opened(place, encoder))
        if bot.index.stale:
            _warn_stale(bot.index)
        return bot

    @classmethod
    def build(
        cls,
        corpus: str | Path | None = None,
        index: str | Path | None = None,
        *,
        model: str | None = None,
        full: bool = False,
        tune: bool = False,
        encoder: "Encoder | None" = None,
        progress: "StageProgress | None" = None,
    ) -> "Chatbot":
        """Bring the index in the folder `index` up to date with `corpus` (a folder or `.jsonl` file) and open it.

        Without `index`, each corpus has an index of its own, in the user's cache folder if it is not the packaged one.
        See `chatbot.building.build.build` for the arguments and errors. Warns (`UserWarning`) where the default model
        came in because nothing told which one the index had.
        """
        from chatbot.building.build import build

        place = locate(path_argument(corpus, "corpus"), path_argument(index, "index"))
        lost = "" if model or encoder else lost_model(place.folder)
        build(place.corpus, place.folder, model=model, full=full, tune=tune, encoder=encoder, progress=progress)
        if lost:
            warnings.warn(lost, UserWarning, stacklevel=2)
        return cls(_opened(replace(place, index=place.folder), encoder))

    def ask(self, question: str, *, topics: Iterable[str] | None = None) -> Reply:
        """The reply to one question, without regard to any before it.

        `topics`: take the answer from these only; warning signs are screened for all the same. Raises `QuestionError`
        for a question that is empty or too long, `ValueError` for a topic that `topics()` does not name.
        """
        text = text_argument(question, "question")
        reply = self._responder.reply(text, topics=None if topics is None else self._known(topics))
        return suited(self._responder, reply, self._responder.told(text))

    def ask_many(self, questions: Iterable[str]) -> list[Reply]:
        """The replies to many questions, in their order; several times faster than one by one."""
        replies = self._responder.replies(texts_argument(questions, "questions"))
        return [suited(self._responder, reply, self._responder.told(reply.query)) for reply in replies]

    def match(self, question: str, k: int = 10) -> list[Match]:
        """The `k` entries that match best, ranked, whatever the decision would be. Raises `QuestionError`."""
        return self._responder.matches(text_argument(question, "question"), count_argument(k, "k"))

    def search(self, words: str, topic: str | None = None, k: int = 10) -> list[Match]:
        """The `k` entries to find by some words, best first: those that have the words in a phrasing, then those near
        in meaning. Only entries that answer questions, of `topic` where it is given.

        Raises `QuestionError` for no words, `ValueError` for a topic that `topics()` does not name.
        """
        text, most = text_argument(words, "words"), count_argument(k, "k")
        return search(
            self._responder, text, None if topic is None else self._known([text_argument(topic, "topic")]), most
        )

    def topics(self) -> dict[str, int]:
        """How many entries answer questions in each topic, in the corpus's order; under "" those without a topic."""
        return {topic: len(rows) for topic, rows in self.index.answers.items()}

    def entries(self, topic: str | None = None) -> list[Entry]:
        """The entries that answer questions, in the corpus's order, of one topic or of all.

        Raises `ValueError` for a topic that `topics()` does not name.
        """
        topics = self.index.answers if topic is None else self._known([text_argument(topic, "topic")])
        return [self.index.entry(row) for row in sorted(row for each in topics for row in self.index.answers[each])]

    def conversation(self, state: Mapping[str, Any] | None = None) -> Conversation:
        """A new conversation, in which a question may lean on the one before, or one that goes on from a `state` that
        `Conversation.to_dict` gave; what names entries that are no longer there is left out.

        Raises `ValueError` for what is no such state.
        """
        return Conversation(self._responder, None if state is None else ConversationState.from_dict(state))

    def entry(self, entry_id: str) -> Reply:
        """The reply that shows the entry `entry_id`, as when a related question is opened. Raises `KeyError`."""
        entry = self.index.entry(self.index.rows[text_argument(entry_id, "entry_id")])
        return self._responder.entry_reply(entry, entry.question)

    def drawing(self, figure_id: str) -> str:
        """The picture of a figure that a reply names, an SVG. Raises `KeyError` for an unknown id."""
        return self.index.figures.drawing(text_argument(figure_id, "figure_id"))

    def _known(self, topics: Iterable[str]) -> list[str]:
        named = [topic_name(topic) for topic in texts_argument(topics, "topics")]
        if not named:
            raise ValueError("topics is empty; leave it out to ask about all of them")
        for topic in named:
            if topic not in self.index.answers:
                raise ValueError(f"no topic {topic!r} has answers; `topics()` names those that have")
        return named


def opened_store(index: Path | Address) -> Store:
    """The index in a folder, or what is published at an address, verified. Raises what `Chatbot.load` raises."""
    if isinstance(index, Path):
        return open_store(index)
    from chatbot.postgres.opening import open_published

    return open_published(index)


def _opened(place: Location, encoder: "Encoder | None") -> Index:
    """The index with its encoder open: a later build may bring another encoder in and remove this one's files."""
    index = Index(opened_store(place.index), encoder, place.corpus if place.chosen else None)
    _ = index.encoder
    return index


def _warn_stale(index: Index) -> None:
    if index.built_from(index.corpus):
        reason = f"the corpus changed since {index.where} was built"
    else:
        reason = f"the answers in {index.where} are not those of {index.corpus}"
    warnings.warn(f"{reason}; {settings.REBUILD}", UserWarning, stacklevel=3)
