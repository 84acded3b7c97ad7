"""The door to `flexbot build` for people working in a checkout: `python scripts/build_index.py [--full] …`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot.cli import main

if __name__ == "__main__":
    sys.exit(main(["build", *sys.argv[1:]]))
