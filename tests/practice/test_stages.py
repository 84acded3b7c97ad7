"""A dose becomes stages."""

from chatbot.practice.movements import Gone, Movement
from chatbot.practice.stages import seconds_of, stages
from chatbot.records import Answer, Dose


def movement(dose):
    return Movement("a", "A?", dose, (), Answer("", "Do it."), None, (), None, ())


def told(dose):
    """Each stage after the first, which is to get ready, as its words and its seconds."""
    first, *others = stages([movement(dose)])
    assert (first.kind, first.seconds) == ("ready", 10)
    return [(stage.words, stage.seconds) for stage in others]


def test_one_hold_of_the_longest_time():
    assert told(Dose((), hold=(20, 30))) == [("Hold", 30)]


def test_holds_as_often_as_the_least_with_a_rest_between():
    held = [("Hold, 1 of 2", 30), ("Rest", 10), ("Hold, 2 of 2", 30)]
    assert told(Dose((), hold=(30, 30), times=(2, 4))) == held
    held[1] = ("Rest", 60)
    assert told(Dose((), hold=(30, 30), times=(2, 4), rest=(30, 60))) == held


def test_sides_take_turns_in_long_holds():
    assert told(Dose((), hold=(30, 30), times=(2, 3), each_side=True)) == [
        ("Hold, first side, 1 of 2", 30),
        ("Change sides", 5),
        ("Hold, other side, 1 of 2", 30),
        ("Change sides", 5),
        ("Hold, first side, 2 of 2", 30),
        ("Change sides", 5),
        ("Hold, other side, 2 of 2", 30),
    ]


def test_short_holds_are_done_on_one_side_first():
    assert told(Dose((), hold=(3, 5), times=(2, 2), each_side=True)) == [
        ("Hold, first side, 1 of 2", 5),
        ("Rest", 3),
        ("Hold, first side, 2 of 2", 5),
        ("Change sides", 5),
        ("Hold, other side, 1 of 2", 5),
        ("Rest", 3),
        ("Hold, other side, 2 of 2", 5),
    ]


def test_rounds_of_short_holds_follow_each_other():
    words = [words for words, _ in told(Dose((), hold=(5, 5), times=(2, 2), rounds=(2, 3), each_side=True))]
    assert [each.removeprefix("Hold, ") for each in words if each.startswith("Hold")] == [
        "first side, 1 of 4",
        "first side, 2 of 4",
        "other side, 1 of 4",
        "other side, 2 of 4",
        "first side, 3 of 4",
        "first side, 4 of 4",
        "other side, 3 of 4",
        "other side, 4 of 4",
    ]


def test_moves_and_breaths_are_counted_by_hand():
    dose = Dose((), times=(8, 12), rounds=(2, 3), each_side=True)
    assert told(dose) == [
        ("8 to 12 times, first side, 1 of 2", 32),
        ("8 to 12 times, other side, 1 of 2", 32),
        ("8 to 12 times, first side, 2 of 2", 32),
        ("8 to 12 times, other side, 2 of 2", 32),
    ]
    assert [stage.by_hand for stage in stages([movement(dose)])] == [False, True, True, True, True]
    assert told(Dose((), breaths=(3, 5), times=(2, 2))) == [("2 times, for 3 to 5 breaths each", 30)]
    assert told(Dose((), breaths=(5, 5))) == [("5 breaths", 25)]
    assert told(None) == [("As the steps say", 60)]


def test_what_is_gone_is_left_out_and_keeps_its_place():
    routine = [Gone("x", "X?"), movement(Dose((), hold=(20, 20)))]
    assert [stage.place for stage in stages(routine)] == [1, 1]
    assert seconds_of(routine) == 30
