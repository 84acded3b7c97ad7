"""The id of a conversation holds all that the conversation knows: the server keeps nothing of it.

It is what `Conversation.to_dict` gives, as JSON, compressed (zlib) and written in the letters of an address
(base64url). No words of a message are in it.
"""

import base64
import binascii
import json
import zlib

from chatbot.answering.conversation import Conversation
from chatbot.bot import Chatbot

NEW = "new"
LONGEST = 8_000  # characters
_MOST_BYTES = 64 * 1024  # of what an id unfolds to


class UnknownConversation(Exception):
    """Not an id that this server gave."""


def conversation_of(bot: Chatbot, conversation_id: str) -> Conversation:
    """The conversation of an id, or a new one for "new". Raises `UnknownConversation`."""
    if conversation_id == NEW:
        return bot.conversation()
    try:
        packed = base64.urlsafe_b64decode(conversation_id + "=" * (-len(conversation_id) % 4))
        return bot.conversation(json.loads(_unpacked(packed)))
    except (ValueError, zlib.error, binascii.Error, RecursionError) as error:
        raise UnknownConversation from error


def id_of(conversation: Conversation) -> str:
    """The id to go on from: some hundred characters."""
    state = json.dumps(conversation.to_dict(), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(zlib.compress(state, 9)).decode().rstrip("=")


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(packed, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it unfolds to too much, or is cut")
    return text
