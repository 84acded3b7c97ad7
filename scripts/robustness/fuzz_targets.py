"""What fuzzed input is given to, and what must hold of it: one function a target, which raises when it does not.

Each may raise nothing but `Broken`: a target turns every error that the package raises on purpose into a normal end.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from chatbot import Chatbot
from chatbot.checking.style import check_texts
from chatbot.corpus.reader import read_corpus
from chatbot.errors import ChatbotError, QuestionError
from chatbot.index.stored_entries import entry_from_json, entry_to_json
from chatbot.records import Entry
from chatbot.terminal.render import to_text, uncoloured

TARGETS = ("markdown", "sources", "json_lines", "ask")
# What drives a terminal, or hides what is written: nothing that is shown may hold it.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

Target = Callable[[bytes], None]


class Broken(AssertionError):
    """A promise did not hold."""


def _shown(text: str, *, lines: bool = False) -> None:
    if _UNSHOWN.search(text) or (not lines and "\n" in text):
        raise Broken(f"control characters are shown: {text[:200]!r}")


def _corpus(path: Path) -> None:
    """Read a corpus as `flexbot check` does; its problems are lines, and its entries are as they are kept."""
    try:
        corpus = read_corpus(path)
    except ChatbotError as error:
        _shown(str(error))
        return
    for problem in [*corpus.problems, *check_texts(corpus, date(2026, 11, 26))]:
        _shown(str(problem))
    for entry in corpus.entries:
        _entry(entry, corpus.sources)
    _shown(corpus.disclaimer)


def _entry(entry: Entry, sources: dict) -> None:
    for text in (entry.id, entry.topic, *entry.phrasings, *entry.avoid_if):
        _shown(text)
    if "/" in entry.id or entry.id.startswith("."):
        raise Broken(f"an id that is a path: {entry.id!r}")
    if entry_from_json(entry_to_json(entry), dict(sources)) != entry:
        raise Broken(f"an entry that is kept otherwise than it was read: {entry!r}")


def markdown(folder: Path) -> Target:
    """An entry, in a corpus beside a sound one."""
    path = _with_a_sound_entry(folder) / "entry.md"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        _corpus(folder)

    return run


def sources(folder: Path) -> Target:
    """The sources of a corpus and its disclaimer, which are the same bytes."""
    _with_a_sound_entry(folder)

    def run(data: bytes) -> None:
        (folder / "sources.yaml").write_bytes(data)
        (folder / "disclaimer.md").write_bytes(data)
        _corpus(folder)

    return run


def _with_a_sound_entry(folder: Path) -> Path:
    topic = folder / "topic"
    topic.mkdir()
    (topic / "sound.md").write_text("---\nquestion: Is it sound?\n---\n## A\n\nYes.\n")
    return topic


def json_lines(folder: Path) -> Target:
    """A corpus in JSON Lines, after a sound line."""
    path = folder / "lines.jsonl"

    def run(data: bytes) -> None:
        path.write_bytes(b'{"id": "sound", "question": "Is it sound?", "answer": "Yes."}\n' + data)
        _corpus(path)

    return run


def ask(bot: Chatbot) -> Target:
    """A question, alone and as the second of a conversation, with its reply in every form."""

    def run(data: bytes) -> None:
        question = data.decode("utf-8", "surrogateescape")
        conversation = bot.conversation()
        conversation.open("how-long-hold")
        try:
            replies = [bot.ask(question), conversation.ask(question)]
        except QuestionError as error:
            _shown(str(error))
            return
        for reply in replies:
            if reply.disclaimer != bot.index.disclaimer:
                raise Broken("a reply without its disclaimer")
            _shown(reply.to_json())
            forms = (reply.to_markdown(), reply.to_html(bot.drawing), str(reply))
            for text in (*forms, to_text(reply, 80, uncoloured), str(reply.explain())):
                _shown(text, lines=True)

    return run


def target(name: str, folder: Path, index: Path) -> Target:
    """The target `name`; it writes in `folder`, and asks the index in `index`."""
    if name == "ask":
        return ask(Chatbot.load(index))
    return {"markdown": markdown, "sources": sources, "json_lines": json_lines}[name](folder)
