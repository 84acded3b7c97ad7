"""A caution beside the answer, and a conversation after a warning sign: an index of vectors that count words."""

import pytest

from chatbot import Chatbot
from chatbot.records import Caution
from tests.builders import markdown, put
from tests.fakes import WordEncoder

pytestmark = pytest.mark.usefixtures("quick_builds")

CLOT = Caution("clot", "One leg is swollen and warm", "same-day", "If it is warm, see a doctor today.")
MAY_BE_ONE, SIGN = "dull ache since my long flight", "swollen warm leg on one side"
SEEN_TO = "the clinic has examined this"


def urgent(caution=""):
    front = f"kind: urgent\ncare: same-day\n{caution}"
    return markdown(CLOT.question, {"Emergency care": "Go today."}, [SIGN], front=front)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    put(
        folder / "dose" / "hold.md", markdown("How long do I hold a stretch?", {"A": "Hold **it**."}, ["hold how long"])
    )
    put(folder / "hips" / "hips.md", markdown("What loosens tight hips?", {"A": "Lunge."}, ["tight hips"]))
    put(folder / "urgent" / "clot.md", urgent(f"caution: {CLOT.text}\n"))
    put(folder / "urgent" / "clot.messages.txt", f"look_alikes:\nsore legs from running\ncautions:\n{MAY_BE_ONE}\n")
    talk = markdown("I had it checked", {"Bot": "Good."}, front="kind: all-clear\n")
    put(folder / "talk" / "seen.md", talk)
    put(folder / "talk" / "seen.messages.txt", f"{SEEN_TO}\nlook_alikes:\nthe clinic opens tomorrow\n")
    return folder


@pytest.fixture
def bot(corpus, tmp_path):
    return Chatbot.build(corpus, tmp_path / "built", encoder=WordEncoder(4096))


def test_what_may_be_a_sign_has_a_caution_and_what_is_one_is_urgent(bot):
    reply = bot.ask(MAY_BE_ONE)
    assert reply.kind != "urgent"
    assert reply.caution == CLOT
    assert (bot.ask(SIGN).kind, bot.ask(SIGN).id, bot.ask(SIGN).caution) == ("urgent", "clot", None)
    for harmless in ("tight hips", "sore legs from running", SEEN_TO, "what is the capital of france"):
        assert bot.ask(harmless).caution is None, harmless


def test_a_caution_comes_for_any_topic_to_many_and_in_a_conversation(bot):
    assert bot.ask(MAY_BE_ONE, topics=["hips"]).caution == CLOT
    assert [reply.caution for reply in bot.ask_many([MAY_BE_ONE, "tight hips", SIGN])] == [CLOT, None, None]
    chat = bot.conversation()
    chat.open("hold")
    assert chat.ask(MAY_BE_ONE).caution == CLOT


@pytest.mark.parametrize(("said", "kind", "caution"), [(SIGN, "urgent", None), (MAY_BE_ONE, None, CLOT)])
def test_a_sign_is_found_wherever_it_stands_in_a_long_message(bot, said, kind, caution):
    seventy = " ".join(f"park{number}" for number in range(70)) + "."
    for long in (f"{seventy} {said}.", f"{said}. {seventy}", f"{seventy} {said}. {seventy}"):
        for reply in (bot.ask(long), *bot.ask_many([long])):
            assert reply.kind == kind or kind is None
            assert reply.caution == caution
    assert bot.ask(seventy).caution is None


def test_an_entry_without_a_caution_gives_none(corpus, tmp_path):
    put(corpus / "urgent" / "clot.md", urgent())
    bot = Chatbot.build(corpus, tmp_path / "built", encoder=WordEncoder(4096))
    assert bot.ask(MAY_BE_ONE).caution is None
    assert bot.ask(SIGN).kind == "urgent"


def test_a_conversation_keeps_to_a_sign_until_it_was_seen_to(bot):
    chat = bot.conversation()
    assert [chat.ask(text).id for text in ("tight hips", SIGN, "tight hips")] == ["hips", "clot", "clot"]
    assert chat.last.lead.startswith("CARE COMES FIRST")
    assert chat.ask("the clinic opens tomorrow").id == "clot"
    assert (chat.ask(SEEN_TO).kind, chat.last.id) == ("small-talk", "seen")
    assert chat.ask("tight hips").id == "hips"


def test_what_is_asked_beside_the_all_clear_is_answered(bot):
    chat = bot.conversation()
    chat.ask(SIGN)
    assert chat.ask(f"{SEEN_TO}. What helps tight hips?").id == "hips"


def test_an_all_clear_of_nothing_is_no_answer(bot):
    assert bot.ask(SEEN_TO).id is None
