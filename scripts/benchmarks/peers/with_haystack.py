"""Haystack, with its store in memory."""

from collections.abc import Sequence
from pathlib import Path

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class System:
    """See `Peer`."""

    def __init__(self, model: str, folder: Path) -> None:
        self._model, self._file = model, str(folder / "haystack.json")

    def save(self, texts: Sequence[str]) -> None:
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._write([Document(id=str(row), content=text) for row, text in enumerate(texts)])

    def open(self) -> None:
        self._store = InMemoryDocumentStore.load_from_disk(self._file)
        self._embedder = SentenceTransformersTextEmbedder(model=self._model, progress_bar=False)
        self._embedder.warm_up()
        self._retriever = InMemoryEmbeddingRetriever(document_store=self._store, top_k=10)

    def nearest(self, questions: Sequence[str]) -> list[int]:
        found = [self._retriever.run(query_embedding=self._embedder.run(each)["embedding"]) for each in questions]
        return [int(each["documents"][0].id) for each in found]

    def replace(self, row: int, text: str) -> None:
        self._write([Document(id=str(row), content=text)])

    def _write(self, documents: list[Document]) -> None:
        embedder = SentenceTransformersDocumentEmbedder(model=self._model, progress_bar=False)
        embedder.warm_up()
        self._store.write_documents(embedder.run(documents)["documents"], policy=DuplicatePolicy.OVERWRITE)
        self._store.save_to_disk(self._file)
