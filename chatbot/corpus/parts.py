"""The parts that answers have, read from `parts.yaml`: how each is told from the others, and what it is called."""

from chatbot.corpus.validation import Report
from chatbot.corpus.yaml_tables import Field, Table, first, words
from chatbot.records import Part

_TABLE = Table(
    "part",
    {
        "part": Field("text", "a part without a name; write it behind `part:`, as trial questions name it"),
        "title": Field("text", "a part without 'title'; write what a reply calls it", prose=True),
        "leads": Field("list", prose=True),
        "words": Field("list", prose=True),
        "marks": Field("list"),
    },
)
_MARKS = ("numbered", "cited", "warns")


def read_parts(text: str | None, report: Report) -> tuple[tuple[Part, ...], bool]:
    """The parts in the text of a file, None when that could not be read, and whether all of it was understood. What is
    wrong with a row is reported; one that lacks something, or stands a second time, is left out."""
    rows, report, whole = _TABLE.read(text, report)
    parts: dict[str, Part] = {}
    for line, fields, understood in rows:
        name, title = first(fields["part"]), first(fields["title"])
        leads, telling, marks = (words(fields[field]) for field in ("leads", "words", "marks"))
        for mark, place in fields["marks"]:
            if mark not in _MARKS:
                report(place, f"{mark!r} is no mark of a part; it must be one of {', '.join(_MARKS)}", "error")
        if understood and not (leads or telling or set(marks) - {"warns"}):
            whole = False
            report(line, "nothing tells this part; give it 'leads', 'words' or 'marks'", "error")
        elif name in parts:
            report(line, f"the part {name!r} stands above; keep one of them", "error")
        elif name and title and (leads or telling or marks):
            has = (mark in marks for mark in _MARKS)
            parts[name] = Part(name, title, leads, telling, *has)
    return tuple(parts.values()), whole
