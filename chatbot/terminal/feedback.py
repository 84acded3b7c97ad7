"""What users said of replies: JSON lines in a local file, and a report of them for the corpus's editors."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chatbot.errors import StorageError
from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.answering.reply import Reply
    from chatbot.arrays import Vectors
    from chatbot.bot import Chatbot

Verdict = Literal["good", "bad"]
# Questions whose vectors have at least this cosine are listed together. It orders a report and decides nothing else.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user said of a reply: `missing` is what they wanted; `id` is the entry that replied, if one did."""

    verdict: Verdict
    query: str
    kind: str
    id: str | None
    confidence: float
    missing: str
    time: str


def feedback_on(reply: "Reply", verdict: Verdict, missing: str) -> Feedback:
    """Feedback on `reply`, given now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Feedback(
        verdict, one_line(reply.query), reply.kind, reply.id, round(reply.confidence, 4), one_line(missing), now
    )


def append(path: Path, feedback: Feedback) -> None:
    """Add a line to the file at `path`, which only its owner may read. Raises `StorageError`."""
    line = json.dumps(asdict(feedback), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # One write of one line in append mode: shells open at the same time do not mix theirs.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode("utf-8", "replace"))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError(f"cannot write {path} ({error.strerror}); nothing was kept") from error


def read(path: Path) -> tuple[list[Feedback], int]:
    """The feedback in the file at `path`, oldest first, and how many lines of it cannot be read."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise StorageError(f"cannot read {path} ({error.strerror})") from error
    parsed = [_parse(line) for line in lines if line.strip()]
    kept = [feedback for feedback in parsed if feedback]
    return kept, len(parsed) - len(kept)


def _parse(line: bytes) -> Feedback | None:
    try:
        record = json.loads(line)
        feedback = Feedback(**{field.name: record[field.name] for field in fields(Feedback)})
        texts = (feedback.verdict, feedback.query, feedback.kind, feedback.missing, feedback.time)
        usable = all(isinstance(text, str) for text in texts) and bool(one_line(feedback.query))
        return feedback if usable and feedback.verdict in ("good", "bad") else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def forget(paths: Sequence[Path]) -> Iterator[str]:
    """Delete the files at `paths`, and their folder if nothing else is in it, telling what was deleted."""
    deleted = 0
    for path in paths:
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StorageError(f"cannot delete {path} ({error.strerror})") from error
        deleted += 1
        yield f"Deleted {path} ({size:,} bytes)."
    for folder in {path.parent for path in paths}:
        with suppress(OSError):  # other files of the user's may be in it
            folder.rmdir()
    if not deleted:
        yield "There was nothing to forget."


def report(bot: "Chatbot", given: Sequence[Feedback]) -> str:
    """The feedback for an editor: what was bad, grouped by meaning and ready to mend; then what was good."""
    bad = [feedback for feedback in given if feedback.verdict == "bad"]
    good = [feedback for feedback in given if feedback.verdict == "good"]
    return "\n".join([*_bad(bot, bad), "", *_good(good)]) + "\n"


def _bad(bot: "Chatbot", bad: Sequence[Feedback]) -> Iterator[str]:
    groups = _groups(bad, bot.index.encoder.encode([feedback.query for feedback in bad])) if bad else []
    yield f"Bad or unanswered: {_counted(len(bad), 'question')} in {_counted(len(groups), 'group')}"
    for group in groups:
        yield ""
        yield from _group(bot, group)


def _group(bot: "Chatbot", group: Sequence[Feedback]) -> Iterator[str]:
    nearest = bot.match(group[0].query, k=1)[0]
    kind = "" if nearest.entry.kind == "answer" else f"{nearest.entry.kind}, "
    yield f"{_counted(len(group), 'question')}, nearest to {nearest.entry.id} ({kind}{nearest.confidence:.0%} sure):"
    yield f'  "{one_line(nearest.entry.question)}"'
    for query, several in Counter(one_line(feedback.query) for feedback in group).items():
        yield f"  - {yaml_text(query)}" + (f"  # {several} times" if several > 1 else "")
    for outcome, several in Counter(_outcome(feedback) for feedback in group).items():
        yield f"    {several} × {outcome}"
    for feedback in group:
        if feedback.missing:
            yield f"    wanted: {one_line(feedback.missing)}"


def _outcome(feedback: Feedback) -> str:
    outcomes = {"no-answer": "had no answer", "clarify": "was asked back"}
    return outcomes.get(feedback.kind, f"was answered with {one_line(str(feedback.id))}")


def _good(good: Sequence[Feedback]) -> Iterator[str]:
    yield f"Good: {_counted(len(good), 'reply', 'replies')}"
    for outcome, several in Counter(_outcome(feedback) for feedback in good).most_common():
        yield f"  {several} × {outcome}"


def _groups(given: Sequence[Feedback], vectors: "Vectors") -> list[list[Feedback]]:
    """The feedback grouped by meaning, large groups first: each joins the founder that it is most like."""
    likeness = vectors @ vectors.T
    founders: dict[int, list[int]] = {}
    for place in range(len(given)):
        alike = [founder for founder in founders if likeness[place, founder] >= _ALIKE]
        home = max(alike, key=lambda founder: likeness[place, founder], default=place)
        founders.setdefault(home, []).append(place)
    groups = [[given[place] for place in places] for places in founders.values()]
    return sorted(groups, key=len, reverse=True)


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def yaml_text(text: str) -> str:
    """`text` as an item of a YAML list: as it is where that is safe, else in double quotes."""
    risky = ": " in text or " #" in text or text.endswith(":") or not (text[0].isalpha() and text.isprintable())
    return json.dumps(text, ensure_ascii=False) if risky or text.casefold() in _YAML_WORDS else text


_YAML_WORDS = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
