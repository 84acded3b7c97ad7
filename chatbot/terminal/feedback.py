"""What users said of replies: JSON lines in a local file. `feedback_report` is for the corpus's editors."""

import json
import os
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

Verdict = Literal["good", "bad"]


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
