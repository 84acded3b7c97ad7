"""A small index with the real model, a shell without a terminal, and a shell in a real pseudo-terminal."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from chatbot import Chatbot, settings
from chatbot.shell.commands import registry
from chatbot.shell.loader import BotLoader
from chatbot.shell.screen import Screen
from chatbot.shell.session import Shell
from tests.builders import linked
from tests.conftest import Once
from tests.effort import LONGEST_WAIT
from tests.spawning import on_pty

CORPUS = Path(__file__).parents[1] / "data" / "shell-corpus"
BACKGROUND = """\
which protein powder is best
what is the capital of france
how do i bake sourdough bread
my car will not start in the cold
who won the football match yesterday
what is a good laptop for a student
how do i reset my email password
is it going to rain tomorrow
recommend a science fiction novel
how much tax do i pay on savings
translate good night into spanish
how do i train my dog to sit
what should i cook for dinner
how many planets are there
fix a leaking kitchen tap
when does the train to london leave
"""


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def index(once: Once, built: Path) -> Path:
    """An index of the shell's corpus, with the encoder of `built`. Not to be changed."""

    def build(folder: Path) -> None:
        background = folder / "background.txt"
        background.write_text(BACKGROUND)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "out_of_scope_path", lambda: background)
            Chatbot.build(CORPUS, linked(built, folder / "index"))

    return once("shell", build) / "index"


@pytest.fixture(scope="session")
def bot(index: Path) -> Chatbot:
    return Chatbot.load(index)


class Sitting:
    """A shell whose lines come from a list and whose text goes to one."""

    def __init__(self, open_bot: Callable[..., Chatbot], width: int = 80, rows: int = 400) -> None:
        self.written: list[str] = []
        self.copied: list[str] = []
        self.lines: list[str | type[BaseException]] = []
        self.size = (width, rows)
        screen = Screen(self.written.append, lambda: self.size)
        self.shell = Shell(BotLoader(open_bot), self._read, screen, registry(), copy=self._copy)
        self.status: int | None = None

    def _read(self) -> str:
        line = self.lines.pop(0) if self.lines else EOFError
        if isinstance(line, str):
            return line
        raise line

    def _copy(self, text: str) -> bool:
        self.copied.append(text)
        return True

    def run(self, *lines: str | type[BaseException]) -> str:
        """Everything written in a session of these lines, after the introduction; an end of input follows them."""
        self.lines = [*lines]
        self.status = self.shell.run()
        return "".join(self.written[1:])

    def said(self, line: str) -> str:
        """What is written in reply to one line."""
        if self.status is None:
            self.run()
        before = len(self.written)
        self.shell.handle(line)
        return "".join(self.written[before:])


@pytest.fixture
def sit() -> type[Sitting]:
    """Makes a sitting with a bot that is opened in some way."""
    return Sitting


@pytest.fixture
def sitting(bot: Chatbot) -> Sitting:
    return Sitting(lambda progress, note: bot)


class Pty:
    """The real command in a real pseudo-terminal of fixed size. `screen` is what it wrote, without escape sequences."""

    ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_=>])")

    def __init__(self, command: list[str], changes: dict[str, str], columns: int = 80, rows: int = 50) -> None:
        changes = {"PROMPT_TOOLKIT_NO_CPR": "1", **changes}
        self.child = on_pty(command, (rows, columns), **changes)
        self.raw = ""
        self._seen = 0

    @property
    def text(self) -> str:
        return self.ESCAPES.sub("", self.raw).replace("\r", "")

    def wait_for(self, text: str) -> str:
        """Wait until `text` is written after what was waited for last; what was written from there up to its end."""
        while (found := self.text.find(text, self._seen)) < 0:
            try:
                self.raw += self.child.read_nonblocking(65536, LONGEST_WAIT)
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                raise AssertionError(f"never saw {text!r}; the whole log:\n{self.text}") from error
        before, self._seen = self._seen, found + len(text)
        return self.text[before : self._seen]

    def wait_for_prompt(self) -> str:
        """Wait for the prompt, and until it takes keys: until then a dumb terminal repeats them itself, too."""
        written = self.wait_for("ask>")
        assert self.child.waitnoecho(LONGEST_WAIT), f"the terminal never left its echo to the prompt:\n{self.text}"
        return written

    def wait_for_silence(self, seconds: float) -> None:
        """Read on until nothing comes for so long."""
        try:
            while True:
                self.raw += self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def ask(self, line: str, until: str) -> str:
        """Type a line, send it and wait for `until`."""
        self.send(line + "\r")
        return self.wait_for(until)

    def end(self) -> int:
        """Wait for the end of the program; its exit status."""
        try:
            while True:
                self.raw += self.child.read_nonblocking(65536, LONGEST_WAIT)
        except pexpect.EOF:
            self.child.close()
        assert self.child.exitstatus is not None, f"ended by signal {self.child.signalstatus}:\n{self.text}"
        return int(self.child.exitstatus)


@pytest.fixture
def pty(index: Path) -> Iterator[Callable[..., Pty]]:
    """Start `flexbot`, or a Python program, in a pseudo-terminal."""
    started: list[Pty] = []

    def start(*arguments: str, program: str = "", columns: int = 80, rows: int = 50, **environment: str) -> Pty:
        command = [sys.executable, "-c", program] if program else [sys.executable, "-m", "chatbot", *arguments]
        places = {"CHATBOT_INDEX": str(index), "CHATBOT_CORPUS": str(CORPUS)}
        started.append(Pty(command, places | environment, columns, rows))
        return started[-1]

    yield start
    for terminal in started:
        terminal.child.close(force=True)
