"""What a conversation knows, as data, and a conversation that goes on from it."""

import json

import pytest

from chatbot.answering.state import SCHEMA, ConversationState, Shown

STATE = ConversationState(
    shown=(
        Shown("lunge", ("hold", "splits"), part="how to do it", caution="clot", unsuited="splits"),
        Shown(None, ("hold",), asks_back=True),
    ),
    said={"new-hip": "3 months ago", "pregnancy": ""},
    another=("pregnancy",),
    newest=("new-hip",),
    waits=("hold",),
    sign="clot",
    seen_to="cord",
    asked="and how long?",
)
DATA = {
    "schema": 2,
    "shown": [
        {
            "entry": "lunge",
            "offers": ["hold", "splits"],
            "asks_back": False,
            "part": "how to do it",
            "caution": "clot",
            "unsuited": "splits",
        },
        {"entry": None, "offers": ["hold"], "asks_back": True, "part": None, "caution": None, "unsuited": None},
    ],
    "said": {"new-hip": "3 months ago", "pregnancy": ""},
    "another": ["pregnancy"],
    "newest": ["new-hip"],
    "waits": ["hold"],
    "sign": "clot",
    "seen_to": "cord",
    "asked": "and how long?",
}


# As data.


def test_a_state_as_data():
    assert STATE.to_dict() == DATA
    assert json.loads(json.dumps(STATE.to_dict())) == DATA
    assert ConversationState().to_dict() == {
        "schema": SCHEMA, "shown": [], "said": {}, "another": [], "newest": [], "waits": [],
        "sign": None, "seen_to": None, "asked": "",
    }  # fmt: skip


def test_a_state_from_its_data():
    assert ConversationState.from_dict(json.loads(json.dumps(DATA))) == STATE
    assert ConversationState.from_dict(ConversationState().to_dict()) == ConversationState()


@pytest.mark.parametrize("data", [None, "{}", [], {}, {**DATA, "schema": 1}, {**DATA, "schema": "1"}], ids=repr)
def test_what_is_no_state(data):
    with pytest.raises(ValueError, match=r"^not the state of a conversation in schema 2; pass what `to_dict` gave$"):
        ConversationState.from_dict(data)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"further": 1}, "further is unknown"),
        ({"shown": None}, "shown is None, not a list"),
        ({"shown": ["lunge"]}, "shown.0 is 'lunge', not an object"),
        ({"shown": [{"entry": "lunge"}]}, "shown.0.asks_back is missing"),
        ({"shown": [{**DATA["shown"][0], "entry": 5}]}, "shown.0.entry is 5, not a text"),
        ({"shown": [*DATA["shown"], {**DATA["shown"][0], "offers": "hold"}]}, "shown.2.offers is 'hold', not a list"),
        ({"shown": [{**DATA["shown"][0], "offers": [None]}]}, "shown.0.offers.0 is None, not a text"),
        ({"shown": [{**DATA["shown"][0], "asks_back": 1}]}, "shown.0.asks_back is 1, not true or false"),
        ({"shown": [{**DATA["shown"][0], "part": 1}]}, "shown.0.part is 1, not a text"),
        ({"shown": [{**DATA["shown"][0], "caution": 1}]}, "shown.0.caution is 1, not a text"),
        ({"shown": [{**DATA["shown"][0], "unsuited": ["lunge"]}]}, "shown.0.unsuited is ['lunge'], not a text"),
        ({"said": ["new-hip"]}, "said is ['new-hip'], not an object"),
        ({"said": {"new-hip": None}}, "said.new-hip is None, not a text"),
        ({"sign": 5}, "sign is 5, not a text"),
        ({"seen_to": True}, "seen_to is True, not a text"),
        ({"asked": None}, "asked is None, not a text"),
    ],
)
def test_a_value_of_another_type_is_told_by_its_place(changes, told):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- what it says is compared below
        ConversationState.from_dict({**DATA, **changes})
    assert str(caught.value) == f"not the state of a conversation: {told}"


@pytest.mark.parametrize("name", ["shown", "said", "another", "newest", "waits", "sign", "seen_to", "asked"])
def test_every_key_is_needed(name):
    data = {key: value for key, value in DATA.items() if key != name}
    with pytest.raises(ValueError, match=f"^not the state of a conversation: {name} is missing$"):
        ConversationState.from_dict(data)


