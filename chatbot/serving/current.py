"""The bot that answers now: that of the newest index, taken in while the old one goes on answering."""

import logging
import warnings
from pathlib import Path

from chatbot.addresses import Address
from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError, IndexMissing, StoreUnavailable

log = logging.getLogger("flexbot.server")


class CurrentBot:
    """Holds the bot of an index. Any number of threads may take `bot`; each call goes on with the one it took,
    whatever `refresh` puts in its place meanwhile."""

    def __init__(self, corpus: Path | None = None, index: Path | Address | None = None) -> None:
        """Raises what `Chatbot.load` raises."""
        self._corpus, self._index = corpus, index
        self.bot = self._load()
        self._told = self._refused = ""  # the revision that could not be opened, told once, and not tried again

    def refresh(self) -> None:
        """Take in the index that is there where it is another one. One that cannot be opened is told once, in the log,
        and the old one goes on; it is tried again where a server of a database does not answer, or lags behind."""
        try:
            revision = self.bot.index.store.newest()
        except (OSError, StoreUnavailable):
            return  # a build is replacing it, or it is gone: the open one has its files still
        if revision in (self.bot.index.store.revision, self._refused):
            return
        try:
            self.bot = self._load()
        except ChatbotError as error:
            if revision != self._told:
                log.warning("the new index cannot be opened, so the old one goes on: %s", error)
            self._told = revision
            if not isinstance(error, StoreUnavailable | IndexMissing):
                self._refused = revision
        else:
            log.info("took the new index in: %d entries", self.bot.index.manifest.counts.entries)

    def _load(self) -> Chatbot:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            bot = Chatbot.load(self._index, corpus=self._corpus)
        for warning in told:
            log.warning("%s", warning.message)
        return bot
