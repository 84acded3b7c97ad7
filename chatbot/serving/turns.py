"""Whose turn it is: work for the bot runs on one thread, in order, and no more of it waits than can be answered soon.

Questions that wait at the same moment are answered together, which is several times faster than one by one. One thread
is enough: more of them share one interpreter and gain little (docs/speed.md); more processes gain all.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chatbot.answering.reply import Reply
from chatbot.serving.options import Limits

T = TypeVar("T")
_TOGETHER = 32  # questions


class Busy(Exception):
    """More waits already than `Limits.waiting`."""


class TooSlow(Exception):
    """It took longer than `Limits.seconds_to_answer`."""


class Turns:
    """Runs what is asked of it in turn. It belongs to one event loop."""

    def __init__(self, limits: Limits, answers: Callable[[Sequence[str]], list[Reply]]) -> None:
        """`answers` gives the replies to several questions, each of which can be read."""
        self._limits, self._answers = limits, answers
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="flexbot-turn")
        self._questions: deque[tuple[str, asyncio.Future[Reply]]] = deque()
        self._held = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises, once it was its turn. Raises `Busy` or `TooSlow`."""
        self._refuse_if_full()
        return await self._in_time(asyncio.get_running_loop().run_in_executor(self._thread, work))

    async def ask(self, question: str) -> Reply:
        """The reply to a question by itself, answered together with those that wait beside it. Raises what `run`
        raises."""
        self._refuse_if_full()
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[Reply] = loop.create_future()
        self._questions.append((question, reply))
        loop.run_in_executor(self._thread, self._answer_waiting)
        return await self._in_time(reply)

    def close(self) -> None:
        """Take nothing more; what runs is waited for."""
        self._thread.shutdown(cancel_futures=True)

    def _refuse_if_full(self) -> None:
        if self._held > self._limits.waiting:
            raise Busy

    async def _in_time(self, result: "asyncio.Future[T]") -> T:
        self._held += 1
        try:
            return await asyncio.wait_for(result, self._limits.seconds_to_answer)
        except TimeoutError as late:
            raise TooSlow from late
        finally:
            self._held -= 1

    def _answer_waiting(self) -> None:
        """On the thread: answer up to so many of the questions that wait; whoever asks first takes the others along."""
        batch: list[tuple[str, asyncio.Future[Reply]]] = []
        while self._questions and len(batch) < _TOGETHER:
            question, reply = self._questions.popleft()
            if not reply.done():  # who asked still waits
                batch.append((question, reply))
        if batch:
            loop = batch[0][1].get_loop()
            try:
                replies = self._answers([question for question, _ in batch])
            except Exception as error:
                loop.call_soon_threadsafe(_fail, [waiting for _, waiting in batch], error)
            else:
                loop.call_soon_threadsafe(_give, [waiting for _, waiting in batch], replies)


def _give(waiting: "Sequence[asyncio.Future[Reply]]", replies: Sequence[Reply]) -> None:
    for each, reply in zip(waiting, replies, strict=True):
        if not each.done():
            each.set_result(reply)


def _fail(waiting: "Sequence[asyncio.Future[Reply]]", error: Exception) -> None:
    for each in waiting:
        if not each.done():
            each.set_exception(error)
