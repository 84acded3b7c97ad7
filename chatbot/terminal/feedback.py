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
    """What a user said of a reply: `missing` is what they wanted; `id` is the entry that replied, if one did.

    `session` tells the shells apart in which it was said; it is empty where that was not noted.
    """

    verdict: Verdict
    query: str
    kind: str
    id: str | None
    confidence: float
    missing: str
    time: str
    session: str = ""


def feedback_on(reply: "Reply", verdict: Verdict, missing: str, session: str) -> Feedback:
    """Feedback on `reply`, given now."""
    return Feedback(
        verdict=verdict,
        query=one_line(reply.query),
        kind=reply.kind,
        id=reply.id,
        confidence=round(reply.confidence, 4),
        missing=one_line(missing),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        session=session,
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
    """The feedback in the file at `path`, oldest first, and how many lines of it cannot be read.

    Of what was said of one reply in one session, only the last counts.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise StorageError(f"cannot read {path} ({error.strerror})") from error
    parsed = [_parse(line) for line in lines if line.strip()]
    kept = [feedback for feedback in parsed if feedback]
    return _last_words(kept), len(parsed) - len(kept)


def _last_words(given: Sequence[Feedback]) -> list[Feedback]:
    last = {(each.session, each.query, each.id): each for each in given}
    return [each for each in given if not each.session or last[each.session, each.query, each.id] is each]


def _parse(line: bytes) -> Feedback | None:
    try:
        record = json.loads(line)
        named = {field.name for field in fields(Feedback)} & record.keys()
        feedback = Feedback(**{name: record[name] for name in named})
        texts = [
            feedback.query,
            feedback.kind,
            "" if feedback.id is None else feedback.id,
            feedback.missing,
            feedback.time,
            feedback.session,
        ]
        usable = all(isinstance(text, str) for text in texts) and bool(one_line(feedback.query))
        return feedback if usable and feedback.verdict in ("good", "bad") else None
    except (ValueError, TypeError, AttributeError, RecursionError):
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