# Of a conversation.


def shown(entry, *offers, asks_back=False, part=None, caution=None, unsuited=None):
    told = {"asks_back": asks_back, "part": part, "caution": caution, "unsuited": unsuited}
    return {"entry": entry, "offers": list(offers), **told}


def gone_on(bot, chat):
    """A conversation that goes on from what another one knows, once that was JSON."""
    return bot.conversation(json.loads(json.dumps(chat.to_dict())))


def state(**changes):
    return {**ConversationState().to_dict(), **changes}


def test_what_a_conversation_knows(talker):
    chat = talker.conversation()
    assert chat.to_dict() == state()
    assert chat.ask("hips knees splits surgery").kind == "clarify"
    asked = shown(None, *(offer.id for offer in chat.last.suggestions), asks_back=True)
    lunge = chat.ask("tight hips")
    chat.ask("i have a new hip, 3 weeks ago")
    chat.ask("hello")
    # What is not for who has a new hip was told with what is; small talk offers nothing.
    assert chat.to_dict() == state(
        shown=[
            asked,
            shown("lunge", *(offer.id for offer in lunge.related)),
            shown("after-hip", "splits", "hold", "knees", unsuited="lunge"),
            shown("hello"),
        ],
        said={"new-hip": "3 weeks ago"},
        newest=["new-hip"],
    )


def test_no_words_of_a_message_are_in_it_unless_they_are_asked_for(talker):
    chat = talker.conversation()
    chat.ask("what is the capital of Xanadu")
    assert "Xanadu" not in json.dumps(chat.to_dict())
    assert chat.to_dict(messages=True) == {**chat.to_dict(), "asked": "what is the capital of Xanadu"}
    chat.open("lunge")
    assert chat.to_dict(messages=True)["asked"] == ""


def test_only_the_newest_eight_replies_are_kept(talker):
    chat = talker.conversation()
    for entry in ("knees", *["hold", "lunge"] * 4):
        chat.open(entry)
    assert [each["entry"] for each in chat.to_dict()["shown"]] == ["hold", "lunge"] * 4


def test_a_state_that_goes_on_has_what_was_shown_and_said(talker):
    chat = talker.conversation()
    chat.ask("swollen warm leg")
    chat.ask("the clinic has examined this")
    chat.ask("i am pregnant, 12 weeks")
    chat.ask("tight hips")
    chat.ask("hold time")
    again = talker.conversation(json.loads(json.dumps(chat.to_dict())))
    assert again.to_dict() == chat.to_dict()
    assert (again.said, again.told, again.sign) == ({"pregnancy": "12 weeks"}, ("are pregnant (12 weeks)",), None)
    assert again.subject == chat.subject == "How long do I hold a stretch?"
    # What goes on from what was shown is there to choose from; the card of the sign that was looked at stays.
    assert [offer.id for offer in chat.last.related].index("knees") == 0
    for each in (again, chat):
        chosen = each.ask("1")
        assert (chosen.id, chosen.caution.id) == ("knees", "clot")


def test_a_sign_goes_on(talker):
    chat = talker.conversation(state(sign="clot"))
    assert chat.sign == "clot"
    assert (chat.ask("tight hips").id, chat.last.about) == ("clot", "One leg is swollen and warm")


def test_a_list_that_asked_back_is_chosen_from(talker):
    listed = state(shown=[shown(None, "hold", "knees", asks_back=True)])
    opened = {text: talker.conversation(listed).ask(text).id for text in ("yes", "2", "the one about knees")}
    assert opened == {"yes": "hold", "2": "knees", "the one about knees": "knees"}
    assert talker.conversation(listed).last.lead == "Did you mean"
    # One that only offered is chosen from by number.
    offered = state(shown=[shown(None, "hold", "knees")])
    assert talker.conversation(offered).ask("2").id == "knees"
    assert talker.conversation(offered).last.kind == "no-answer"
    assert talker.conversation(offered).ask("yes").id != "hold"


