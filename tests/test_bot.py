"""The front door: one by one equals many, threads equal one, and the index is told to be stale."""

import json
import re
import threading
import warnings
from dataclasses import replace

import pytest

from chatbot import Chatbot, ChatbotError, QuestionError, Reply
from chatbot.answering import responder
from chatbot.answering.responder import Responder
from chatbot.errors import IndexIncompatible, IndexMissing
from chatbot.text.language import reads_english
from tests.builders import put_lines
from tests.conftest import CORPUS, ENTRIES, ENTRY_IDS
from tests.fakes import WordEncoder
from tests.spoken import spoken_bot

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
    assert bot.index.thresholds.answer <= reply.confidence <= 1
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
        "topic": "hips",
        "hint": "",
        "label": "How do I stretch my hip flexors?",
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
        numbers = {"confidence": 0, "matches": []}
        assert {**reply.to_dict(), **numbers} == {**alone.to_dict(), **numbers}
        assert [match.id for match in reply.matches[:3]] == [match.id for match in alone.matches[:3]]


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
    assert len({match.id for match in matches}) == 5
    assert all(0 <= match.confidence <= 1 for match in matches)
    assert len(bot.match("hip", k=1000)) == ENTRIES - 2  # signs that need care are screened for apart
    assert len(bot.match("hip")) == 10
    best = bot.match("hold time for static stretching", k=1)[0]
    assert (best.id, best.phrasing) == ("how-long-hold", "hold time for static stretching")


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
    with pytest.warns(
        UserWarning, match=f"the corpus changed since {index} was built; build the index again"
    ) as caught:
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
    assert again.match("stretch for the psoas", k=1)[0].id == "hip-flexor-stretch"
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


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (None, "must be text (str), not NoneType"),
        (7, "must be text (str), not int"),
        (float("nan"), "must be text (str), not float"),
        (["hip"], "must be text (str), not list"),
        (b"hip", "must be text (str), not bytes; decode it first, as in {}.decode()"),
    ],
)
def test_k20_a_question_that_is_no_text(bot, wrong, told):
    chat = bot.conversation()
    takers = [(bot.ask, "question"), (bot.match, "question"), (chat.ask, "question"), (bot.search, "words")]
    for take, name in [*takers, (bot.entry, "entry_id"), (chat.open, "entry_id")]:
        with pytest.raises(TypeError) as caught:
            take(wrong)
        assert str(caught.value) == f"{name} {told.format(name)}"
    assert chat.last is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("hip", 'questions must be a list of texts, as in questions=["…"], not str'),
        (b"hip", 'questions must be a list of texts, as in questions=["…"], not bytes'),
        (None, 'questions must be a list of texts, as in questions=["…"], not NoneType'),
        (7, 'questions must be a list of texts, as in questions=["…"], not int'),
        (["hip", None], "questions[1] must be text (str), not NoneType"),
        (iter([b"hip"]), "questions[0] must be text (str), not bytes; decode it first, as in questions[0].decode()"),
    ],
)
def test_k20_questions_that_are_no_list_of_texts(bot, wrong, told):
    with pytest.raises(TypeError) as caught:
        bot.ask_many(wrong)
    assert str(caught.value) == told


@pytest.mark.parametrize("wrong", [5, "", b"index", ["index"]])
def test_k20_a_path_that_is_none(wrong):
    for take, name in (
        (Chatbot.load, "index"),
        (Chatbot.load, "corpus"),
        (Chatbot.build, "corpus"),
        (Chatbot.build, "index"),
    ):
        with pytest.raises(TypeError) as caught:
            take(**{name: wrong})
        assert str(caught.value) == f"{name} must be a path (str or Path), not {wrong!r}"


@pytest.mark.parametrize("take", ["match", "search"])
def test_k20_a_number_of_matches_that_is_none(bot, take):
    for wrong in ("3", 2.0, None, True):
        with pytest.raises(TypeError, match=r"^k must be a whole number, not "):
            getattr(bot, take)("hip", k=wrong)
    for wrong in (0, -1):
        with pytest.raises(ValueError, match=rf"^k must be 1 or more, not {wrong}$"):
            getattr(bot, take)("hip", k=wrong)


def test_k20_texts_of_another_kind_are_texts(bot):
    class Words(str):
        __slots__ = ()

    assert bot.ask(Words("hello")).id == "greeting"


