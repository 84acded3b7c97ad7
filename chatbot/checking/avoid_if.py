"""Does every item of `avoid_if` tell the bot whom it is about, where a corpus keeps conditions?"""

from collections.abc import Iterator

from chatbot.corpus.corpus import Corpus
from chatbot.corpus.file_states import CONDITIONS, NO_CONDITIONS
from chatbot.records import Problem


def check_avoid_if(corpus: Corpus) -> Iterator[Problem]:
    """The items that stand neither with a condition nor among those that mean none, and those that stand there and in
    no entry."""
    if CONDITIONS not in corpus.files:
        return
    conditions = corpus.conditions
    mapped = {item for row in conditions.rows for item in row.avoid_if} | conditions.none
    used: set[str] = set()
    for entry in corpus.entries:
        parsed = corpus.parsed[entry.id]
        for item in entry.avoid_if:
            used.add(item)
            if entry.kind == "answer" and item not in mapped:
                message = f"“{item}” stands in no row of {CONDITIONS} nor of {NO_CONDITIONS}; write it in one"
                yield corpus.problem(parsed.file, parsed.field_line("avoid_if"), message, "warning")
    for item in sorted(mapped - used):
        file = NO_CONDITIONS if item in conditions.none else CONDITIONS
        yield corpus.problem(file, 1, f"no entry has “{item}” in its 'avoid_if'; take it out", "warning")
