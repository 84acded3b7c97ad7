"""The examples of docs/serving.md, run against a server."""

import asyncio
import json
import os
import re
import subprocess
import sys

import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import CORPUS, PROJECT, environment

TEXT = (PROJECT / "docs/serving.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
HELD = "Thirty seconds a stretch is enough for most people"


def here(server, block):
    return block.replace("http://127.0.0.1:8321", server.address)


def test_curl_asks(server):
    [command] = [block for language, block in BLOCKS if language == "sh" and "curl" in block]
    asked = subprocess.run(["bash", "-c", here(server, command)], capture_output=True, text=True, check=True)
    assert json.loads(asked.stdout)["reply"]["id"] == "how-long-hold"


@pytest.mark.parametrize(("library", "told"), [("urllib", "Five days a week or more"), ("openai", HELD), ("mcp", HELD)])
def test_python_asks(server, tmp_path, library, told):
    [program] = [block for _, block in BLOCKS if f"\nfrom {library}" in f"\n{block}" and "8321" in block]
    command = [sys.executable, "-c", here(server, program)]
    asked = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment())
    assert asked.returncode == 0, asked.stderr
    assert told in asked.stdout


def test_llm_asks(server, tmp_path):
    [models] = [block for language, block in BLOCKS if language == "yaml"]
    (tmp_path / "extra-openai-models.yaml").write_text(here(server, models))
    asked = subprocess.run(
        [sys.executable, "-m", "llm", "-m", "stretching", "how long should i hold a stretch"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(LLM_USER_PATH=str(tmp_path)),
        stdin=subprocess.DEVNULL,
    )
    assert HELD in asked.stdout, asked.stderr


def test_a_client_starts_the_tools_as_configured(built):
    [configured] = [json.loads(block) for language, block in BLOCKS if language == "json"]
    flexbot = configured["mcpServers"]["flexbot"]
    assert flexbot["command"] == "flexbot"
    places = {**os.environ, "CHATBOT_CORPUS": str(CORPUS), "CHATBOT_INDEX": str(built)}
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "chatbot", *flexbot["args"]], env=environment(**places)
    )

    async def names():
        async with Client(started) as client:
            return {tool.name for tool in (await client.list_tools()).tools}

    assert asyncio.run(names()) == {"search", "fetch", "ask"}
