from dataclasses import replace
from types import SimpleNamespace

import pytest

from chatbot import QuestionError, Reply
from chatbot.answering.conversation import Conversation
from chatbot.answering.reply_parts import REPLY_KIND_OF
from chatbot.answering.state import ConversationState
from chatbot.matching.conditions import Conditions, Told
from chatbot.records import Caution, Entry, RelatedQuestion


def test_a_digit_or_an_ordinal_opens_what_it_names(bot):
    chat = bot.conversation()
    first = chat.ask("What stretch can I do to loosen up my lower back?")
    assert chat.ask("2").id == first.related[1].id
    chat.back()
    assert chat.last == first
    assert chat.ask("the second one").id == first.related[1].id
    chat.back()
    assert chat.ask("last").id == first.related[-1].id
    assert chat.last.confidence == 1.0


def test_a_number_without_a_list_is_a_question(bot):
    assert bot.conversation().ask("2").query == "2"


def test_a_follow_up_is_read_with_the_entry_before_it(bot):
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    reply = chat.ask("why?")
    assert (reply.id, reply.again, reply.about) == ("hip-flexor-stretch", True, reply.question)
    chat.open("hip-flexor-stretch")
    reply = chat.ask("and how many days a week?")
    assert (reply.id, reply.again, reply.about) == ("how-often-stretch", False, None)  # the same as by itself


def test_a_rare_word_that_the_entry_lacks_speaks_against_it(bot):
    assert bot.index.matcher.rare_words("what if the knee hurts") == {"knee", "hurts"}

    def asked(entry, message):
        chat = bot.conversation()
        question = chat.open(entry).question
        reply = chat.ask(message)
        assert reply.about == question
        return reply

    # The entry on pigeon pose says "knee" and "hurts", that on how long to hold neither; another number is no news: it
    # says "pigeon", never "pigeons".
    for message in ("what if the knee hurts", "what are pigeons"):
        assert (asked("pigeon-pose", message).id, asked("pigeon-pose", message).again) == ("pigeon-pose", True)
    unsure = asked("how-long-hold", "what if the knee hurts")
    assert (unsure.kind, unsure.suggestions[0].id) == ("clarify", "pigeon-pose")
    sure = asked("how-long-hold", "what are pigeons")
    assert (sure.id, sure.again) == ("pigeon-pose", False)


def test_a_question_that_stands_alone_drops_the_context(bot):
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    reply = chat.ask("How long should I hold a stretch?")
    assert (reply.id, reply.about) == ("how-long-hold", None)


def test_a_warning_sign_comes_before_the_context(bot):
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    assert chat.ask("my saddle area has gone numb since my back went").kind == "urgent"


def test_back_stops_at_the_first_reply(bot):
    chat = bot.conversation()
    assert chat.back() is None
    only = chat.ask("hello")
    assert chat.back() is None
    assert chat.last == only


def test_errors_leave_the_conversation_as_it_was(bot):
    chat = bot.conversation()
    first = chat.open("hip-flexor-stretch")
    with pytest.raises(QuestionError):
        chat.ask("  \n ")
    with pytest.raises(KeyError):
        chat.open("no-such-entry")
    assert chat.last == first


class NamedReplies:
    """A responder to which each message names the entry or the kind of its reply, all but "looked at", which says that
    a sign was seen to. `followed` holds what each message goes on from: the entry, or that it was only offered."""

    def __init__(self):
        entries = [
            Entry("hips", "How do I stretch my hips?", ()),
            Entry("knees", "What helps stiff knees in the morning?", ()),
            Entry("clot", "My calf is swollen", (), kind="urgent", care="same-day"),
            Entry("cord", "Both legs are numb", (), kind="urgent", care="emergency"),
            Entry("stroke", "My face droops", (), kind="urgent", care="emergency"),
            Entry("hello", "Hello", (), kind="small-talk"),
            Entry("again", "Repeat that", (), kind="small-talk", command="again"),
            Entry("seen", "I had it checked", (), kind="all-clear"),
        ]
        self.entries = {entry.id: entry for entry in entries}
        self.index = SimpleNamespace(
            entry=entries.__getitem__,
            kind=lambda row: entries[row].kind,
            rows={name: row for row, name in enumerate(self.entries)},
            lexical=SimpleNamespace(weight=lambda word: 0.1 if word in ("the", "one", "about", "in") else 1.0),
            conditions=Conditions(()),
        )
        self.followed = []

    def reply(self, text, context=None):
        self.followed.append(context and (context.question, context.entry.id, context.shown))
        if text == "sore":
            return replace(self.entry_reply(self.entries["hips"], text), caution=self.caution("clot"))
        for name, entry in self.entries.items():
            if name in text:
                return self.entry_reply(entry, text)
        offers = [RelatedQuestion(name, self.entries[name].question, "", "") for name in ("hips", "knees")]
        return Reply(text if text == "clarify" else "no-answer", text, "D.", 0.5, suggestions=tuple(offers))

    def caution(self, entry_id):
        entry = self.entries[entry_id]
        return Caution(entry_id, entry.question, entry.care, "If it is hot as well, get help today.")

    def entry_reply(self, entry, query):
        return Reply(REPLY_KIND_OF[entry.kind], query, "D.", 1.0, id=entry.id, question=entry.question, care=entry.care)

    def all_clear(self, text):
        return "seen" if "looked at" in text else None

    def told(self, text):
        return Told()


