"""Real servers: processes of `flexbot serve`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import CORPUS
from tests.serving.running import Server, started


@pytest.fixture
def serve(built: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server with some more arguments; it is ended with the test."""
    running: list[Server] = []

    def start(*arguments: str, corpus: Path = CORPUS, index: Path = built) -> Server:
        running.append(started(tmp_path, *arguments, corpus=corpus, index=index))
        return running[-1]

    yield start
    for server in running:
        server.end()


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of a file; not to be ended."""
    running = started(tmp_path_factory.mktemp("server"), corpus=CORPUS, index=built)
    yield running
    running.end()
