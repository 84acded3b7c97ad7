"""A reply as JSON: what it holds, its JSON Schema, and the way back."""

import json
import pickle
import re
from dataclasses import FrozenInstanceError, asdict, replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import chatbot
from chatbot import Reply
from chatbot.answering.reply import SCHEMA
from chatbot.records import KINDS, Answer, Caution, Match, RelatedQuestion, Source, Thresholds, Unsuited

SCHEMA_FILE = Path(chatbot.__file__).parent / "data" / "reply.schema.json"
QUESTIONS = [
    "What stretch can I do to loosen up my lower back?",
    "how long shuold i hold a strech?",
    "how do I renew my passport",
    "¿Cómo puedo renovar mi pasaporte?",
    "back pain and now i cannot pee",
    "hello",
    "thanks",
    "stretch",
    "hip",
    "hipp",
    "🤸",
    "柔軟性",
    "my hips do not rotate. i sit all day - what can i do?",
]
WHOLE = Reply(
    kind="clarify",
    query="hipp",
    disclaimer="Ask a doctor about it.",
    confidence=0.51239,
    read_as="hip",
    language="es",
    id="a",
    question="Why?",
    topic="hips",
    care="routine",
    caution=Caution("d", "Swollen?", "same-day", "See a doctor today."),
    unsuited=Unsuited("e", "What else?", ("have a new hip", "are pregnant"), ("had a fall",)),
    answers=(Answer("Yoga", "So [@x].", (Source("x", "T", "A", "1999", "J", url="https://e.org"),), ("surgery",)),),
    reviewed="2026-11-22",
    related=(RelatedQuestion("b", "How?", "Yoga", "Like this.", "hips", "hips"),),
    suggestions=(RelatedQuestion("c", "When?", "Yoga", "Now."),),
    several=True,
    topics=("hips", "dose"),
    subject="stretching",
    about="What?",
    again=True,
    part="how to do it",
    short_disclaimer="Ask.",
    matches=(Match("a", "Why?", "answer", 0.123456, 0.5, 0.75, "why", (("margin", 0.98765),)),),
    thresholds=Thresholds(0.7, 0.5, 0.1, 0.05),
)


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def replies(bot):
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    told = [bot.ask(question) for question in QUESTIONS]
    return [*told, chat.last, chat.ask("why?"), *map(bot.entry, bot.index.ids), WHOLE]


def test_the_replies_are_of_every_kind(replies):
    assert {reply.kind for reply in replies} == {"answer", "clarify", "no-answer", "urgent", "small-talk"}
    assert {reply.read_as is None for reply in replies} == {True, False}
    assert {reply.language for reply in replies} >= {None, "es", "zh"}


def test_k21_the_json_schema_holds_for_every_reply(validator, replies):
    for reply in replies:
        validator.validate(json.loads(reply.to_json()))


def test_k21_the_json_schema_names_every_key_and_no_other(validator):
    assert list(validator.schema["properties"]) == list(WHOLE.to_dict())
    assert validator.schema["properties"]["schema"] == {"const": SCHEMA}
    for wrong in (
        {"schema": 1},
        {"kind": "odd"},
        {"confidence": 1.5},
        {"further": 1},
        {"reviewed": "yesterday"},
        {"several": None},
        {"again": None},
        {"part": 1},
    ):
        assert not validator.is_valid({**WHOLE.to_dict(), **wrong}), wrong
    for missing in WHOLE.to_dict():
        assert not validator.is_valid({name: value for name, value in WHOLE.to_dict().items() if name != missing})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        "Take care.",
        {"id": "d", "question": "Swollen?", "care": "same-day"},
        {"id": "d", "question": "Swollen?", "care": "soon", "text": "Go."},
        {"id": "d", "question": "Swollen?", "care": None, "text": "Go."},
        {"id": "d", "question": "Swollen?", "care": "routine", "text": "Go.", "further": 1},
    ],
    ids=str,
)
def test_a_caution_in_the_json_schema(validator, wrong):
    for right in (None, WHOLE.to_dict()["caution"]):
        validator.validate({**WHOLE.to_dict(), "caution": right})
    assert not validator.is_valid({**WHOLE.to_dict(), "caution": wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        "Not for you.",
        {"id": "e", "question": "What else?"},
        {"id": "e", "question": "What else?", "because": "are pregnant"},
        {"id": "e", "question": "What else?", "because": [None]},
        {"id": None, "question": "What else?", "because": ["are pregnant"]},
        {"id": "e", "question": "What else?", "because": ["are pregnant"], "further": 1},
    ],
    ids=str,
)
def test_what_is_unsuited_in_the_json_schema(validator, wrong):
    for right in (None, WHOLE.to_dict()["unsuited"]):
        validator.validate({**WHOLE.to_dict(), "unsuited": right})
    assert not validator.is_valid({**WHOLE.to_dict(), "unsuited": wrong})