@pytest.fixture
def chat():
    return Conversation(NamedReplies())


def test_without_a_sign_every_reply_is_itself(chat):
    told = [chat.ask(text) for text in ("hips", "a doctor looked at my hips", "clarify", "passport", "hello")]
    assert [reply.id for reply in told] == ["hips", "hips", None, None, "hello"]
    assert {reply.about for reply in told} == {None}


@pytest.mark.parametrize("text", ["hips", "clarify", "passport"])
def test_after_a_sign_care_comes_first_whatever_is_asked(chat, text):
    first = chat.ask("clot")
    assert (first.kind, first.about) == ("urgent", None)
    for _ in range(3):
        again = chat.ask(text)
        assert (again.kind, again.id, again.care, again.query) == ("urgent", "clot", "same-day", text)
        assert again.about == again.question == "My calf is swollen"
        assert again.lead.startswith(
            "CARE COMES FIRST. URGENT: get medical help today. Once someone has looked at it, tell me: "
        )
        assert chat.last == again


def test_small_talk_is_no_way_around_a_sign_either(chat):
    assert chat.ask("hello").kind == "small-talk"
    chat.ask("clot")
    assert chat.ask("hello").id == "clot"


def test_going_back_is_no_way_around_a_sign(chat):
    chat.ask("hips")
    chat.ask("clot")
    assert (chat.back().id, chat.last.id) == ("clot", "clot")
    assert chat.back() is None


def test_who_confirms_a_card_has_the_sign(chat):
    chat.ask("sore")
    assert chat.last.caution.id == "clot"
    confirmed = chat.ask("yes, since the flight")
    assert (confirmed.kind, confirmed.id, confirmed.about, chat.sign) == ("urgent", "clot", None, "clot")


def test_without_a_card_yes_confirms_nothing(chat):
    chat.ask("passport")
    assert chat.ask("yes, since the flight").kind == "no-answer"


@pytest.mark.parametrize(
    ("first", "then", "stays"),
    [("clot", "cord", "cord"), ("cord", "clot", "cord"), ("cord", "stroke", "stroke"), ("stroke", "cord", "cord")],
    ids=["the graver came later", "the graver came first", "as grave", "as grave, the other way"],
)
def test_of_two_signs_the_graver_stays_and_of_two_as_grave_the_newer(chat, first, then, stays):
    chat.ask(first)
    other = chat.ask(then)
    assert (other.id, other.about) == (then, None)
    assert (chat.ask("hips").id, chat.sign) == (stays, stays)


def test_a_choice_from_a_list_is_no_way_around_a_sign(chat):
    chat.ask("clarify")
    assert chat.ask("1").id == "hips"
    chat.ask("clot")
    assert [chat.back().id, chat.back().id] == ["clot", "clot"]
    assert chat.ask("1").id == "clot"


@pytest.mark.parametrize(
    ("text", "opened", "offered"),
    [
        ("yes please", "hips", []),
        ("the second one", "knees", []),
        ("2 and 1", "knees", ["hips"]),
        ("both", "hips", ["knees"]),
        ("in the morning", "knees", []),
        ("the one about a passport", None, ["hips", "knees"]),
    ],
)
def test_a_choice_in_words_after_asking_back(chat, text, opened, offered):
    chat.ask("clarify")
    reply = chat.ask(text)
    assert (reply.id, [offer.id for offer in (*reply.related, *reply.suggestions)]) == (opened, offered)
    assert reply.query == text


def test_after_an_answer_only_numbers_choose(chat):
    chat.ask("passport")
    assert [chat.ask(text).id for text in ("yes", "in the morning")] == [None, None]
    assert chat.ask("2").id == "knees"


def test_a_sign_goes_before_a_choice_in_words(chat):
    chat.ask("clarify")
    assert chat.ask("clot in the morning").id == "clot"


