"""The front door: one by one equals many, threads equal one, and the index is told to be stale."""

import json
import re
import threading
import warnings

import pytest

from chatbot import Chatbot, ChatbotError, QuestionError, Reply
from chatbot.answering import responder
from chatbot.answering.responder import Responder
from chatbot.errors import IndexIncompatible, IndexMissing
from tests.conftest import CORPUS, ENTRIES, ENTRY_IDS
from tests.fakes import WordEncoder

QUESTIONS = [
    "What stretch can I do to loosen up my lower back?",
    "my lower back feels tight, what should I stretch?",
    "how do I renew my passport",
    "back pain and now i cannot pee",
    "hello",
    "stretch",
    "hip",
    "How long should I hold a stretch?",
    "my hips do not rotate",
    "🤸",
    "柔軟性",
    "calf cramp at night",
]


def test_the_right_answer_with_all_its_parts(bot):
    reply = bot.ask("my lower back feels tight, what should I stretch?")
    assert isinstance(reply, Reply)
    assert (reply.kind, reply.id) == ("answer", "loosen-lower-back")
    assert reply.question == "What stretch can I do to loosen up my lower back?"
    assert reply.query == "my lower back feels tight, what should I stretch?"
    assert [answer.viewpoint for answer in reply.answers] == ["Sports physiotherapy", "Yoga teaching"]
    assert reply.answers[0].avoid_if == ("recent back surgery", "pain that runs below the knee")
    assert [source.id for source in reply.sources] == ["bandy-1994-stretch-time", "behm-2016-review"]
    assert bot.index.thresholds["answer"] <= reply.confidence <= 1
    assert reply.disclaimer == bot.index.disclaimer
    assert reply.reviewed == "2026-11-22"


def test_related_questions_own_ones_first_then_the_nearest(bot):
    related = bot.ask("What stretch can I do to loosen up my lower back?").related
    assert len(related) == 6
    assert [offer.id for offer in related[:2]] == ["hip-flexor-stretch", "how-long-hold"]
    assert related[2].id == "chair-back-stretch"
    assert len({offer.id for offer in related}) == 6
    assert not {offer.id for offer in related} & {"loosen-lower-back", "greeting", "thanks", "cauda-equina", "leg-clot"}
    assert related[0].to_dict() == {
        "id": "hip-flexor-stretch",
        "question": "How do I stretch my hip flexors?",
        "viewpoint": "Sports physiotherapy",
        "preview": "Kneel on one knee, tuck the pelvis under and lean forward until the front of the hip …",
    }


@pytest.mark.parametrize(
    ("question", "kind", "entry"),
    [
        ("How long should I hold a stretch?", "answer", "how-long-hold"),
        ("HOW LONG should i hold a stretch", "answer", "how-long-hold"),
        ("how long shuold i hold a strech?", "answer", "how-long-hold"),
        ("how do I renew my passport", "no-answer", None),
        ("back pain and now i cannot pee", "urgent", "cauda-equina"),
        ("hello", "small-talk", "greeting"),
    ],
)
def test_kinds_of_reply(bot, question, kind, entry):
    reply = bot.ask(question)
    assert (reply.kind, reply.id) == (kind, entry)


def test_no_answer_names_the_topics(bot):
    reply = bot.ask("how do I renew my passport")
    assert reply.topics == ("dose", "hips", "lower-back")
    assert reply.answers == ()
    assert reply.lead == "I have no answer to that. I know about dose, hips, lower back."


def test_a_clarification_lists_answers_to_choose_from(bot):
    reply = bot.ask("hip")
    assert reply.kind == "clarify"
    assert 1 < len(reply.suggestions) <= 3
    assert {offer.id for offer in reply.suggestions} <= set(ENTRY_IDS) - {
        "greeting",
        "thanks",
        "cauda-equina",
        "leg-clot",
    }
    assert {"hip-rotation", "hip-flexor-stretch"} <= {offer.id for offer in reply.suggestions}


@pytest.mark.parametrize("together", [512, 5])
def test_ask_many_equals_ask_one_by_one(bot, monkeypatch, together):
    monkeypatch.setattr(responder, "_TOGETHER", together)
    replies = bot.ask_many(QUESTIONS)
    monkeypatch.undo()
    for question, reply in zip(QUESTIONS, replies, strict=True):
        alone = bot.ask(question)
        assert reply.confidence == pytest.approx(alone.confidence, abs=1e-4)
        assert {**reply.to_dict(), "confidence": 0} == {**alone.to_dict(), "confidence": 0}
        assert [match.entry.id for match in reply.matches[:3]] == [match.entry.id for match in alone.matches[:3]]


