"""The service as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from chatbot import __version__
from chatbot.serving import openapi
from chatbot.serving.access_log import AccessLog
from chatbot.serving.agent.http import add_agent
from chatbot.serving.agent.tools import make_agent
from chatbot.serving.body_limit import BodyLimit
from chatbot.serving.current import CurrentBot
from chatbot.serving.openai_errors import OpenAIErrors
from chatbot.serving.options import Limits, ServerOptions
from chatbot.serving.problems import tell_problems
from chatbot.serving.routes import catalogue, completions, conversations, entry_pages, health, page, questions, routine
from chatbot.serving.service import Service


def make_app(options: ServerOptions, current: CurrentBot | None = None, limits: Limits | None = None) -> FastAPI:
    """The application that answers from the index of `options`, or from `current`, within `limits`.

    Raises what `Chatbot.load` raises.
    """
    service = Service(current or CurrentBot(options.corpus, options.index), limits or Limits())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.answering(), agent_answering:
            yield

    app = FastAPI(title="Flexibility chatbot", version=__version__, lifespan=lifespan, redoc_url=None, docs_url=None)
    app.state.service, app.state.logs_questions = service, options.log_questions
    agent_answering = add_agent(app, make_agent(service), options, service.limits)
    for part in (questions, conversations, catalogue, routine, entry_pages, health, page):
        app.include_router(part.router, responses=openapi.PROBLEMS)
    app.include_router(completions.router)
    tell_problems(app)
    openapi.describe(app)
    app.add_middleware(BodyLimit, limits=service.limits)
    app.add_middleware(OpenAIErrors)
    if options.origins:
        app.add_middleware(CORSMiddleware, allow_origins=options.origins, allow_methods=["*"], allow_headers=["*"])
    app.add_middleware(AccessLog, questions=options.log_questions)
    return app
