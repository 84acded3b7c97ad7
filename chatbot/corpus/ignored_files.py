"""The files in a corpus's folder that nobody reads, though someone may have written an entry into them."""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from chatbot.corpus.file_states import ENTRY, MESSAGES, TOP_LEVEL_FILES, file_names, is_read
from chatbot.text.cleaning import one_line

# Files that look as if someone had written an entry into them; those that programs leave beside a file do not.
_TEXT = re.compile(r"[^.~#]+|.+\.(?:md|markdown|mdown|mdwn|mkdn?|mdx|txt|text|rst|jsonl)", re.IGNORECASE | re.DOTALL)
_MISNAMED_MESSAGES = re.compile(r"(.+?)[._-]messages?(?:\.(?:txt|text))?", re.IGNORECASE)
_FOR_EDITORS = ("readme", "license", "licence")  # at the top; or whatever has its name in capitals


def ignored_files(corpus: Path) -> Iterator[tuple[str, str]]:
    """What in a folder looks like a part of the corpus and is none, each with what to do about it."""
    read = set(file_names(corpus))
    for folder, folders, names in os.walk(corpus):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        place = Path(folder).relative_to(corpus)
        if place.parts:
            for file in ((place / name).as_posix() for name in folders if is_read(name)):
                if file not in read:
                    yield file, "a folder; an entry is a file: move what this holds up, or rename it"
            folders[:] = [name for name in folders if not is_read(name)]
        for name in sorted(names):
            file = (place / name).as_posix()
            advice = "" if file in read or name.startswith(".") else _advice(place.parts, one_line(name))
            if advice:
                yield file, f"this file is not read; {advice}"


def _advice(folders: tuple[str, ...], name: str) -> str:
    """What to do about a file that is not read; empty where nothing is."""
    if not folders and (meant := difflib.get_close_matches(name.casefold(), TOP_LEVEL_FILES, n=1, cutoff=0.8)):
        return f"rename it {meant[0]}"
    stem = Path(name).stem.removesuffix(".md")
    for_editors = not folders and (stem.isupper() or stem.casefold() in _FOR_EDITORS)
    if for_editors or not _TEXT.fullmatch(name):
        return ""
    if name.endswith(".jsonl"):
        return "a JSON Lines file is a corpus of its own; take it out of this one"
    if not folders:
        return f"move it into the folder of its topic, as <topic>/{stem}.md"
    if len(folders) > 1:
        return f"move it up, to {one_line(folders[0])}/{stem}.md"
    if match := _MISNAMED_MESSAGES.fullmatch(name):
        return f"rename it {match[1]}{MESSAGES}, if it holds what people ask {match[1]}{ENTRY}"
    return f"rename it {stem}.md, or take it out of the corpus"
