"""Why the bot replied as it did, in words."""

from dataclasses import replace

from chatbot.answering.explain import EVIDENCE, Reading, explain
from chatbot.records import Match, Thresholds

MATCHES = tuple(
    Match(
        name,
        f"Question {name}?",
        "answer",
        score,
        confidence,
        0.987,
        f"phrasing {name}",
        (("length", 2.0), ("centroid_similarity", 0.5), ("score", score)),
    )
    for name, score, confidence in (("a", 1.0, 0.934), ("b", 0.756, 0.3), ("c", 0.1, 0.02), ("d", 0.0, 0.01))
)
THRESHOLDS = Thresholds(answer=0.6, clarify=0.251, urgent=0.1429, caution=0.1)


def lines(kind, matches=MATCHES, about=None, several=False):
    return explain(kind, 0.934, matches, THRESHOLDS, Reading(about, several=several)).splitlines()


def test_the_first_three_matches_with_their_evidence():
    assert lines("answer") == [
        "I am 93.4 % sure that the first match is right.",
        "I am 98.7 % sure that the corpus covers this.",
        "I answer when I am at least 60 % sure of a match. Otherwise I ask what was meant when I am at least 25.1 %"
        " sure that the corpus covers it, else I say that I have no answer.",
        "",
        "The first matches:",
        "  93.4 %  Question a?",
        '          nearest phrasing: "phrasing a"',
        "          score 1.00 · like the entry as a whole 0.50",
        "    30 %  Question b?",
        '          nearest phrasing: "phrasing b"',
        "          score 0.76 · like the entry as a whole 0.50",
        "     2 %  Question c?",
        '          nearest phrasing: "phrasing c"',
        "          score 0.10 · like the entry as a whole 0.50",
        "",
        "If another entry should have answered, add your words to its alternate questions and build the index again."
        " The first match is the entry `a`.",
    ]


def test_each_decision_has_its_reason():
    assert "enough to ask what was meant" in lines("clarify")[0]
    assert "too little to answer" in lines("no-answer")[0]
    assert "needs care" in lines("urgent")[0]
    assert lines("answer", about="Hips?")[0].startswith('I read it as a question about "Hips?". I am 93.4 % sure')


def test_of_a_warning_sign_it_says_neither_what_answers_need_nor_how_to_write_another():
    text = "\n".join(lines("urgent"))
    assert "Question a?" in text
    assert "corpus covers" not in text
    assert "I answer" not in text
    assert "alternate questions" not in text


def test_what_was_not_matched():
    assert lines("answer", ()) == ["You opened this entry yourself, so nothing was matched."]
    assert lines("urgent", ()) == ["You opened this entry yourself, so nothing was matched."]
    assert lines("no-answer", ()) == ["Nothing was matched."]


def test_a_sign_that_was_described_before():
    assert lines("urgent", (), about="Question a?") == [
        "You described this sign before. It comes first until you tell me that someone has looked at it."
    ]


def test_more_than_one_thing_that_was_asked():
    assert lines("clarify", several=True)[:2] == [
        "You asked more than one thing, and I am sure enough of an answer to each.",
        "I am 98.7 % sure that the corpus covers this.",
    ]


def test_a_warning_sign_has_no_evidence_to_tell():
    sign = Match("clot", "Clot?", "urgent", 0.934, 0.934, 0.934, "swollen calf")
    assert lines("urgent", (sign,)) == [
        "I am 93.4 % sure that this is a sign that needs care, which comes before all else.",
        "",
        "The first matches:",
        "  93.4 %  Clot?",
        '          nearest phrasing: "swollen calf"',
    ]
    assert "look-alikes" not in "".join(lines("answer", (replace(MATCHES[0], evidence=(("look_alikes", 0.5),)),)))


def test_what_a_matcher_finds_has_a_name_for_people(bot):
    sign, answer = bot.ask("one calf is swollen and hurts after a long flight"), bot.ask("how long to hold a stretch?")
    assert (sign.kind, answer.kind) == ("urgent", "answer")
    assert sign.matches[0].evidence == ()
    assert {*dict(answer.matches[0].evidence)} == {*EVIDENCE, "sentence_score", "total_margin"}
    text = answer.explain()
    assert all(f"{words} " in text for words in EVIDENCE.values())
