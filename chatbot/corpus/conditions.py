"""What people have who ask: the table `conditions.yaml`, what people say of them in `condition-messages.jsonl`, and in
`no-conditions.yaml` those items of `avoid_if` that mean no condition."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chatbot.corpus.ids import EntryIds
from chatbot.corpus.validation import MAX_PHRASING, Report, suggestion
from chatbot.corpus.yaml_tables import Field, Table, first, words
from chatbot.records import WHOSE, Condition, ConditionMessage
from chatbot.text.cleaning import one_line

_CONDITIONS = Table(
    "condition",
    {
        "condition": Field("text", "a condition without an id; write it behind `condition:`"),
        "said": Field("text", "a condition without 'said'; write how it follows \"you\": have a new hip", prose=True),
        "entry": Field("text"),
        "includes": Field("list"),
        "names": Field("list", "no name in 'names'; write how people name it, a line each", prose=True),
        "avoid_if": Field("list", prose=True),
    },
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?\*?|#")  # as `matching.conditions` reads messages
_NO_CONDITIONS = Table(
    "reason",
    {
        "why": Field("text", "items without a reason; write why they mean no condition", prose=True),
        "avoid_if": Field("list", "a reason without items; write those of 'avoid_if' that it holds for", prose=True),
    },
)


@dataclass(frozen=True)
class Conditions:
    """The conditions, what people say of them, and the items of `avoid_if` that mean none."""

    rows: tuple[Condition, ...] = ()
    messages: tuple[ConditionMessage, ...] = ()
    none: frozenset[str] = frozenset()

    def of(self, avoid_if: Iterable[str]) -> tuple[str, ...]:
        """The ids of the conditions that an entry with these items of `avoid_if` is not for."""
        return tuple(self.rows[row].id for row in sorted({row for item in avoid_if for row in self._meant_by[item]}))

    @cached_property
    def _meant_by(self) -> Mapping[str, list[int]]:
        """The rows that each item of `avoid_if` means."""
        meant: defaultdict[str, list[int]] = defaultdict(list)
        for row, condition in enumerate(self.rows):
            for item in condition.avoid_if:
                meant[item].append(row)
        return meant


NO_CONDITION = Conditions()  # of a corpus without these tables


def read_conditions(
    text: str | None, ids: EntryIds, unread: Container[str], report: Report
) -> tuple[tuple[Condition, ...], bool]:
    """The rows in the text of `conditions.yaml`, None when that could not be read, and whether all was understood.

    `ids` are those of the entries, `unread` of those that could not be read. What is wrong with a row is reported; one
    that lacks something, or stands a second time, is left out.
    """
    rows, report, whole = _CONDITIONS.read(text, report)
    found: dict[str, Condition] = {}
    included: list[tuple[str, int]] = []
    for line, fields, _ in rows:
        name, said, entry = (first(fields[field]) for field in ("condition", "said", "entry"))
        if entry and entry not in ids and entry not in unread:
            whole = False
            report(
                fields["entry"][0][1], f"'entry' names the unknown entry {entry!r}; correct it or remove it", "error"
            )
        elif name in found:
            report(line, f"the condition {name!r} stands above; keep one of them", "error")
        elif name and said and fields["names"]:
            for written, place in fields["names"]:
                alternatives = [each for word in written.lower().split() for each in word.split("/")]
                if not all(map(_WORD.fullmatch, alternatives)):
                    message = (
                        f"{written!r} is no name; write its words apart, of letters, digits, `'`, `*` at the end or `#`"
                    )
                    report(place, message, "error")
            shown = ids.as_written(entry) if entry in ids else None
            found[name] = Condition(
                name, said, shown, words(fields["names"]), words(fields["avoid_if"]), words(fields["includes"])
            )
            included += fields["includes"]
    for name, line in included:
        if whole and name not in found:
            hint = suggestion(name, found) or "; correct it or remove it"
            report(line, f"'includes' names the unknown condition {name!r}{hint}", "error")
    return tuple(found.values()), whole


def read_no_conditions(text: str | None, report: Report) -> frozenset[str]:
    """The items in the text of `no-conditions.yaml`, None when that could not be read, which is reported."""
    table = _NO_CONDITIONS.read(text, report)
    return frozenset(item for row in table.rows for item in words(row.fields["avoid_if"]))


def read_condition_messages(
    text: str, known: Collection[str], report: Report, *, all_known: bool
) -> Iterator[ConditionMessage]:
    """The messages in the text of `condition-messages.jsonl`, an object a line.

    `known` are the ids of the conditions, `all_known` says whether all of these could be read. What is wrong with a
    line is reported, and the line left out.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            message, condition, said = record["message"], record["condition"], record["said"]
            whose = record.get("whose", "writer")
            if not isinstance(message, str) or not isinstance(condition, str) or not isinstance(said, bool):
                raise TypeError(record)
        except (ValueError, TypeError, KeyError, RecursionError):
            form = '{"message": "…", "condition": "id", "said": true}'
            report(number, f"not a message of a condition; write {form}", "error")
            continue
        message = one_line(message)
        if condition not in known:
            hint = suggestion(condition, known) or "; correct it or write it in conditions.yaml"
            if all_known:
                report(number, f"'condition' is {condition!r}, which is none{hint}", "error")
        elif not message or len(message) > MAX_PHRASING:
            report(number, f"a message must have 1 to {MAX_PHRASING:,} characters; mend it or remove it", "error")
        elif whose not in WHOSE or (whose == "nobody" and said) or (whose == "another" and not said):
            report(number, f'\'whose\' is {whose!r}; write "another" where it is said, "nobody" where not', "error")
        else:
            yield ConditionMessage(message, condition, said, whose)
