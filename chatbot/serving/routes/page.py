"""The web page: one document, its style and its script, from the package. They are asked for again and sent anew only
when they are others (ETag)."""

import hashlib
from collections.abc import Awaitable, Callable
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
_OWN, _SHARED = "chatbot.serving", "chatbot.page"
# How the page looks and what it does, and where that lies: what it shares with pages without a server, and its own.
_PARTS = (
    (_SHARED, "page.css", "text/css"),
    (_SHARED, "exchange.js", "text/javascript"),
    (_OWN, "page/page.js", "text/javascript"),
    (_OWN, "page/routine.css", "text/css"),
    (_OWN, "page/routine.js", "text/javascript"),
)
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
    text = _file(_OWN, "page/page.html")
    words = {"about": escape(about), "kept": kept, "examples": examples, "disclaimer": escape(index.disclaimer)}
    for name, told in words.items():
        text = text.replace(f"{{{name}}}", told)
    return _cacheable(request, text, "text/html")


def _sent(package: str, name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def send(request: Request) -> Response:
        return _cacheable(request, _file(package, name), media_type)

    return send


for _package, _name, _media_type in _PARTS:
    router.add_api_route(f"/{_name.rpartition('/')[2]}", _sent(_package, _name, _media_type), methods=["GET", "HEAD"])


def _examples(index: Index) -> list[str]:
    """Buttons of questions to begin with: the first of topics that lie apart, always the same of one index."""
    rows = [rows[0] for rows in index.answers.values() if len(rows)]
    apart = rows[:: max(len(rows) // _EXAMPLES, 1)][:_EXAMPLES]
    return [opening_button(offer.id, offer.label) for offer in map(index.offer, apart)]


@cache
def _file(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _cacheable(request: Request, text: str, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)