def test_k4_a_corrected_question_says_how_it_was_read(bot):
    assert bot.ask("how long shuold i hold a strech?").read_as == "how long should i hold a stretch?"
    assert bot.ask("How long should I hold a stretch?").read_as is None
    assert bot.ask("hipp").read_as == "hip"  # asked back
    assert "(read as: hip)" in str(bot.ask("hipp"))
    chat = bot.conversation()
    chat.open("hip-flexor-stretch")
    assert chat.ask("and how oftn?").read_as == "and how often?"


def test_k21_the_topics_and_their_entries(bot):
    assert bot.topics() == {"dose": 3, "hips": 3, "lower-back": 2}
    assert [entry.id for entry in bot.entries("hips")] == ["hip-flexor-stretch", "hip-rotation", "pigeon-pose"]
    every = bot.entries()
    assert [entry.id for entry in every] == ENTRY_IDS[:8]  # the urgent ones and the small talk answer no question
    assert every[0].phrasings[0] == "How long should I hold a stretch?"


def test_k21_a_corpus_without_topics(tmp_path):
    entries = [{"id": each, "question": f"Why {each}?", "answer": "So."} for each in "abc"]
    entries[1]["topic"] = "R&D"
    put_lines(tmp_path / "faq.jsonl", *entries)
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "index", encoder=WordEncoder())
    assert bot.topics() == {"": 2, "R&D": 1}
    assert [entry.id for entry in bot.entries("")] == ["a", "c"]
    assert [entry.id for entry in bot.entries()] == ["a", "b", "c"]
    assert bot.ask("Why b?", topics=["R&D"]).id == "b"
    assert bot.ask("Why b?", topics=[""]).id != "b"


def test_k8_a_topic_is_found_whichever_of_unicodes_forms_names_it(tmp_path):
    entries = [
        {"id": str(n), "topic": each, "question": f"Why {n}?", "answer": "So."}
        for n, each in enumerate(("caf\u00e9", "cafe\u0301", "bar"))
    ]
    put_lines(tmp_path / "faq.jsonl", *entries)
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "index", encoder=WordEncoder())
    assert bot.topics() == {"caf\u00e9": 2, "bar": 1}
    assert [entry.id for entry in bot.entries("cafe\u0301")] == ["0", "1"]
    assert bot.ask("Why 1?", topics=["cafe\u0301"]).id == "1"


def test_k21_an_answer_from_some_topics_only(bot):
    question = "How long should I hold a stretch?"
    assert bot.ask(question).id == "how-long-hold"
    assert bot.ask(question, topics=("dose", "hips")).id == "how-long-hold"
    elsewhere = bot.ask(question, topics=("hips",))
    assert elsewhere.id is None
    assert {match.id for match in elsewhere.matches} <= {
        "hip-flexor-stretch",
        "hip-rotation",
        "pigeon-pose",
        "greeting",
        "thanks",
    }
    assert bot.ask("hello", topics=("hips",)).id == "greeting"


def test_k21_a_warning_sign_comes_before_any_topic(bot):
    reply = bot.ask("my saddle area has gone numb since my back went", topics=("dose",))
    assert (reply.kind, reply.id) == ("urgent", "cauda-equina")


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ("hips", TypeError, 'topics must be a list of texts, as in topics=["…"], not str'),
        ([None], TypeError, "topics[0] must be text (str), not NoneType"),
        (["Hips"], ValueError, "no topic 'Hips' has answers; `topics()` names those that have"),
        (["urgent"], ValueError, "no topic 'urgent' has answers; `topics()` names those that have"),
        ([], ValueError, "topics is empty; leave it out to ask about all of them"),
    ],
)
def test_k21_topics_that_are_none(bot, wrong, error, told):
    with pytest.raises(error) as caught:
        bot.ask("hip", topics=wrong)
    assert str(caught.value) == told


