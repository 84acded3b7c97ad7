"""The rows of the corpus's tables: written and read again, a line each."""

import json

import pytest

from chatbot.index.stored_rows import condition_from_json, condition_to_json, part_from_json, part_to_json
from chatbot.records import Condition, Part


@pytest.mark.parametrize(
    "part",
    [
        Part("dose", "how long"),
        Part("é", "two\nlines", ("Feel", "Where 🤸"), ("feels",), numbered=True, cited=True),
    ],
)
def test_a_part_through_json_and_back(part):
    line = part_to_json(part)
    assert "\n" not in line
    assert part_from_json(line) == part


def test_a_condition_through_json_and_back_without_the_items_that_mean_it():
    line = condition_to_json(
        Condition("hip", "have a é hip", "new-hip", ("new hip", "hip*"), ("a new hip",), ("lately",))
    )
    assert "\n" not in line
    assert "a new hip" not in line
    read = condition_from_json(line)
    assert read == Condition("hip", "have a é hip", "new-hip", ("new hip", "hip*"), includes=("lately",))


def test_a_condition_without_an_entry():
    line = condition_to_json(Condition("asthma", "have asthma", names=("asthma",)))
    assert condition_from_json(line) == Condition("asthma", "have asthma", None, ("asthma",))
    assert json.loads(line)["entry"] is None
