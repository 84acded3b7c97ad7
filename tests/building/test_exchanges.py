"""What people said next to answers, as it is learnt from: worked out by hand from a small corpus."""

from math import sqrt

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.building.exchanges import EXCHANGE_ARRAYS, exchanges, follow_ups
from chatbot.corpus.reader import read_corpus
from chatbot.matching.lexical import LexicalIndex
from chatbot.records import TURNS, LabelledQuestion
from chatbot.text.spelling import SpellingCorrector
from tests.builders import markdown, put, put_lines
from tests.fakes import WordEncoder

SPELLER = SpellingCorrector(["hamstring"], np.array([9]), np.array([], dtype=np.uint64))
# In the order in which they are read.
CALF, HIP, TOES, THANKS, CLOT = range(5)
PARTS = (
    "- part: dose\n  title: how long\n  words: [seconds]\n- part: feel\n  title: where to feel it\n  leads: [Feel]\n"
)


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "corpus" / "legs" / "calf.md", markdown("Calf?", {"A": "Step."}, front="related: [toes, hip]\n"))
    put(tmp_path / "corpus" / "legs" / "hip.md", markdown("Hip?", {"A": "Kneel."}))
    put(tmp_path / "corpus" / "legs" / "toes.md", markdown("Toes?", {"A": "Curl."}))
    put(tmp_path / "corpus" / "talk" / "thanks.md", markdown("Thanks?", {"A": "Yes."}, front="kind: small-talk\n"))
    front = "kind: urgent\ncare: routine\n"
    put(tmp_path / "corpus" / "urgent" / "clot.md", markdown("Clot?", {"A": "Go."}, front=front))
    put(tmp_path / "corpus" / "parts.yaml", PARTS)
    return tmp_path / "corpus"


@pytest.fixture
def read(folder):
    """Make the exchanges of the corpus with these trial questions."""

    def make(*records):
        put_lines(folder / "trial-questions.jsonl", *records)
        corpus = read_corpus(folder).checked()
        return exchanges(corpus, SPELLER, lambda _name, _stage, texts: WordEncoder(64).encode(texts))

    return make


def asked(query, after, *expected, **more):
    return {"query": query, "expected": expected, "after": after, **more}


def test_what_was_said_after_which_entry_and_what_answers_it(read):
    found = read(
        asked("and my hip", "calf", "hip", "toes"),
        {"query": "how do I fold", "expected": ["toes"]},
        asked("cheers", "hip"),
        asked("it is red", "thanks", "clot"),
    )
    assert len(found) == 3  # the other was not asked after anything
    assert [entry.id for entry in found.before] == ["calf", "hip", "thanks"]
    assert (found.before_rows.tolist(), found.before_rows.dtype) == ([CALF, HIP, THANKS], np.int64)
    assert found.related == [[TOES, HIP], [], []]  # as the entry before names them
    assert found.expected == [{HIP, TOES}, set(), {CLOT}]


def test_texts_and_their_vectors(read):
    found = read(asked("Hello, my hamstrin hurts", "calf"), asked("and for both", "hip", "hip"))
    wanted = {
        "messages": ["my hamstring hurts", "and for both"],  # as messages are read: without courtesies, and corrected
        "joined": ["Calf? my hamstring hurts", "Hip? and for both"],
        "questions": ["Calf?", "Hip?"],
    }
    for name, texts in wanted.items():
        some = getattr(found, name)
        assert list(some.texts) == texts
        assert some.vectors.tolist() == WordEncoder(64).encode(texts).tolist()
    assert found.turns.vectors.tolist() == found.messages.vectors.tolist()


def test_each_kind_of_text_is_vectorised_once(folder):
    put_lines(folder / "trial-questions.jsonl", asked("my hip", "hip"), asked("so", "calf"), asked("or", "hip"))
    seen = []

    def vectorise(name, stage, texts):
        seen.append((name, stage, list(texts)))
        return WordEncoder(64).encode(texts)

    found = exchanges(read_corpus(folder).checked(), SPELLER, vectorise)
    texts = [["my hip", "so", "or"], ["Hip? my hip", "Calf? so", "Hip? or"], ["Hip?", "Calf?"]]
    assert seen == [(name, "phrasings", each) for name, each in zip(EXCHANGE_ARRAYS, texts, strict=True)]
    assert EXCHANGE_ARRAYS == ("turn-vectors", "turn-joined-vectors", "turn-question-vectors")
    # A question that several messages follow stands there once, and behind each of them.
    assert list(found.questions.texts) == ["Hip?", "Calf?", "Hip?"]
    assert found.questions.vectors.tolist() == WordEncoder(64).encode(["Hip?", "Calf?", "Hip?"]).tolist()


