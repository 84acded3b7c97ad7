"""Errors in OpenAI's shape, at the addresses where its clients expect them: what the rest of the service tells as
problem details, told as `{"error": {…}}`."""

import json
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.serving.problems import MEDIA_TYPE

NO_MODEL = "no model is called"  # how a problem begins that has a code
_PLACES = ("/v1/chat/", "/v1/models")
_ERROR = {
    "description": "What went wrong, as OpenAI's clients read it.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "error": {
                        "type": "object",
                        "properties": {
                            "message": {"type": "string"},
                            "type": {"enum": ["invalid_request_error", "server_error"]},
                            "param": {"type": "null"},
                            "code": {"type": ["string", "null"]},
                        },
                        "required": ["message", "type", "param", "code"],
                    }
                },
                "required": ["error"],
            }
        }
    },
}
ERRORS: dict[int | str, dict[str, Any]] = {"4XX": _ERROR, "5XX": _ERROR}


class OpenAIErrors:
    """Middleware that tells problems at these addresses in OpenAI's shape, with 400 for what cannot be processed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PLACES):
            await self._app(scope, receive, send)
            return
        begun: Message | None = None  # a problem's first message, held back

        async def telling(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and _is_problem(message):
                begun = message
            elif begun is not None and message["type"] == "http.response.body":
                body = _error(json.loads(message["body"]))
                await send(_begin(begun, len(body)))
                await send({**message, "body": body})
            else:
                await send(message)

        await self._app(scope, receive, telling)


def _is_problem(message: Message) -> bool:
    return MutableHeaders(raw=message["headers"]).get("content-type") == MEDIA_TYPE


def _begin(message: Message, length: int) -> Message:
    headers = MutableHeaders(raw=message["headers"])
    headers["content-type"], headers["content-length"] = "application/json", str(length)
    return {**message, "status": 400 if message["status"] == 422 else message["status"], "headers": headers.raw}


def _error(problem: dict[str, Any]) -> bytes:
    status = problem["status"]
    error = {
        "message": problem["detail"],
        "type": "server_error" if status >= 500 else "invalid_request_error",
        "param": None,
        "code": "model_not_found" if problem["detail"].startswith(NO_MODEL) else None,
    }
    return json.dumps({"error": error}, ensure_ascii=False).encode()
