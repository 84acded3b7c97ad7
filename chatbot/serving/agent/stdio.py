"""The tools for one agent that starts this process and speaks with it by standard input and output."""

import asyncio
import signal

from chatbot.serving.agent.tools import make_agent
from chatbot.serving.current import CurrentBot
from chatbot.serving.options import ServerOptions
from chatbot.serving.service import Service


def serve_agent(options: ServerOptions) -> None:
    """Answer until standard input ends. Raises what `Chatbot.load` raises."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's way waits for a line that nobody writes
    asyncio.run(_serve(Service(CurrentBot(options.corpus, options.index))))


async def _serve(service: Service) -> None:
    async with service.answering():
        await make_agent(service).run_stdio_async()
