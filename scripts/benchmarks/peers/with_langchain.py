"""LangChain, with its FAISS store."""

from collections.abc import Sequence
from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings


class System:
    """See `Peer`."""

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = str(folder)
        self._encode = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})

    def save(self, texts: Sequence[str]) -> None:
        ids = [str(row) for row in range(len(texts))]
        FAISS.from_texts(list(texts), self._encode, ids=ids).save_local(self._folder)

    def open(self) -> None:
        # It keeps its texts in a pickle, which this program wrote itself.
        self._store = FAISS.load_local(self._folder, self._encode, allow_dangerous_deserialization=True)

    def nearest(self, questions: Sequence[str]) -> list[int]:
        vectors = self._encode.embed_documents(list(questions))
        found = [self._store.similarity_search_by_vector(vector, k=10) for vector in vectors]
        return [int(str(each[0].id)) for each in found]

    def replace(self, row: int, text: str) -> None:
        self._store.delete([str(row)])
        self._store.add_texts([text], ids=[str(row)])
        self._store.save_local(self._folder)