def test_k21_a_topic_that_is_none(bot):
    for take in (bot.entries, lambda topic: bot.search("hip", topic)):
        with pytest.raises(ValueError, match="no topic 'urgent' has answers"):
            take("urgent")
        with pytest.raises(TypeError, match="must be text"):
            take(7)


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("¿Cómo puedo renovar mi pasaporte?", "es", "no-answer"),
        ("Comment renouveler mon passeport ?", "fr", "no-answer"),
        ("Wo kann ich meinen Pass verlängern?", "de", "no-answer"),
        ("ich habe Schmerzen im Knie beim Treppensteigen", "de", "no-answer"),
        ("パスポートの更新方法", "ja", "no-answer"),
        ("how do I renew my pasaporte", None, "no-answer"),
        ("hello", None, "small-talk"),
    ],
)
def test_k25_another_language_is_told_in_it_that_english_is_read(bot, question, language, kind):
    reply = bot.ask(question)
    assert (reply.language, reply.kind) == (language, kind)
    assert not (reply.language and reply.read_as)  # "(read as: … im knee …)" would help nobody
    if language:
        assert reply.lead == f"{reads_english(language)} I have no answer to that. I know about dose, hips, lower back."
        assert reply.to_dict()["message"] == reply.lead
        assert reads_english(language) in str(reply)


def test_k25_a_clarification_says_it_too(bot):
    reply = bot.ask("hip")
    assert replace(reply, language="de").lead == f"{reads_english('de')} Did you mean"


def test_k25_a_corpus_in_that_language_says_nothing(tmp_path):
    """Nor is anything said where only the question reads so: what is near decides."""
    german = ["Wie oft soll ich mich dehnen?", "Warum bin ich nach dem Sport so müde?", "Was kostet das bei euch?"]
    entries = [{"id": f"e{n}", "question": each, "answer": "So."} for n, each in enumerate(german)]
    put_lines(tmp_path / "faq.jsonl", *entries)
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "index", encoder=WordEncoder())
    reply = bot.ask("Wo kann ich meinen Pass verlängern?")
    assert (reply.id, reply.language) == (None, None)
    assert bot.ask("¿Cómo puedo renovar mi pasaporte?").language == "es"


