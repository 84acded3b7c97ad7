"""What is on a list, changed and ordered, as the corpus tells it now."""

import pytest

from chatbot.errors import RoutineError
from chatbot.practice.changes import adding, dropping, moving, ordering
from chatbot.practice.kept import MOST, Kept
from chatbot.practice.movements import Gone, movements
from chatbot.practice.words import amount, how, summary, warnings
from tests.movers import DISCLAIMER

LIST = tuple(Kept(name, name) for name in ("a", "b", "c"))


def ids(kept):
    return [each.id for each in kept]


def of(bot, *names):
    return movements(bot.index, [Kept(name, f"was {name}") for name in names])


def test_a_movement_is_what_its_entry_says(mover):
    (calf,) = of(mover, "calf")
    assert calf.title == "How do I stretch <my> calf?"
    assert [figure.id for figure in calf.figures] == ["lean"]  # and not the place
    assert calf.steps.text.startswith("1. Step back.\n2. Hold 20 to 30 seconds [@behm-2016]")
    assert [source.id for source in calf.steps.sources] == ["behm-2016"]
    assert calf.stop.text == "**Stop** for sharp pain & a pop."
    assert (calf.avoid_if, calf.height) == (("a torn calf", "a clot"), 0.9)
    assert amount(calf) == "Hold 20 to 30 s, 2 to 3 times, each side."


def test_what_has_no_dose_is_counted_by_hand_with_its_steps(mover):
    (plan,) = of(mover, "plan")
    assert (amount(plan), plan.stop) == ("Counted by hand: the answer has no single count.", None)
    assert how(plan).split() == ["1.", "Sit.", "2.", "Stand."]


def test_what_is_gone_is_told_by_its_old_name(mover):
    assert of(mover, "lost", "why") == [Gone("lost", "was lost"), Gone("why", "was why")]


def test_a_sum_is_of_what_is_known(mover):
    # 10 to get ready and 40; 10, four holds of 30 and three changes of 5.
    assert summary(of(mover, "lie")) == "1 movement, about 1 minute."
    assert summary(of(mover, "lie", "calf", "lost")) == "2 movements, about 4 minutes."
    assert summary(of(mover, "lie", "plan")) == "2 movements, about 1 minute, 1 counted by hand."


def test_what_is_said_before_it_begins(mover):
    assert list(warnings(of(mover, "calf", "plan", "lost"), DISCLAIMER)) == [
        "Not for you if (How do I stretch <my> calf?): a torn calf; a clot.",
        "Stop for sharp pain & a pop.",
        DISCLAIMER,
    ]


def test_an_entry_is_added_once_at_the_end(mover):
    add = adding(mover.index, "calf")
    kept = add(LIST)
    assert kept == (*LIST, Kept("calf", "How do I stretch <my> calf?"))
    with pytest.raises(RoutineError, match="is on your list already"):
        add(kept)
    with pytest.raises(RoutineError, match=f"there are {MOST} on your list"):
        add(LIST[:1] * MOST)


@pytest.mark.parametrize("name", ["why", "tight", "hello"])
def test_what_teaches_no_movement_is_not_kept(mover, name):
    with pytest.raises(RoutineError, match="teaches no movement to practise"):
        adding(mover.index, name)


def test_an_unknown_id_is_told_with_what_was_meant(mover):
    with pytest.raises(RoutineError, match=r"no entry is called 'clf'; did you mean 'calf'\?"):
        adding(mover.index, "clf")


def test_dropping_and_moving():
    assert ids(dropping(2)(LIST)) == ["a", "c"]
    assert ids(moving(1, 3)(LIST)) == ["b", "c", "a"]
    assert ids(moving(3, 1)(LIST)) == ["c", "a", "b"]
    assert ids(moving(2, 2)(LIST)) == ["a", "b", "c"]
    for wrong in (dropping(4), dropping(0), moving(1, 4), moving(0, 1)):
        with pytest.raises(RoutineError, match="choose from 1 to 3"):
            wrong(LIST)
    with pytest.raises(RoutineError, match="nothing on your list"):
        dropping(1)(())


def test_from_standing_to_the_floor_and_moving_before_holding(mover):
    kept = tuple(Kept(name, "") for name in ("lost", "lie", "roll", "plan", "calf"))
    assert ids(ordering(mover.index)(kept)) == ["calf", "plan", "roll", "lie", "lost"]
