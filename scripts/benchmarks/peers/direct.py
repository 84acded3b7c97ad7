"""sentence-transformers and faiss, used directly."""

from collections.abc import Sequence
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer

from chatbot.arrays import Vectors


class System:
    """See `Peer`."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model, self._file = SentenceTransformer(model, device="cpu"), str(folder / "vectors.faiss")

    def save(self, texts: Sequence[str]) -> None:
        vectors = self._vectors(texts)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, self._file)

    def open(self) -> None:
        self._index = faiss.read_index(self._file)

    def nearest(self, questions: Sequence[str]) -> list[int]:
        _, rows = self._index.search(self._vectors(questions), 10)
        return [int(row) for row in rows[:, 0]]

    def replace(self, row: int, text: str) -> None:
        index = self._index
        faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)[row] = self._vectors([text])[0]
        faiss.write_index(index, self._file)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(list(texts), normalize_embeddings=True)
        return vectors
