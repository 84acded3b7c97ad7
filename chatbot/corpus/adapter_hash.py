"""The adapter of a corpus and the SHA-256 beside it: what is wrong where they do not fit."""

from chatbot.corpus.file_states import ADAPTER, ADAPTER_HASH


def misfit(found: str, written: str) -> str:
    """What is wrong with an adapter, by its SHA-256 and by the one that is written down; either may be missing."""
    if not written:
        return f"no {ADAPTER_HASH} tells whether it is whole; bring that file back, or train the adapter anew"
    if not found:
        return f"the {ADAPTER} that it belongs to is missing; bring it back, or remove this file"
    return f"its SHA-256 is {found}, but {ADAPTER_HASH} says {written}; bring the right file back"