def test_the_json_schema_knows_every_threshold_and_every_kind_of_entry(validator):
    validator.validate(WHOLE.to_dict())
    thresholds = WHOLE.to_dict()["thresholds"]
    for missing in thresholds:
        some = {name: value for name, value in thresholds.items() if name != missing}
        assert not validator.is_valid({**WHOLE.to_dict(), "thresholds": some}), missing
    (match,) = WHOLE.to_dict()["matches"]
    for kind in KINDS:
        validator.validate({**WHOLE.to_dict(), "matches": [{**match, "kind": kind}]})


def test_the_docstrings_explain_every_key(validator):
    def keys(schema):
        for name, inner in schema.get("properties", {}).items():
            yield name
            yield from keys(inner.get("items", {}))
        for each in schema.get("oneOf", ()):
            yield from keys(each)

    offer = validator.schema["$defs"]["offer"]
    thresholds = {"answer", "clarify", "urgent"}  # and "caution", which is a key of the reply, too
    named = set(re.findall(r"`(\w+)`", f"{Reply.__doc__} {Reply.to_dict.__doc__}"))
    assert {*keys(validator.schema), *keys(offer)} - thresholds <= named


def test_k21_a_reply_from_its_json(replies):
    for reply in replies:
        data = json.loads(reply.to_json())
        again = Reply.from_dict(data)
        assert again.to_dict() == data
        assert (str(again), again.lead, again.certainty) == (str(reply), reply.lead, reply.certainty)
        assert hash(again) == hash(Reply.from_dict(reply.to_dict()))


