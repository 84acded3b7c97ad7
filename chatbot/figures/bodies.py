"""The people that are drawn: builds, hair, skin and clothes of more than one kind."""

import zlib
from dataclasses import dataclass

from chatbot.figures.bones import Build


@dataclass(frozen=True)
class Body:
    """How a person looks: lengths, how thick trunk and limbs are beside an adult's, hair, and colours as in CSS."""

    name: str
    build: Build
    trunk_girth: float
    limb_girth: float
    hair: str  # bun, short, long or bald
    skin: str
    hair_colour: str
    shirt: str
    trousers: str
    trouser_length: float  # of the thigh and shin, 0 to 2
    head: float = 1.0  # times an adult's


_ADULT = Build()
BODIES: dict[str, Body] = {
    body.name: body
    for body in (
        Body("woman", _ADULT, 1.0, 1.0, "bun", "#e8b48e", "#4a3528", "#5b8fb0", "#3d4a63", 0.6),
        Body("man", Build(hip_width=0.084), 1.04, 1.04, "short", "#8d5a3b", "#231815", "#7fa36b", "#46505c", 0.75),
        Body("older-woman", Build(trunk=0.97), 1.08, 1.0, "short", "#f0c9a8", "#c9c9cc", "#a86f84", "#50566b", 1.9),
        Body("older-man", Build(trunk=0.98), 1.1, 0.97, "bald", "#dca57c", "#b5b5b8", "#6f87a8", "#5a5147", 1.9),
        Body("larger-woman", _ADULT, 1.3, 1.22, "long", "#c98f68", "#2c1d17", "#7d6aa8", "#3c4f55", 1.5),
        Body("larger-man", Build(hip_width=0.09), 1.3, 1.2, "short", "#f0c6a4", "#7a4b2a", "#5f9c97", "#4b4660", 0.75),
        Body("dark-woman", _ADULT, 1.0, 1.0, "bun", "#6b4026", "#1c1412", "#d09a3e", "#4a3f5c", 1.9),
        Body(
            "child",
            Build(0.33, 0.31, 0.22, 0.19, 0.82, 0.07),
            0.8,
            0.78,
            "short",
            "#d9a57d",
            "#3a2a1e",
            "#d8734f",
            "#3f5570",
            0.6,
            0.94,
        ),
        # For maps of the body: nobody in particular, so that the place in colour is what is seen.
        Body("neutral", _ADULT, 1.0, 1.0, "short", "#ebe0d3", "#7d7a76", "#a0b2c6", "#5c6a80", 0.6),
    )
}
_BY_TURN = ("woman", "man", "older-woman", "larger-woman", "dark-woman", "older-man", "larger-man")


def body_of(figure: str, named: str | None) -> Body:
    """The body that a pose names, else one by turn, which stays the same for a figure."""
    return BODIES[named or _BY_TURN[zlib.crc32(figure.encode()) % len(_BY_TURN)]]
