from dataclasses import replace
from types import SimpleNamespace

import pytest

from chatbot import QuestionError, Reply
from chatbot.answering.conversation import Conversation
from chatbot.answering.reply_parts import REPLY_KIND_OF
from chatbot.answering.responder import _joined
from chatbot.records import Caution, Entry, RelatedQuestion
from chatbot.text.message import Message


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
    assert (reply.id, reply.about) == ("hip-flexor-stretch", reply.question)
    chat.open("hip-flexor-stretch")
    reply = chat.ask("and how many days a week?")
    assert (reply.id, reply.about) == ("how-often-stretch", bot.entry("hip-flexor-stretch").question)


@pytest.mark.parametrize("reaction", ["yes", "No!", "ok", "hm"])
def test_a_reaction_is_no_follow_up(bot, reaction):
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    assert chat.ask(reaction).about is None


def test_a_rare_word_that_the_entry_lacks_drops_the_context(bot):
    assert bot.index.matcher.rare_words("what if the knee hurts") == {"knee", "hurts"}
    assert bot.index.matcher.rare_words("are my knees okay in the morning") == {"knees", "okay", "morning"}

    def about(entry, message):
        chat = bot.conversation()
        chat.open(entry)
        return chat.ask(message).about

    # The entry on pigeon pose says "knee" and "hurts", that on how long to hold neither.
    knees, others = "pigeon-pose", "how-long-hold"
    assert about(knees, "what if the knee hurts") == bot.entry(knees).question
    assert about(others, "what if the knee hurts") is None
    assert about(others, "what if that knee hurts") == bot.entry(others).question  # points back
    # One rare word that it lacks is enough, and another number is no news: it says "pigeon", never "pigeons".
    assert about(knees, "are my knees okay in the morning") is None
    assert about(knees, "what are pigeons") == bot.entry(knees).question
    assert about(others, "what are pigeons") is None


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
    a sign was seen to. `about` holds the entry that each message might lean on."""

    def __init__(self):
        entries = [
            Entry("hips", "How do I stretch my hips?", ()),
            Entry("knees", "What helps stiff knees in the morning?", ()),
            Entry("clot", "My calf is swollen", (), kind="urgent", care="same-day"),
            Entry("cord", "Both legs are numb", (), kind="urgent", care="emergency"),
            Entry("hello", "Hello", (), kind="small-talk"),
            Entry("seen", "I had it checked", (), kind="all-clear"),
        ]
        self.entries = {entry.id: entry for entry in entries}
        self.index = SimpleNamespace(
            entry=entries.__getitem__,
            kind=lambda row: entries[row].kind,
            rows={name: row for row, name in enumerate(self.entries)},
            lexical=SimpleNamespace(weight=lambda word: 0.1 if word in ("the", "one", "about", "in") else 1.0),
        )
        self.about = []

    def reply(self, text, about=None):
        self.about.append(about.id if about else None)
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


def test_another_sign_takes_the_place_of_the_first(chat):
    chat.ask("clot")
    other = chat.ask("cord")
    assert (other.id, other.about) == ("cord", None)
    assert chat.ask("hips").id == "cord"


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
    assert Conversation(NamedReplies(), "clot").ask("hips").id == "clot"
    assert Conversation(NamedReplies(), "gone").ask("hips").id == "hips"


def test_a_sign_that_is_described_again_is_not_past(chat):
    chat.ask("clot")
    assert chat.ask("they looked at the clot").id == "clot"
    assert chat.ask("hips").id == "clot"


def test_a_sign_that_is_only_opened_to_read_was_not_described(chat):
    assert chat.open("clot").about is None
    assert chat.ask("hips").id == "hips"


def test_nothing_that_is_opened_is_a_way_around_a_sign(chat):
    chat.ask("clot")
    opened = chat.open("hips")
    assert (opened.kind, opened.id, opened.about) == ("urgent", "clot", "My calf is swollen")
    assert chat.open("cord").id == "cord"
    assert chat.open("hips").id == "clot"


def message(text):
    return Message(text, text, text, (), (text,), None, ())


def test_a_short_message_is_screened_with_the_answer_before_it():
    entries = NamedReplies().entries
    eight = "it is swollen and warm since this morning"
    joined = [f"How do I stretch my hips? {eight}"]
    assert _joined(message(eight), entries["hips"]) == joined
    assert _joined(message(f"{eight} too"), entries["hips"]) == []
    assert _joined(message(eight), None) == []


@pytest.mark.parametrize("before", ["clot", "hello"])
def test_beside_a_sign_whatever_is_said_would_be_one(before):
    assert _joined(message("someone has looked at it"), NamedReplies().entries[before]) == []
