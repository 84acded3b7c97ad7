"""The bot, opened behind the prompt: the user types while models and index are read."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatbot.records import StageProgress
from chatbot.shell.catalogue import Catalogue
from chatbot.shell.spinner import Spinner
from chatbot.shell.staleness import Staleness

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

# open_bot(progress, note): opens the bot, builds its index first when needed, tells how far it is and what is odd
OpenBot = Callable[[StageProgress, Callable[[str], None]], "Chatbot"]
_MOMENT = 3.0  # seconds that opening may take to end when the shell is left


class LoadedBot:
    """A bot that is open, the catalogue of its entries and a watch on its index.

    `told` is whether opening it had something to say, as when it could not be brought up to date.
    """

    def __init__(self, bot: "Chatbot", *, told: bool = False) -> None:
        self.bot = bot
        self.staleness = Staleness(bot.index, told=told)
        self.catalogue = Catalogue.of(bot.index.entries())


class BotLoader:
    """Opens a bot in a thread of its own and hands it out when it is ready."""

    def __init__(self, open_bot: OpenBot) -> None:
        self._open_bot = open_bot
        self._finished = threading.Event()
        self._opened: LoadedBot | None = None
        self._error: Exception | None = None
        self.progress: tuple[str, int, int] | None = None
        self._notes: list[str] = []
        self.on_change: Callable[[], None] = lambda: None

    def again(self) -> "BotLoader":
        """Another source that opens in the same way."""
        return BotLoader(self._open_bot)

    def start(self) -> None:
        """Begin to open the bot; returns at once."""
        # A daemon, so that leaving the shell need not wait for a build.
        threading.Thread(target=self._run, name="open-bot", daemon=True).start()

    def _run(self) -> None:
        try:
            bot = self._open_bot(self._tell, self._notes.append)
            opened = LoadedBot(bot, told=bool(self._notes))
            _warm(bot)
            self._opened = opened
        except Exception as error:  # whatever it is, the thread that waits for the bot raises it
            self._error = error
        self._finished.set()
        self.on_change()

    def _tell(self, stage: str, done: int, total: int) -> None:
        self.progress = (stage, done, total)
        self.on_change()

    @property
    def now(self) -> LoadedBot | None:
        """The bot if it is ready, without waiting."""
        return self._opened

    @property
    def error(self) -> Exception | None:
        """Why the bot could not be opened, once that is known."""
        return self._error

    def get(self) -> LoadedBot:
        """The bot, waiting for it. Raises what opening it raised; Ctrl-C ends the wait, not the opening."""
        with Spinner() as waiting:
            while not self._finished.wait(0.05):
                waiting.tick(self.progress)
        if self._error:
            raise self._error
        assert self._opened is not None  # noqa: S101 -- `_run` sets one of the two
        return self._opened

    def wait(self, seconds: float) -> None:
        """Give opening so long to end."""
        self._finished.wait(seconds)

    def let_end(self) -> None:
        """Let opening end before the program does, which takes a moment: native code that still runs while Python ends
        would abort it. A build takes long and is not waited for."""
        if self.progress is None:
            self.wait(_MOMENT)

    def notes(self) -> list[str]:
        """What opening had to say and was not yet told."""
        told, self._notes[:] = list(self._notes), []
        return told


def _warm(bot: "Chatbot") -> None:
    """Do once what the first question would otherwise wait for: the encoder, the matcher and the renderer."""
    from chatbot.terminal.render import to_text

    to_text(bot.ask("hello"), 80)
