"""What `flexbot ask` is measured against: the same with sentence-transformers and faiss, used directly.

python scripts/baseline.py save MODEL TEXTS FOLDER       TEXTS: a line of {"text", "answer"} each
python scripts/baseline.py ask MODEL FOLDER QUESTION
"""

import json
import sys
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer


def save(model: str, texts: str, folder: str) -> None:
    lines = Path(texts).read_text(encoding="utf-8").splitlines()
    vectors = SentenceTransformer(model, device="cpu").encode(
        [json.loads(line)["text"] for line in lines], normalize_embeddings=True
    )
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, f"{folder}/vectors.faiss")
    Path(folder, "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")


def ask(model: str, folder: str, question: str) -> None:
    lines = Path(folder, "texts.jsonl").read_text(encoding="utf-8").splitlines()
    index = faiss.read_index(f"{folder}/vectors.faiss")
    vector = SentenceTransformer(model, device="cpu").encode([question], normalize_embeddings=True)
    _, rows = index.search(vector, 10)
    print(json.loads(lines[rows[0][0]])["answer"])


if __name__ == "__main__":
    {"save": save, "ask": ask}[sys.argv[1]](*sys.argv[2:])
