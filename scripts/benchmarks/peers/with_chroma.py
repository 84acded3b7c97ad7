"""chroma, with its store in a folder."""

from collections.abc import Sequence
from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

_SPACE = {"hnsw": {"space": "cosine"}}


class System:
    """See `Peer`."""

    def __init__(self, model: str, folder: Path) -> None:
        settings = chromadb.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(folder / "chroma"), settings)
        self._encode = SentenceTransformerEmbeddingFunction(model, normalize_embeddings=True)

    def save(self, texts: Sequence[str]) -> None:
        texts_of = self._client.create_collection("texts", configuration=_SPACE, embedding_function=self._encode)
        most = self._client.get_max_batch_size()
        for start in range(0, len(texts), most):
            some = list(texts[start : start + most])
            texts_of.add(ids=[str(start + place) for place in range(len(some))], documents=some)

    def open(self) -> None:
        self._texts = self._client.get_collection("texts", embedding_function=self._encode)

    def nearest(self, questions: Sequence[str]) -> list[int]:
        found = self._texts.query(query_texts=list(questions), n_results=10, include=[])
        return [int(ids[0]) for ids in found["ids"]]

    def replace(self, row: int, text: str) -> None:
        self._texts.update(ids=[str(row)], documents=[text])
