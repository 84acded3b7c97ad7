"""Ranking and the screen, on vectors small enough to work out by hand and on the real model."""

import numpy as np
import pytest

from chatbot.fitting import centroids_of
from chatbot.lexical import LexicalIndex
from chatbot.matcher import Matcher, Points, probability, signals, urgent_signals
from chatbot.ridge import NO_ENTRY, balance, base
from tests.fakes import WordEncoder


def two_entries() -> Matcher:
    """Two entries of one point each along the axes, with alphas that read the kernel of their own point."""
    vectors = np.eye(2, dtype=np.float32)
    entry_of = np.array([0, 1], dtype=np.int32)
    lexical = LexicalIndex.fit(["alpha", "beta"], entry_of, [])
    arrays = {
        "alphas": np.eye(2, dtype=np.float32),
        "centroids": vectors,
        "tightness": np.zeros(2, dtype=np.float32),
        "urgent": np.empty(0, dtype=np.int64),
    }
    points = Points(vectors, np.empty((0, 2), dtype=np.float32), entry_of, lexical)
    return Matcher(points, arrays, np.array([1.0, 0.0, 0.0]), np.zeros(4))


def test_scores_by_hand():
    matcher = two_entries()
    compared = matcher.compare("nothing in common", np.array([1, 0], dtype=np.float32))
    first, second = matcher.rank(compared, 5)
    # The kernel is e^0 with the point itself and e^-3 with the other; an unknown query would score 1 / (2 + 10).
    assert (first.entry, second.entry) == (0, 1)
    assert first.score == pytest.approx(1 + 1 / 12)
    assert second.score == pytest.approx(np.exp(-3) + 1 / 12)
    assert first.confidence == pytest.approx(1 / (1 + np.exp(-(1 + 1 / 12))))
    assert first.evidence["nearest phrasing"] == pytest.approx(1)
    assert matcher.urgent_candidate(compared) is None


def test_sentences_add_half_of_what_they_say():
    matcher = two_entries()
    whole = matcher.compare("x", np.array([0.8, 0.6], dtype=np.float32))
    sentence = matcher.compare("y", np.array([0, 1], dtype=np.float32))
    assert [each.entry for each in matcher.rank(whole, 2)] == [0, 1]
    assert [each.entry for each in matcher.rank(whole, 2, [sentence])] == [1, 0]


def test_signals_and_probability_by_hand():
    found = signals(np.array([0.5]), np.array([0.9]), np.array([0.4]))
    assert found.tolist() == [[0.5, pytest.approx(0.7)]]
    assert probability(found, np.array([2.0, 1.0, -1.7])) == pytest.approx([0.5])
    assert urgent_signals(np.array([0.5]), 0.2, np.array([0.9]), np.array([0.4])).tolist() == [
        [0.5, -0.2, pytest.approx(0.7)]
    ]


def test_balance_makes_few_phrasings_no_handicap():
    # Entries of 1 and 3 points: (1 + 4) / 1 and (3 + 4) / 3, times 2 / (2 + 4) for the usual 2.
    assert balance(np.array([0, 1, 1, 1, NO_ENTRY]), 2) == pytest.approx([5 / 3, 7 / 9])
    assert base(40) == 1 / 50


def test_centroids_leave_out_what_belongs_to_no_entry():
    vectors = np.array([[1, 0], [0, 1], [0, 1], [-1, 0]], dtype=np.float32)
    centroids, tightness, closeness = centroids_of(vectors, np.array([0, 0, 1, NO_ENTRY], dtype=np.int32), 2)
    assert centroids == pytest.approx(np.array([[0.5**0.5, 0.5**0.5], [0, 1]]))
    assert closeness.tolist() == [0, 0, 0, 0]
    assert tightness.tolist() == [0, 0]


def test_alternates_make_the_difference(bot):
    assert bot.match("my bum gets tight from sitting, kneeling lunge?", k=1)[0].entry.id == "hip-flexor-stretch"
    assert bot.match("streching before runing", k=1)[0].entry.id == "stretch-before-run"


def test_what_is_far_off_is_not_answered(bot):
    for question in ("how do I renew my passport", "asdf qwer zxcv", "best pizza dough recipe"):
        reply = bot.ask(question)
        assert (reply.kind, reply.answers) == ("no-answer", ())


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("what stretch for my back? I also lost control of my bowels after hurting my back", "urgent"),
        ("one calf is swollen and hurts after a long flight", "urgent"),
        ("my calves are sore after running", "other"),
        ("numb bum after a long bike ride", "other"),
    ],
)
def test_signs_are_screened_and_look_alikes_pass(bot, message, kind):
    reply = bot.ask(message)
    assert (reply.kind == "urgent") is (kind == "urgent")
    if kind == "urgent":
        assert reply.lead in (
            "EMERGENCY: call your local emergency number or go to an emergency department now",
            "URGENT: get medical help today",
        )
        assert reply.related == ()


def test_an_index_without_alternates_still_ranks(tmp_path):
    from chatbot import Chatbot

    lines = [
        '{"id": "a", "question": "open an account", "answer": "Visit a branch with your papers."}',
        '{"id": "b", "question": "lost card", "answer": "Block it in the app at once."}',
    ]
    (tmp_path / "faq.jsonl").write_text("\n".join(lines))
    encoder = WordEncoder()
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "index", encoder=encoder)
    assert bot.match("i lost my card", k=2)[0].entry.id == "b"
    assert bot.match("papers for a branch", k=1)[0].entry.id == "a"