def test_k03_load_compares_with_the_corpus_that_is_meant(built, corpus, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Chatbot.load(built, corpus=corpus).index.stale is False  # a copy, word for word
        (corpus / "disclaimer.md").write_text("Changed.")
        assert Chatbot.load(built).index.stale is False  # named alone, it is compared with its own corpus
    told = f"the answers in {built} are not those of {corpus}; build the index again"
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


HIP = "How do I stretch my hip?"
NOT_FOR_YOU = "You said that you have a new hip. “How do I stretch my hip?” is not for you then"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return spoken_bot(tmp_path_factory.mktemp("spoken"))


def blocks(text):
    """The paragraphs of a reply without its disclaimer, which is the last."""
    *shown, disclaimer = text.rstrip("\n").split("\n\n")
    assert disclaimer.removeprefix("> ").startswith("The answers come from various sources")
    return shown


def replies_to(chat, *lines):
    return [chat.ask(line) for line in lines]


def test_a_message_that_says_what_its_writer_has_gets_what_is_for_them(spoken):
    message = f"I have a new hip. {HIP}"
    reply = spoken.ask(message)
    assert (reply.kind, reply.id, reply.query) == ("answer", "surgery", message)
    assert reply.to_dict()["unsuited"] == {"id": "hip", "question": HIP, "because": ["have a new hip"], "another": []}
    assert reply.to_dict()["message"] == f"{NOT_FOR_YOU}; this is:"
    assert [each.to_dict() for each in spoken.ask_many([message, HIP])] == [
        reply.to_dict(),
        spoken.ask(HIP).to_dict(),
    ]
    assert blocks(str(reply)) == [
        f"{NOT_FOR_YOU}; this is:",
        "What is safe after surgery?",
        "Answer",
        "Ask first.",
        "Continue with",
        "1. How do I stretch my calf? Answer · Lean on a wall.",
    ]
    assert blocks(reply.to_markdown()) == [
        f"**{NOT_FOR_YOU}; this is:**",
        "## What is safe after surgery?",
        "### Answer",
        "Ask first.",
        "### Continue with",
        "1. **How do I stretch my calf?** Answer · Lean on a wall.",
    ]


def test_what_is_shown_instead_is_no_surer_than_what_was_found(spoken):
    plain = spoken.ask("best stretch for my hip")
    assert (plain.id, plain.certainty) == ("hip", "fairly sure")
    chat = spoken.conversation()
    assert chat.ask("a blood clot and a new hip").kind == "no-answer"  # of a list it would be chosen, and sure
    instead = chat.ask("best stretch for my hip")
    assert (instead.id, instead.certainty) == ("surgery", "fairly sure")
    assert instead.confidence == instead.matches[0].confidence


def test_what_one_message_says_is_not_known_to_the_next_without_a_conversation(spoken):
    spoken.ask("I have a new hip")
    assert spoken.ask(HIP).unsuited is None
    assert spoken.ask(f"My mum has a cold. {HIP}").unsuited is None


def test_where_nothing_is_for_these_people_it_is_said_and_what_is_not_ruled_out_offered(spoken):
    _, reply = replies_to(spoken.conversation(), "a blood clot and a new hip", "How do I stretch my calf?")
    told = "You said that you had a blood clot. “How do I stretch my calf?” is not for you then."
    assert (reply.kind, reply.id, reply.answers) == ("no-answer", None, ())
    assert blocks(str(reply)) == [
        f"{told} Ask whoever treats you what is. If I got that wrong, say so.",
        "Nearest, if it helps:",
        "1. What is safe after surgery?",  # the hip's is ruled out, too
    ]
    assert blocks(reply.to_markdown()) == [
        f"**{told} Ask whoever treats you what is. If I got that wrong, say so.**",
        "Nearest, if it helps:",
        "1. What is safe after surgery?",
    ]


def test_who_asks_again_is_not_shown_it_either(spoken):
    chat = spoken.conversation()
    *_, reply = replies_to(chat, "I have a new hip", HIP, HIP)
    assert (reply.id, reply.unsuited.id, reply.answers) == (None, "hip", ())
    told = f"{NOT_FOR_YOU}. Ask whoever treats you what is. If I got that wrong, say so."
    offers = ["Nearest, if it helps:", "1. What is safe after surgery?\n2. How do I stretch my calf?"]
    assert blocks(str(reply))[:3] == [told, *offers]
    assert blocks(reply.to_markdown())[:3] == [f"**{told}**", *offers]


def test_a_part_of_the_answer_above_as_text_and_as_markdown(spoken):
    whole, reply = replies_to(spoken.conversation(), HIP, "easier")
    assert (whole.again, whole.part, whole.sources[0].id) == (False, None, "study")
    assert (reply.again, reply.part, reply.sources) == (True, "an easier way", ())
    assert reply.to_dict()["message"] == "From the answer above: an easier way."
    assert [offer.label for offer in reply.related] == [
        "How do I stretch my hip? (all of it)",
        "How do I stretch my calf?",
        "What is safe after surgery?",
    ]
    text, markdown = blocks(str(reply)), blocks(reply.to_markdown())
    assert (text[:2], markdown[:2]) == (
        ["From the answer above: an easier way.", HIP],
        ["**From the answer above: an easier way.**", f"## {HIP}"],
    )
    assert text[-5:-1] == ["Answer", "Easier Sit on a chair.", "Not for you if: a new hip", "Continue with"]
    assert markdown[-5:-1] == [
        "### Answer",
        "**Easier** Sit on a chair.",
        "**Not for you if:** a new hip",
        "### Continue with",
    ]
    assert markdown[-1].startswith("1. **How do I stretch my hip? (all of it)** Answer · Kneel down.")


def test_an_answer_that_is_shown_again_says_so(spoken):
    first, again = replies_to(spoken.conversation(), HIP, "say that again")
    assert (again.kind, again.id, again.again, again.query) == ("answer", "hip", True, "say that again")
    assert blocks(str(again)) == ["This is the answer from above.", *blocks(str(first))]
    assert blocks(again.to_markdown()) == ["**This is the answer from above.**", *blocks(first.to_markdown())]


@pytest.mark.parametrize(
    "lines", [[HIP, "easier"], [HIP, "say that again"], [HIP, "show me more"], ["I have a new hip", HIP]]
)
def test_what_is_told_of_an_answer_comes_back_from_json(spoken, lines):
    *_, reply = replies_to(spoken.conversation(), *lines)
    back = Reply.from_dict(json.loads(reply.to_json()))
    assert (back.again, back.part, back.unsuited, back.lead) == (reply.again, reply.part, reply.unsuited, reply.lead)
    assert str(back) == str(reply)


def test_more_after_what_is_not_for_them_is_what_goes_on_from_what_was_shown(spoken):
    *_, shown, more = replies_to(spoken.conversation(), "I have a new hip", HIP, "show me more")
    assert (more.id, more.answers, more.part) == (shown.id, (), "what goes on from it")
    assert more.lead == "From the answer above: what goes on from it."
    assert more.related == shown.related


def gone_on(bot, chat):
    """A conversation that goes on elsewhere, from what was kept of one."""
    return bot.conversation(json.loads(json.dumps(chat.to_dict())))


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ([HIP], "easier"),
        ([HIP], "1"),
        ([HIP], "say that again"),
        ([HIP, "How do I stretch my calf?"], "go back please"),
        ([HIP, "say that again"], "show me more"),
        (["how do i stretch"], "2"),
        (["I have a new hip"], HIP),
        (["I have a new hip", HIP], HIP),
        (["I have a new hip", HIP], "say that again"),
        (["a blood clot and a new hip", HIP], "say that again"),
        (["I had a blood clot", "How do I stretch my calf?"], "say that again"),
        (["I had a blood clot", "How do I stretch my calf?"], "How do I stretch my calf?"),
        ([HIP, "One leg is swollen"], HIP),
    ],
)
def test_a_conversation_goes_on_from_what_was_kept_of_it(spoken, before, line):
    chat = spoken.conversation()
    replies_to(chat, *before)
    other = gone_on(spoken, chat)
    here, there = chat.ask(line), other.ask(line)
    assert (there.kind, there.id, there.again, there.part) == (here.kind, here.id, here.again, here.part)
    assert (there.lead, there.answers) == (here.lead, here.answers)
    assert [offer.id for offer in there.related] == [offer.id for offer in here.related]
    assert (other.told, other.subject, other.sign) == (chat.told, chat.subject, chat.sign)


