"""The web page: one document, its style and its script, from the package. They are asked for again and sent anew only
when they are others (ETag)."""

import hashlib
from functools import cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from chatbot.index.index import Index
from chatbot.page.html import opening_button
from chatbot.serving.service import TheService

router = APIRouter(include_in_schema=False)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_EXAMPLES = 3
_NOT_KEPT = "Nothing of what you ask is kept: it is gone once you close this page."
_LOGGED = "What you ask is written into the log of this server."


@router.api_route("/", methods=["GET", "HEAD"])
async def page(request: Request, service: TheService) -> Response:
    """The page, in the words of the index that answers."""
    index = service.bot.index
    about = f"Ask about {index.subject}" if index.subject else "Ask"
    examples = "".join(f"<li>{button}</li>" for button in _examples(index))
    kept = _LOGGED if request.app.state.logs_questions else _NOT_KEPT
    text = _file("page.html")
    words = {"about": escape(about), "kept": kept, "examples": examples, "disclaimer": escape(index.disclaimer)}
    for name, told in words.items():
        text = text.replace(f"{{{name}}}", told)
    return _cacheable(request, text, "text/html")


@router.api_route("/page.css", methods=["GET", "HEAD"])
async def style(request: Request) -> Response:
    """How it looks, on screens and on paper."""
    return _cacheable(request, _shared("page.css"), "text/css")


@router.api_route("/exchange.js", methods=["GET", "HEAD"])
async def exchange_script(request: Request) -> Response:
    """How an exchange is made and printed."""
    return _cacheable(request, _shared("exchange.js"), "text/javascript")


@router.api_route("/routine.css", methods=["GET", "HEAD"])
async def routine_style(request: Request) -> Response:
    """How what is kept to practise looks."""
    return _cacheable(request, _file("routine.css"), "text/css")


@router.api_route("/page.js", methods=["GET", "HEAD"])
async def script(request: Request) -> Response:
    """What it does."""
    return _cacheable(request, _file("page.js"), "text/javascript")


@router.api_route("/routine.js", methods=["GET", "HEAD"])
async def routine_script(request: Request) -> Response:
    """What it does with what is kept to practise."""
    return _cacheable(request, _file("routine.js"), "text/javascript")


def _examples(index: Index) -> list[str]:
    """Buttons of questions to begin with: the first of topics that lie apart, always the same of one index."""
    rows = [rows[0] for rows in index.answers.values() if len(rows)]
    apart = rows[:: max(len(rows) // _EXAMPLES, 1)][:_EXAMPLES]
    return [opening_button(offer.id, offer.label) for offer in map(index.offer, apart)]


@cache
def _file(name: str) -> str:
    return (files("chatbot.serving") / "page" / name).read_text(encoding="utf-8")


@cache
def _shared(name: str) -> str:
    return (files("chatbot.page") / name).read_text(encoding="utf-8")


def _cacheable(request: Request, text: str, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)
