"""The rows of the corpus's tables that a reply needs, a line of JSON each: parts of answers, and conditions."""

import json
from dataclasses import asdict
from typing import Any

from chatbot.records import Condition, Part


def part_to_json(part: Part) -> str:
    """A part as one line of JSON."""
    return json.dumps(asdict(part), ensure_ascii=False)


def part_from_json(line: str) -> Part:
    """The part that `part_to_json` wrote."""
    return Part(**_fields(line))


def condition_to_json(condition: Condition) -> str:
    """A condition as one line of JSON, without the items of `avoid_if`, as its entries name it."""
    return json.dumps(asdict(condition) | {"avoid_if": []}, ensure_ascii=False)


def condition_from_json(line: str) -> Condition:
    """The condition that `condition_to_json` wrote."""
    return Condition(**_fields(line))


def _fields(line: str) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(line).items()}
