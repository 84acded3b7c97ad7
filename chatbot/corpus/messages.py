"""An entry's messages, in `<topic>/<id>.messages.txt` beside it: what people write when they want its answer.

One message a line; empty lines do not matter. Those from the line `look_alikes:` on sound like a warning sign and are
none, or like an all-clear and tell of none. Those from `cautions:` on may be the sign of an urgent entry. Those from
`unanswered:` on sound like the questions of an answer and ask what no entry answers.
"""

import re
from collections.abc import Iterator, Mapping

from chatbot.corpus.fields import ParsedEntry, ParsedMessages
from chatbot.corpus.validation import MAX_ITEMS, MAX_PHRASING, Report, closest, suggestion
from chatbot.records import Kind, Messages
from chatbot.text.cleaning import lines

# The lists below names, and the kinds of entries that may have them.
_LISTS: Mapping[str, tuple[Kind, ...]] = {
    "look_alikes": ("urgent", "all-clear"),
    "cautions": ("urgent",),
    "unanswered": ("answer",),
}


def read_messages(text: str, file: str, report: Report) -> ParsedMessages:
    """The messages of a file by their lists, with the line of each. What is wrong is reported."""
    lists: dict[str, list[tuple[str, int]]] = {name: [] for name in ("phrasings", *_LISTS)}
    current = lists["phrasings"]
    for line, message in _lines(text):
        if message.endswith(":") and _names_a_list(name := message.removesuffix(":")):
            current = lists.get(name, current)
            if name not in _LISTS:
                report(line, f"no list of messages is called {name!r}{suggestion(_as_name(name), _LISTS)}", "error")
        elif len(message) > MAX_PHRASING:
            report(line, f"{len(message):,} characters in a message; at most {MAX_PHRASING:,}: shorten it", "error")
        else:
            current.append((message, line))
    for name, messages in lists.items():
        if len(messages) > MAX_ITEMS:
            report(messages[MAX_ITEMS][1], f"{len(messages):,} {name}; at most {MAX_ITEMS:,}: split the entry", "error")
    return ParsedMessages(file, **{name: tuple(messages[:MAX_ITEMS]) for name, messages in lists.items()})


def _names_a_list(name: str) -> bool:
    return name.isidentifier() or bool(closest(_as_name(name), _LISTS))


def _as_name(written: str) -> str:
    return re.sub(r"[\s-]", "_", written)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, message in enumerate(lines(text), 1):
        if message:
            yield number, message


def messages_of(parsed: ParsedEntry, kind: Kind, report: Report) -> Messages:
    """The messages of an entry; those that an entry of its kind may not have are reported, and left out."""
    written = parsed.messages
    lists = {name: getattr(written, name) for name in ("phrasings", *_LISTS)}
    for name, kinds in _LISTS.items():
        if lists[name] and kind not in kinds:
            message = f"an entry of kind {kind!r} has no {name!r}; remove them, or mend its `kind:`"
            report(lists[name][0][1], message, "error")
            lists[name] = ()
    return Messages(**{name: tuple(message for message, _ in messages) for name, messages in lists.items()})
