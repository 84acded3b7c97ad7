"""Hostile input for `hostile.py`: entries, files, lines of JSON and questions, each under a name."""

import json
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

_HEAD = "---\nquestion: {}\n---\n## A\n\n"
ENTRY = _HEAD.format("Why is it {}?") + "Because.\n"
_MEGA = 1_000_000


def entries() -> Iterator[tuple[str, str | bytes]]:
    """Files of an entry: a name and what it holds."""
    for name, head in _heads().items():
        yield name, f"---\n{head}\n---\n## A\n\nText.\n"
    for name, body in _bodies().items():
        yield name, _HEAD.format("Why?") + body
    yield "NUL", "\0" * 900_000
    yield "no UTF-8", b"---\nquestion: \xff\xfe\xc0\n---\n## A\n\n\xed\xa0\x80\n"
    yield "UTF-16", ENTRY.encode("utf-16")
    yield "nothing", b""


def _heads() -> dict[str, str]:
    """Front matters."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return {
        "aliases that explode": bomb,
        "nested lists": "question: " + "[" * 400_000,
        "nested mappings": "question: " + "{a: " * 200_000,
        "nested by indent": "".join(" " * n + f"k{n}:\n" for n in range(1200)),
        "an object to make": "question: !!python/object/apply:os.system ['touch /tmp/made']",
        "a hundred thousand fields": "".join(f"f{n}: x\n" for n in range(80_000)),
        "unknown related entries": "question: x\nrelated:\n" + "".join(f"  - how-long-{n}\n" for n in range(50_000)),
        "alternates of marks": "question: x\nalternate_questions:\n" + ("  - " + "\u0345\u0327" * 4000 + "\n") * 50,
        "a question of a megabyte": "question: " + "why " * 200_000,
        "a question of marks": "question: " + "\u0345\u0327" * 200_000,
        "a hundred thousand alternates": "question: x\nalternate_questions:\n" + "  - a\n" * 100_000,
        "a word of a megabyte": "question: " + "a" * 900_000,
        "half a million times the same field": "a:\n" * 200_000,
        "tabs and returns": "question:\t\r\r\r x\n\ty: z",
        "ids above": "question: x\nid: ../../etc/passwd\nrelated: [../../x]",
        "escapes": 'question: "a\\e[2J\\e]8;;http://x\\a\\u202E\\0"',
    }


def _bodies() -> dict[str, str]:
    """What follows the front matter."""
    return {
        "spaces": " " * _MEGA,
        "newlines": "\n" * 900_000,
        "unclosed marks": "*a " * 300_000,
        "brackets": "[" * 900_000,
        "citations that are not there": "".join(f"[@source-{n}]" for n in range(60_000)),
        "headings": "## A\nb\n" * 130_000,
        "a heading of marks": "x\n## " + "# " * 400_000,
        "quotes in quotes": "> " * 400_000,
        "lists in lists": "".join(" " * (2 * n) + "- x\n" for n in range(900)),
        "links in links": "[a](" * 200_000,
        "stops": "a. " * 300_000,
        "vowels": "ea" * 450_000,
        "hyperlinks of a terminal": "\x1b]8;;http://x\x07click\x1b]8;;\x07 \x1b[31mred \x9b2J \u202eback",
        "html": "<script>" * 100_000,
    }


def files() -> Mapping[str, Callable[[Path], int]]:
    """Things in a corpus that are no entries: each made in a folder, returning its size."""

    def large(folder: Path) -> int:
        with (folder / "large.md").open("wb") as file:
            file.write(b"---\nquestion: x\n---\n## A\n\n" + b"text\n" * 20_000_000)
        return 100_000_000

    def link(folder: Path, target: str) -> int:
        (folder / "link.md").symlink_to(target)
        return 0

    def named(folder: Path, name: str | bytes) -> int:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(name))).write_text(ENTRY)
        return 0

    return {
        "100 MB": large,
        "a link to /etc/passwd": partial(link, target="/etc/passwd"),
        "a link to an endless device": partial(link, target="/dev/zero"),
        "a link to itself": partial(link, target="link.md"),
        "a link to nothing": partial(link, target="nothing"),
        "a link to its folder": lambda folder: (folder / "loop").symlink_to(folder) or 0,
        "a pipe": lambda folder: os.mkfifo(folder / "pipe.md") or 0,
        "a folder": lambda folder: (folder / "folder.md").mkdir() or 0,
        "a name with a newline": partial(named, name="a\nb\x1b[2J.md"),
        "a name with dots": partial(named, name="...md"),
        "a name that is no UTF-8": partial(named, name=b"\xff\xfe.md"),
        "a name that is an option": partial(named, name="--full.md"),
    }


def lines() -> Iterator[tuple[str, bytes]]:
    """Corpora in JSON Lines."""
    one = {"id": "a", "question": "Why?", "answer": "Because."}
    sound = json.dumps(one).encode()
    yield "100 MB on one line", b'{"id": "a", "question": "' + b"x" * 100_000_000 + b'"}'
    yield "100 MB of empty lines", b"\n" * 100_000_000
    yield "nested", b"[" * 900_000
    yield "an array in an array as the answer", b'{"id":"a","question":"b","answer":' + b"[" * 900 + b"]" * 900 + b"}"
    yield "a number of a million digits", b'{"id": ' + b"9" * 900_000 + b"}"
    yield "numbers that are none", b'{"id": NaN, "question": Infinity, "answer": -1e999}'
    yield "fields twice", b'{"id": "a", "id": "../b", "question": "c", "answer": "d"}'
    yield "an id above", json.dumps({**one, "id": "../../etc/passwd"}).encode()
    yield "surrogates", b'{"id": "a", "question": "\\ud800", "answer": "\\udfff\\u0000\\u001b[2J"}'
    yield "NUL", b"\0" * 900_000
    yield "no UTF-8", sound + b"\n\xff\xfe\n"
    yield "UTF-16", json.dumps(one).encode("utf-16")
    yield "objects for texts", b'{"id": {}, "question": [], "answer": {"text": {}}, "topic": [], "related": {"a": 1}}'
    yield "ten thousand fields", json.dumps({**one, **{f"f{n}": n for n in range(50_000)}}).encode()
    yield "ten thousand answers", json.dumps({**one, "answers": ["x"] * 100_000}).encode()
    yield "a hundred thousand bad lines", b"x\n" * 100_000
    yield "unknown related entries", json.dumps({**one, "related": [f"a-{n}" for n in range(50_000)]}).encode()


def questions() -> Iterator[tuple[str, str]]:
    yield "10 MB", "how do i stretch my hips? " * 400_000
    yield "a character a million times", "a" * _MEGA
    yield "a question mark a million times", "?" * _MEGA
    for name, part in {
        "a word": "stretch ",
        "no spaces": "a",
        "stops": ". ",
        "marks that combine": "e\u0345\u0327",
        "family emoji": "👩‍👩‍👧‍👦",
        "denials": "no pain, ",
        "and": "and doctor ",
        "but": "but fine ",
        "years": "and years ago ",
        "dashes": "a - ",
        "quotes": "'\"`",
        "spaces": "a" + " " * 30,
        "NUL": "a\0",
        "escapes": "\x1b]8;;x\x07",
        "backward": "\u202e",
        "ligature of 18 letters": "ﷺ",
        "misspelt words": "strechingg hammstringg ",
    }.items():
        yield f"{name}, 10,000 characters", (part * 10_000)[:10_000]
    for script, sample in sorted(scripts().items()):
        yield f"script {script}", sample


def scripts() -> dict[str, str]:
    """A few hundred characters of each script, by the first word of their names."""
    samples: dict[str, str] = {}
    for code in range(0x110000):
        script = unicodedata.name(chr(code), "").partition(" ")[0]
        if unicodedata.category(chr(code))[0] in "LMNPS" and len(samples.get(script, "")) < 300:
            samples[script] = samples.get(script, "") + chr(code)
    return {script: text for script, text in samples.items() if len(text) >= 20}
