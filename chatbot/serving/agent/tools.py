"""The bot as tools of an agent, by the Model Context Protocol: find entries, read one, ask.

`search` and `fetch` have the names, arguments and results that ChatGPT's connectors require: one text that holds JSON,
and the same as structured content.
"""

import json
from collections.abc import Awaitable
from dataclasses import replace
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from chatbot import __version__, settings
from chatbot.answering.reply import Reply
from chatbot.bot import Chatbot
from chatbot.errors import QuestionError
from chatbot.serving.agent.addresses import page_of
from chatbot.serving.problems import words_of_waiting
from chatbot.serving.service import Service
from chatbot.serving.turns import Busy, TooSlow
from chatbot.text.cleaning import one_line

_MOST_FOUND = 10
_READS_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Answers that people wrote and reviewed, with their sources; nothing is generated. Ask first; search and fetch to "
    "read further. Keep what an answer says, who should not follow it and its disclaimer as they are. A warning sign "
    "comes before everything else. Where there is no answer, say so."
)


class Found(BaseModel):
    """An entry that was found."""

    id: str
    title: str
    url: str


class Results(BaseModel):
    """What was found, best first."""

    results: list[Found]


class Document(BaseModel):
    """An entry: its answers in Markdown with who should not follow them, sources and disclaimer."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


def make_agent(service: Service) -> MCPServer:
    """The server of the three tools. Their errors are results that say what is wrong, in the library's words."""
    server = MCPServer(
        settings.APP,
        title="Flexibility chatbot",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",  # what it logs below that names what was asked for
        subscriptions=False,
    )

    @server.tool(annotations=_READS_ONLY)
    async def search(
        query: Annotated[str, Field(description="A few words, or a question.")], context: Context[Any, Any]
    ) -> Annotated[CallToolResult, Results]:
        """Find entries by words or a question, best first. fetch reads one by its id."""
        bot = service.bot
        _note(context, query)
        return await _told(_search(service, bot, query, context))

    @server.tool(annotations=_READS_ONLY)
    async def fetch(
        id: Annotated[str, Field(description="The id of an entry, from search.")],  # noqa: A002
        context: Context[Any, Any],
    ) -> Annotated[CallToolResult, Document]:
        """Read an entry whole: its answers as they were written, who should not follow them, sources, disclaimer."""
        return await _told(_fetch(service, id, context))

    @server.tool(annotations=_READS_ONLY)
    async def ask(
        question: Annotated[str, Field(description="What is asked, in anyone's own words.")], context: Context[Any, Any]
    ) -> CallToolResult:
        """Answer a question: the reviewed answer as it was written; or a warning, a question back, or that there is
        none. The structured content is the reply as data."""
        _note(context, question)
        return await _told(_ask(service, question))

    return server


async def _search(service: Service, bot: Chatbot, query: str, context: Context[Any, Any]) -> CallToolResult:
    def found() -> list[str]:
        reply = bot.ask(query)
        return list(dict.fromkeys([*_answering(reply), *(match.id for match in bot.search(query, k=_MOST_FOUND))]))

    ids = (await service.turns.run(found))[:_MOST_FOUND]
    return _as_json(Results(results=[Found(id=id_, title=_title(bot, id_), url=page_of(context, id_)) for id_ in ids]))


async def _fetch(service: Service, entry_id: str, context: Context[Any, Any]) -> CallToolResult:
    bot = service.bot
    if entry_id not in bot.index.rows:
        return _error(f"no entry is called {one_line(entry_id)[:200]!r}; search finds entries by words")
    reply = replace(await service.turns.run(lambda: bot.entry(entry_id)), related=())
    facts = {"kind": reply.kind, "topic": reply.topic, "care": reply.care, "reviewed": reply.reviewed}
    document = Document(
        id=entry_id,
        title=_title(bot, entry_id),
        text=reply.to_markdown(),
        url=page_of(context, entry_id),
        metadata={name: fact for name, fact in facts.items() if fact},
    )
    return _as_json(document)


async def _ask(service: Service, question: str) -> CallToolResult:
    reply = await service.ask(question)
    return CallToolResult(content=[TextContent(text=reply.to_markdown())], structured_content=reply.to_dict())


async def _told(result: Awaitable[CallToolResult]) -> CallToolResult:
    """The result, or an error that an agent can read and act on."""
    try:
        return await result
    except QuestionError as error:
        return _error(one_line(str(error)))
    except (Busy, TooSlow) as error:
        return _error(words_of_waiting(error))


def _answering(reply: Reply) -> list[str]:
    """What the bot would show at once, the warning sign first: finding by words alone leaves warnings out."""
    shown = reply.id if reply.kind in ("answer", "urgent") else None
    return [entry for entry in (reply.caution.id if reply.caution else None, shown) if entry]


def _title(bot: Chatbot, entry_id: str) -> str:
    return bot.index.entry(bot.index.rows[entry_id]).question


def _as_json(result: BaseModel) -> CallToolResult:
    data = result.model_dump()
    return CallToolResult(content=[TextContent(text=json.dumps(data, ensure_ascii=False))], structured_content=data)


def _error(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=words)], is_error=True)


def _note(context: Context[Any, Any], question: str) -> None:
    """Give the access log what is asked, where there is one."""
    if context.request_context.request is not None:
        context.request_context.request.state.question = question
