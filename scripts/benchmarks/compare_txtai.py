"""What `flexbot ask` is measured against: the same with txtai. Its arguments are those of `baseline.py`."""

import json
import sys
from pathlib import Path

from txtai import Embeddings


def save(model: str, texts: str, folder: str) -> None:
    lines = Path(texts).read_text(encoding="utf-8").splitlines()
    embeddings = Embeddings(path=model)
    embeddings.index((row, json.loads(line)["text"], None) for row, line in enumerate(lines))
    embeddings.save(f"{folder}/txtai")
    Path(folder, "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")


def ask(_model: str, folder: str, question: str) -> None:
    lines = Path(folder, "texts.jsonl").read_text(encoding="utf-8").splitlines()
    embeddings = Embeddings()
    embeddings.load(f"{folder}/txtai")
    row, _ = embeddings.search(question, 10)[0]
    print(json.loads(lines[row])["answer"])


if __name__ == "__main__":
    {"save": save, "ask": ask}[sys.argv[1]](*sys.argv[2:])
