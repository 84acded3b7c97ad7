"""Errors as problem details (RFC 9457, application/problem+json), in the library's words; never a stack trace."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chatbot.errors import ChatbotError, QuestionError, StoreUnavailable
from chatbot.serving.conversation_ids import UnknownConversation
from chatbot.serving.turns import Busy, TooSlow
from chatbot.text.cleaning import one_line

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 1
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b", re.IGNORECASE)
log = logging.getLogger("flexbot.server")

PROBLEM_SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, where, and what to do."},
        "gone": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Only of a routine: the entries that teach no movement, or no longer.",
        },
    },
    "required": ["type", "title", "status", "detail"],
}


class Problem(JSONResponse):
    """A response that says what went wrong."""

    media_type = MEDIA_TYPE

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        super().__init__({**content, **more}, status, headers)


def tell_problems(app: FastAPI) -> None:
    """Make `app` answer every error with a `Problem`."""

    @app.exception_handler(Busy)
    @app.exception_handler(TooSlow)
    def _(_: Request, error: Busy | TooSlow) -> Problem:
        return Problem(503, words_of_waiting(error), {"Retry-After": str(RETRY_AFTER_SECONDS)})

    @app.exception_handler(UnknownConversation)
    def _(_: Request, __: Exception) -> Problem:
        return Problem(422, 'conversation: not an id from a response; begin one with "new"')

    @app.exception_handler(QuestionError)
    def _(_: Request, error: QuestionError) -> Problem:
        return Problem(422, one_line(str(error)))

    @app.exception_handler(StoreUnavailable)
    def _(_: Request, error: StoreUnavailable) -> Problem:
        log.error("%s", one_line(str(error)))
        return Problem(503, "the index does not answer; try again shortly", {"Retry-After": str(RETRY_AFTER_SECONDS)})

    @app.exception_handler(ChatbotError)
    def _(_: Request, error: ChatbotError) -> Problem:
        log.error("%s", one_line(str(error)))
        return Problem(500, "the index cannot be read; the server's log says why")

    @app.exception_handler(HTTPException)
    def _(_: Request, error: HTTPException) -> Problem:
        return Problem(error.status_code, one_line(str(error.detail)), error.headers)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Problem:
        return _invalid(error, request.headers.get("content-type", ""))

    @app.exception_handler(Exception)
    def _(_: Request, __: Exception) -> Problem:  # the server logs it
        return Problem(500, "that failed unexpectedly; the server's log says where")


def _invalid(error: RequestValidationError, media: str) -> Problem:
    """What is wrong with a request, whose body came with a media type."""
    wrong = error.errors()
    if any(each["type"] == "json_invalid" for each in wrong):
        return Problem(400, "the body is not JSON")
    if any(each["loc"] == ("body",) for each in wrong):
        return Problem(422, _no_object(media))
    return Problem(422, "; ".join(f"{_place(each['loc'])}: {each['msg']}" for each in wrong[:5]))


def _no_object(media: str) -> str:
    """What to say of a body that holds no fields, by the media type that it came with."""
    if _JSON.match(media):
        return "the body is not a JSON object; send its fields as {…}"
    came = f"not {one_line(media)[:80]}" if media else "which is missing"
    return f"the body is read as JSON only with the header Content-Type: application/json, {came}"


def words_of_waiting(error: Busy | TooSlow) -> str:
    """What is told to whoever cannot be answered now."""
    detail = "too many questions wait" if isinstance(error, Busy) else "the answer took too long"
    return f"{detail}; try again shortly"


def _place(location: tuple[str | int, ...]) -> str:
    """Where in a request something is, as one would write it: question, questions[2]."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[1:]]
    return "".join(parts).lstrip(".") or "the body"
