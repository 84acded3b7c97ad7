"""What is not for someone who has said what they have: told, and what is for them shown instead."""

from dataclasses import replace

import pytest

from chatbot.answering.responder import Responder
from chatbot.answering.suiting import as_told, suitable, suited, suiting_further, told_of_another, why_not
from chatbot.matching.conditions import Told
from chatbot.records import Caution, Condition, Match, Unsuited
from tests.answering.conftest import ENTRIES, build_talker

HIP, PREGNANT = Told({"new-hip": ""}), Told({"pregnancy": ""})
BOTH = Told({"new-hip": "", "pregnancy": ""})
LUNGE = "What loosens tight hips?"
CARD = Caution("clot", "One leg is swollen and warm", "same-day", "If it is warm, see a doctor.")


@pytest.fixture
def responder(talker):
    return Responder(talker.index)


def test_conditions_as_they_follow_you():
    hip, other = Condition("hip", "have a new hip"), Condition("other", "are pregnant")
    assert as_told([hip, other], Told({"hip": "3 months ago", "other": "", "third": "?"})) == (
        "have a new hip (3 months ago)",
        "are pregnant",
    )
    assert as_told([], Told()) == ()


def test_what_another_has_for_whom_they_ask():
    conditions = [Condition("hip", "have a new hip"), Condition("groin", "pulled your groin"), Condition("own", "ache")]
    told = Told({"hip": "3 months ago", "groin": "", "own": ""}, another=frozenset({"hip", "groin"}))
    assert told_of_another(conditions, told) == ("have a new hip (3 months ago)", "pulled their groin")
    assert as_told(conditions, told) == ("ache",)


def test_of_two_that_are_one_thing_the_more_specific_is_told():
    hip = Condition("hip", "have a new hip", includes=("operation", "lately"))
    knee = Condition("knee", "have a new knee", includes=("lately",))
    rows = [Condition("lately", "had an operation lately"), hip, Condition("operation", "had a hip operation"), knee]
    said = Told({"lately": "", "operation": "6 weeks ago", "hip": ""})
    assert as_told(rows[:3], said) == ("have a new hip (6 weeks ago)",)
    assert as_told(rows[:1], said) == ("had an operation lately",)
    assert as_told(rows, Told({each.id: "" for each in rows})) == ("have a new hip", "have a new knee")
    theirs = Told({"lately": "", "hip": "in may", "knee": ""}, another=frozenset({"hip"}))
    assert as_told([rows[0], hip], theirs) == ("had an operation lately",)
    assert told_of_another([rows[0], hip], theirs) == ("have a new hip (in may)",)


def test_the_entries_know_whom_they_are_not_for(talker):
    index = talker.index
    not_for = {entry.id: entry.not_for for entry in index.entries() if entry.not_for}
    assert not_for == {
        "lunge": ("new-hip", "pregnancy"),
        "splits": ("pregnancy",),
        "after-hip": ("new-hip", "pregnancy"),
    }


@pytest.mark.parametrize(
    ("entry", "said", "reasons"),
    [
        ("lunge", ["pregnancy", "new-hip"], ["new-hip", "pregnancy"]),  # as the entry names them
        ("lunge", {"pregnancy": "12 weeks"}, ["pregnancy"]),
        ("lunge", [], []),
        ("hold", ["pregnancy"], []),
        ("after-hip", ["new-hip", "pregnancy"], ["pregnancy"]),
    ],
)
def test_why_an_entry_is_not_for_someone(talker, entry, said, reasons):
    index = talker.index
    assert [each.id for each in why_not(index, index.entry(index.rows[entry]), said)] == reasons


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("lunge", Told()),
        ("splits", HIP),
        ("hold", BOTH),
        ("lunge", Told({"gone": ""})),
        ("after-hip", HIP),  # whatever it is not for, it is the one for these people
    ],
)
def test_what_is_for_someone_is_shown(talker, responder, entry, said):
    reply = replace(talker.entry(entry), related=())
    assert suited(responder, reply, said) == reply


@pytest.mark.parametrize("kind", ["urgent", "small-talk"])
def test_only_answers_are_not_for_someone(talker, responder, kind):
    reply = replace(talker.entry("lunge"), kind=kind, related=())
    assert suited(responder, reply, BOTH) == reply


def test_a_reply_that_shows_nothing_is_for_everyone(talker, responder):
    reply = talker.ask("what is the capital of france")
    assert (reply.kind, reply.id) == ("no-answer", None)
    assert suited(responder, reply, BOTH) == reply


