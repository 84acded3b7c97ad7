"""The bot as a command opens it: its index is built, or brought up to date with the corpus, where that is needed."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot import settings
from chatbot.addresses import Address
from chatbot.errors import ChatbotError, CorpusError, IndexBusy, IndexFolderError, IndexMissing, StorageError
from chatbot.terminal.error_lines import explanation

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.index.location import Location
    from chatbot.records import StageProgress


def open_chatbot(place: "Location", note: Callable[[str], None], progress: "StageProgress | None" = None) -> "Chatbot":
    """The bot that answers from `place.corpus`. `note` is told when its answers are not that corpus's of now.

    Raises what building raises when there is no index yet, or only that of another corpus, and `IndexFolderError` when
    the place of the index was named as one that is there and has none.
    """
    from chatbot.bot import Chatbot
    from chatbot.index.index import Index
    from chatbot.index.store import keep_out_of_others

    if isinstance(place.index, Address):
        return _published(place.index, place.corpus if place.chosen else None, note)
    try:
        index = Index.open(place.index, corpus=place.corpus if place.chosen else None)
    except IndexFolderError as error:
        if place.expected and isinstance(error, IndexMissing):
            keep_out_of_others(place.index)
            build = f"{settings.APP} build --index {shlex.quote(str(place.index))}"
            raise IndexFolderError(
                f"no index in {place.index}; check the name, or have one built there: `{build}`"
            ) from error
        # Of a corpus alone that is not there, the build tells; a folder of its own says nothing to anyone.
        if not place.corpus.exists() and place.index != settings.index_path_of(place.corpus):
            raise
        return _built(place.corpus, place.index, note, progress)
    if not place.chosen and index.differs_from(settings.packaged_corpus_path()):
        note(f"the answers are those of {index.corpus}, as {place.index} was built from it; --corpus names another")
    if not index.stale:
        return Chatbot(index)
    try:
        return _built(index.corpus, place.index, note, progress)
    except (CorpusError, IndexBusy, StorageError) as error:
        if not index.built_from(index.corpus):
            raise
        note(_why_the_old_answers(error))
    return Chatbot(index)


def _published(address: Address, corpus: Path | None, note: Callable[[str], None]) -> "Chatbot":
    """The bot of a published index, which only whoever publishes brings up to date."""
    from chatbot.bot import Chatbot, opened_store
    from chatbot.index.index import Index

    index = Index(opened_store(address), corpus=corpus)
    if index.stale:
        note(f"the answers are those that are published at {index.where}, not those of {index.corpus}")
    return Chatbot(index)


def _why_the_old_answers(error: ChatbotError) -> str:
    if isinstance(error, IndexBusy):
        return "another build is running, so the old index answers"
    if isinstance(error, CorpusError):
        return f"the corpus has problems, so the old index answers: {explanation(error)}"
    return f"the index cannot be brought up to date, so the old one answers: {explanation(error)}"


def _built(corpus: Path, index: Path, note: Callable[[str], None], progress: "StageProgress | None") -> "Chatbot":
    from chatbot.bot import Chatbot
    from chatbot.building.build import build
    from chatbot.index.index import Index
    from chatbot.index.store import lost_model
    from chatbot.terminal.progress import Bar

    lost = lost_model(index)
    if progress:
        build(corpus, index, progress=progress)
    else:
        with Bar() as bar:
            build(corpus, index, progress=bar)
    if lost:
        note(lost)
    return Chatbot(Index.open(index, corpus=corpus))
