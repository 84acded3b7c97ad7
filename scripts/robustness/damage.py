"""Damage an index in every way that a disk, a copy or a person can, and see that opening it tells.

Opening must raise an error that names the file and the command that mends it. Never may there be a traceback or
another reply than the sound index gives. In the last experiment the numbers of the manifest lie although its checksum
is right, which no accident does: counts, sizes, dimensions and paths must be refused unless they change no reply; any
other value may change what is replied, but must not end in a traceback.
"""

import contextlib
import hashlib
import io
import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from chatbot import Chatbot
from chatbot.cli import main as flexbot
from chatbot.errors import ChatbotError, IndexFolderError
from chatbot.index.index import Index
from scripts.robustness.harness import Row, Sandbox, arguments, new_sandbox, question, run

_STAMPED_FROM = 1 << 20  # as in `chatbot.index.store`
QUESTIONS = (question(0), "my hip is tight", "one calf is swollen and warm", "what is the capital of france", "hello")


class Damaged:
    """An index to damage and the sound state of its files."""

    def __init__(self, sandbox: Sandbox, place: Path) -> None:
        self.folder = sandbox.index
        self.sound = Path(shutil.copytree(sandbox.index, place / "sound"))
        self.truth = self.replies()

    def files(self) -> list[Path]:
        return [self.folder / path.name for path in sorted(self.sound.iterdir()) if path.name != ".lock"]

    def restore(self, path: Path) -> None:
        shutil.copyfile(self.sound / path.name, path)
        self.stamp(path)

    def stamp(self, path: Path) -> None:
        """Have the manifest know a file's times again, as a build would: else each opening hashes it anew."""
        if path.stat().st_size < _STAMPED_FROM:
            return
        manifest = json.loads((self.sound / "manifest.json").read_bytes())
        manifest.pop("checksum")
        for record in manifest["files"].values():
            state = (self.folder / record["file"]).stat()
            record.update(mtime=state.st_mtime_ns, ctime=state.st_ctime_ns)
        for folder in (self.folder, self.sound):
            write_manifest(folder / "manifest.json", manifest)

    def replies(self) -> list[str]:
        bot = Chatbot(Index.open(self.folder))
        shown = [bot.ask(each).to_json() for each in QUESTIONS]
        # Whether the corpus changed since depends on times, which no one promises to keep.
        assert bot.index.stale in (True, False)  # noqa: S101
        return [*shown, bot.conversation().ask("hip").to_json(), str(bot.index.topics)]

    def must_tell(self, row: Row, path: Path, how: str) -> None:
        """Opening must name the damaged file and what to do; every tenth time the command line is asked as well."""
        row.times += 1
        try:
            Index.open(self.folder)
            row.violated(f"{path.name} {how}: opened")
        except IndexFolderError as error:
            named = str(path) in str(error) or (not path.exists() and "no index in" in str(error))
            if not named or "; build " not in str(error):
                row.violated(f"{path.name} {how}: {error}")
        except Exception as error:
            row.violated(f"{path.name} {how}: {type(error).__name__}: {error}")
        if row.times % 10 == 1:
            self._ask(row, f"{path.name} {how}")

    def _ask(self, row: Row, how: str) -> None:
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = flexbot(["ask", "x", "--index", str(self.folder), "--corpus", str(self.folder / "none")])
        if status != 2 or out.getvalue() or errors.getvalue().count("\n") != 1:
            row.violated(f"{how}: `flexbot ask` ended with {status}: {errors.getvalue()[-300:]}")


