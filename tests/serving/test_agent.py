"""The tools of an agent, called by the official client: over standard input and output, and over HTTP."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from functools import partial

import pytest
from mcp import Client, StdioServerParameters

from chatbot.serving.agent.addresses import protection
from chatbot.serving.options import ServerOptions
from tests.conftest import CORPUS, ENTRY_IDS, environment

# What clients call a server in the two eras of the protocol; a handshake first in the older.
ERAS = ("auto", "legacy")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def command(built):
    return ["-m", "chatbot", "mcp", "--corpus", str(CORPUS), "--index", str(built)]


@pytest.fixture(params=[("http", era) for era in ERAS] + [("stdio", "auto")], ids="-".join)
def with_client(request, server, built):
    """Run what is given with a connected client, over each transport; `.pages` is where its entries are."""
    transport, era = request.param
    stdio = StdioServerParameters(command=sys.executable, args=command(built), env=environment())

    def run(use):
        async def connected():
            async with Client(stdio if transport == "stdio" else f"{server.address}/mcp", mode=era) as client:
                return await use(client)

        return asyncio.run(connected())

    run.pages = "http://127.0.0.1:8321/entries/" if transport == "stdio" else f"{server.address}/entries/"
    return run


def call(name, arguments):
    return lambda client: client.call_tool(name, arguments)


def as_json(result):
    """What the one text of a result holds, which is its structured content, too."""
    assert not result.is_error
    [content] = result.content
    assert content.type == "text"
    data = json.loads(content.text)
    assert data == result.structured_content
    return data


def error_of(result):
    assert result.is_error
    [content] = result.content
    return content.text


def test_three_tools_that_only_read(with_client):
    tools = {tool.name: tool for tool in with_client(lambda client: client.list_tools()).tools}
    assert set(tools) == {"search", "fetch", "ask"}
    for name, argument in (("search", "query"), ("fetch", "id"), ("ask", "question")):
        schema = tools[name].input_schema
        assert list(schema["properties"]) == schema["required"] == [argument]
        assert schema["properties"][argument]["type"] == "string"
        assert tools[name].annotations.read_only_hint
        assert tools[name].description


def test_search_and_fetch_have_the_form_that_connectors_require(with_client, bot):
    found = as_json(with_client(call("search", {"query": "hip flexor stretch"})))
    assert list(found) == ["results"]
    assert found["results"][0] == {
        "id": "hip-flexor-stretch",
        "title": "How do I stretch my hip flexors?",
        "url": f"{with_client.pages}hip-flexor-stretch",
    }
    assert len({each["id"] for each in found["results"]}) == len(found["results"]) <= 10
    document = as_json(with_client(call("fetch", {"id": found["results"][0]["id"]})))
    text = document.pop("text")
    assert document == {
        **found["results"][0],
        "metadata": {"kind": "answer", "topic": "hips", "reviewed": "2026-11-22"},
    }
    assert "Kneel on one knee, tuck the pelvis under and lean forward" in text
    assert "**Not for you if:** recent hip replacement" in text
    assert text.endswith(f"> {bot.entry('hip-flexor-stretch').disclaimer.replace(chr(10), ' ')}\n")
    assert "Continue with" not in text


def test_fetch_shows_sources(with_client):
    text = as_json(with_client(call("fetch", {"id": "how-long-hold"})))["text"]
    assert "Thirty seconds a stretch is enough for most people [1]." in text
    assert "1. Bandy & Irion (1994) The effect of time on static stretch of the hamstrings." in text


def test_a_warning_sign_is_found_first(with_client):
    query = "back pain and now I cannot pee"
    found = as_json(with_client(call("search", {"query": query})))
    assert found["results"][0]["id"] == "cauda-equina"
    sign = as_json(with_client(call("fetch", {"id": "cauda-equina"})))
    assert sign["metadata"]["care"] == "emergency"
    assert "EMERGENCY" in sign["text"]


def test_ask_gives_the_reply_in_words_and_as_data(with_client, bot):
    question = "how long should i hold a stretch"
    reply = bot.ask(question)
    result = with_client(call("ask", {"question": question}))
    assert [each.text for each in result.content] == [reply.to_markdown()]
    assert result.structured_content == json.loads(reply.to_json())
    assert "They are not medical advice" in result.content[0].text


def test_what_cannot_be_answered_is_told_in_the_librarys_words(with_client):
    calls = [("fetch", {"id": "no\nsuch"}), ("fetch", {"id": 1}), ("fetch", {})]
    for name, argument in (("ask", "question"), ("search", "query")):
        calls += [(name, {argument: " "}), (name, {argument: "x" * 10_001})]

    async def every_call(client):
        return [await client.call_tool(*each) for each in calls]

    unknown, number, none, *unreadable = map(error_of, with_client(every_call))
    assert unknown == "no entry is called 'no such'; search finds entries by words"
    assert "Traceback" not in number + none
    empty = "the question is empty; type a few words"
    assert unreadable == [empty, "the question has 10,001 characters; 10,000 is the most: ask it shorter"] * 2


def test_the_page_of_every_entry_is_there(server, bot):
    for entry in ENTRY_IDS:
        page = server.get(f"/entries/{entry}")
        assert (page.status, page.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert page.body.decode() == bot.entry(entry).to_markdown()
    assert server.get("/entries/nothing").status == 404


def test_only_posts_are_taken_and_no_session_is_begun(server):
    accept = {"Accept": "application/json, text/event-stream"}
    begun = server.post("/mcp", INITIALIZE, **accept)
    assert begun.status == 200
    assert begun.headers["Mcp-Session-Id"] is None
    assert begun.json()["result"]["serverInfo"]["name"] == "flexbot"
    for method in ("GET", "DELETE"):
        refused = server.request(method, "/mcp", **accept)
        assert (refused.status, refused.headers["Content-Type"]) == (405, "application/problem+json")


def test_a_name_that_is_not_the_servers_is_refused(server):
    post = partial(server.post, "/mcp", INITIALIZE, Accept="application/json, text/event-stream")
    assert post(Host="attacker.example").status == 421
    assert post(Origin="https://attacker.example").status == 403
    assert post(Host="localhost:1").status == 200
    assert post(Origin=server.address).status == 200


def test_a_body_that_is_too_large_is_refused(server):
    refused = server.post("/mcp", b"[" + b" " * 65_536)
    assert (refused.status, refused.json()["detail"]) == (413, "the body has more than 65,536 bytes")


@pytest.mark.parametrize(
    ("options", "known", "unknown"),
    [
        (ServerOptions(host="flex.example"), "flex.example:*", "other.example"),
        (ServerOptions(host="::1"), "[::1]:*", "::1"),
        (ServerOptions(host="::", origins=("https://flex.example",)), "flex.example", "[::]"),
    ],
)
def test_the_server_is_known_by_its_host_and_by_the_origins_it_was_told(options, known, unknown):
    allowed = protection(options)
    assert allowed.enable_dns_rebinding_protection
    assert known in allowed.allowed_hosts
    assert "localhost:*" in allowed.allowed_hosts
    assert unknown not in allowed.allowed_hosts
    assert "" not in allowed.allowed_hosts
    assert set(options.origins) <= set(allowed.allowed_origins)


def test_the_access_log_names_the_door_and_not_what_was_asked(serve):
    async def ask(address):
        async with Client(f"{address}/mcp") as client:
            await client.call_tool("ask", {"question": "what about my sitzbones"})

    silent, telling = serve(), serve("--log-questions")
    for server in (silent, telling):
        asyncio.run(ask(server.address))
        server.end()
    routes = {json.loads(line)["route"] for line in silent.logged}
    assert routes == {"/mcp"}
    assert "sitzbones" not in "".join(silent.logged + silent.said)
    assert "what about my sitzbones" in [json.loads(line).get("question") for line in telling.logged]


@pytest.mark.parametrize("ended", ["input", "signal"])
def test_stdio_ends_cleanly(built, ended, tmp_path):
    """With its input, or by Ctrl-C; nothing but the protocol stands in its output."""
    process = subprocess.Popen(
        [sys.executable, *command(built)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(),
    )
    process.stdin.write(json.dumps(INITIALIZE) + "\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert answer["result"]["serverInfo"]["name"] == "flexbot"
    if ended == "signal":
        os.kill(process.pid, signal.SIGINT)
        process.wait()  # while its input is open still
    with process:
        rest, told = process.communicate()
    assert (rest, told) == ("", "")
    assert process.returncode == (-signal.SIGINT if ended == "signal" else 0)
