"""What the service promises, against real servers."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
from starlette.testclient import TestClient

from chatbot import Chatbot
from chatbot.building.build import build
from chatbot.serving.app import make_app
from chatbot.serving.options import Limits, ServerOptions
from tests.conftest import CORPUS, ENTRIES, PROJECT, environment

QUESTION = "how long should i hold a stretch"
PROBLEM_KEYS = {"type", "title", "status", "detail"}
TURNS = (
    "my hip flexors are tight from sitting",
    "how long should i hold it",
    "and how often should i stretch",
    "back pain and now i cannot pee",
    "hello",
)


def plain(reply):
    return json.loads(reply.to_json())


def words_of(conversation_id):
    """What an id holds, unpacked."""
    return zlib.decompress(base64.urlsafe_b64decode(conversation_id + "=" * (-len(conversation_id) % 4))).decode()


def connect(server):
    place = urlsplit(server.address)
    return socket.create_connection((place.hostname, place.port), timeout=120)


def all_of(connection):
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


# -- The description

DESCRIBED = make_app(ServerOptions(), current=object()).openapi()


def schema_of(reference):
    return DESCRIBED["components"]["schemas"][reference.rpartition("/")[2]]


def examples():
    """Each example of the description as (method, path as described, path as sent, body): for a body, what must be
    there, and each of the others beside it."""
    for path, operations in DESCRIBED["paths"].items():
        for method, operation in operations.items():
            sent = path
            for parameter in operation.get("parameters", []):
                given = parameter.get("schema", {}).get("examples", [])
                if parameter["in"] == "path":
                    sent = sent.replace(f"{{{parameter['name']}}}", given[0])
                elif given:
                    sent += f"?{parameter['name']}={given[0].replace(' ', '+')}"
            if "requestBody" not in operation:
                yield method, path, sent, None
                continue
            schema = schema_of(operation["requestBody"]["content"]["application/json"]["schema"]["$ref"])
            given = {name: each["examples"][0] for name, each in schema["properties"].items() if "examples" in each}
            least = {name: given[name] for name in schema["required"]}
            yield method, path, sent, least
            for name in set(given) - set(least):
                yield method, path, sent, {**least, name: given[name]}


EXAMPLES = list(examples())


def test_every_operation_is_described_with_an_example():
    assert {(method, path) for method, path, *_ in EXAMPLES} >= {
        ("post", "/v1/ask"),
        ("post", "/v1/ask_many"),
        ("post", "/v1/match"),
        ("post", "/v1/open"),
        ("get", "/v1/entries/{entry_id}"),
        ("get", "/v1/topics"),
        ("get", "/v1/search"),
        ("get", "/healthz"),
        ("post", "/v1/chat/completions"),
        ("post", "/v1/routine.ics"),
    }
    assert len([each for each in EXAMPLES if each[1] == "/v1/ask"]) == 3


@pytest.mark.parametrize(
    ("method", "path", "sent", "body"), EXAMPLES, ids=[f"{e[0]} {e[2]} {e[3]}"[:70] for e in EXAMPLES]
)
def test_every_example_is_answered_as_described(server, method, path, sent, body):
    """Of what the packaged corpus has and this one has not, with 404, or 422 where several are asked for."""
    answer = server.request(method.upper(), sent, body)
    elsewhere = any(name in str((sent, body)) for name in ("calf-cramp-night", "calf-stretch-wall"))
    missing = 422 if path.endswith("routine.ics") else 404
    assert answer.status == (missing if elsewhere else 200)
    described = DESCRIBED["paths"][path][method]["responses"]
    content = described[str(answer.status)].get("content", {})
    media = answer.headers["Content-Type"].partition(";")[0]
    if elsewhere:
        assert media == "application/problem+json"
    if media.endswith("json"):
        schema = {**content[media]["schema"], "components": DESCRIBED["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


def test_the_examples_name_what_the_packaged_corpus_has():
    corpus = PROJECT / "corpus"
    assert list(corpus.rglob("calf-cramp-night.md"))
    assert (corpus / "figures/calf-stretch-wall.svg").exists()
    assert (corpus / "lower-back").is_dir()


def test_the_description_is_what_the_server_gives(server):
    assert server.get("/openapi.json").json() == DESCRIBED


# -- Asking


def test_asking_is_what_the_library_answers(server, bot):
    for question in (QUESTION, *TURNS, "xyzzy", "what is the capital of france"):
        asked = server.post("/v1/ask", {"question": question}).json()
        assert asked["reply"] == plain(bot.ask(question))
        assert asked["conversation"] is None
    many = server.post("/v1/ask_many", {"questions": [QUESTION, *TURNS]}).json()
    assert many["replies"] == [plain(reply) for reply in bot.ask_many([QUESTION, *TURNS])]
    one_topic = server.post("/v1/ask", {"question": QUESTION, "topics": ["hips"]}).json()
    assert one_topic["reply"] == plain(bot.ask(QUESTION, topics=["hips"]))


def test_reading_is_what_the_library_shows(server, bot):
    assert server.get("/v1/entries/hip-rotation").json() == plain(bot.entry("hip-rotation"))
    assert server.get("/v1/topics").json() == {"topics": bot.topics()}
    found = server.get("/v1/search?q=hip&topic=hips&k=2").json()["matches"]
    assert [each["id"] for each in found] == [each.id for each in bot.search("hip", "hips", 2)]
    ranked = server.post("/v1/match", {"question": QUESTION, "k": 3}).json()["matches"]
    assert [each["id"] for each in ranked] == [each.id for each in bot.match(QUESTION, 3)]
    health = server.get("/healthz").json()
    assert (health["status"], health["entries"]) == ("ok", ENTRIES)
    assert health["index"] == bot.index.store.revision
    assert health["age_seconds"] >= 0


def test_two_servers_take_turns_in_one_conversation(server, serve, bot):
    """All that it knows is in the id, which has no words of a message."""
    servers, chat, conversation = (server, serve()), bot.conversation(), "new"
    for number, turn in enumerate(TURNS):
        body = {"question": turn, "conversation": conversation}
        asked = servers[number % 2].post("/v1/ask", body).json()
        assert asked["reply"] == plain(chat.ask(turn))
        conversation = asked["conversation"]
        assert json.loads(words_of(conversation)) == chat.to_dict()
        assert not {"tight", "sitting", "pee", "hello"} & set(words_of(conversation).replace('"', " ").split())
    assert asked["reply"]["kind"] == "urgent"
    opened = server.post("/v1/open", {"entry": "pigeon-pose", "conversation": conversation}).json()
    assert opened["reply"] == plain(chat.open("pigeon-pose"))
    assert opened["reply"]["id"] == "cauda-equina"  # nobody has looked at the sign


# -- What goes wrong


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "detail"),
    [
        (400, "POST", "/v1/ask", b"{", "the body is not JSON"),
        (404, "GET", "/v1/entries/no-such", None, "no entry is called 'no-such'; /v1/search finds entries by words"),
        (404, "POST", "/v1/open", {"entry": "no-such"}, "no entry is called 'no-such'"),
        (404, "GET", "/v1/figures/no-such.svg", None, "no figure is called 'no-such'"),
        (404, "GET", "/nowhere", None, "Not Found"),
        (405, "GET", "/v1/ask", None, "Method Not Allowed"),
        (413, "POST", "/v1/ask", b" " * 65_537, "the body has more than 65,536 bytes"),
        (422, "POST", "/v1/ask", {"question": " \n"}, "the question is empty; type a few words"),
        (422, "POST", "/v1/ask", {"question": 1}, "question: Input should be a valid string"),
        (422, "POST", "/v1/ask", {"question": "x", "html": 0}, "html: Input should be a valid boolean"),
        (422, "POST", "/v1/ask", {"question": "x", "k": 1}, "k: Extra inputs are not permitted"),
        (422, "POST", "/v1/ask", {"question": "x", "topics": ["toes"]}, "no topic 'toes' has answers"),
        (
            422,
            "POST",
            "/v1/ask_many",
            {"questions": ["x", ""]},
            "questions[1]: String should have at least 1",
        ),
        (422, "POST", "/v1/ask", {"question": "x", "conversation": "abc"}, "conversation: not an id from a response"),
        (
            422,
            "POST",
            "/v1/ask",
            {"question": "x", "conversation": "new", "topics": ["dose"]},
            "topics: only for a question by itself; leave topics or conversation out",
        ),
        (422, "POST", "/v1/ask", ["x"], "the body is not a JSON object; send its fields as {…}"),
        (422, "GET", "/v1/search?q=hip&topic=toes", None, "no topic 'toes' has answers"),
    ],
)
def test_problems_are_told_in_one_shape(server, status, method, path, body, detail):
    answer = server.request(method, path, body)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert set(problem) == PROBLEM_KEYS
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["detail"].startswith(detail)
    assert "Traceback" not in answer.body.decode()


@pytest.mark.parametrize(
    ("header", "came"),
    [
        ("", "which is missing"),
        ("Content-Type: text/plain\r\n", "not text/plain"),
        ("Content-Type: application/x-www-form-urlencoded\r\n", "not application/x-www-form-urlencoded"),
        ("Content-Type: application/jsonp\r\n", "not application/jsonp"),
    ],
)
def test_a_body_of_another_type_is_told_how_to_be_sent(server, header, came):
    with connect(server) as connection:
        head = f"POST /v1/ask HTTP/1.1\r\nHost: x\r\n{header}Content-Length: 14\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + b'{"question":1}')
        head, _, body = all_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 422 ")
    told = f"the body is read as JSON only with the header Content-Type: application/json, {came}"
    assert json.loads(body)["detail"] == told


def broken_ids():
    packed = zlib.compress(json.dumps({"schema": 1, "shown": 3}).encode())
    bomb = zlib.compress(b" " * 4_000_000)
    deep = zlib.compress(b"[" * 60_000)
    return [base64.urlsafe_b64encode(each).decode() for each in (packed, packed[:-3], bomb, deep, b"x")]


@pytest.mark.parametrize("conversation", ["", "%%%", "é", "=", *broken_ids()], ids=range(9))
def test_an_id_that_no_server_gave_is_refused(server, conversation):
    answer = server.post("/v1/ask", {"question": "x", "conversation": conversation})
    assert (answer.status, answer.json()["detail"]) == (
        422,
        'conversation: not an id from a response; begin one with "new"',
    )


def test_a_body_that_comes_too_slowly_is_not_waited_for(server):
    with connect(server) as connection:
        connection.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{")
        head, _, body = all_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["detail"] == "the body did not come in time"


def test_more_than_can_be_answered_soon_is_put_off(built):
    """One question is being answered, none may wait."""
    app = make_app(ServerOptions(index=built), limits=Limits(waiting=0))
    may_go_on, running = threading.Event(), threading.Event()

    def hold():
        running.set()
        may_go_on.wait()

    with TestClient(app) as client:
        held = client.portal.start_task_soon(app.state.service.turns.run, hold)
        running.wait()
        answer = client.post("/v1/ask", json={"question": QUESTION})
        may_go_on.set()
        held.result()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "too many questions wait; try again shortly"
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200


def test_an_answer_that_takes_too_long_is_put_off(built):
    app = make_app(ServerOptions(index=built), limits=Limits(seconds_to_answer=0))
    with TestClient(app) as client:
        answer = client.post("/v1/ask", json={"question": QUESTION})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["detail"] == "the answer took too long; try again shortly"


def test_what_nobody_foresaw_is_told_without_where_it_was(built, caplog):
    caplog.set_level("INFO", "flexbot.access")
    app = make_app(ServerOptions(index=built))
    app.state.service.turns.ask = None
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/v1/ask", json={"question": QUESTION})
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["detail"] == "that failed unexpectedly; the server's log says where"
    assert [json.loads(line)["status"] for line in caplog.messages if line.startswith("{")] == [500]


# -- Who may ask, and what is logged


def test_pages_of_other_sites_may_not_ask_unless_named(server, serve):
    ours, other = "https://flex.example", "https://other.example"
    named = serve("--origin", ours)
    allowed = "Access-Control-Allow-Origin"
    assert server.get("/v1/topics", Origin=ours).headers[allowed] is None
    assert named.get("/v1/topics", Origin=ours).headers[allowed] == ours
    assert named.get("/v1/topics", Origin=other).headers[allowed] is None


def test_what_is_asked_is_logged_only_where_the_server_was_told_to(serve):
    silent, telling = serve(), serve("--log-questions")
    for each in (silent, telling):
        each.post("/v1/ask", {"question": "what about my sitzbones"})
        each.post("/v1/ask_many", {"questions": ["sitzbones"]})
        each.post("/v1/ask", {"question": "sitzbones", "topics": ["sitzbones"]})
        each.get("/v1/search?q=sitzbones")
        each.get("/v1/entries/sitzbones")
        each.get("/sitzbones?sitzbones")
        each.end()
    assert "sitzbones" not in "".join(silent.logged + silent.said)
    lines = [json.loads(line) for line in silent.logged]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/v1/ask", 200),
        ("POST", "/v1/ask_many", 200),
        ("POST", "/v1/ask", 422),
        ("GET", "/v1/search", 200),
        ("GET", "/v1/entries/{entry_id}", 404),
        ("GET", None, 404),
    ]
    assert all(line["ms"] >= 0 for line in lines)
    assert json.loads(telling.logged[0])["question"] == "what about my sitzbones"


# -- Beginning and ending


def test_ctrl_c_ends_it_once_what_is_asked_is_answered(serve):
    server = serve()
    body = json.dumps({"question": QUESTION}).encode()
    with connect(server) as connection:
        headers = f"Host: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue"
        connection.sendall(f"POST /v1/ask HTTP/1.1\r\n{headers}\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")  # now it is being answered
        server.process.send_signal(signal.SIGINT)
        connection.sendall(body)
        assert all_of(connection).startswith(b"HTTP/1.1 200 ")
    assert server.process.wait(120) in (0, 130)
    server.end()
    assert [line for line in server.said if "answering at" not in line] == []


def test_an_address_in_use_is_told_in_one_line(server, built, tmp_path):
    port = str(urlsplit(server.address).port)
    command = [sys.executable, "-m", "chatbot", "serve", "--port", port]
    done = subprocess.run(
        [*command, "--corpus", str(CORPUS), "--index", str(built)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"the server cannot listen at 127.0.0.1:{port}" in done.stderr
    assert "--port name another" in done.stderr


def test_a_new_index_is_taken_in_without_a_failed_request(serve, corpus, index, quick_builds):
    server = serve(corpus=corpus, index=index)
    statuses, ended = [], threading.Event()

    def go_on_asking():
        while not ended.is_set():
            statuses.append(server.post("/v1/ask", {"question": QUESTION}).status)

    asking = [threading.Thread(target=go_on_asking) for _ in range(2)]
    for each in asking:
        each.start()
    edited = corpus / "dose/how-long-hold.md"
    edited.write_text(edited.read_text().replace("Thirty seconds", "Thirty-one seconds"))
    build(corpus, index)
    revision = Chatbot.load(index).index.store.revision
    while server.get("/healthz").json()["index"] != revision:
        time.sleep(0.1)
    reply = server.post("/v1/ask", {"question": QUESTION}).json()["reply"]
    ended.set()
    for each in asking:
        each.join()
    assert "Thirty-one seconds" in reply["answers"][0]["text"]
    assert set(statuses) == {200}
    assert len(statuses) > 2


def children(process):
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_a_worker_that_dies_is_started_anew(serve):
    server = serve("--workers", "2")
    while len(before := children(server.process)) < 2:
        time.sleep(0.1)
    assert server.post("/v1/ask", {"question": QUESTION}).status == 200
    killed = min(before)
    os.kill(int(killed), signal.SIGKILL)
    while len(now := children(server.process)) < 2 or killed in now:
        time.sleep(0.1)
    for _ in range(8):
        assert server.post("/v1/ask", {"question": QUESTION}).json()["reply"]["id"] == "how-long-hold"
    assert server.end() in (0, 130)