def test_there_may_be_more_parts_than_a_byte_counts(folder, read):
    put(
        folder / "parts.yaml",
        "".join(f"- part: p{number}\n  title: t\n  words: [w{number}]\n" for number in range(200)),
    )
    found = read(asked("so", "calf", "calf", turn="part", part="p199"))
    assert found.turns.parts.tolist() == [199]


def test_kinds_of_turns_are_those_written_or_follow_from_what_answers(read):
    found = read(
        asked("no", "calf"),
        asked("why", "calf", "calf"),
        asked("or", "calf", "hip", "calf"),
        asked("and", "calf", "hip"),
        asked("then", "calf", "hip", turn="new"),
        asked("so", "calf", "calf", turn="changed"),
        asked("well", "calf", "thanks", turn="aside"),
        asked("where", "calf", "calf", turn="part", part="feel"),
        asked("long", "calf", "calf", turn="part", part="dose"),
    )
    kinds = ["aside", "same", "same", "changed", "new", "changed", "aside", "part", "part"]
    assert [TURNS[kind] for kind in found.turns.kinds] == kinds
    assert found.turns.parts.tolist() == [NONE] * 7 + [1, 0]
    assert (found.turns.kinds.dtype, found.turns.parts.dtype) == (np.int8, np.int16)


def test_a_sign_may_be_before_or_asked_about(read):
    found = read(asked("a", "calf", "hip"), asked("b", "calf", "hip", "clot"), asked("c", "clot"), asked("d", "calf"))
    assert found.may_be_a_sign.tolist() == [False, True, True, False]
    assert found.may_be_a_sign.dtype == np.bool_


def test_short_messages_without_a_sign_are_harmless_alone_and_behind_the_question(read):
    found = read(
        asked("one two three four five six seven eight", "calf", "hip"),
        asked("one two three four five six seven eight nine", "calf", "hip"),
        asked("it is red", "calf", "clot"),
        asked("ta", "clot"),
        asked("ta to you", "thanks"),
    )
    alone, joined = found.harmless
    harmless = ["one two three four five six seven eight", "ta to you"]
    behind = ["Calf? one two three four five six seven eight", "Thanks? ta to you"]
    for some, wanted in ((alone, harmless), (joined, behind)):
        assert list(some.texts) == wanted
        assert some.vectors.tolist() == WordEncoder(64).encode(wanted).tolist()


def test_three_readings_of_each_message(read):
    found = read(asked("one two", "calf"), asked("hip", "hip"), asked("toes", "toes", "calf"))
    texts, vectors = found.readings(np.array([2, 1]))
    assert texts == ["toes", "hip", "Toes? toes", "Hip? hip", "toes", "hip"]
    alone = WordEncoder(64).encode(["toes", "hip"])
    # Each message is its question in one word, so that all readings of it lie at the same place.
    assert vectors == pytest.approx(np.tile(alone, (3, 1)))
    texts, vectors = found.readings(np.array([0]))
    one, two, calf = WordEncoder(64).encode(["one", "two", "calf"])
    assert (one @ two, one @ calf, two @ calf) == (0, 0, 0)
    alone = (one + two) / sqrt(2)
    # Behind the question each word counts as much; in the mean of both, the question does as much as the message.
    assert vectors == pytest.approx(np.array([alone, (one + two + calf) / sqrt(3), (alone + calf) / sqrt(2)]))
    assert texts == ["one two", "Calf? one two", "one two"]


def test_a_rare_word_is_unsaid_where_the_entry_before_has_it_not(read):
    found = read(asked("calf", "calf"), asked("calves", "calf"), asked("the", "calf"), asked("steps", "calf"))
    # Of two hundred documents all have "the", and none the others, which are rare.
    lexical = LexicalIndex.fit(["the"] * 200, np.arange(200), [])
    assert [found.unsaid(row, lexical) for row in range(4)] == [False, True, False, False]


def test_without_a_conversation_there_are_none(read):
    found = read({"query": "how do I fold", "expected": ["toes"]})
    assert len(found) == 0
    assert found.messages.vectors.shape == (0, 64)
    assert [some.vectors.shape for some in found.harmless] == [(0, 64), (0, 64)]
    assert (found.turns.kinds.shape, found.turns.parts.shape, found.may_be_a_sign.shape) == ((0,), (0,), (0,))


def test_follow_ups_are_the_trial_questions_asked_after_something(folder):
    lines = [{"query": "a", "expected": []}, asked("b", "calf"), {"query": "c", "expected": ["hip"], "after": None}]
    put_lines(folder / "trial-questions.jsonl", *lines)
    assert follow_ups(read_corpus(folder)) == [LabelledQuestion("b", (), "calf")]
