"""Trial questions: what people asked, and which entries should answer it.

They are not matched. They say how sure the bot may be, and whether an edit made it better.

`trial-questions.jsonl` lies in the corpus's folder, or beside a JSON Lines corpus: an object a line with `query` and
`expected`, a list of ids; an empty list means that the bot should not answer. With `after`, the id of the entry that
was shown before, it is a message in a conversation.
"""

import json
from collections.abc import Container, Iterator

from chatbot import settings
from chatbot.corpus.ids import EntryIds
from chatbot.corpus.validation import Report
from chatbot.records import LabelledQuestion
from chatbot.text.cleaning import one_line


def read_labelled_questions(
    text: str, ids: EntryIds, report: Report, unread: Container[str] = ()
) -> Iterator[LabelledQuestion]:
    """The trial questions of a file. What is wrong with a line is reported, and the line left out.

    `ids` are those of the entries, `unread` of those that could not be read: a question that names one is left out.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            query, expected, after = record["query"], record["expected"], record.get("after")
            if not isinstance(query, str) or not isinstance(expected, list) or not isinstance(after, str | None):
                raise TypeError(record)
        except (ValueError, TypeError, KeyError, RecursionError):
            report(number, 'not a trial question; write {"query": "…", "expected": ["id"]}', "error")
            continue
        query = one_line(query)
        named = [*(("expected", each) for each in expected), *([("after", after)] if after else [])]
        others = [(field, each) for field, each in named if each not in ids]
        unknown = [(field, each) for field, each in others if not isinstance(each, str) or each not in unread]
        if unknown:
            field, each = unknown[0]
            report(number, f"{field!r} names the unknown entry {each!r}; correct it or write that entry", "error")
        elif not query:
            report(number, "the trial question is empty; write it, or remove the line", "error")
        elif len(query) > settings.MAX_QUESTION_CHARACTERS:
            most = f"{settings.MAX_QUESTION_CHARACTERS:,}"
            report(number, f"the trial question has more than {most} characters; ask it shorter", "error")
        elif not others:
            yield LabelledQuestion(query, tuple(map(ids.as_written, expected)), after and ids.as_written(after))
