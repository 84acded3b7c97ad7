"""An entry's messages, in `<topic>/<id>.messages.txt` beside it: what people write when they want its answer.

One message a line; empty lines do not matter. Those from the line `look_alikes:` on sound like the entry's warning sign
and are none, those from `cautions:` on may be one; both only for urgent entries. An all-clear has look-alikes, too.
"""

import re
from collections.abc import Iterator, Mapping

from chatbot.corpus.fields import ParsedEntry, ParsedMessages
from chatbot.corpus.validation import MAX_ITEMS, MAX_PHRASING, Report, closest, suggestion
from chatbot.records import Kind, Messages
from chatbot.text.cleaning import one_line

_LISTS = ("look_alikes", "cautions")
# The kinds of entries that may have them: an all-clear, too, is easily taken for given.
_KINDS: Mapping[str, tuple[Kind, ...]] = {"look_alikes": ("urgent", "all-clear"), "cautions": ("urgent",)}


def read_messages(text: str, file: str, report: Report) -> ParsedMessages:
    """The messages of a file by their lists, with the line of each. What is wrong is reported."""
    lists: dict[str, list[tuple[str, int]]] = {name: [] for name in ("phrasings", *_LISTS)}
    current = lists["phrasings"]
    for line, message in _lines(text):
        name = message.removesuffix(":")
        as_name = re.sub(r"[\s-]", "_", name)
        if message.endswith(":") and (name.isidentifier() or closest(as_name, _LISTS)):
            current = lists.get(name, current)
            if name not in _LISTS:
                report(line, f"no list of messages is called {name!r}{suggestion(as_name, _LISTS)}", "error")
        elif len(message) > MAX_PHRASING:
            report(line, f"{len(message):,} characters in a message; at most {MAX_PHRASING:,}: shorten it", "error")
        else:
            current.append((message, line))
    for name, messages in lists.items():
        if len(messages) > MAX_ITEMS:
            report(messages[MAX_ITEMS][1], f"{len(messages):,} {name}; at most {MAX_ITEMS:,}: split the entry", "error")
    return ParsedMessages(file, **{name: tuple(messages[:MAX_ITEMS]) for name, messages in lists.items()})


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if message := one_line(line):
            yield number, message


def messages_of(parsed: ParsedEntry, kind: Kind, report: Report) -> Messages:
    """The messages of an entry; those that an entry of its kind may not have are reported, and left out."""
    written = parsed.messages
    lists = {"phrasings": written.phrasings, "look_alikes": written.look_alikes, "cautions": written.cautions}
    for name in _LISTS:
        if lists[name] and kind not in _KINDS[name]:
            report(lists[name][0][1], f"only urgent entries have {name!r}; remove them or add `kind: urgent`", "error")
            lists[name] = ()
    return Messages(**{name: tuple(message for message, _ in messages) for name, messages in lists.items()})
