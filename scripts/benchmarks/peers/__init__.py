"""What `flexbot` is measured beside: programs that index the same texts with the same weights and answer with the text
of the nearest. `python -m scripts.benchmarks.peers` runs one of them."""

import importlib.metadata
import importlib.util
from pathlib import Path

from chatbot import settings

_MODULES = {  # name -> the module that must be there, and the one of this folder
    "sentence-transformers + faiss": ("sentence_transformers", "direct"),
    "txtai": ("txtai", "with_txtai"),
    "Haystack": ("haystack_integrations.components.embedders.sentence_transformers", "with_haystack"),
    "chroma": ("chromadb", "with_chroma"),
    "LangChain + FAISS": ("langchain_community.vectorstores", "with_langchain"),
}


def installed() -> dict[str, str]:
    """The peers that can be imported, with their modules."""
    return {name: module for name, (needed, module) in _MODULES.items() if _importable(needed)}


def model_folder() -> str:
    """The model for the peers: the folder of the same weights, else its name."""
    try:
        files = importlib.metadata.files(settings.MODEL_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return settings.MODEL
    weights = (Path(str(file.locate())) for file in files if file.name == "model.safetensors")
    return next((str(path.parent) for path in weights), settings.MODEL)


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False