def cut(index: Damaged, places: int) -> Row:
    row = Row("each file cut")
    for path in index.files():
        size = path.stat().st_size
        for place in sorted({size * step // places for step in range(places)}, reverse=True):
            with path.open("rb+") as file:
                file.truncate(place)
            index.must_tell(row, path, f"cut at {place}")
        index.restore(path)
    row.happened = f"{len(index.files())} files, {places} places each; told on opening, each time"
    return row


def flipped(index: Damaged, times: int, chance: random.Random) -> Row:
    """Half of the flips choose a file first, half any byte, which is mostly one of the encoder's weights."""
    row, files = Row("a bit flipped"), index.files()
    sizes = [path.stat().st_size for path in files]
    for number in range(times):
        (path,) = chance.choices(files, sizes) if number % 2 else [chance.choice(files)]
        place, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
        flip(path, place, bit)
        index.must_tell(row, path, f"bit {bit} of byte {place} flipped")
        flip(path, place, bit)
        index.stamp(path)
    row.happened = "told on opening, each time"
    return row


def flip(path: Path, place: int, bit: int) -> None:
    with path.open("rb+") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def emptied_and_deleted(index: Damaged) -> Row:
    row = Row("each file emptied; each deleted")
    for path in index.files():
        path.write_bytes(b"")
        index.must_tell(row, path, "emptied")
        path.unlink()
        index.must_tell(row, path, "deleted")
        index.restore(path)
    row.happened = "told on opening, each time"
    return row


def swapped(index: Damaged, sandbox: Sandbox) -> Row:
    """Each file's content is that of the same file of another index, of an edited corpus."""
    row = Row("each file swapped with another index's")
    sandbox.edit(1)
    sandbox.build()
    other = {
        name: (sandbox.index / record.file).read_bytes()
        for name, record in Index.open(sandbox.index).store.files.items()
    }
    manifest = (sandbox.index / "manifest.json").read_bytes()
    shutil.rmtree(sandbox.index)
    shutil.copytree(index.sound, sandbox.index)
    for name, record in Index.open(index.folder).store.files.items():
        path = index.folder / record.file
        if name in other and other[name] != path.read_bytes():
            path.write_bytes(other[name])
            index.must_tell(row, path, "swapped")
            index.restore(path)
    path = index.folder / "manifest.json"
    path.write_bytes(manifest)
    row.times += 1
    with contextlib.suppress(IndexFolderError):
        Index.open(index.folder)
        row.violated("the manifest swapped: opened")
    index.restore(path)
    row.happened = "told on opening, each time (files that are the same in both left out)"
    return row


def lies(index: Damaged, most: int, chance: random.Random) -> Row:
    row, outcomes = Row("a value of the manifest that lies, checksum made right"), Counter()
    manifest = json.loads((index.sound / "manifest.json").read_bytes())
    manifest.pop("checksum")
    every = [(path, value) for path in paths(manifest) for value in untrue(at(manifest, path))]
    for path, value in chance.sample(every, min(most, len(every))):
        row.times += 1
        forge(index.folder / "manifest.json", manifest, path, value)
        where = f"{'.'.join(map(str, path))} = {value!r:.60}"
        try:
            same = index.replies() == index.truth
        except ChatbotError as error:
            outcomes["refused"] += 1
            if "\n" in str(error):
                row.violated(f"{where}: {error}")
            continue
        except Exception as error:
            row.violated(f"{where}: {type(error).__name__}: {error}")
            continue
        outcomes["changed no reply" if same else "changed what is replied"] += 1
        if not same and (path[0] in ("counts", "files", "format") or path == ("encoder", "dimension")):
            row.violated(f"{where}: replies changed")
    index.restore(index.folder / "manifest.json")
    row.happened = ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common())
    return row


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value inside `value`, containers included."""
    if above:
        yield above
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(inner, (*above, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


_GONE = object()


def untrue(value: Any) -> list[Any]:
    """Values that are not `value`, of its type and of others."""
    others: list[Any] = [
        _GONE,
        None,
        "",
        "x",
        "../x",
        "/etc/passwd",
        "a\0b",
        0,
        -1,
        1,
        10**18,
        0.5,
        float("nan"),
        float("inf"),
    ]
    others += [True, [], {}, [None], {"x": None}]
    if isinstance(value, int | float) and not isinstance(value, bool):
        others += [value + 1, value - 1, value * 2]
    return [other for other in others if other != value or type(other) is not type(value)]


def forge(file: Path, manifest: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    forged = json.loads(json.dumps(manifest))
    inside = at(forged, path[:-1])
    if value is _GONE:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    write_manifest(file, forged)


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest with its right checksum."""
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    checksum = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    path.write_text(json.dumps({**manifest, "checksum": checksum}))


def main() -> int:
    options = arguments(__doc__, cuts=50, flips=1000, lies=10_000).parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    with new_sandbox(options.index) as sandbox:
        index = Damaged(sandbox, sandbox.corpus.parent)
        return run(
            [
                partial(cut, index, options.cuts),
                partial(flipped, index, options.flips, chance),
                partial(emptied_and_deleted, index),
                partial(swapped, index, sandbox),
                partial(lies, index, options.lies, chance),
            ],
            options.json,
        )


if __name__ == "__main__":
    sys.exit(main())