def test_a_sign_that_someone_has_looked_at_is_past(chat):
    chat.ask("clot")
    chat.ask("hips")
    assert chat.ask("someone looked at it, and how about my hips?").id == "hips"
    # Nobody knows what was looked at, so that the card of the sign goes on.
    told = [chat.ask(text) for text in ("clarify", "passport", "hips")]
    assert [(reply.kind, reply.caution.id) for reply in told] == [
        ("clarify", "clot"),
        ("no-answer", "clot"),
        ("answer", "clot"),
    ]


def test_who_only_says_that_someone_has_looked_at_it_is_told_that_this_is_good(chat):
    chat.ask("clot")
    assert chat.sign == "clot"
    assert chat.ask("they looked at my hips").id == "seen"
    assert chat.sign is None
    assert chat.ask("they looked at my hips").id == "hips"


def test_a_sign_in_what_is_asked_beside_an_all_clear_is_one(chat):
    chat.ask("clot")
    reply = chat.ask("they looked at my hips. what of the cord?")
    assert (reply.kind, reply.id, chat.sign) == ("urgent", "cord", "cord")
    assert chat.ask("hips").id == "cord"


def test_a_conversation_that_goes_on_from_another_has_its_sign():
    for sign, shown in (("clot", "clot"), ("gone", "hips"), (None, "hips")):
        assert Conversation(NamedReplies(), ConversationState(sign=sign)).ask("hips").id == shown


def test_a_sign_that_is_described_again_is_not_past(chat):
    chat.ask("clot")
    assert chat.ask("they looked at the clot").id == "clot"
    assert chat.ask("hips").id == "clot"


def test_what_is_asked_of_the_bot_is_done_unless_it_says_that_a_sign_was_seen_to(chat):
    chat.ask("clot")
    assert chat.ask("once again").id == "clot"
    assert (chat.ask("looked at it again").id, chat.sign) == ("seen", None)


def test_a_sign_that_is_only_opened_to_read_was_not_described(chat):
    assert chat.open("clot").about is None
    assert chat.ask("hips").id == "hips"


def test_nothing_that_is_opened_is_a_way_around_a_sign(chat):
    chat.ask("clot")
    opened = chat.open("hips")
    assert (opened.kind, opened.id, opened.about) == ("urgent", "clot", "My calf is swollen")
    assert chat.open("cord").id == "cord"
    assert chat.open("hips").id == "clot"


# What a message goes on from.


@pytest.mark.parametrize(
    ("before", "followed"),
    [
        ([], None),
        (["hips"], ("How do I stretch my hips?", "hips", True)),
        (["hips", "knees"], ("What helps stiff knees in the morning?", "knees", True)),
        (["hips", "hello", "passport"], ("How do I stretch my hips?", "hips", True)),  # these do not end it
        (["clarify"], ("clarify", "hips", False)),  # what was asked, and the likeliest of what was offered
        (["hips", "clarify"], ("clarify", "hips", False)),
        (["clarify", "hello"], ("clarify", "hips", False)),
        (["clarify", "knees"], ("What helps stiff knees in the morning?", "knees", True)),
        (["hips", "clot"], None),
        (["passport"], None),
    ],
)
def test_what_a_message_goes_on_from(before, followed):
    responder = NamedReplies()
    chat = Conversation(responder)
    for text in before:
        chat.ask(text)
    chat.ask("why")
    assert responder.followed[-1] == followed


def test_what_the_conversation_is_about(talker):
    chat = talker.conversation()
    assert chat.subject is None
    lunge = chat.open("lunge").question
    assert (chat.subject, chat.ask("hello").kind, chat.subject) == (lunge, "small-talk", lunge)
    # A reply that asks what was meant, and names this first, is about it still; one that does not is about none.
    asked = chat.ask("why?")
    assert (asked.kind, asked.about, asked.suggestions[0].id, chat.subject) == ("clarify", lunge, "lunge", lunge)
    chat.open("knees")
    asked = chat.ask("where do i feel it at the front")
    assert (asked.kind, asked.suggestions[0].id, chat.subject) == ("clarify", "splits", None)
    chat.open("lunge")
    chat.ask("swollen warm leg")
    assert chat.subject is None


# None of what was offered.


