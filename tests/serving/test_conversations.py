"""What a conversation knows, over HTTP."""

import pytest
from starlette.testclient import TestClient

from chatbot.serving.app import make_app
from chatbot.serving.options import ServerOptions


@pytest.fixture
def client(built):
    with TestClient(make_app(ServerOptions(index=built))) as client:
        yield client


def test_a_new_conversation_knows_nothing(client):
    known = client.post("/v1/known", json={"conversation": "new"}).json()
    assert (known["subject"], known["told"], known["sign"]) == (None, [], None)


def test_it_tells_what_it_is_about_and_forgets_it(client):
    asked = client.post("/v1/ask", json={"question": "How long should I hold a stretch?", "conversation": "new"}).json()
    known = client.post("/v1/known", json={"conversation": asked["conversation"]}).json()
    assert known["subject"] == asked["reply"]["question"]
    forgotten = client.post("/v1/forget", json={"conversation": known["conversation"]}).json()
    assert forgotten["subject"] is None
    again = client.post("/v1/known", json={"conversation": forgotten["conversation"]}).json()
    assert again["subject"] is None


def test_a_warning_sign_is_not_forgotten(client):
    opened = client.post("/v1/ask", json={"question": "my left calf is swollen and warm", "conversation": "new"}).json()
    assert (opened["reply"]["kind"], opened["sign"]) == ("urgent", "leg-clot")
    forgotten = client.post("/v1/forget", json={"conversation": opened["conversation"]}).json()
    assert forgotten["sign"] == "leg-clot"
    going_on = {"question": "How long should I hold a stretch?", "conversation": forgotten["conversation"]}
    assert client.post("/v1/ask", json=going_on).json()["sign"] == "leg-clot"
    assert client.post("/v1/ask", json={**going_on, "conversation": "new"}).json()["sign"] is None


def test_what_is_no_id_is_refused(client):
    for path in ("/v1/known", "/v1/forget"):
        refused = client.post(path, json={"conversation": "nonsense"})
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