def test_what_names_entries_or_conditions_that_are_gone_is_left_out(talker):
    chat = talker.conversation(
        state(
            shown=[
                shown("gone", "hold"),
                shown("lunge", "gone", "hold"),
                shown(None, "gone", "knees", asks_back=True),
                shown(None, "gone", asks_back=True),
                shown("hold", caution="gone", unsuited="gone"),
            ],
            said={"gone": "", "new-hip": "", "pregnancy": ""},
            another=["gone", "pregnancy"],
            newest=["gone", "new-hip"],
            waits=["gone", "knees"],
            sign="gone",
            seen_to="gone",
        )
    )
    assert chat.to_dict() == state(
        shown=[shown("lunge", "hold"), shown(None, "knees", asks_back=True), shown(None), shown("hold")],
        said={"new-hip": "", "pregnancy": ""},
        another=["pregnancy"],
        newest=["new-hip"],
        waits=["knees"],
    )


def test_a_part_that_was_shown_is_told(talker):
    chat = talker.conversation(state(shown=[shown("lunge", "hold", part="how to do it")]))
    assert chat.last.lead == "From the answer above: how to do it."
    assert chat.to_dict()["shown"] == [shown("lunge", "hold", part="how to do it")]
    # It is cut anew.
    assert [answer.text for answer in chat.last.answers] == [
        "1. Kneel on one knee.\n2. Lean forward and hold it [@behm-2016]."
    ]


def test_a_part_that_is_gone_has_no_answers(talker):
    chat = talker.conversation(state(shown=[shown("lunge", "hold", part="gone")]))
    assert (chat.last.id, chat.last.part, chat.last.answers) == ("lunge", "gone", ())


@pytest.mark.parametrize(
    ("message", "kind"),
    [("tight hips. dull ache since my long flight", "answer"), ("dull ache since my long flight", "clarify")],
)
def test_the_card_of_a_sign_goes_on_so_that_it_can_be_confirmed(talker, message, kind):
    chat = talker.conversation()
    first = chat.ask(message)
    assert (first.kind, first.caution.id) == (kind, "clot")
    again = gone_on(talker, chat)
    assert again.last.caution == first.caution
    assert again.to_dict() == chat.to_dict()
    assert (again.ask("it does").id, again.sign) == ("clot", "clot")


@pytest.mark.parametrize(
    ("said", "instead"), [("i have a new hip, 3 weeks ago", "after-hip"), ("i am pregnant, 12 weeks", None)]
)
def test_what_was_told_not_to_be_for_someone_goes_on(talker, said, instead):
    chat = talker.conversation()
    chat.ask(said)
    told = chat.ask("tight hips")
    assert (told.id, told.unsuited.id) == (instead, "lunge")
    again = gone_on(talker, chat)
    assert again.last.unsuited == told.unsuited
    assert again.to_dict() == chat.to_dict()
    assert (again.ask("tight hips").id, again.last.unsuited) == (None, told.unsuited)


def test_only_what_it_is_not_for_is_told_of_what_goes_on(talker):
    chat = talker.conversation()
    for text in ("i have a new hip", "i am pregnant", "splits"):
        chat.ask(text)
    assert (chat.last.unsuited.id, chat.last.unsuited.because) == ("splits", ("are pregnant",))
    assert gone_on(talker, chat).last.unsuited == chat.last.unsuited


def test_what_nobody_said_any_more_makes_nothing_unsuited(talker):
    # Its condition was taken out of the corpus.
    chat = talker.conversation(state(shown=[shown("after-hip", unsuited="lunge")], said={"gone": ""}))
    assert (chat.last.unsuited, chat.last.lead) == (None, "")


def test_after_a_list_what_was_asked_tells_what_is_meant_where_it_was_kept(talker):
    listed = [shown(None, "splits", "knees", asks_back=True)]
    bare, kept = (talker.conversation(state(shown=listed, asked=asked)).ask("and why?") for asked in ("", "hold time"))
    # Without it, the message leans on the first that was offered.
    assert [reply.suggestions[0].id for reply in (bare, kept)] == ["splits", "hold"]
    assert bare.about == kept.about == "How do I learn the splits?"


def test_a_state_that_cannot_be_read_opens_no_conversation(talker):
    with pytest.raises(ValueError, match="not the state of a conversation: sign is 5, not a text"):
        talker.conversation(state(sign=5))
