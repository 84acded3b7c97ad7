"""The tools at `/mcp` of the service (streamable HTTP). Nothing is kept between two calls, so any process may answer
any of them."""

from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from mcp.server.mcpserver import MCPServer
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.serving.agent.addresses import protection
from chatbot.serving.options import Limits, ServerOptions

PATH = "/mcp"


def add_agent(
    app: FastAPI, agent: MCPServer, options: ServerOptions, limits: Limits
) -> AbstractAsyncContextManager[None]:
    """Put the tools into `app`. They answer while the context that is returned holds; it can be entered once."""
    agent.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=limits.body_bytes,
        transport_security=protection(options),
    )
    app.router.routes.append(Route(PATH, _Named(agent.session_manager.asgi_app), methods=["POST"]))
    return agent.session_manager.run()


class _Named:
    """Tells the access log, as the routes of FastAPI do, where a request went."""

    def __init__(self, tools: ASGIApp) -> None:
        self._tools = tools

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = Route(PATH, self)
        await self._tools(scope, receive, send)
