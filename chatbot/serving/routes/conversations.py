"""What a conversation knows of its person, to see and to have forgotten."""

from typing import Any

from fastapi import APIRouter

from chatbot.answering.conversation import Conversation
from chatbot.serving.schemas import ConversationRequest, Known
from chatbot.serving.service import TheService

router = APIRouter(prefix="/v1", tags=["conversations"])


@router.post("/known", summary="What a conversation knows of its person", response_model=Known)
async def known(asked: ConversationRequest, service: TheService) -> dict[str, Any]:
    """It knows what stands in its id, and nothing else."""
    about, conversation = await service.converse(asked.conversation, _known)
    return {**about, "conversation": conversation}


@router.post("/forget", summary="Have a conversation forget", response_model=Known)
async def forget(asked: ConversationRequest, service: TheService) -> dict[str, Any]:
    """An id that knows nothing of what was asked, shown and told, but for a warning sign that nobody has looked at."""
    about, conversation = await service.converse(asked.conversation, _forgotten)
    return {**about, "conversation": conversation}


def _forgotten(conversation: Conversation) -> dict[str, Any]:
    conversation.forget()
    return _known(conversation)


def _known(conversation: Conversation) -> dict[str, Any]:
    return {"subject": conversation.subject, "told": list(conversation.told), "sign": conversation.sign}
