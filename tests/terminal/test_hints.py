"""The commands that a reply names below itself."""

from chatbot.answering.reply import Reply
from chatbot.records import Figure
from chatbot.terminal.hints import hints

LIFT, FOLD = Figure("lift", "Raise one knee", "A person raises a knee."), Figure("fold", "Fold", "A person folds.")


def reply(*figures):
    return Reply(kind="answer", query="x", disclaimer="No advice.", confidence=0.9, id="x", figures=figures)


def test_a_picture_is_named_unless_it_is_drawn_and_the_next_one_then():
    assert hints(reply(), 0, False, 80) == ["why this: /why"]
    assert hints(reply(LIFT), 0, False, 80) == ["as a picture: /show   why this: /why"]
    assert hints(reply(LIFT, FOLD), 0, False, 80) == ["as 2 pictures: /show   why this: /why"]
    assert hints(reply(LIFT), 0, True, 80) == ["why this: /why"]
    assert hints(reply(LIFT, FOLD), 0, True, 80) == ["picture 2 of 2: /show 2   why this: /why"]


def test_none_is_broken_in_two():
    # 19 and 14 characters, with three between them, are 36.
    assert hints(reply(LIFT), 1, False, 36) == ["1 more view: /more", "as a picture: /show   why this: /why"]
    assert hints(reply(LIFT), 1, False, 35) == ["1 more view: /more", "as a picture: /show", "why this: /why"]
