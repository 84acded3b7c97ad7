"""The shape of OpenAI's chat completions, by its own client and by `llm`."""

import json
import subprocess
import sys

import openai
import pytest

from tests.conftest import environment
from tests.serving.running import Server

QUESTION = "how long should i hold a stretch"
ZEROS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


@pytest.fixture
def client(server: Server):
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as client:
        yield client


def user(*texts):
    return [{"role": "user", "content": text} for text in texts]


def test_the_reply_is_the_message(client, bot):
    reply = bot.conversation().ask(QUESTION)
    answer = client.chat.completions.create(
        model="flexbot", messages=user(QUESTION), temperature=0.1, max_tokens=3, extra_body={"unheard_of": True}
    )
    assert answer.object == "chat.completion"
    assert answer.model == "flexbot"
    [choice] = answer.choices
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    assert choice.message.content == reply.to_markdown()
    assert "They are not medical advice" in choice.message.content
    assert answer.usage.model_dump(exclude_none=True) == ZEROS
    assert answer.model_extra["flexbot"] == json.loads(reply.to_json())


def test_a_stream_is_the_same_in_pieces(client, bot):
    reply = bot.conversation().ask(QUESTION)
    options = {"include_usage": True}
    with client.chat.completions.create(
        model="flexbot", messages=user(QUESTION), stream=True, stream_options=options
    ) as stream:
        *chunks, last, usage = stream
    assert {chunk.object for chunk in [*chunks, last, usage]} == {"chat.completion.chunk"}
    assert len({chunk.id for chunk in [*chunks, last, usage]}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len(chunks) > 3
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == reply.to_markdown()
    assert {chunk.choices[0].finish_reason for chunk in chunks} == {None}
    assert (last.choices[0].finish_reason, last.model_extra["flexbot"]["id"]) == ("stop", "how-long-hold")
    assert (usage.choices, usage.usage.model_dump(exclude_none=True)) == ([], ZEROS)


def test_the_events_of_a_stream(server):
    answer = server.post("/v1/chat/completions", {"model": "flexbot", "messages": user(QUESTION), "stream": True})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    *events, end = answer.body.decode().split("\n\n")[:-1]
    assert end == "data: [DONE]"
    chunks = [json.loads(event.removeprefix("data: ")) for event in events]
    assert set(chunks[0]) == {"id", "object", "created", "model", "choices"}
    assert chunks[0]["choices"] == [
        {"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}
    ]
    assert chunks[-1]["choices"] == [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]


def test_the_last_message_is_asked_in_the_light_of_those_before(client, bot):
    turns = ["my hip flexors are tight from sitting", "and how often", "how long should i hold it"]
    chat = bot.conversation()
    *_, last = [chat.ask(turn) for turn in turns]
    messages = [{"role": "system", "content": "You are a pirate."}]
    for turn in turns:
        messages += [*user(turn), {"role": "assistant", "content": "…"}]
    answer = client.chat.completions.create(model="flexbot", messages=messages[:-1])
    assert answer.model_extra["flexbot"] == json.loads(last.to_json())


def test_at_most_eight_messages_are_replayed(client):
    """A warning sign holds until it was seen to: seven messages later it still comes first, eight later it is not
    known any more."""
    sign, aside = "back pain and now i cannot pee", "hello"

    def kind(*texts):
        return client.chat.completions.create(model="flexbot", messages=user(*texts)).model_extra["flexbot"]["kind"]

    assert kind(sign, *[aside] * 6, QUESTION) == "urgent"
    assert kind(sign, *[aside] * 7, QUESTION) == "answer"


def test_parts_of_text_are_read_and_what_was_unreadable_before_is_left_out(client):
    parts = [{"type": "text", "text": "how long should i"}, {"type": "text", "text": "hold a stretch"}]
    messages = [*user("", "x" * 10_001), {"role": "user", "content": parts}]
    answer = client.chat.completions.create(model="flexbot", messages=messages)
    assert answer.model_extra["flexbot"]["query"] == QUESTION
    assert answer.model_extra["flexbot"]["id"] == "how-long-hold"


def test_the_model_is_the_corpus(client):
    [model] = client.models.list().data
    assert (model.id, model.object) == ("flexbot", "model")
    assert client.models.retrieve("flexbot") == model


IMAGE = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (user(" "), "the question is empty; type a few words"),
        (user("x" * 10_001), "the question has 10,001 characters; 10,000 is the most: ask it shorter"),
        ([{"role": "system", "content": "x"}], "messages: none of them is a user's"),
        ([], "messages: List should have at least 1 item after validation, not 0"),
        ([IMAGE], "messages[0].content"),
    ],
    ids=["empty", "long", "no-user", "none", "image"],
)
def test_errors_have_openais_shape(client, messages, told):
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="flexbot", messages=messages)
    assert told in raised.value.body["message"]
    assert (raised.value.type, raised.value.param, raised.value.code) == ("invalid_request_error", None, None)


def test_other_statuses_have_it_too(client, server):
    for call in (
        lambda: client.models.retrieve("gpt"),
        lambda: client.chat.completions.create(model="gpt", messages=user("x")),
    ):
        with pytest.raises(openai.NotFoundError) as raised:
            call()
        assert raised.value.code == "model_not_found"
        assert raised.value.body["message"] == "no model is called 'gpt'; there is one: flexbot"
    place = "/v1/chat/completions"
    for status, response in (
        (405, server.get(place)),
        (400, server.post(place, b"{")),
        (413, server.post(place, b" " * 65_537)),
        (404, server.get("/v1/chat/nothing")),
    ):
        assert (response.status, response.headers["Content-Type"]) == (status, "application/json")
        assert response.json()["error"]["type"] == "invalid_request_error"
        assert int(response.headers["Content-Length"]) == len(response.body)


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_llm_asks_it(server, bot, tmp_path, stream):
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: stretching\n  model_name: flexbot\n  api_base: {server.address}/v1\n"
    )
    asked = subprocess.run(
        [sys.executable, "-m", "llm", "-m", "stretching", *([] if stream else ["--no-stream"]), QUESTION],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(LLM_USER_PATH=str(tmp_path)),
        stdin=subprocess.DEVNULL,
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.strip() == bot.ask(QUESTION).to_markdown().strip()
