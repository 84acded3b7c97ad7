"""The access log: one JSON object a request, without anything that was asked unless the server was told to log it."""

import json
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("flexbot.access")


class AccessLog:
    """Middleware that logs `method`, `route` (its pattern, not what stands in its place), `status`, `ms` until the
    last byte, and with `questions` the `question` that a route put into the request's state."""

    def __init__(self, app: ASGIApp, *, questions: bool) -> None:
        self._app, self._questions = app, questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        scope.setdefault("state", {})
        try:
            await self._app(scope, receive, noting)
        except Exception:
            status = status or 500  # what whoever catches it answers
            raise
        finally:
            route = getattr(scope.get("route"), "path", None)
            line = {"method": scope["method"], "route": route, "status": status}
            line["ms"] = round((time.perf_counter() - started) * 1000, 1)
            if self._questions and (question := scope["state"].get("question")):
                line["question"] = question
            log.info("%s", json.dumps(line, ensure_ascii=False))
