"""txtai."""

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings


class System:
    """See `Peer`."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model, self._file = model, str(folder / "txtai")

    def save(self, texts: Sequence[str]) -> None:
        embeddings = Embeddings(path=self._model)
        embeddings.index((row, text, None) for row, text in enumerate(texts))
        embeddings.save(self._file)

    def open(self) -> None:
        self._embeddings = Embeddings()
        self._embeddings.load(self._file)

    def nearest(self, questions: Sequence[str]) -> list[int]:
        return [int(found[0][0]) for found in self._embeddings.batchsearch(list(questions), 10)]

    def replace(self, row: int, text: str) -> None:
        self._embeddings.upsert([(row, text, None)])
        self._embeddings.save(self._file)
