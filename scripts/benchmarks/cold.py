"""Where a cold `flexbot ask` spends its time: what `scripts/benchmark.py profile` runs.

`python -m scripts.benchmarks.cold INDEX QUESTION`

Does what the command does, step by step in a process of its own, and prints the milliseconds of each as JSON. What
imports a library is timed before the steps that use it.
"""

import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LIBRARIES = {
    "import numpy": "numpy",
    "import ONNX Runtime": "onnxruntime",
    "import tokenizers": "tokenizers",
    "import markdown-it, for answers as text": "markdown_it.tree",
    "import the package's own modules": "chatbot.cli chatbot.bot chatbot.terminal.render",
}


def main(index: str, question: str) -> int:
    done: dict[str, float] = {}
    started = time.perf_counter()
    for name in steps(Path(index), question):
        now = time.perf_counter()
        done[name], started = (now - started) * 1000, now
    print(json.dumps(done))
    return 0


def steps(folder: Path, question: str) -> Iterator[str]:
    """Each step's name, once it is done."""
    for name, modules in LIBRARIES.items():
        for module in modules.split():
            importlib.import_module(module)
        yield name
    from chatbot.bot import Chatbot
    from chatbot.index.index import Index
    from chatbot.terminal.render import to_text, uncoloured

    index = Index.open(folder)
    yield "open the index: read the manifest, verify and map the files"
    _ = index.stale
    yield "look whether the corpus changed"
    encoder = index.encoder
    yield "open the encoder: the tokenizer's vocabulary, the session"
    encoder.encode([question])
    yield "encode the question"
    reply = Chatbot(index).ask(question)
    yield "ask: encode again, match, read the entries"
    to_text(reply, 80, uncoloured)
    yield "render the reply"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
