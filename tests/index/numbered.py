"""A small index that says a number everywhere, to see which of several one looks at."""

import numpy as np

from chatbot.index.store import open_store
from chatbot.index.writer import writing
from tests.fakes import manifest


def put_file(writer, name, data):
    path = writer.scratch / name
    path.write_bytes(data)
    writer.put_file(path.stem, path)


def commit(folder, number, **fields):
    """An index of two files that say `number`, and one that never changes; so does the subject in its manifest."""
    with writing(folder) as writer:
        writer.put_array("numbers", np.full(1000, number))
        put_file(writer, "text.txt", f"number {number}".encode())
        put_file(writer, "fixed.txt", b"fixed")
        writer.commit(manifest(writer.files, subject=str(number), **fields))


def number_in(folder):
    """The number that the index says, after checking that all of it says the same."""
    store = open_store(folder)
    number = int(store.manifest.subject)
    assert store.array("numbers").tolist() == [number] * 1000
    assert store.path("text").read_text() == f"number {number}"
    return number


def names(folder):
    return sorted(path.name for path in folder.iterdir())
