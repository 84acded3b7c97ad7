"""Servers and shells over a published index: new revisions are taken in, processes part, a silent database is told."""

import logging

import pytest
from fastapi.testclient import TestClient

from chatbot import Chatbot, IndexMissing, StoreUnavailable
from chatbot.building.build import build
from chatbot.postgres.publishing import publish
from chatbot.serving.app import make_app
from chatbot.serving.current import CurrentBot
from chatbot.serving.options import ServerOptions
from chatbot.shell.staleness import Staleness
from tests.builders import put
from tests.conftest import CORPUS

QUESTION = "Is pigeon pose safe for my knees?"
PROGRAM = """
import os, sys
from chatbot import Chatbot
bot = Chatbot.load(sys.argv[1])
reply = bot.ask(sys.argv[2]).to_json()
children = []
for _ in range(3):
    child = os.fork()
    if not child:
        os._exit(0 if all(bot.ask(sys.argv[2]).to_json() == reply for _ in range(20)) else 1)
    children.append(child)
same = all(bot.ask(sys.argv[2]).to_json() == reply for _ in range(20))
print(same, [os.waitpid(child, 0)[1] for child in children])
"""


@pytest.fixture
def edited(address, index, corpus, quick_builds):
    """Publishes the corpus with another answer, or as it is."""

    def edit(word):
        path = next(corpus.rglob("pigeon-pose.md"))
        put(path, path.read_text(encoding="utf-8").replace("is gentler", f"is {word}"))
        build(corpus, index)
        return publish(index, address)

    edit("gentler")
    return edit


def test_a_new_revision_is_taken_in(address, corpus, edited, caplog):
    current = CurrentBot(corpus, address)
    before = current.bot
    current.refresh()
    assert current.bot is before
    edited("kinder")
    with caplog.at_level(logging.INFO, "flexbot.server"):
        current.refresh()
    assert "took the new index in: 12 entries" in caplog.text
    assert "kinder" in current.bot.ask(QUESTION).answers[0].text
    assert "gentler" in before.ask(QUESTION).answers[0].text


def test_a_new_revision_is_tried_again_when_a_server_is_back(address, corpus, edited, caplog, monkeypatch):
    current = CurrentBot(corpus, address)
    edited("kinder")

    errors = [StoreUnavailable("does not answer"), StoreUnavailable("does not answer"), IndexMissing("lags behind")]

    def lacking(*_, **__):
        raise errors.pop()

    with monkeypatch.context() as patch, caplog.at_level(logging.INFO, "flexbot.server"):
        patch.setattr(Chatbot, "load", lacking)
        for _ in range(3):
            current.refresh()
    assert errors == []
    assert caplog.text.count("the new index cannot be opened, so the old one goes on") == 1
    assert "gentler" in current.bot.ask(QUESTION).answers[0].text
    current.refresh()
    assert "kinder" in current.bot.ask(QUESTION).answers[0].text


def test_a_database_that_does_not_answer_is_503_and_the_old_bot_stays(published, address, monkeypatch):
    current = CurrentBot(CORPUS, address)
    bot = current.bot

    def silent(*_):
        raise StoreUnavailable(f"{address} did not answer within 3 s; try again, or see to it")

    monkeypatch.setattr(bot.index.store.published.database, "ask", silent)
    current.refresh()
    assert current.bot is bot
    with TestClient(make_app(ServerOptions(), current)) as client:
        answer = client.post("/v1/ask", json={"question": "an odd one about quilts and hips"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["detail"] == "the index does not answer; try again shortly"
    assert Staleness(bot.index).notice() == "The database that the index is published in does not answer."


def test_a_shell_is_told_of_a_new_revision(address, corpus, edited):
    staleness = Staleness(Chatbot.load(f"{address.database}#{address.corpus}", corpus=corpus).index)
    assert staleness.notice() == ""
    edited("kinder")
    assert staleness.notice().startswith("The index was rebuilt meanwhile; I go on with the old one.")


def test_processes_that_part_share_no_connection(python, published):
    done = python("-c", PROGRAM, published, QUESTION, CHATBOT_CORPUS=str(CORPUS))
    assert (done.stdout, done.stderr) == ("True [0, 0, 0]\n", "")


def test_a_shell_says_where_the_questions_go():
    from chatbot.shell.session import Shell

    said = []

    class Screen:
        def say(self, *lines):
            said.extend(lines)

    class Loader:
        error = None

        def start(self):
            pass

        let_end = start

    def ends():
        raise EOFError

    Shell(Loader(), ends, Screen(), None, database="postgresql://db/answers#knees").run()
    assert said[0].startswith(
        "Answers that people wrote. What tells the meaning of your questions goes to postgresql://db"
    )
    assert "Nothing leaves" not in said[0]
