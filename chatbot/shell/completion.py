"""What completes a line: a menu of `/commands`, of choices and of questions, and the grey text behind the cursor."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prompt_toolkit.auto_suggest import AutoSuggest, AutoSuggestFromHistory, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from chatbot.shell.catalogue import Catalogue
from chatbot.shell.choices import Choice
from chatbot.shell.registry import Registry

_QUESTIONS = 8
_ENOUGH_TO_SUGGEST = 3


class LineCompleter(Completer):
    """Completes commands as they are typed; choices and questions only when Tab asks, as they would be in the way."""

    def __init__(
        self,
        registry: Registry[Any],
        catalogue: Callable[[], Catalogue | None],
        choices: Callable[[], Mapping[int, Choice]],
    ) -> None:
        self._registry = registry
        self._catalogue = catalogue
        self._choices = choices

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What fits at the cursor."""
        text = document.text_before_cursor
        if text.startswith("/topics "):
            return self._topics(text.removeprefix("/topics ").lstrip())
        if text.startswith("/"):
            return self._commands(text[1:])
        if not complete_event.completion_requested:
            return ()
        return self._questions(text) if text.strip() else self._numbers(len(text))

    def _commands(self, begun: str) -> Iterable[Completion]:
        for command in self._registry:
            if command.name.startswith(begun.casefold()):
                display = f"/{command.name}"
                yield Completion(command.name, -len(begun), display=display, display_meta=command.help)

    def _topics(self, begun: str) -> Iterable[Completion]:
        catalogue = self._catalogue()
        for name in catalogue.topics_begun(begun) if catalogue else ():
            yield Completion(name, -len(begun))

    def _numbers(self, blanks: int) -> Iterable[Completion]:
        for number, choice in self._choices().items():
            yield Completion(str(number), -blanks, display=f"{number}  {choice.label}")

    def _questions(self, text: str) -> Iterable[Completion]:
        catalogue = self._catalogue()
        for question in catalogue.alike(text, _QUESTIONS) if catalogue else ():
            yield Completion(question, -len(text))


class QuestionSuggest(AutoSuggest):
    """Suggests the rest of a question asked before, else of one in the corpus."""

    def __init__(self, catalogue: Callable[[], Catalogue | None]) -> None:
        self._catalogue = catalogue
        self._history = AutoSuggestFromHistory()

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """What to show behind the cursor, None when nothing fits."""
        text = document.text
        if len(text) < _ENOUGH_TO_SUGGEST or "\n" in text:
            return None
        catalogue = self._catalogue()
        asked = self._history.get_suggestion(buffer, document)
        if asked or text.startswith("/") or not catalogue:
            return asked
        rest = catalogue.continuation(text)
        return Suggestion(rest) if rest else None