def test_a_reply_goes_on_only_with_what_is_for_them(talker, responder):
    reply = talker.entry("after-hip")
    assert [offer.id for offer in reply.related] == ["splits", "hold", "lunge", "knees"]
    assert [offer.id for offer in suited(responder, reply, HIP).related] == ["splits", "hold", "knees"]
    assert suited(responder, reply, Told()) is reply
    waiting = replace(reply, related=tuple(replace(offer, hint="next") for offer in reply.related))
    assert suited(responder, waiting, HIP).related == waiting.related


@pytest.mark.parametrize(
    ("told", "whom"), [(PREGNANT, "you"), (replace(PREGNANT, another=frozenset(PREGNANT.said)), "them")]
)
def test_what_is_offered_begins_with_what_is_for_them_and_says_so_of_the_rest(talker, responder, told, whom):
    offers = [talker.index.offer(talker.index.rows[each]) for each in ("lunge", "splits", "hold", "knees")]
    offers[1] = replace(offers[1], hint="hips")
    reply = suited(responder, responder.listed(offers, "hips", asks_back=True), told)
    assert [(offer.id, offer.hint) for offer in reply.suggestions] == [
        ("hold", ""),
        ("knees", ""),
        ("lunge", f"not for {whom}"),
        ("splits", f"hips; not for {whom}"),
    ]
    assert reply.suggestions[2].label == f"What loosens tight hips? (not for {whom})"


def test_the_entry_that_is_for_them_is_shown_instead(talker, responder):
    asked = replace(
        talker.entry("lunge"),
        query="tigth hips",
        read_as="tight hips",
        caution=CARD,
        confidence=0.9,
        matches=(Match("lunge", LUNGE, "answer", 1.0, 0.9, 0.95, "tight hips"),),
    )
    reply = suited(responder, asked, Told({"new-hip": "3 months ago"}))
    unsuited = Unsuited("lunge", LUNGE, ("have a new hip (3 months ago)",))
    suiting = talker.entry("after-hip")
    assert reply == replace(
        suiting,
        related=tuple(offer for offer in suiting.related if offer.id != "lunge"),
        query="tigth hips",
        read_as="tight hips",
        caution=CARD,
        confidence=0.9,
        matches=asked.matches,
        unsuited=unsuited,
    )
    assert reply.lead == (
        "You said that you have a new hip (3 months ago). “What loosens tight hips?” is not for you then; this is:"
    )


def test_where_none_is_for_them_what_goes_on_is_offered_but_not_what_is_not_for_them_either(talker, responder):
    asked = replace(talker.entry("lunge"), query="tight hips", caution=CARD)
    assert [each.id for each in asked.related] == ["hold", "splits", "knees", "after-hip"]
    reply = suited(responder, asked, PREGNANT)
    assert (reply.kind, reply.id, reply.answers, reply.query) == ("no-answer", None, (), "tight hips")
    assert [each.id for each in reply.suggestions] == ["hold", "knees"]
    assert (reply.unsuited, reply.caution) == (Unsuited("lunge", LUNGE, ("are pregnant",)), CARD)
    assert reply.lead == (
        "You said that you are pregnant. “What loosens tight hips?” is not for you then. Ask whoever treats you what"
        " is. If I got that wrong, say so."
    )


def test_an_entry_that_is_not_for_them_itself_is_not_shown_instead(talker, responder):
    reply = suited(responder, replace(talker.entry("lunge"), query="tight hips"), BOTH)
    # After surgery one may move as that entry says, but not when pregnant.
    assert (reply.kind, reply.id, reply.answers, reply.query) == ("no-answer", None, (), "tight hips")
    assert [each.id for each in reply.suggestions] == ["hold", "knees"]
    assert reply.unsuited == Unsuited("lunge", LUNGE, ("have a new hip", "are pregnant"))


def test_with_nothing_to_offer_it_is_only_told(talker, responder):
    index = talker.index
    entry = index.entry(index.rows["lunge"])
    assert suitable(index, entry, PREGNANT, without={"hold", "knees"}) == ()
    assert (
        suiting_further(responder, "lunge", [suited(responder, talker.entry("lunge"), PREGNANT)], PREGNANT, "?") is None
    )


def test_what_was_shown_for_them_before_is_only_offered_first(talker, responder):
    asked = replace(talker.entry("lunge"), query="tight hips", confidence=0.9, caution=CARD)
    reply = suited(responder, asked, HIP, shown={"after-hip"})
    assert (reply.kind, reply.id, reply.answers, reply.query) == ("no-answer", None, (), "tight hips")
    assert [each.id for each in reply.suggestions] == ["after-hip", "hold", "splits", "knees"]
    assert (reply.unsuited, reply.caution) == (Unsuited("lunge", LUNGE, ("have a new hip",)), CARD)
    assert (reply.confidence, reply.matches) == (0.9, asked.matches)
    assert suited(responder, asked, HIP, shown={"hold", "lunge"}).id == "after-hip"


