"""Requests whose body is too large, or comes too slowly, are ended before anything is made of them."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.serving.options import Limits
from chatbot.serving.problems import Problem


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Middleware that reads at most `Limits.body_bytes` within `Limits.seconds_to_send`, and passes the whole body on;
    else it answers 413 or 408."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self._limits.seconds_to_send)
        except _TooLarge:
            problem = Problem(413, f"the body has more than {self._limits.body_bytes:,} bytes")
            await problem(scope, receive, send)
        except TimeoutError:
            await Problem(408, "the body did not come in time")(scope, receive, send)
        else:
            await self._app(scope, _replaying(body, receive), send)

    async def _read(self, receive: Receive) -> bytes:
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._limits.body_bytes:
                raise _TooLarge
            if not message.get("more_body", False):
                return b"".join(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, and after it what comes."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
