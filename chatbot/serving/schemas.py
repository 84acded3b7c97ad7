"""What requests hold and responses give, as the OpenAPI description shows it."""

import json
from collections.abc import Mapping
from datetime import datetime, time
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, StrictBool

from chatbot import settings
from chatbot.practice.kept import MOST
from chatbot.serving.conversation_ids import LONGEST
from chatbot.serving.options import Limits

Question = Annotated[str, Field(min_length=1, max_length=settings.MAX_QUESTION_CHARACTERS)]
EntryId = Annotated[str, Field(min_length=1, max_length=200, examples=["calf-cramp-night"])]
YEARS = 2000, 2100  # of an event: what calendars can hold, and nobody asks from beyond
FigureId = Annotated[str, Field(min_length=1, max_length=200, examples=["calf-stretch-wall"])]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskRequest(_Strict):
    """A question, by itself or in a conversation."""

    question: Question = Field(description="What is asked, in anyone's own words.", examples=["my lower back is stiff"])
    conversation: str | None = Field(
        None,
        max_length=LONGEST,
        description="`new` begins a conversation; an id from a response goes on with it; without it, the question "
        "stands by itself. The id holds what the conversation knows: the server keeps none.",
        examples=["new"],
    )
    topics: list[str] | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Answer from these topics only; for a question by itself.",
        examples=[["lower-back"]],
    )
    html: StrictBool = Field(False, description="Whether the response also holds the answer as HTML.")


class OpenRequest(_Strict):
    """An entry to open in a conversation, as when one of the related questions is chosen."""

    entry: EntryId = Field(description="The id of an entry.", examples=["calf-cramp-night"])
    conversation: str = Field("new", max_length=LONGEST, description="As with asking.", examples=["new"])
    html: StrictBool = Field(False, description="Whether the response also holds the answer as HTML.")


class ConversationRequest(_Strict):
    """A conversation, by its id."""

    conversation: str = Field(max_length=LONGEST, description="The id that a response gave.", examples=["new"])


class Known(BaseModel):
    """What a conversation knows of its person."""

    subject: str | None = Field(description="The question that it is about; null when it is about none.")
    told: list[str] = Field(
        description='What the person told of themselves, each as it follows "you".',
        examples=[["have a new hip (3 months ago)"]],
    )
    sign: str | None = Field(
        description="The id of the warning sign that comes first until someone has looked at it, or null."
    )
    conversation: str = Field(description="The id to go on with.")


class AskManyRequest(_Strict):
    """Questions by themselves."""

    questions: list[Question] = Field(
        min_length=1, max_length=Limits().at_once, examples=[["how long should i hold a stretch", "tight calves"]]
    )


class MatchRequest(_Strict):
    """A question to rank entries by."""

    question: Question = Field(examples=["tight calves after running"])
    k: int = Field(10, ge=1, le=100, description="How many.", examples=[3])


class CalendarRequest(_Strict):
    """A routine, and when it is to be practised."""

    entries: list[EntryId] = Field(
        min_length=1,
        max_length=MOST,
        description="The ids of the entries, in their order.",
        examples=[["calf-cramp-night"]],
    )
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        min_length=1, max_length=7, examples=[["mon", "wed", "fri"]]
    )
    at: time = Field(description="The time of the day, the same wherever one is.", examples=["18:00"])
    now: NaiveDatetime = Field(
        ge=datetime(YEARS[0], 1, 1),
        le=datetime(YEARS[1], 12, 31),
        description=f"The local time of who asks, in the years {YEARS[0]} to {YEARS[1]}.",
        examples=["2026-11-30T12:00:00"],
    )
    name: str = Field(
        pattern="^[0-9A-Za-z-]{1,64}$",
        description="What calendars know the event by: one of the same name replaces it.",
        examples=["routine"],
    )


class Asked(BaseModel):
    """A reply, and how to go on."""

    reply: dict[str, Any]
    conversation: str | None = Field(description="The id to go on with; null for a question by itself.")
    sign: str | None = Field(None, description="As of what a conversation knows; null for a question by itself.")
    html: str | None = Field(None, description="The reply as a fragment of HTML, where it was asked for.")


class AskedMany(BaseModel):
    """The replies, in the order of the questions."""

    replies: list[dict[str, Any]]


class Matches(BaseModel):
    """Entries, best first, as in the `matches` of a reply."""

    matches: list[dict[str, Any]]


def reply_schema() -> Mapping[str, Any]:
    """The JSON Schema of a reply, without what an OpenAPI description has elsewhere."""
    schema: dict[str, Any] = json.loads((files("chatbot") / "data/reply.schema.json").read_text(encoding="utf-8"))
    for name in ("$schema", "$id"):
        schema.pop(name, None)
    return schema