def test_many_are_worked_on_in_blocks_after_all_were_read(tmp_path, monkeypatch):
    (tmp_path / "faq.jsonl").write_text('{"id": "a", "question": "Why?", "answer": "So."}')
    encoder = WordEncoder()
    core = Responder(Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "small", encoder=encoder).index)
    monkeypatch.setattr(responder, "_TOGETHER", 2)
    encoder.seen.clear()
    replies = core.replies(["one", "two", "three", "four", "five"])
    assert [next(replies).query for _ in range(2)] == ["one", "two"]
    assert encoder.seen == ["one", "two"]
    assert [reply.query for reply in replies] == ["three", "four", "five"]
    assert encoder.seen == ["one", "two", "three", "four", "five"]
    with pytest.raises(QuestionError):
        next(core.replies(["six", "seven", "eight", " "]))
    assert "six" not in encoder.seen


def test_ask_many_takes_any_iterable_and_none(bot):
    assert [reply.query for reply in bot.ask_many(iter(["a", "b"]))] == ["a", "b"]
    assert bot.ask_many([]) == []


@pytest.mark.parametrize("bad", ["", "  \n", "\x00\x1b[31m", "\u202e"])
def test_an_empty_question(bot, bad):
    for ask in (bot.ask, bot.match, lambda question: bot.ask_many(["hip", question]), bot.conversation().ask):
        with pytest.raises(QuestionError) as caught:
            ask(bad)
        assert str(caught.value) == "the question is empty; type a few words"


def test_a_question_that_is_too_long(bot):
    assert bot.ask("stretch " * 1250).query == ("stretch " * 1250).strip()
    with pytest.raises(QuestionError) as caught:
        bot.ask("x" * 10_001)
    assert str(caught.value) == "the question has 10,001 characters; 10,000 is the most: ask it shorter"


def test_questions_are_cleaned(bot):
    reply = bot.ask(" How long\n\nshould I\x1b[31m hold a\x00 stretch? ")
    assert (reply.query, reply.id) == ("How long should I hold a stretch?", "how-long-hold")


@pytest.mark.parametrize(
    "question", ["\ud800", "🤸" * 2000, "a" * 10_000, "．" * 500, "' OR 1=1; --", "%s{}${x}", "\u0301" * 300, "ا" * 400]
)
def test_odd_questions_get_a_reply(bot, question):
    reply = bot.ask(question)
    assert reply.disclaimer
    reply.to_json().encode()


def test_match_ranks_whatever_the_decision(bot):
    matches = bot.match("how do I renew my passport", k=5)
    assert len(matches) == 5
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert len({match.entry.id for match in matches}) == 5
    assert all(0 <= match.confidence <= 1 for match in matches)
    assert len(bot.match("hip", k=1000)) == ENTRIES - 2  # signs that need care are screened for apart
    assert len(bot.match("hip")) == 10
    best = bot.match("hold time for static stretching", k=1)[0]
    assert (best.entry.id, best.phrasing) == ("how-long-hold", "hold time for static stretching")


def test_an_entry_that_is_opened(bot):
    reply = bot.entry("chair-back-stretch")
    assert (reply.kind, reply.id, reply.confidence) == ("answer", "chair-back-stretch", 1.0)
    assert reply.disclaimer == bot.index.disclaimer
    assert reply.related[0].id == "loosen-lower-back"
    with pytest.raises(KeyError):
        bot.entry("no-such-entry")


def test_eight_threads_get_the_replies_of_one(built):
    alone = Chatbot.load(built)
    wanted = {question: alone.ask(question).to_json() for question in QUESTIONS}
    shared, wrong, start = Chatbot.load(built), [], threading.Barrier(8)

    def work(turn):
        start.wait()  # all open the encoder, the matcher and the speller at once
        for question in QUESTIONS[turn:] + QUESTIONS[:turn]:
            if shared.ask(question).to_json() != wanted[question]:
                wrong.append(question)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_printed_or_logged(bot, capfd, caplog, built):
    Chatbot.load(built).ask("hip")
    bot.ask_many(QUESTIONS)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@pytest.mark.usefixtures("quick_builds")
