"""What a conversation knows, as data, so that it can be kept and gone on with elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chatbot.answering.reply import Reply
from chatbot.index.decoding import Misfit, decoder

SCHEMA = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply as far as a conversation goes on from it: the entry that it showed (None: none), and the ids that it
    offered; `asks_back`: it asked which of them was meant; `part`: what the part of the entry is called that it showed,
    where that was not all of it; `caution`: the entry of the warning sign whose card it carried; `unsuited`: the
    entry that was not for who asked."""

    entry: str | None = None
    offers: tuple[str, ...] = ()
    asks_back: bool = False
    part: str | None = None
    caution: str | None = None
    unsuited: str | None = None


def shown_of(reply: Reply) -> Shown:
    """A reply as far as a conversation goes on from it."""
    offers = reply.suggestions or reply.related
    caution = reply.caution.id if reply.caution else None
    unsuited = reply.unsuited.id if reply.unsuited else None
    return Shown(reply.id, tuple(offer.id for offer in offers), reply.kind == "clarify", reply.part, caution, unsuited)


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What a conversation knows: what was `shown`, oldest first; the conditions that someone `said` to have, by id,
    with how long ago or how far along, which of these are `another`'s, for whom they ask, and which were told last
    (`newest`); the ids of what they chose and `waits` to be shown; the warning `sign` that was described and not yet
    looked at, and the one that was (`seen_to`), by the ids of their entries; and `asked`, the newest message, empty
    unless it was to be kept."""

    shown: tuple[Shown, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    another: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    sign: str | None = None
    seen_to: str | None = None
    asked: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The state as plain data, a few hundred bytes as JSON."""
        fields: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # tuples as lists
        return {"schema": SCHEMA, **fields}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "ConversationState":
        """The state that `to_dict` gave, or what is left of it once it was JSON. Raises `ValueError` for another
        schema, and with the place for what is missing, unknown or of another type."""
        if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
            raise ValueError(f"not the state of a conversation in schema {SCHEMA}; pass what `to_dict` gave")
        try:
            state: ConversationState = decoder(ConversationState)(
                {name: value for name, value in data.items() if name != "schema"}
            )
        except Misfit as error:
            raise ValueError(f"not the state of a conversation: {error}") from error
        return state
