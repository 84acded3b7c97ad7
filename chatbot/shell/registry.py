"""A shell's commands as records in a registry, from which help, completion and the README's table come."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Host = TypeVar("Host")  # what commands act on: the shell


@dataclass(frozen=True)
class Command(Generic[Host]):
    """A command: how it is typed, what it does in one line, and what runs it on its host, with the text after its name.

    `aliases` are other names for it; `words` are whole lines without a slash that mean it.
    """

    usage: str
    help: str
    run: Callable[[Host, str], None]
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name without its slash."""
        return self.usage.split()[0].removeprefix("/")


class Registry(Generic[Host]):
    """Commands in the order in which help lists them."""

    def __init__(self, commands: Iterable[Command[Host]]) -> None:
        self._commands = tuple(commands)
        self._names = {name: command for command in self._commands for name in (command.name, *command.aliases)}
        self._words = {word: command for command in self._commands for word in command.words}

    def __iter__(self) -> Iterator[Command[Host]]:
        return iter(self._commands)

    def find(self, name: str) -> Command[Host] | None:
        """The command of that name or alias, without its slash."""
        return self._names.get(name.casefold())

    def find_word(self, line: str) -> Command[Host] | None:
        """The command that `line` means although it has no slash."""
        return self._words.get(line.casefold())

    def nearest(self, name: str) -> str | None:
        """The name that looks most like a mistyped one."""
        alike = difflib.get_close_matches(name.casefold(), self._names, n=1, cutoff=0.5)
        return alike[0] if alike else None

    def markdown(self) -> str:
        """The commands as a Markdown table, for the README."""
        rows = (f"| `{command.usage}` | {command.help} |" for command in self)
        return "\n".join(("| command | what it does |", "| --- | --- |", *rows)) + "\n"
