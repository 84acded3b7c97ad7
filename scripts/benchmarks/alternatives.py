"""What `flexbot` is measured beside: scripts of this folder that index the same texts and answer from them."""

import importlib.metadata
import importlib.util
from pathlib import Path

from chatbot import settings
from scripts.benchmarks.bench import INSIDE, PYTHON, Bench
from scripts.benchmarks.processes import Failed, Run

_FOLDER = Path(__file__).resolve().parent
_ALTERNATIVES = {  # name -> the module that must be there, and the script
    "sentence-transformers + faiss": ("sentence_transformers", "baseline.py"),
    "txtai": ("txtai", "compare_txtai.py"),
    "Haystack": ("haystack_integrations.components.embedders.sentence_transformers", "compare_haystack.py"),
}


def installed() -> list[tuple[str, str]]:
    """The alternatives that can be imported, with their scripts."""
    return [(name, script) for name, (module, script) in _ALTERNATIVES.items() if _importable(module)]


def save(bench: Bench, script: str) -> Run:
    """Let an alternative index the corpus."""
    folder = bench.work / script
    return bench.fill(folder, PYTHON, _FOLDER / script, "save", model_folder(), _texts(bench), folder)


def ask(bench: Bench, script: str) -> Run:
    """Ask an alternative, which indexes the corpus before, unseen, if it has not yet."""
    folder = bench.work / script
    if not folder.exists():
        save(bench, script)
    answered = bench.run(PYTHON, _FOLDER / script, "ask", model_folder(), folder, bench.question)
    if not answered.output.strip():
        raise Failed("it printed no answer")
    return answered


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False


def model_folder() -> str:
    """The model for the alternatives: the folder of the same weights, else its name."""
    try:
        files = importlib.metadata.files(settings.MODEL_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return settings.MODEL
    weights = (Path(str(file.locate())) for file in files if file.name == "model.safetensors")
    return next((str(path.parent) for path in weights), settings.MODEL)


def _texts(bench: Bench) -> Path:
    """What the alternatives index: every phrasing with its answer."""
    file = bench.work / "texts.jsonl"
    if not file.exists():
        bench.run(*INSIDE, "texts", bench.corpus, file)
    return file
