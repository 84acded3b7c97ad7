"""Fuzz both readers of a corpus and `ask`, with Hypothesis and with Atheris (guided by coverage).

Atheris (`pip install atheris`, Linux) is not among the tests' dependencies; name the Python that has it, and the
package's dependencies, with `--atheris`. What breaks a promise is written to `tests/data/seeds/<target>/`, from where
the tests try it again. No input may take more than 5 seconds or more than 2 GB.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from hostile_input import TARGETS, target
from trial import CORPUS, PROJECT, Row, arguments, bench, run

from chatbot.corpus.reader import read_corpus
from chatbot.index.index import entry_to_json

SEEDS = PROJECT / "tests" / "data" / "seeds"
_SECONDS, _MEGABYTES = 5, 2048
_WORDS = (
    *(
        "---\\x0A",
        "## ",
        "\\x0A  - ",
        ": ",
        "[@",
        "; @",
        "question",
        "alternate_questions",
        "look_alikes",
        "related",
        "kind",
    ),
    *("care", "urgent", "small-talk", "reviewed", "avoid_if", "sources:", "title", "verified", "answers", "viewpoint"),
    *(
        "\\x1B[",
        "\\x1B]8;;",
        "\\xE2\\x80\\xAE",
        "\\xEF\\xBB\\xBF",
        "\\xFF",
        "\\xCD\\x85\\xCC\\xA7",
        "&a ",
        "*a",
        "!!python/",
        "{}",
    ),
    *("no ", " and ", " but ", "doctor", "fine", "years ago", "numb", "the first one", "how long should i hold it"),
)
_GUIDED = Path(__file__).with_name("guided.py").resolve()


def keep(name: str, data: bytes) -> Path:
    """Keep an input that broke something for the tests."""
    path = SEEDS / name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def beginnings(name: str) -> Iterator[bytes]:
    """Sound inputs, from which Atheris goes on, and those that broke something before."""
    corpus = read_corpus(CORPUS)
    if name == "sources":
        yield (CORPUS / "sources.yaml").read_bytes()
    elif name == "markdown":
        yield from ((CORPUS / file).read_bytes() for file in corpus.files if "/" in file)
    elif name == "json_lines":
        yield from (entry_to_json(entry).encode() for entry in corpus.entries)
        yield b'{"id": "a", "question": "b", "answer": "c [@d]", "topic": "e", "kind": "urgent", "care": "routine"}'
        yield b'{"id": "a", "question": "b", "answers": [{"viewpoint": "c", "text": "d"}, "e"], "related": ["sound"]}'
    else:
        yield from (phrasing.encode() for entry in corpus.entries for phrasing in entry.phrasings)
    if (SEEDS / name).is_dir():
        yield from (path.read_bytes() for path in sorted((SEEDS / name).iterdir()))


def strategies() -> dict[str, Any]:
    """What Hypothesis makes for each target: input of about the right form, of which any part may be anything."""
    import json

    from hypothesis import strategies as st

    marks = [
        *"-#*_`[]{}@;:|>&!%'\"\\,.?/~$^()<=+0 \t\n\r",
        "---",
        "## ",
        "[@a]",
        "../",
        "\x1b[2J",
        "\x1b]8;;",
        "\x07",
        "\0",
    ]
    signs = [
        "\u202e",
        "\ufeff",
        "\u0345\u0327",
        "ﷺ",
        "🤸🏽\u200d♀️",
        "null",
        "~",
        "no ",
        "and ",
        "but ",
        "doctor ",
        "fine ",
        "years ago",
    ]
    odd = st.sampled_from([*marks, *signs])
    words = st.text(max_size=20) | odd | st.text(alphabet="abc ,.?!-", max_size=60)
    text = st.lists(words, max_size=12).map("".join)
    field = st.sampled_from(
        ["question", "alternate_questions", "related", "kind", "care", "reviewed", "avoid_if", "id"]
    )
    value = text | st.lists(text, max_size=4).map(lambda items: "".join(f"\n  - {item}" for item in items)) | odd
    head = st.lists(st.tuples(field | words, value), max_size=6).map(lambda f: "".join(f"{k}: {v}\n" for k, v in f))
    body = st.lists(st.tuples(words, text), max_size=4).map(lambda s: "".join(f"## {h}\n\n{t}\n\n" for h, t in s))
    first, last = st.sampled_from(["---\n", "---\nquestion: x\n", "--- \n", ""]), st.sampled_from(["---\n", "---", ""])
    entry = st.tuples(first, head, last, body).map("".join)
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | text,
        lambda e: st.lists(e) | st.dictionaries(text, e),
        max_leaves=6,
    )
    names = field | st.sampled_from(["answer", "answers", "topic", "text", "viewpoint"]) | words
    record = st.fixed_dictionaries({}, optional={"id": text | st.just("a"), "question": text, "answer": text})
    merged = st.builds(lambda a, b: {**a, **b}, record, st.dictionaries(names, anything, max_size=4))
    lines = st.lists(merged.map(json.dumps) | text, max_size=4).map("\n".join)
    listed = st.lists(
        st.dictionaries(st.sampled_from(["id", "title", "doi", "url", "verified"]) | words, text, max_size=4)
    )
    yaml = listed.map(
        lambda s: "sources:\n" + "".join("- " + "\n  ".join(f"{k}: {v}" for k, v in d.items()) + "\n" for d in s)
    )
    made = {"markdown": entry, "sources": yaml | text, "json_lines": lines, "ask": text}
    return {
        name: made[name].map(lambda t: t.encode("utf-8", "surrogatepass")) | st.binary(max_size=200) for name in made
    }


def _test(name: str, attempt: Callable[[bytes], None], seed: int) -> Callable[[], None]:
    """Two thousand attempts by Hypothesis, as a function."""
    import hypothesis

    settings = hypothesis.settings(
        max_examples=2000,
        deadline=1000 * _SECONDS,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )

    def test(data: bytes) -> None:
        attempt(data)

    made: Callable[[], None] = hypothesis.seed(seed)(settings(hypothesis.given(strategies()[name])(test)))
    return made


def with_hypothesis(name: str, index: Path, minutes: float, seed: int) -> Row:
    row, end = Row(f"Hypothesis: {name}"), time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        attack = target(name, Path(folder), index)

        def attempt(failing: list[bytes], data: bytes) -> None:
            if row.times and time.monotonic() > end:
                return
            row.times += 1
            failing.append(data)
            attack(data)
            failing.pop()

        while not row.times or (time.monotonic() < end and len(row.violations) < 5):
            failing: list[bytes] = []
            try:
                _test(name, partial(attempt, failing), seed + row.times)()
            except Exception as error:
                path = keep(name, failing[-1] if failing else b"")
                row.violated(f"{type(error).__name__}: {str(error)[:300]}; {path}")
    row.happened = f"{minutes:g} minutes"
    return row


def with_atheris(name: str, index: Path, minutes: float, seed: int, python: Path) -> Row:
    row = Row(f"Atheris: {name}")
    with tempfile.TemporaryDirectory() as place:
        found, broke, words = Path(place, "found"), Path(place, "broke"), Path(place, "words")
        found.mkdir()
        broke.mkdir()
        options = [f"-max_total_time={int(60 * minutes)}", f"-timeout={_SECONDS}", f"-rss_limit_mb={_MEGABYTES}",
                   f"-seed={seed}", "-max_len=6000", "-print_final_stats=1", f"-artifact_prefix={broke}/"]  # fmt: skip
        words.write_text("".join(f'"{word}"\n' for word in _WORDS))
        begin = Path(place, "begin")
        begin.mkdir()
        for number, data in enumerate(beginnings(name)):
            (begin / str(number)).write_bytes(data)
        command = [python, _GUIDED, name, str(index), *options, found, begin]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(list(map(str, command)), capture_output=True, cwd=place, env=environment, check=False)
        errors = done.stderr.decode("utf-8", "replace")
        units = re.search(r"number_of_executed_units:\s*(\d+)", errors)
        covered = re.findall(r"cov: (\d+)", errors)
        row.times = int(units[1]) if units else 0
        row.happened = f"{minutes:g} minutes, {covered[-1] if covered else 0} branches covered"
        for path in broke.iterdir():
            row.violated(f"{keep(name, path.read_bytes())}: {errors.strip()[-600:]}")
        if not units or (done.returncode and not row.violations):
            row.violated(f"Atheris ended with {done.returncode}: {errors.strip()[-300:]}")
    return row


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=7.5, help="for each engine and target; default 7.5.")
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=TARGETS)
    parser.add_argument(
        "--atheris", type=Path, metavar="PYTHON", help="a Python with Atheris; without it, Hypothesis only."
    )
    options = parser.parse_args()
    with bench(options.index) as what:
        trials = [partial(with_hypothesis, name, what.index, options.minutes, options.seed) for name in options.targets]
        if options.atheris:
            trials += [
                partial(with_atheris, name, what.index, options.minutes, options.seed, options.atheris)
                for name in options.targets
            ]
        return run(trials, options.json)


if __name__ == "__main__":
    sys.exit(main())