def test_a_stale_index_warns_and_answers(index, corpus):
    Chatbot.build(corpus, index)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Chatbot.load(index)
    (corpus / "hips" / "hip-rotation.md").unlink()
    with pytest.warns(UserWarning, match=f"the corpus changed since {index} was built; run `flexbot build`") as caught:
        bot = Chatbot.load(index)
    assert caught[0].filename == __file__
    assert bot.index.stale
    assert bot.ask("How do I improve hip rotation?").id == "hip-rotation"
    assert Chatbot.build(corpus, index).index.stale is False


def test_places_may_be_text_or_paths_or_environment(built, monkeypatch, tmp_path):
    monkeypatch.setenv("CHATBOT_INDEX", str(built))
    assert (
        Chatbot.load().index.folder
        == Chatbot.load(str(built)).index.folder
        == Chatbot.load(built).index.folder
        == built
    )
    with pytest.raises(IndexMissing):
        Chatbot.load(tmp_path)


@pytest.mark.usefixtures("quick_builds")
def test_another_encoder_can_be_brought(tmp_path, monkeypatch):
    bot = Chatbot.build(CORPUS, tmp_path / "words", encoder=WordEncoder())
    again = Chatbot.load(tmp_path / "words", encoder=WordEncoder())
    assert again.match("stretch for the psoas", k=1)[0].entry.id == "hip-flexor-stretch"
    assert bot.match("stretch for the psoas", k=1)[0].score == pytest.approx(
        again.match("stretch for the psoas", k=1)[0].score
    )


@pytest.mark.usefixtures("quick_builds")
def test_an_index_of_another_encoder_needs_it(tmp_path):
    Chatbot.build(CORPUS, tmp_path / "words", encoder=WordEncoder())
    with pytest.raises(ChatbotError):
        Chatbot.load(tmp_path / "words").ask("hip")


def test_an_encoder_of_another_dimension_is_refused(built):
    with pytest.raises(IndexIncompatible, match="256"):
        Chatbot.load(built, encoder=WordEncoder(256)).ask("hip")


@pytest.mark.parametrize("kind", ["urgent", "small-talk"])
def test_a_corpus_of_one_kind_only(tmp_path, kind):
    entry = {"id": "a", "question": "My leg is swollen", "answer": "See a doctor.", "kind": kind}
    if kind == "urgent":
        entry["care"] = "same-day"
    (tmp_path / "faq.jsonl").write_text(json.dumps(entry))
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "words", encoder=WordEncoder())
    assert bot.ask("My leg is swollen").id == "a"
    reply = bot.ask("what is the capital of france")
    assert (reply.kind, reply.suggestions) == ("no-answer", ())
    assert reply.disclaimer


@pytest.mark.usefixtures("quick_builds")
def test_an_open_bot_answers_through_a_rebuild(index, corpus):
    bot = Chatbot.load(index)
    wanted = [bot.ask(question).to_json() for question in QUESTIONS]
    fresh = Chatbot.load(index)  # opened, but nothing read yet
    for path in corpus.glob("hips/*.md"):
        path.write_text(path.read_text().replace("the", "THE"))
    Chatbot.build(corpus, index)
    assert [bot.ask(question).to_json() for question in QUESTIONS] == wanted
    assert [fresh.ask(question).to_json() for question in QUESTIONS] == wanted


def test_k03_load_compares_with_the_corpus_that_is_meant(built, corpus, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Chatbot.load(built, corpus=corpus).index.stale is False  # a copy, word for word
        (corpus / "disclaimer.md").write_text("Changed.")
        assert Chatbot.load(built).index.stale is False  # named alone, it is compared with its own corpus
    told = f"the answers in {built} are not those of {corpus}; run `flexbot build`"
    with pytest.warns(UserWarning, match=re.escape(told)):
        assert Chatbot.load(built, corpus=corpus).index.stale is True
    monkeypatch.setenv("CHATBOT_CORPUS", str(corpus))
    with pytest.warns(UserWarning, match=re.escape(told)):
        Chatbot.load(built)


def test_k03_a_corpus_is_built_into_an_index_of_its_own(tmp_path, monkeypatch):
    entry = {"id": "a", "question": "My leg is swollen", "answer": "See a doctor."}
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_text(json.dumps({**entry, "id": name[:3]}))
        Chatbot.build(tmp_path / name, encoder=WordEncoder())
    for name in ("one.jsonl", "two.jsonl"):
        bot = Chatbot.load(corpus=tmp_path / name, encoder=WordEncoder())
        assert bot.ask("My leg is swollen").id == name[:3]
    monkeypatch.setenv("CHATBOT_CORPUS", str(tmp_path / "two.jsonl"))
    assert Chatbot.load(encoder=WordEncoder()).ask("My leg is swollen").id == "two"