def test_none_of_what_might_have_been_meant_offers_the_next(talker):
    chat = talker.conversation()
    first = chat.ask("hips knees splits surgery")
    assert (first.kind, [offer.id for offer in first.suggestions]) == ("clarify", ["splits", "knees", "lunge"])
    rest = [match.id for match in first.matches if match.kind == "answer"][3:]
    second = chat.ask("none of these")
    assert (second.kind, second.lead, second.query) == ("clarify", "Did you mean", "none of these")
    assert [offer.id for offer in second.suggestions] == rest == ["after-hip", "hold"]
    assert (second.confidence, [match.id for match in second.matches]) == (0, rest)
    # They are chosen from as the first ones were; where nothing is left the bot says what it is about.
    last = chat.ask("no")
    assert (last.kind, last.suggestions, last.topics) == ("no-answer", (), ("dose", "hips", "knees"))
    chat.back()
    assert chat.ask("2").id == "hold"


def test_none_chooses_nothing_where_nothing_was_asked_back(talker):
    chat = talker.conversation()
    chat.open("lunge")
    assert "none" not in talker.index.phrasings
    assert chat.ask("none").matches != ()


# What small talk asks for.


def test_who_asks_for_it_again_is_shown_the_last_reply_that_was_no_small_talk(talker):
    chat = talker.conversation()
    assert (chat.ask("Repeat that").kind, chat.last.id) == ("small-talk", "again")  # there is nothing yet
    lunge = chat.open("lunge")
    chat.ask("hello")
    assert chat.ask("Repeat that") == replace(lunge, query="Repeat that", again=True)
    assert chat.last.lead == "This is the answer from above."
    # A list is no answer from above.
    chat = talker.conversation()
    listed = chat.ask("hips knees splits surgery")
    assert chat.ask("say it once more") == replace(listed, query="say it once more")
    assert (chat.last.again, chat.last.lead) == (False, "Did you mean")


def test_who_wants_back_is_shown_the_reply_before_the_last(talker):
    chat = talker.conversation()
    chat.open("knees")
    lunge, hold = chat.open("lunge"), chat.open("hold")
    assert hold.id == "hold"
    assert chat.ask("previous one") == replace(lunge, query="previous one")
    assert chat.ask("previous one").id == "knees"
    # Before the first there is none.
    assert (chat.ask("previous one").kind, chat.last.answers[0].text) == ("small-talk", "Nothing before.")
    assert chat.ask("previous one").id == "knees"


def test_who_wants_more_is_offered_what_goes_on(talker):
    chat = talker.conversation()
    assert chat.ask("Show others").id == "more"
    lunge = chat.open("lunge")
    reply = chat.ask("Show others")
    # Three of what goes on are shown with an answer; those that were not come first.
    assert [offer.id for offer in lunge.related] == ["hold", "splits", "knees", "after-hip"]
    related = (lunge.related[3], *lunge.related[:3])
    assert reply == replace(
        lunge, query="Show others", again=True, part="what goes on from it", answers=(), related=related
    )
    assert reply.lead == "From the answer above: what goes on from it."
    assert chat.ask("2").id == "hold"
    # A list has nothing that goes on from it.
    chat = talker.conversation()
    assert chat.ask("hips knees splits surgery").kind == "clarify"
    assert chat.ask("Show others").id == "more"


@pytest.mark.parametrize(("said", "instead"), [("i have a new hip", "after-hip"), ("i am pregnant", None)])
def test_what_was_told_not_to_be_for_them_is_told_again(talker, said, instead):
    chat = talker.conversation()
    chat.ask(said)
    told = chat.ask("tight hips")
    assert (told.id, told.unsuited.id) == (instead, "lunge")
    chat.ask("hello")
    assert chat.ask("Repeat that") == replace(told, query="Repeat that", again=instead is not None)
    assert chat.last.lead == told.lead


def test_who_wants_more_than_what_is_for_them_is_offered_it(talker):
    chat = talker.conversation()
    chat.ask("i have a new hip")
    told = chat.ask("tight hips")
    assert [offer.id for offer in told.related] == ["splits", "hold", "knees"]
    more = chat.ask("Show others")
    assert ([offer.id for offer in more.related], more.answers) == (["splits", "hold", "knees"], ())
    assert more.lead == "From the answer above: what goes on from it."  # nothing is shown for which "this is:" stands


def test_who_wants_to_be_forgotten_is(talker):
    chat = talker.conversation()
    chat.ask("i am pregnant")
    chat.open("hold")
    assert (chat.ask("Forget me").id, chat.said, chat.told, chat.subject) == ("forget", {}, (), None)
    assert chat.back() is None
    assert chat.ask("Repeat that").id == "again"


def test_what_is_forgotten_and_what_is_not(talker):
    chat = talker.conversation()
    chat.ask("swollen warm leg")
    chat.ask("the clinic has examined this")
    chat.ask("i am pregnant")
    chat.forget()
    assert (chat.last, chat.said, chat.sign, chat.to_dict(messages=True)) == (
        None,
        {},
        None,
        ConversationState().to_dict(),
    )
    assert chat.ask("hold time").caution is None
    chat.ask("swollen warm leg")
    chat.forget()
    assert chat.to_dict() == ConversationState(sign="clot").to_dict()
    assert chat.ask("hold time").id == "clot"


