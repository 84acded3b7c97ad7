"""The files of an index that are not of its points -> pieces at the first server, those that are not there yet.

The manifest is one of them. Every file is a list of pieces, and every piece is there once, whatever has it.
"""

import hashlib
from functools import cached_property
from pathlib import Path

import numpy as np

from chatbot.errors import IndexBusy
from chatbot.index.store import MANIFEST, Store
from chatbot.postgres.pieces import Bytes, Piece, pieces_of
from chatbot.postgres.schema import is_published, manifest_name
from chatbot.postgres.writing import Writing

_LACKING = "select piece from unnest(%s::bytea[]) as piece except select piece from {schema}.pieces"
_LISTED = "select sha256(string_agg(piece, ''::bytea order by number)) from {schema}.files where file = %s"
_CHANGED = """
select distinct file from {schema}.files join {schema}.revision_files using (file) join {schema}.pieces using (piece)
where revision = %s and sha256(data) <> piece
"""


class Files:
    """The files of an index, and the server that is to hold them. `sent_bytes` counts those of the pieces sent."""

    def __init__(self, store: Store, server: Writing) -> None:
        self._store, self._server = store, server
        self.sent_bytes = 0

    def send(self) -> None:
        """Send what the server lacks, within a transaction. Raises `IndexBusy` where the folder was built meanwhile."""
        revision = self._store.revision
        self._server.write("delete from {schema}.revision_files where revision = %s", revision)
        for file, pieces in self._pieces.items():
            self._server.write("insert into {schema}.revision_files values (%s, %s)", revision, file)
            self._send_pieces(self._contents[file], {piece.name: piece for piece in pieces})
            if not self._is_listed(file):
                self._server.write("delete from {schema}.files where file = %s", file)
                self._server.write(
                    "insert into {schema}.files"
                    " select %s, number, piece from unnest(%s::bytea[]) with ordinality as listed (piece, number)",
                    file, [piece.name for piece in pieces],
                )  # fmt: skip

    def wrong(self) -> str:
        """The name of a file whose list, or the hash of one of whose pieces, is at the server not what it should be; ""
        where there is none. What is wrong is removed, so that it is sent again."""
        changed = {file for (file,) in self._server.rows(_CHANGED, self._store.revision)}
        wrong = [file for file in self._pieces if file in changed or not self._is_listed(file)]
        for file in wrong:
            self._server.write("delete from {schema}.files where file = %s", file)
        if changed:
            self._server.write("delete from {schema}.pieces where sha256(data) <> piece")
        return wrong[0] if wrong else ""

    @cached_property
    def _pieces(self) -> dict[str, list[Piece]]:
        return {file: pieces_of(data) for file, data in self._contents.items()}

    @cached_property
    def _contents(self) -> dict[str, Bytes]:
        store = self._store
        manifest = (store.folder / MANIFEST).read_bytes()
        if hashlib.sha256(manifest).hexdigest() != store.revision:
            raise IndexBusy(f"{store.where} was built again meanwhile; publish it again")
        others = {store.files[name].file: mapped_bytes(store.path(name)) for name in filter(is_published, store.files)}
        return {manifest_name(store.revision): np.frombuffer(manifest, dtype=np.uint8), **others}

    def _send_pieces(self, data: Bytes, pieces: dict[bytes, Piece]) -> None:
        for (name,) in self._server.rows(_LACKING, list(pieces)):
            _, start, end = pieces[name]
            self._server.write("insert into {schema}.pieces values (%s, %b)", name, data[start:end].tobytes())
            self.sent_bytes += end - start

    def _is_listed(self, file: str) -> bool:
        """Whether the server has the pieces of a file, in this order."""
        wanted = hashlib.sha256(b"".join(piece.name for piece in self._pieces[file])).digest()
        return self._server.rows(_LISTED, file) == [(wanted,)]


def mapped_bytes(path: Path) -> Bytes:
    """The bytes of a file, mapped. Raises `FileNotFoundError`, or `ValueError` for an empty one."""
    return np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
