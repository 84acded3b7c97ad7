"""Why the bot replied as it did, in words."""

from chatbot.answering.explain import explain
from chatbot.answering.reply import Reply
from chatbot.records import Entry, Match

MATCHES = tuple(
    Match(
        Entry(name, f"Question {name}?", ()),
        score,
        confidence,
        f"phrasing {name}",
        {"score": score, "centroid": 0.5, "covered": 0.987},
    )
    for name, score, confidence in (("a", 1.0, 0.934), ("b", 0.756, 0.3), ("c", 0.1, 0.02), ("d", 0.0, 0.01))
)


def reply(kind, **fields):
    return Reply(kind=kind, query="q", disclaimer="d", confidence=0.934, **{"matches": MATCHES, **fields})


def test_the_first_three_matches_with_their_evidence():
    text = explain(reply("answer", id="a", thresholds={"answer": 0.6, "clarify": 0.251}))
    assert text.splitlines()[:14] == [
        "The best match is right with a probability of 93.4 %: so I am sure.",
        "That I have an answer to it at all has a probability of 98.7 %.",
        "I answer when a match is right with 60.0 % or more. Otherwise I ask what was meant when I have an answer with"
        " 25.1 % or more, else I say that I have none.",
        "",
        "The first matches:",
        "  93.4 %  Question a?",
        '          nearest phrasing: "phrasing a"',
        "          score 1.00 · centroid 0.50",
        "  30.0 %  Question b?",
        '          nearest phrasing: "phrasing b"',
        "          score 0.76 · centroid 0.50",
        "   2.0 %  Question c?",
        '          nearest phrasing: "phrasing c"',
        "          score 0.10 · centroid 0.50",
    ]


def test_each_decision_has_its_reason():
    assert "enough to ask what was meant" in explain(reply("clarify")).splitlines()[0]
    assert "too little to answer" in explain(reply("no-answer")).splitlines()[0]
    assert "needs care" in explain(reply("urgent")).splitlines()[0]
    assert explain(reply("answer", about="Hips?")).startswith('I read it as a question about "Hips?". The best match')


def test_what_was_not_matched():
    assert explain(reply("answer", id="a", matches=())) == "You opened this entry yourself, so nothing was matched."
    assert explain(reply("no-answer", matches=())) == "Nothing was matched."
