import pytest

from chatbot import QuestionError


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
    assert chat.ask("and how often?").id == "how-often-stretch"


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
