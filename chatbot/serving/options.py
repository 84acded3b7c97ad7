"""What a server is told when it starts. The command line reads it, too: it needs nothing of the extra."""

from dataclasses import dataclass
from pathlib import Path

from chatbot.addresses import Address

HOST, PORT = "127.0.0.1", 8321
SECONDS_TO_FINISH = 15  # what is being answered when the server is told to end


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Which corpus and index answer, where the server listens and with how many processes, and what it allows.

    - `origins`: the web origins whose pages may call the server (CORS); none unless named
    - `log_questions`: whether what is asked stands in the access log
    """

    corpus: Path | None = None
    index: Path | Address | None = None
    host: str = HOST
    port: int = PORT
    workers: int = 1
    origins: tuple[str, ...] = ()
    log_questions: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process of a server takes, beyond which it says so rather than fall over.

    - `body_bytes`: of a request; `seconds_to_send` that body; `seconds_to_answer` it once it is there
    - `waiting`: questions that may wait for their turn; `at_once`: questions of one call of `ask_many`
    """

    body_bytes: int = 64 * 1024
    seconds_to_send: float = 10.0
    seconds_to_answer: float = 10.0
    waiting: int = 256
    at_once: int = 100