def test_k21_what_the_way_back_gives():
    rounded = (Match("a", "Why?", "answer", 0.1235, 0.5, 0.75, "why", (("margin", 0.9877),)),)
    assert Reply.from_dict(WHOLE.to_dict()) == replace(WHOLE, confidence=0.5124, matches=rounded)
    assert Reply.from_dict(WHOLE.to_dict()).to_dict() == WHOLE.to_dict()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({**WHOLE.to_dict(), "schema": 1}, "a reply of schema 1; this version reads schema 5"),
        ({**WHOLE.to_dict(), "schema": "5"}, "a reply of schema '5'; this version reads schema 5"),
        ({"kind": "answer"}, "not a reply: it names no schema; pass what `to_dict` gave"),
        ("{}", "not a reply: it names no schema; pass what `to_dict` gave"),
        (None, "not a reply: it names no schema; pass what `to_dict` gave"),
        ({**WHOLE.to_dict(), "schema": 3}, "a reply of schema 3; this version reads schema 5"),
    ],
)
def test_k21_what_is_no_reply(data, message):
    with pytest.raises(ValueError, match=message):
        Reply.from_dict(data)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"further": 1}, "further is unknown"),
        ({"kind": "odd"}, "kind is 'odd', not one of answer, clarify, no-answer, urgent, small-talk"),
        ({"kind": ["answer"]}, "kind is ['answer'], not one of answer, clarify, no-answer, urgent, small-talk"),
        ({"care": "soon"}, "care is 'soon', not one of emergency, same-day, routine"),
        ({"language": "xx"}, "language is 'xx', not one that is told from English"),
        ({"language": "en"}, "language is 'en', not one that is told from English"),
        ({"language": ""}, "language is '', not one that is told from English"),
        ({"query": None}, "query is None, not a text"),
        ({"confidence": "0.5"}, "confidence is '0.5', not a number"),
        ({"confidence": True}, "confidence is True, not a number"),
        ({"confidence": float("nan")}, "confidence is nan, not a number"),
        ({"topics": "hips"}, "topics is 'hips', not a list"),
        ({"topics": ["hips", 5]}, "topics.1 is 5, not a text"),
        ({"not_said": None}, "not_said is None, not a list"),
        ({"reviewed": 2026}, "reviewed is 2026, not a text"),
        ({"answers": ["text"]}, "answers.0 is 'text', not an object"),
        ({"related": [{"id": "x"}]}, "related.0.hint is missing"),
        ({"caution": {"id": "x", "question": "q", "care": "soon", "text": ""}}, "caution.care is 'soon', not one of"),
        ({"thresholds": {"answer": 2, "clarify": 0, "urgent": 0, "caution": 0}}, "thresholds are no probabilities"),
        ({"thresholds": {"answer": 1, "clarify": 0, "urgent": 0}}, "thresholds.caution is missing"),
        ({"caution": "Take care."}, "caution is 'Take care.', not an object"),
        ({"caution": {"id": "d"}}, "caution.care is missing"),
        ({"unsuited": "e"}, "unsuited is 'e', not an object"),
        ({"unsuited": {"id": "e", "question": "q", "another": []}}, "unsuited.because is missing"),
        (
            {"unsuited": {"id": "e", "question": "q", "because": "x", "another": []}},
            "unsuited.because is 'x', not a list",
        ),
        ({"again": None}, "again is None, not true or false"),
        ({"part": 1}, "part is 1, not a text"),
        ({5: 5}, "5 is unknown"),
    ],
)
def test_k20_a_value_of_another_type_is_told_by_its_place(changes, told):
    with pytest.raises(ValueError, match=re.escape(f"not a reply of schema 5: {told}")):
        Reply.from_dict({**WHOLE.to_dict(), **changes})


@pytest.mark.parametrize("name", list(WHOLE.to_dict()))
def test_k20_every_key_is_needed_and_of_its_type(name):
    data = WHOLE.to_dict()
    with pytest.raises(ValueError, match=f"schema 5: {name}[ .]|^a reply of schema"):
        Reply.from_dict({**data, name: {"x": object()}})
    del data[name]
    with pytest.raises(ValueError, match=f"not a reply.*(?:{name} is missing|no schema)"):
        Reply.from_dict(data)


def test_k20_a_reply_is_hashable_and_cannot_change(replies):
    assert len({*replies, *replies}) == len(set(replies)) > 10
    for reply in replies:
        with pytest.raises(FrozenInstanceError):
            reply.kind = "answer"
        with pytest.raises((AttributeError, TypeError)):
            reply.further = 1
        before = hash(reply)
        reply.numbers.clear()
        assert hash(reply) == before
        assert reply.numbers == {source.id: number for number, source in enumerate(reply.sources, 1)}
    with pytest.raises(FrozenInstanceError):
        WHOLE.matches[0].score = 1
    with pytest.raises(TypeError):
        WHOLE.matches[0].evidence[0] = ()


def test_k20_no_entries_hang_on_a_reply(bot):
    """However the reply is taken apart, it is about as large as what it says."""
    reply = bot.ask("my lower back feels tight, what should I stretch?")
    assert len(reply.matches) == 10
    said = len(reply.to_json())
    assert len(json.dumps(asdict(reply), ensure_ascii=False)) < 1.5 * said
    assert len(pickle.dumps(reply)) < 1.5 * said
    assert pickle.loads(pickle.dumps(reply)) == reply  # noqa: S301
    assert "alternate_questions" not in json.dumps(asdict(reply))


def test_k20_a_match_names_its_entry(bot):
    best = bot.ask("my lower back feels tight, what should I stretch?").matches[0]
    assert (best.id, best.kind) == ("loosen-lower-back", "answer")
    assert best.question == "What stretch can I do to loosen up my lower back?"
    assert 0 < best.confidence <= best.in_scope <= 1
    assert dict(best.evidence)["score"] == pytest.approx(best.score)
    assert bot.entry(best.id).answers
