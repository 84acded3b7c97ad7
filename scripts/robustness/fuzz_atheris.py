"""One target under Atheris: `python -m scripts.robustness.fuzz_atheris TARGET INDEX [libFuzzer options]`.

`fuzz.py` runs it and reads what it says. It stands alone because the package must be imported under Atheris's eyes,
and nowhere before.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["chatbot", "scripts.robustness.fuzz_targets"]):
    from scripts.robustness import fuzz_targets


def main() -> None:
    name, index, *options = sys.argv[1:]
    attack = fuzz_targets.target(name, Path(tempfile.mkdtemp(dir=Path.cwd())), Path(index))
    atheris.Setup([sys.argv[0], *options], attack)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
