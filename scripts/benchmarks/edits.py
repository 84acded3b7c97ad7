"""What an editor does between two builds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ALTERNATES = "alternate_questions:\n"


def edit_one_answer(corpus: Path, number: int) -> None:
    """Add a sentence to the end of the corpus's first answer."""
    sentence = f"That was edit {number}."
    if corpus.is_dir():
        entry = _first(corpus)
        entry.write_text(f"{entry.read_text(encoding='utf-8').rstrip()} {sentence}\n", encoding="utf-8")
        return
    _edit_record(corpus, lambda record: record | {"answer": f"{record['answer']} {sentence}"})


def edit_one_phrasing(corpus: Path, number: int) -> None:
    """Add a way to ask the corpus's first question."""
    phrasing = f"how was that again for the time number {number}"
    if corpus.is_dir():
        entry = _first(corpus)
        text = entry.read_text(encoding="utf-8")
        entry.write_text(text.replace(_ALTERNATES, f"{_ALTERNATES}  - {phrasing}\n", 1), encoding="utf-8")
        return
    _edit_record(
        corpus, lambda record: record | {"alternate_questions": [phrasing, *record.get("alternate_questions", ())]}
    )


def _first(corpus: Path) -> Path:
    return min(path for path in corpus.glob("*/*.md") if _ALTERNATES in path.read_text(encoding="utf-8"))


def _edit_record(corpus: Path, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    first, _, rest = corpus.read_text(encoding="utf-8").partition("\n")
    corpus.write_text(f"{json.dumps(edit(json.loads(first)))}\n{rest}", encoding="utf-8")