def test_what_goes_on_from_what_goes_on_suits_as_well(talker):
    index = talker.index
    entry = index.entry(index.rows["hold"])
    near = [offer.id for offer in talker.entry("hold").related]
    assert "splits" in near
    offered = [offer.id for offer in suitable(index, entry, PREGNANT, first=("knees",), without=("gone",))]
    assert offered[0] == "knees"
    assert {"splits", "lunge", "after-hip", "hold"} & set(offered) == set()


def test_all_that_it_is_not_for_is_told(talker, responder):
    reply = suited(responder, talker.entry("lunge"), Told({"pregnancy": "", "new-hip": ""}))
    assert reply.unsuited.because == ("have a new hip", "are pregnant")  # as the entry names them
    assert "You said that you have a new hip and are pregnant. " in reply.lead


# In a conversation.


def test_a_conversation_keeps_what_was_said(talker):
    chat = talker.conversation()
    assert (chat.said, chat.told) == ({}, ())
    chat.ask("i have a new hip, 3 weeks ago")
    chat.ask("hello")
    assert (chat.said, chat.told) == ({"new-hip": "3 weeks ago"}, ("have a new hip (3 weeks ago)",))
    assert (chat.ask("tight hips").id, chat.last.unsuited.id) == ("after-hip", "lunge")
    assert (chat.ask("tight hips").id, chat.last.unsuited.id) == (None, "lunge")
    assert chat.ask("hold time").unsuited is None
    # What is for them was shown before.
    told = chat.ask("tight hips")
    assert (told.id, told.unsuited.id, told.suggestions[0].id) == (None, "lunge", "after-hip")


def test_what_is_said_in_a_question_counts_for_it(talker):
    chat = talker.conversation()
    assert (chat.ask("tight hips when pregnant").id, chat.last.unsuited.id) == (None, "lunge")


def test_what_is_opened_or_gone_back_to_is_for_them_as_well(talker):
    chat = talker.conversation()
    chat.open("lunge")
    chat.open("hold")
    chat.ask("i have a new hip")
    assert (chat.back().id, chat.back().id) == ("hold", "after-hip")
    assert (chat.open("hold").unsuited, chat.open("lunge").unsuited.id) == (None, "lunge")


@pytest.mark.parametrize("message", ["i have a new hip", "and with a new hip?", "after surgery, with a new hip"])
def test_who_asks_for_themselves_is_told_about_what_was_shown(talker, message):
    chat = talker.conversation()
    chat.open("lunge")
    reply = chat.ask(message)
    assert (reply.id, reply.unsuited, reply.query) == (
        "after-hip",
        Unsuited("lunge", LUNGE, ("have a new hip",)),
        message,
    )


def test_who_asks_for_something_else_is_answered(talker):
    chat = talker.conversation()
    chat.open("lunge")
    assert (chat.ask("knees with a new hip").id, chat.last.unsuited) == ("knees", None)
    chat.open("lunge")
    assert (chat.ask("hold time when 12 weeks along").id, chat.last.unsuited) == ("hold", None)
    assert chat.said == {"new-hip": "", "pregnancy": "12 weeks"}


def test_a_condition_that_was_said_in_any_sentence_counts_with_when_it_was(talker):
    chat = talker.conversation()
    chat.ask("i have a new hip. the new hip was put in 3 months ago")
    assert chat.said == {"new-hip": "3 months ago"}
    chat.ask("i have a new hip")
    assert chat.said == {"new-hip": "3 months ago"}  # what is not said again stays


def test_how_long_ago_is_read_where_its_spelling_is_corrected(tmp_path, monkeypatch):
    for name in ("hips/splits", "knees/knees"):  # a word of two answers is one that may be meant
        question, _, others, front = ENTRIES[name]
        monkeypatch.setitem(ENTRIES, name, (question, "For months.", others, front))
    responder = Responder(build_talker(tmp_path).index)
    assert responder.index.corrector.correct("i have a new hip, 3 monhts ago").text == "i have a new hip, 3 months ago"
    assert responder.told("i have a new hip, 3 months ago").said == {"new-hip": "3 months ago"}
    assert responder.told("i have a new hip, 3 monhts ago").said == {"new-hip": "3 months ago"}


def test_what_was_shown_is_for_who_has_something_else(talker):
    chat = talker.conversation()
    chat.open("splits")
    reply = chat.ask("and with a new hip?")
    assert (reply.kind, reply.suggestions[0].id, reply.unsuited) == ("clarify", "splits", None)
    assert (chat.open("splits").unsuited, chat.said) == (None, {"new-hip": ""})


def test_a_sign_goes_before_what_is_not_for_someone(talker):
    chat = talker.conversation()
    chat.ask("i have a new hip")
    chat.ask("swollen warm leg")
    assert (chat.ask("tight hips").id, chat.last.unsuited) == ("clot", None)