def test_a_sign_that_is_shown_as_a_command_asks_was_not_described(talker):
    chat = talker.conversation()
    clot = chat.open("clot")
    assert (chat.ask("Repeat that"), chat.sign) == (replace(clot, query="Repeat that"), None)
    chat.open("hold")
    assert (chat.ask("previous one").id, chat.sign) == ("clot", None)
    assert chat.ask("hold time").id == "hold"


@pytest.mark.parametrize("text", ["Repeat that", "previous one", "Show others", "Forget me"])
def test_no_command_is_a_way_around_a_sign(talker, text):
    chat = talker.conversation()
    chat.open("lunge")
    chat.ask("swollen warm leg")
    assert (chat.ask(text).id, chat.sign) == ("clot", "clot")
    assert chat.ask("hold time").id == "clot"


# What is taken back, and what is known.


def test_who_takes_it_back_is_asked_nothing_more_of_it(listener):
    chat = listener.conversation()
    chat.ask("i have a new hip")
    assert chat.ask("tight hips").unsuited.id == "lunge"
    reply = chat.ask("Wrong person")
    assert (reply.kind, reply.answers[0].text, chat.said) == ("small-talk", "Taken back.", {})
    assert [offer.id for offer in reply.related] == ["lunge"]  # which was not for them because of that
    assert chat.ask("1").answers == listener.entry("lunge").answers


def test_what_was_told_last_is_taken_back_and_what_is_named_else(listener):
    chat = listener.conversation()
    chat.ask("i have a new hip")
    chat.ask("i am pregnant")
    chat.ask("hello")
    assert (chat.ask("Wrong person").related, chat.said) == ((), {"new-hip": ""})
    chat.ask("i am pregnant")
    assert (chat.ask("somebody else hip").id, chat.said) == ("unsay", {"pregnancy": ""})
    # What stays speaks against it still.
    assert chat.ask("tight hips").unsuited.because == ("are pregnant",)


def test_where_nothing_was_told_nothing_is_taken_back(listener):
    chat = listener.conversation()
    reply = chat.ask("Wrong person")
    assert reply.id is None
    assert all(match.kind == "answer" for match in reply.matches)


def test_what_is_known_is_told(listener):
    chat = listener.conversation()
    assert (chat.remembered, chat.ask("show your notes").answers[0].text) == ((), "I know nothing yet.")
    chat.ask("i have a new hip, 3 weeks ago")
    chat.open("hold")
    known = ("We are at: How long do I hold a stretch?", "You told me that you have a new hip (3 weeks ago).")
    assert chat.remembered == known
    assert chat.ask("show your notes").answers[0].text == "\n\n".join(known)
    assert chat.ask("Forget me").id == "forget"
    assert chat.remembered == ()
    chat.ask("swollen warm leg")
    assert chat.remembered == ("A warning sign that you named comes first until someone has looked at it.",)


# Several that were chosen.


def test_what_was_chosen_with_the_first_waits_for_its_turn(talker):
    chat = talker.conversation()
    chat.ask("hips knees splits surgery")
    first = chat.ask("all")
    assert (first.id, [offer.id for offer in first.related][:2]) == ("splits", ["knees", "lunge"])
    assert first.related[0].label == "What helps stiff knees? (say “next”)"
    chat.ask("hello")
    second = chat.ask("Show others")
    assert (second.id, second.related[0].id, second.related[0].hint) == ("knees", "lunge", "say “next”")
    assert chat.ask("Show others").answers == talker.entry("lunge").answers
    # None waits any more.
    assert chat.ask("Show others").part == "what goes on from it"


def test_what_waits_does_so_until_something_else_is_asked(talker):
    chat = talker.conversation()
    chat.ask("hips knees splits surgery")
    chat.ask("both")
    again = talker.conversation(chat.to_dict())
    assert again.ask("Show others").id == "knees"
    chat.ask("hold time")
    assert chat.ask("Show others").part == "what goes on from it"
    assert chat.last.id == "hold"


def test_who_wants_more_where_nothing_is_for_them_is_offered_what_else_suits(talker):
    chat = talker.conversation()
    chat.ask("i am pregnant")
    told = chat.ask("tight hips")
    assert (told.id, [offer.id for offer in told.suggestions]) == (None, ["hold", "knees"])
    # All that suits them was offered.
    assert chat.ask("Show others").id == "more"
