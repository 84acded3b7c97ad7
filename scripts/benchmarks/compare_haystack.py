"""What `flexbot ask` is measured against: the same with Haystack. Its arguments are those of `baseline.py`."""

import json
import sys
from pathlib import Path

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


def save(model: str, texts: str, folder: str) -> None:
    lines = [json.loads(line) for line in Path(texts).read_text(encoding="utf-8").splitlines()]
    documents = [Document(content=line["text"], meta={"answer": line["answer"]}) for line in lines]
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(embedder.run(documents)["documents"], policy=DuplicatePolicy.SKIP)
    store.save_to_disk(f"{folder}/haystack.json")


def ask(model: str, folder: str, question: str) -> None:
    store = InMemoryDocumentStore.load_from_disk(f"{folder}/haystack.json")
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    vector = embedder.run(question)["embedding"]
    documents = InMemoryEmbeddingRetriever(document_store=store, top_k=10).run(query_embedding=vector)["documents"]
    print(documents[0].meta["answer"])


if __name__ == "__main__":
    {"save": save, "ask": ask}[sys.argv[1]](*sys.argv[2:])
