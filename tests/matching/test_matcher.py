"""Evidence and confidence: on small vectors, by hand, and on the real model."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.matcher import Matcher, signals
from chatbot.matching.points import Exclusion
from chatbot.matching.scorer import Comparison, Ranking, Scorer
from tests.fakes import WordEncoder
from tests.matching.points import FAR, MODELS, NOTHING_SAID, X, Y, Z, compare, matcher, points, ranking, said


def sure(value):
    return 1 / (1 + exp(-value))


# Ranking.


def test_scores_by_hand():
    of = points([X, Y], [0, 1])
    first, second = matcher(of).rank(compare(of, "?", X), 5)
    assert (first.entry, second.entry, first.phrasing, second.phrasing) == (0, 1, 0, 1)
    # (1.3, far; far, 1.3) times the weights is (1, far). An unknown query would score 1 / (2 + 10).
    determinant = 1.69 - FAR**2
    own, other = (1.3 - FAR**2) / determinant, 0.3 * FAR / determinant
    nothing = (1 - own - other) / 12
    assert first.score == pytest.approx(own + nothing, rel=1e-5)
    assert second.score == pytest.approx(other + nothing, rel=1e-5)
    margin = own - other
    assert first.in_scope == pytest.approx(sure(first.score), rel=1e-5)
    assert first.confidence == pytest.approx(sure(first.score) * sure(margin), rel=1e-5)
    assert second.confidence == pytest.approx(sure(second.score) * sure(-margin), rel=1e-5)
    assert dict(first.evidence) == pytest.approx(
        {
            "score": first.score,
            "margin": margin,
            "sentence_score": first.score,
            "total_margin": margin,
            "centroid_similarity": 1,
            "oos_similarity": 0,
            "coverage": 0,
            "nearest_phrasing": 1,
            "words_in_common": 0,
        },
        rel=1e-5,
    )


def test_a_point_that_is_no_phrasing_shows_the_question_of_its_entry():
    of = points([X, Y, Z], [0, 1, 1], phrasings=2)
    assert matcher(of).rank(compare(of, "?", Z), 1)[0].phrasing == 1


def test_rare_words_are_those_of_the_lexical_index():
    # 201 documents: "hamstring" is in 1, (1 + 0.5) / 202 < 0.01; "stretch" in 2, (2 + 0.5) / 202 > 0.01; "my" in none.
    lexical = LexicalIndex.fit(["stretch hamstring"], np.array([0]), ["stretch", *["."] * 199])
    of = points([X], [0])
    found = Matcher(Scorer(replace(of, lexical=lexical), NOTHING_SAID), of.search.vectors, np.zeros(1), MODELS)
    assert found.rare_words("Stretch my hamstring?") == {"my", "hamstring"}


def test_with_everything_held_out_there_is_nothing():
    of = points([X, Y], [0, 1])
    compared = compare(of, "?", X, Exclusion(np.array([0, 1])))
    assert matcher(of).rank(compared, 3) == []
    evidence = matcher(of).evidence(compared)
    assert [signals(model, evidence).shape for model in ("in_scope", "top1_correct")] == [(0, 5), (0, 3)]


# Signals.


def test_signals_by_hand():
    of = points([X, Y, Z], [0, 1, 2])
    query = Comparison(
        "?", np.array([0.6, 0.8, 0], dtype=np.float32), ranking({0: 0.5, 1: 0.8, 2: 0.1}), 0.3, None, -2.0
    )
    evidence = matcher(of, intra_entry_similarity=0.4).evidence(query)
    in_scope, top1 = signals("in_scope", evidence), signals("top1_correct", evidence)
    # Centroids at cosines 0.6, 0.8 and 0; half of what is usual within an entry is forgiven.
    wanted = [[0.5, 0.5, 0.4, -0.3, -2], [0.8, 0.8, 0.6, -0.3, -2], [0.1, 0.1, -0.2, -0.3, -2]]
    assert in_scope == pytest.approx(np.array(wanted))
    # Of a message of one part the total is what the whole says.
    assert top1 == pytest.approx(np.array([[-0.3, -0.3, 0.5], [0.3, 0.3, 0.8], [-0.7, -0.7, 0.1]]))


def test_the_centroid_of_a_held_out_point_is_that_of_the_others():
    query = Comparison("?", X, ranking({0: 0.5, 1: 0.8}), 0.0, Exclusion(centroid=(1, 0.7)))
    evidence = matcher(points([X, Y], [0, 1])).evidence(query)
    assert evidence["centroid_similarity"] == pytest.approx([1, 0.7])


def test_an_entry_alone_leads_by_its_score():
    evidence = matcher(points([X], [0])).evidence(said({0: 0.6}))
    assert (evidence["margin"], evidence["score"]) == (pytest.approx([0.6]), pytest.approx([0.6]))


def test_signs_stand_aside_from_the_ranking():
    of = points([X, Y], [0, 1], urgent=[1])
    assert [each.entry for each in matcher(of).rank(compare(of, "?", Y), 5)] == [0]


# Several parts of a message.


@pytest.fixture
def four():
    return matcher(points([X, Y, Z, [0.6, 0.8, 0]], [0, 1, 2, 3]))


def test_sentences_add_half_of_what_they_say(four):
    whole, sentence = said({0: 0.5, 1: 0.4}), said({1: 0.4, 2: 0.9})
    assert [each.entry for each in four.rank(whole, 4)] == [0, 1]
    ranked = four.rank(whole, 4, [sentence])
    # 0.5, 0.4 + 0.2 and 0.45.
    assert [each.entry for each in ranked] == [1, 0, 2]
    # Scores and how sure they make are those of the whole.
    assert [each.score for each in ranked] == pytest.approx([0.4, 0.5, 0])
    assert [each.in_scope for each in ranked] == pytest.approx([sure(0.4), sure(0.5), 0.5])
    assert [each.entry for each in four.rank(whole, 1, [sentence])] == [1]


def test_the_evidence_of_sentences_by_hand(four):
    evidence = four.evidence(said({0: 0.5, 1: 0.4}), [said({1: 0.4, 2: 0.9}), said({1: 0.1, 2: -0.2})])
    # Entries 0, 1 and 2. In total 0.5, 0.4 + 0.2 + 0.05 and 0.45, as no sentence speaks against any.
    assert evidence["score"] == pytest.approx([0.5, 0.4, 0])
    assert evidence["margin"] == pytest.approx([0.1, -0.1, -0.5])
    assert evidence["sentence_score"] == pytest.approx([0, 0.4, 0.9])
    assert evidence["total_margin"] == pytest.approx([-0.15, 0.15, -0.2])


def test_the_nearest_point_is_that_of_any_part():
    found = matcher(points([X, Y, [0.6, 0.8, 0]], [0, 1, 0]))

    def part(point, cosine, words):
        arrays = (np.array([each], dtype=np.float32) for each in (0.5, cosine, words))
        score, cosines, in_common = arrays
        return Comparison("?", X, Ranking(np.array([0]), score, np.array([point]), cosines, in_common), 0.0)

    for whole, sentence in (((0, 0.5, 0.9), (2, 0.7, 0.1)), ((2, 0.7, 0.1), (0, 0.5, 0.9))):
        (only,) = found.rank(part(*whole), 1, [part(*sentence)])
        assert only.phrasing == 2
        nearest = only.evidence["nearest_phrasing"], only.evidence["words_in_common"]
        assert nearest == pytest.approx((0.7, 0.1))  # both of the same point


def test_a_sentence_speaks_against_nothing(four):
    ranked = four.rank(said({0: 0.5, 1: 0.4}), 2, [said({0: -0.9, 1: 0.1})])
    assert [each.entry for each in ranked] == [0, 1]


# Some entries for a message, near it or not.


def test_some_entries_for_a_message_in_their_order(four):
    ranked = four.candidates(said({0: 0.5, 1: 0.4}), np.array([1, 3, 0]))
    assert [(each.entry, each.phrasing) for each in ranked] == [(1, 1), (3, 3), (0, 0)]
    assert [each.score for each in ranked] == pytest.approx([0.4, 0, 0.5])
    assert [each.in_scope for each in ranked] == pytest.approx([sure(0.4), 0.5, sure(0.5)])
    # Each is ahead of the others, or behind, as when all that are near it are ranked.
    assert [each.confidence for each in ranked] == pytest.approx(
        [sure(0.4) * sure(-0.1), 0.5 * sure(-0.5), sure(0.5) * sure(0.1)]
    )


def test_an_entry_that_nothing_near_speaks_for_has_its_question_and_no_evidence(four):
    (unseen,) = four.candidates(said({}), np.array([2]))
    assert (unseen.entry, unseen.score, unseen.phrasing) == (2, 0, 2)
    assert unseen.confidence == pytest.approx(sure(0) * sure(0))  # nothing has a margin over it
    assert (unseen.evidence["nearest_phrasing"], unseen.evidence["words_in_common"]) == (0, 0)


def test_how_likely_the_corpus_covers_a_message_is_told_by_the_best_entry(four):
    assert four.in_scope(said({0: 0.4, 1: 0.5})) == pytest.approx(sure(0.5))
    assert four.in_scope(said({})) == 0


def test_cosines_to_the_centroids_of_some_entries(four):
    cosines = four.cosines_to_centroids(np.array([0.8, 0.6, 0], dtype=np.float32), np.array([3, 0]))
    assert cosines == pytest.approx([0.96, 0.8])


# With a whole index.


def test_alternates_make_the_difference(bot):
    assert bot.match("my bum gets tight from sitting, kneeling lunge?", k=1)[0].id == "hip-flexor-stretch"
    assert bot.match("streching before runing", k=1)[0].id == "stretch-before-run"


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
    assert bot.match("i lost my card", k=2)[0].id == "b"
    assert bot.match("papers for a branch", k=1)[0].id == "a"
