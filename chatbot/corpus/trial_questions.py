"""Trial questions: what people asked, and which entries should answer it.

They are not matched. They say how sure the bot may be, and whether an edit made it better.

`trial-questions.jsonl` lies in the corpus's folder, or beside a JSON Lines corpus: an object a line with `query` and
`expected`, a list of ids; an empty list means that the bot should not answer. With `after`, the id of the entry that
was shown before, it is a message in a conversation; `turn` says then what it does there, and `part` which part of that
answer it asks about.

`exchanges.jsonl` has such messages of conversations, too. They teach the encoder, and nothing is fitted on them.
"""

import json
from collections.abc import Collection, Container, Iterator, Mapping
from typing import Any

from chatbot import settings
from chatbot.corpus.ids import EntryIds
from chatbot.corpus.validation import Report, suggestion
from chatbot.records import TURNS, LabelledQuestion
from chatbot.text.cleaning import one_line

# What a line is and how it is written, by whether it must follow an answer.
_NAMES = {False: "a trial question", True: "an exchange"}
_FORMS = {
    False: '{"query": "…", "expected": ["id"]}',
    True: '{"query": "…", "expected": ["id"], "after": "id"}',
}
_FORM: Mapping[str, type | tuple[type, ...]] = {
    "query": str,
    "expected": list,
    "after": (str, type(None)),
    "turn": (str, type(None)),
    "part": (str, type(None)),
}


def read_labelled_questions(
    text: str,
    ids: EntryIds,
    report: Report,
    unread: Container[str] = (),
    parts: Collection[str] = (),
    *,
    all_parts: bool = True,
    following: bool = False,
) -> Iterator[LabelledQuestion]:
    """The trial questions of a file. What is wrong with a line is reported, and the line left out.

    `ids` are those of the entries, `unread` of those that could not be read: a question that names one is left out.
    `parts` are the names of the parts that answers have, `all_parts`: all of these could be read; `following`: each
    follows an answer.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None:
            report(number, f"not {_NAMES[following]}; write {_FORMS[following]}", "error")
            continue
        query, after = one_line(record["query"]), record["after"]
        named = [*(("expected", each) for each in record["expected"]), *([("after", after)] if after else [])]
        others = [(field, each) for field, each in named if each not in ids]
        unknown = [(field, each) for field, each in others if not isinstance(each, str) or each not in unread]
        if unknown:
            field, each = unknown[0]
            report(number, f"{field!r} names the unknown entry {each!r}; correct it or write that entry", "error")
        elif not query:
            report(number, "it asks nothing; write the query, or remove the line", "error")
        elif len(query) > settings.MAX_QUESTION_CHARACTERS:
            most = f"{settings.MAX_QUESTION_CHARACTERS:,}"
            report(number, f"the query has more than {most} characters; ask it shorter", "error")
        elif problem := _problem_in_conversation(record, parts, all_parts, following):
            report(number, problem, "error")
        elif not others and (not record["part"] or record["part"] in parts):
            expected = tuple(map(ids.as_written, record["expected"]))
            yield LabelledQuestion(query, expected, after and ids.as_written(after), record["turn"], record["part"])


def _record(line: str) -> dict[str, Any] | None:
    """The fields of a line, None for those it does not have; None when it is no trial question."""
    try:
        written = json.loads(line)
        record: dict[str, Any] = {name: written.get(name) for name in _FORM}
    except (ValueError, AttributeError, RecursionError):
        return None
    return record if all(isinstance(record[name], form) for name, form in _FORM.items()) else None


def _problem_in_conversation(
    record: Mapping[str, Any], parts: Collection[str], all_parts: bool, following: bool
) -> str:
    """What is wrong with what a line says of its place in a conversation, and what to do; empty: nothing."""
    after, turn, part = record["after"], record["turn"], record["part"]
    if following and not (after and record["expected"]):
        return "an exchange follows an answer and wants one; name their entries in 'after' and 'expected'"
    if (turn or part) and not after:
        return f"a {'turn' if turn else 'part'} of no conversation; name the entry before in 'after'"
    if turn and turn not in TURNS:
        return f"'turn' is {turn!r}{suggestion(turn, TURNS)}; it must be one of {', '.join(TURNS)}"
    if part and all_parts and part not in parts:
        hint = suggestion(part, parts) or "; correct it or write it there"
        return f"'part' is {part!r}, which parts.yaml does not have{hint}"
    if (turn == "part") != bool(part):
        return "'part' belongs to the turn 'part'; write both or neither"
    return ""
