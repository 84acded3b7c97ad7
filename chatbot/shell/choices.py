"""What a numbered list offers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered line of the last list: what it says, and the line that choosing it stands for; none declines."""

    label: str
    line: str
