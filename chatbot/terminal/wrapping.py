"""Answer Markdown -> lines for a terminal: wrapped by cells, lists hanging, tables in columns, emphasis painted."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from wcwidth import ljust, propagate_sgr, strip_sequences
from wcwidth import width as cells
from wcwidth.textwrap import SequenceTextWrapper

from chatbot.text.layout import Line, Paint, Table, lay_out

_BETWEEN_COLUMNS = "  "
_GLUE = "\ue000"  # of private use: a space that no line ends at
_CODE = re.compile("`[^`\n]{1,100}`")  # in the bot's own words, which are not Markdown


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """`text` in lines of at most `width` cells; the first begins with `first`, the others with `rest`.

    Addresses, paths, options and code are never broken: one that is longer than a line stands on a line of its own.
    """
    wrapper = _Wrapper(
        max(width, cells(rest) + 8), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    glued = _CODE.sub(lambda code: code[0].replace(" ", _GLUE), text)
    return [line.replace(_GLUE, " ") for line in propagate_sgr(wrapper.wrap(glued))]


class _Wrapper(SequenceTextWrapper):  # type: ignore[misc]
    def _handle_long_word(self, reversed_chunks: list[str], cur_line: list[str], cur_len: int, width: int) -> None:
        if not _is_whole(strip_sequences(reversed_chunks[-1])):
            super()._handle_long_word(reversed_chunks, cur_line, cur_len, width)
        elif not cur_line:
            cur_line.append(reversed_chunks.pop())


def _is_whole(word: str) -> bool:
    """Whether a word makes sense only in one piece. Languages without spaces write whole sentences as one word."""
    return _GLUE in word or "://" in word or (word.isascii() and (word[0] == "-" or not set(word).isdisjoint("/\\@=_")))


def terminal_lines(
    markdown: str, width: int, paint: Paint, indent: str = "", numbers: Mapping[str, int] | None = None
) -> list[str]:
    """`markdown` as lines of at most `width` cells, each beginning with `indent`; blank lines between blocks.

    Citations are shown by their `numbers`. Code, and addresses longer than a line, may be wider.
    """

    def glued(role: str, text: str) -> str:
        return paint(role, text.replace(" ", _GLUE) if role == "code" else text)

    laid_out = lay_out(markdown, glued, indent, numbers or {})
    return [line for part in laid_out for line in _fitted(part, width, paint)]


def _fitted(part: Line | Table, width: int, paint: Paint) -> Iterator[str]:
    if isinstance(part, Table):
        widths = [
            max(cells(line) for cell in column for line in cell.split("\n")) for column in zip(*part.rows, strict=True)
        ]
        if cells(part.indent) + sum(widths) + len(_BETWEEN_COLUMNS) * (len(widths) - 1) <= width:
            yield from _columns(part, widths, paint)
        else:
            for line in part.as_lines():
                yield from _fitted(line, width, paint)
    elif part.code or not part.text:
        yield part.first + part.text
    else:
        yield from wrap(part.text, width, part.first, part.rest)


def _columns(table: Table, widths: list[int], paint: Paint) -> Iterator[str]:
    head, *rows = table.rows
    for row in ([paint("strong", cell) for cell in head], ["─" * width for width in widths], *rows):
        for line in zip_longest(*(cell.split("\n") for cell in row), fillvalue=""):
            fields = map(ljust, line, widths)
            yield (table.indent + _BETWEEN_COLUMNS.join(fields)).rstrip().replace(_GLUE, " ")