@pytest.mark.parametrize("part", ["easier", "show me more"])
def test_what_was_kept_of_a_part_is_that_part(spoken, part):
    chat = spoken.conversation()
    replies_to(chat, HIP, part)
    here, there = (each.ask("say that again") for each in (chat, gone_on(spoken, chat)))
    assert there.lead == here.lead
    assert there.answers == here.answers


def test_no_words_of_a_message_are_kept_unless_they_are_asked_for(spoken):
    chat = spoken.conversation()
    replies_to(chat, "one leg hurts, says Aunt Agatha", "Uncle Bertram wants to stretch")
    assert "Bertram" not in json.dumps(chat.to_dict())
    kept = json.dumps(chat.to_dict(messages=True))
    assert ("Bertram" in kept, "Agatha" in kept) == (True, False)


def test_what_names_entries_that_are_no_longer_there_is_left_out(spoken, tmp_path):
    chat = spoken.conversation()
    replies_to(chat, "I have a new hip", "How do I stretch my calf?", HIP, "One leg is swollen")
    entry = {"id": "calf", "question": "How do I stretch my calf?", "answer": "Lean on a wall."}
    other = Chatbot.build(put_lines(tmp_path / "faq.jsonl", entry), tmp_path / "index", encoder=WordEncoder())
    state = chat.to_dict()
    assert [shown["entry"] for shown in state["shown"]] == [None, "calf", "surgery", "swollen"]
    assert (state["said"], state["sign"]) == ({"new-hip": ""}, "swollen")
    chat = other.conversation(state)
    assert (chat.last.id, chat.said, chat.sign, chat.told) == ("calf", {}, None, ())
    assert chat.last.related == ()
    assert chat.ask("How do I stretch my calf?").kind == "answer"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda state: {}, " in schema 2; pass what `to_dict` gave"),
        (lambda state: [state], " in schema 2; pass what `to_dict` gave"),
        (lambda state: "swollen", " in schema 2; pass what `to_dict` gave"),
        (lambda state: {**state, "schema": 1}, " in schema 2; pass what `to_dict` gave"),
        (lambda state: {"schema": 2}, ": another is missing"),
        (lambda state: {**state, "sign": 5}, ": sign is 5, not a text"),
        (lambda state: {**state, "mood": "good"}, ": mood is unknown"),
        (lambda state: {**state, "shown": [{"entry": None}]}, ": shown.0.asks_back is missing"),
    ],
)
def test_what_is_no_state_of_a_conversation(spoken, change, told):
    with pytest.raises(ValueError, match=r"^not the state of a conversation") as caught:
        spoken.conversation(change(spoken.conversation().to_dict()))
    assert str(caught.value) == f"not the state of a conversation{told}"
