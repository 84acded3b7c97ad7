"""Whether the server can answer, and from what."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from chatbot import __version__
from chatbot.serving.service import TheService

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether it can answer")
async def health(service: TheService) -> dict[str, Any]:
    """`index`: the id of the index that answers; `entries`: how many; `age_seconds`: since it was built."""
    index = service.bot.index
    age = datetime.now(UTC) - datetime.fromisoformat(index.manifest.created)
    return {
        "status": "ok",
        "version": __version__,
        "index": index.store.revision,
        "entries": index.manifest.counts.entries,
        "age_seconds": round(age.total_seconds()),
    }
