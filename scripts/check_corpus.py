"""The door to `flexbot check` for people working in a checkout: `python scripts/check_corpus.py …`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot.cli import main

if __name__ == "__main__":
    sys.exit(main(["check", *sys.argv[1:]]))
