"""The part of an answer that someone asks about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot.records import Answer, Part
from chatbot.text.cleaning import words
from chatbot.text.reading import read_answer

_BLOCKS = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\n(?=\s*(?:[-*]|\d+[.)])\s)")
_NUMBERED = re.compile(r"\s*(\d+)[.)]\s")
_LEAD = re.compile(r"\s+(?=\*\*[A-Z][^*]{2,60}\*\*)")  # bold words in a paragraph begin something else
_CITATION = re.compile(r"\[@[^\]]*\]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*(“\"\d])")


def answer_part(answer: Answer, part: Part, parts: Sequence[Part]) -> Answer | None:
    """An answer cut down to one of its `parts`, with the sources that are cited there; None where it has no such part.

    A paragraph, or what bold words in it begin, is of the part whose lead begins it; other sentences are of the parts
    that have a word in them.
    """
    found = [text for block in _BLOCKS.split(answer.text.strip()) for text in _of_block(block, part, parts)]
    if not found:
        return None
    text = "\n\n".join(found)
    cited = set(read_answer(text).cited)
    return replace(answer, text=text, sources=tuple(source for source in answer.sources if source.id in cited))


def _of_block(block: str, part: Part, parts: Sequence[Part]) -> Iterator[str]:
    items = _ITEM.split(block)
    owner = next((each for each in parts if _leads(block, each)), None) if len(items) > 1 else None
    if owner:
        if owner == part:
            yield block
        return
    if _NUMBERED.match(items[0]) or len(items) > 1:
        kept = items if part.numbered and _NUMBERED.match(items[-1]) else [item for item in items if _says(item, part)]
        if kept:
            yield "\n".join(_with_their_numbers(kept))
        return
    for passage in _LEAD.split(block):
        owner = next((each for each in parts if _leads(passage, each)), None)
        if owner == part:
            yield passage
        elif owner is None:
            said = [sentence for sentence in _SENTENCE.split(passage) if _says(sentence, part)]
            if said:
                yield " ".join(said)


def _with_their_numbers(items: Sequence[str]) -> Iterator[str]:
    """Items of a list such that none is counted anew where one before it is left out: Markdown begins another list,
    which has its own first number, where the mark behind the number is another."""
    before, shown, turned = None, "", False
    for item in items:
        number = _NUMBERED.match(item)
        if number is None:
            yield item
            continue
        own, end = item[number.end(1)], number.end(1)
        left_out = before is not None and int(number[1]) != before + 1
        turned ^= left_out and _mark(own, turned) == shown
        before, shown = int(number[1]), _mark(own, turned)
        yield f"{item[:end]}{shown}{item[end + 1 :]}"


def _mark(own: str, turned: bool) -> str:
    """The mark behind a number, or the other one."""
    return own if not turned else ")" if own == "." else "."


def _leads(passage: str, part: Part) -> bool:
    """Whether a passage begins as the part does."""
    begin = passage.strip().lstrip("*").casefold()
    return any(re.match(rf"{re.escape(lead.casefold())}\b", begin) for lead in part.leads)


def _says(sentence: str, part: Part) -> bool:
    """Whether a sentence or an item of a list has what tells the part."""
    if part.cited and "[@" in sentence:
        return True
    said = f" {' '.join(words(_CITATION.sub('', sentence)))} "
    return any(f" {word} " in said for word in part.words)
