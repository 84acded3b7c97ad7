"""Rankings, signals and the screen: on vectors small enough to work out by hand, and on the real model."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

from chatbot.arrays import NONE
from chatbot.matching.kernel_ridge import balance, influence, likeness
from chatbot.matching.lexical import LexicalIndex
from chatbot.matching.logistic import LogisticModel
from chatbot.matching.matcher import COVERED, RIGHT, SIGN, Comparison, Matcher, Points
from chatbot.matching.neighbours import NeighbourSearch, write_inverted_file
from chatbot.matching.ranking import NOTHING, Ranking
from tests.fakes import WordEncoder

X, Y, Z = np.eye(3, dtype=np.float32)
FAR = exp(-3)  # the kernel of vectors at right angles
# Models that say the score, the lead, and the sign's score.
MODELS = {
    "covered": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0])),
    "right": LogisticModel(np.array([1.0, 0.0, 0.0])),
    "sign": LogisticModel(np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
}


# No words in common with two and with three points.
NONE_OF_2, NONE_OF_3 = np.zeros(2, dtype=np.float32), np.zeros(3, dtype=np.float32)


def sure(value):
    return 1 / (1 + exp(-value))


def points(vectors, owners, texts=None, urgent=(), phrasings=None, background=()):
    vectors, entry_of = np.array(vectors, dtype=np.float32), np.array(owners, dtype=np.int32)
    texts = texts or ["." for _ in owners]
    lexical = LexicalIndex.fit(texts, np.where(entry_of == NONE, 99, entry_of), [])
    is_urgent = np.isin(np.arange(entry_of.max() + 1), urgent)
    others = np.array(background, dtype=np.float32).reshape(-1, vectors.shape[1])
    return Points(NeighbourSearch(vectors), entry_of, phrasings or len(owners), is_urgent, lexical, others)


def matcher(of, tightness=0.0):
    """A matcher whose centroids are the first points of the entries."""
    first = [int(np.flatnonzero(of.entry_of == entry)[0]) for entry in range(len(of.urgent))]
    return Matcher(of, of.search.vectors[first], np.full(len(first), tightness, dtype=np.float32), MODELS)


def ranking(scores):
    """A ranking of the entries that have scores; each one's nearest point is the row of the same number."""
    entries = np.array(sorted(scores), dtype=np.int64)
    values = np.array([scores[entry] for entry in sorted(scores)], dtype=np.float32)
    return Ranking(entries, values, entries, values, np.zeros_like(values))


def said(scores, text="said"):
    """A query that says this much for each entry."""
    return Comparison(text, X, ranking(scores) if scores else NOTHING, NOTHING, 0.0, 0.0)


# Scores.


def test_scores_by_hand():
    found = matcher(points([X, Y], [0, 1]))
    first, second = found.rank(found.compare("?", X), 5)
    assert (first.entry, second.entry, first.phrasing, second.phrasing) == (0, 1, 0, 1)
    # (1.3, far; far, 1.3) times the influence is (1, far). An unknown query would score 1 / (2 + 10).
    determinant = 1.69 - FAR**2
    own, other = (1.3 - FAR**2) / determinant, 0.3 * FAR / determinant
    nothing = (1 - own - other) / 12
    assert first.score == pytest.approx(own + nothing, rel=1e-5)
    assert second.score == pytest.approx(other + nothing, rel=1e-5)
    lead = own - other
    assert first.confidence == pytest.approx(sure(first.score) * sure(lead), rel=1e-5)
    assert second.confidence == pytest.approx(sure(second.score) * sure(-lead), rel=1e-5)
    assert dict(first.evidence) == pytest.approx(
        {
            "score": first.score,
            "centroid": 1,
            "unlike other things": 0,
            "lead": lead,
            "nearest phrasing": 1,
            "words in common": 0,
            "covered": sure(first.score),
        },
        rel=1e-5,
    )


def test_the_points_of_an_entry_speak_together_and_few_are_no_handicap():
    of = points([X, Y, X], [0, 1, 0])
    found = matcher(of).compare("?", X)
    counts = influence(likeness(np.array([X, X, Y])), np.array([1, 1, 0], dtype=np.float32), NONE_OF_3)
    nothing = (1 - counts.sum()) / 12
    factors = balance(np.array([2, 1]))
    assert factors == pytest.approx([1.5 / 2 * 2 * 3 / 5.5, 1.5 * 5 / 5.5])
    assert found.answers.scores == pytest.approx([(counts[:2].sum() + nothing), counts[2] + nothing] * factors)
    assert found.answers.points.tolist() == [0, 1]
    assert found.answers.cosines.tolist() == [1, 0]


def test_words_in_common_make_the_query_a_fifth_more_like_the_phrasing_that_has_them():
    of = points([X, Y, Y], [0, 1, 1], ["alpha", "beta", "gamma"])
    found = matcher(of)
    without, with_word = found.compare("?", X).answers, found.compare("gamma", X).answers
    assert without.words.tolist() == [0, 0]
    assert with_word.words == pytest.approx([0, 1], abs=1e-3)  # of its phrasings, the one that has most
    # The matrix of the regression (1.3, far, far; far, 1.3, 1; far, 1, 1.3) times what the influences gain is (0, 0,
    # 0.2): the second and third gain `both` together, for which the first loses far / 1.3 of it.
    both = 0.2 / (2.3 - 2 * FAR**2 / 1.3)
    first = -FAR / 1.3 * both
    nothing = -(first + both) / 12
    # Of 1 and 2 points, 1.5 on average, 4 as a handicap.
    factors = np.array([5 / 1, 6 / 2]) * 1.5 / 5.5
    wanted = np.array([first + nothing, both + nothing]) * factors
    assert with_word.scores - without.scores == pytest.approx(wanted, abs=1e-4)


def test_points_that_are_no_phrasing_show_the_question_of_their_entry():
    of = points([X, Z, Y, Y], [0, 0, 1, 1], phrasings=3)
    assert [of.phrasing_of(point, entry) for point, entry in ((0, 0), (1, 0), (2, 1), (3, 1))] == [0, 1, 2, 2]
    both = points([X, Z, Y, Z], [0, 0, 1, 1], phrasings=3)
    assert matcher(both).rank(matcher(both).compare("?", Z), 2)[1].phrasing == 2


def test_entries_that_are_not_near_have_no_score():
    assert ranking({1: 0.5, 4: -0.25}).scores_of(np.array([0, 1, 2, 4, 9])).tolist() == [0, 0.5, 0, -0.25, 0]
    assert NOTHING.scores_of(np.array([0, 3])).tolist() == [0, 0]


def ring(count):
    """So many points, each a little further from X."""
    angles = np.linspace(0, 1.5, count)
    return np.column_stack((np.cos(angles), np.sin(angles), 0 * angles))


def test_the_ninety_six_nearest_answers_count():
    # Of a hundred points, the entries of the last four are out of sight.
    found = matcher(points(ring(100), range(100))).compare("?", X)
    assert found.answers.entries.tolist() == list(range(96))


def test_the_ninety_six_nearest_points_count_for_signs():
    # The same ring, where every second point is of a sign: 48 of the nearest 96.
    found = matcher(points(ring(100), range(100), urgent=range(0, 100, 2))).compare("?", X)
    assert found.signs.entries.tolist() == list(range(0, 96, 2))
    # Signs take no answer's place.
    assert found.answers.entries.tolist() == list(range(1, 100, 2))


@pytest.mark.parametrize(("an_entry", "neighbours"), [(1, 96), (16, 96), (25, 150), (32, 192), (50, 192)])
def test_where_entries_have_many_points_more_of_them_count(an_entry, neighbours):
    # Six times what an entry has; all the nearest are of the first entries.
    of = points(ring(10 * an_entry), np.repeat(range(10), an_entry))
    assert of.neighbours == neighbours
    found = matcher(of).compare("?", X)
    assert found.answers.entries.tolist() == list(range(min(10, -(-neighbours // an_entry))))


def test_rare_words_are_those_of_the_lexical_index():
    # 201 documents: "hamstring" is in 1, (1 + 0.5) / 202 < 0.01; "stretch" in 2, (2 + 0.5) / 202 > 0.01; "my" in none.
    lexical = LexicalIndex.fit(["stretch hamstring"], np.array([0]), ["stretch", *["."] * 199])
    of = points([X], [0])
    found = Matcher(replace(of, lexical=lexical), of.search.vectors, NONE_OF_2[:1], MODELS)
    assert found.rare_words("Stretch my hamstring?") == {"my", "hamstring"}


# Many at once.


def assert_same(one, other):
    """Two comparisons that say the same."""
    assert (one.text, one.held_out) == (other.text, other.held_out)
    assert one.vector.tolist() == other.vector.tolist()
    assert [one.look_alikes, one.other_things] == pytest.approx([other.look_alikes, other.other_things], abs=1e-5)
    for mine, its in ((one.answers, other.answers), (one.signs, other.signs)):
        assert (mine.entries.tolist(), mine.points.tolist()) == (its.entries.tolist(), its.points.tolist())
        for name in ("scores", "cosines", "words"):
            assert getattr(mine, name) == pytest.approx(getattr(its, name), abs=1e-5), name


@pytest.mark.parametrize("inverted", [False, True])
def test_many_compared_at_once_are_each_compared_as_one(inverted, tmp_path):
    # 300 points of 20 entries, of which the last five are urgent, and 30 look-alikes. Each entry has a word of its own.
    random = np.random.default_rng(8)
    vectors = random.normal(size=(330, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [*np.repeat(np.arange(20), 15), *[NONE] * 30]
    texts = [f"word{owner} said" for owner in owners]
    of = points(vectors, owners, texts, urgent=range(15, 20), phrasings=300, background=vectors[::50])
    if inverted:
        about = write_inverted_file(vectors, tmp_path / "search.ivf")
        of = replace(of, search=NeighbourSearch(vectors, tmp_path / "search.ivf", about["probes"]))
    found = matcher(of)
    asked = np.concatenate([vectors[5:300:40], vectors[3:11] / 2 + vectors[200:208] / 2])
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    questions = [f"word{number} number {number}" for number in range(len(asked))]
    together = found.compare_all(questions, asked)
    assert len(together) == 16
    for question, vector, compared in zip(questions, asked, together, strict=True):
        alone = found.compare(question, vector)
        assert_same(compared, alone)
        assert len(alone.answers.entries) > 10
        assert len(alone.signs.entries) > 1
    # One of many, none, and as many texts as vectors.
    assert_same(found.compare_all(questions[:1], asked[:1])[0], together[0])
    assert found.compare_all([], asked[:0]) == []
    with pytest.raises(ValueError, match="longer"):
        found.compare_all(questions[:2], asked[:3])


# Holding out.


def held_out(found, rows=(), itself=NONE):
    """X beside the points but for some rows, and beside other things but for itself."""
    return found.compare_all(["?"], X[None], [np.array(rows, dtype=np.int64)], [itself])[0]


def test_each_of_many_looks_past_its_own_points():
    of = points([*[X] * 300, Y, Z], [0] * 300 + [1, 2])
    found, rows = matcher(of), [np.arange(300), np.array([300]), np.array([], dtype=np.int64)]
    compared = found.compare_all(["?"] * 3, np.array([X, Z, X]), rows)
    # Without the first entry, without the second, and without nothing: there X hides the others.
    assert [each.answers.entries.tolist() for each in compared] == [[1, 2], [0, 2], [0]]


def test_points_held_out_are_looked_past():
    of = points([X, [0.6, 0.8, 0], Y, Z], [0, 0, 1, 2])
    found = matcher(of)
    beside_rest = held_out(found, np.array([0])).answers
    rest = points([[0.6, 0.8, 0], Y, Z], [0, 1, 2])
    wanted = matcher(rest).compare("?", X).answers
    assert beside_rest.scores / of.balance == pytest.approx(wanted.scores / rest.balance)
    assert beside_rest.cosines == pytest.approx([0.6, 0, 0])
    assert beside_rest.points.tolist() == [1, 2, 3]
    whole = held_out(found, np.array([0, 1])).answers
    assert whole.entries.tolist() == [1, 2]


def test_an_entry_of_very_many_points_held_out_leaves_the_others_in_sight():
    of = points([*[X] * 300, Y], [0] * 300 + [1])
    assert matcher(of).compare("?", X).answers.entries.tolist() == [0]
    assert held_out(matcher(of), np.arange(300)).answers.entries.tolist() == [1]


def test_with_everything_held_out_there_is_nothing():
    found = matcher(points([X, Y], [0, 1]))
    compared = held_out(found, np.array([0, 1]))
    assert found.rank(compared, 3) == []
    assert found.sign(compared) is None
    covered, right = found.signals(compared)
    assert (covered.shape, right.shape) == ((0, len(COVERED)), (0, len(RIGHT)))


def test_other_things_are_the_three_nearest_but_for_the_query_itself():
    found = matcher(points([X], [0], background=[X, [0.8, 0.6, 0], Y, [0.6, 0.8, 0]]))
    assert found.compare("?", X).other_things == pytest.approx(0.8)  # 1, 0.8 and 0.6
    assert held_out(found, itself=0).other_things == pytest.approx(1.4 / 3)
    assert found.compare("?", X).other_things == pytest.approx(0.8)  # and what was held out is there again
    assert matcher(points([X], [0], background=[Y, X])).compare("?", X).other_things == pytest.approx(0.5)
    assert matcher(points([X], [0])).compare("?", X).other_things == 0


# Signals.


def test_signals_by_hand():
    of = points([X, Y, Z], [0, 1, 2])
    query = Comparison(
        "?", np.array([0.6, 0.8, 0], dtype=np.float32), ranking({0: 0.5, 1: 0.8, 2: 0.1}), NOTHING, 0, 0.3
    )
    covered, right = matcher(of, tightness=0.4).signals(query)
    # Centroids at cosines 0.6, 0.8 and 0; half of the tightness is forgiven.
    assert covered.tolist() == [pytest.approx(row) for row in ([0.5, 0.4, -0.3], [0.8, 0.6, -0.3], [0.1, -0.2, -0.3])]
    assert right.tolist() == [pytest.approx(row) for row in ([-0.3, 0.5], [0.3, 0.8], [-0.7, 0.1])]


def test_the_centroid_of_a_held_out_point_is_that_of_the_others():
    query = Comparison("?", X, ranking({0: 0.5, 1: 0.8}), NOTHING, 0.0, 0.0, held_out=(1, 0.7))
    covered, _ = matcher(points([X, Y], [0, 1])).signals(query)
    assert covered[:, COVERED.index("centroid")] == pytest.approx([1, 0.7])


def test_an_entry_alone_leads_by_its_score():
    _, right = matcher(points([X], [0])).signals(said({0: 0.6}))
    assert right.tolist() == [[pytest.approx(0.6), pytest.approx(0.6)]]


def test_sign_signals_by_hand():
    # An answer, a sign and a look-alike, at right angles; the query is the sign.
    of = points([X, Y, Z], [0, 1, NONE], urgent=[1], phrasings=2, background=[X])
    found = matcher(of, tightness=0.4)
    compared = found.compare("so numb here", Y)
    counts = influence(likeness(np.array([X, Y, Z])), np.array([0, 1, 0], dtype=np.float32), NONE_OF_3)
    answer = influence(likeness(np.array([X])), np.array([0], dtype=np.float32), NONE_OF_2[:1])[0]
    score, rival = counts[1] + (1 - counts.sum()) / 12, answer + (1 - answer) / 12
    assert compared.look_alikes == pytest.approx(counts[2])
    wanted = {
        "score": score,
        "lead": score - rival,
        "centroid": 0.8,
        "unlike other things": 0,
        "unlike look-alikes": -counts[2],
        "words": log(4),
    }
    assert dict(zip(SIGN, found.sign_signals(compared), strict=True)) == pytest.approx(wanted, rel=1e-5)
    sign = found.sign(compared)
    assert (sign.entry, sign.phrasing) == (1, 1)
    assert sign.confidence == pytest.approx(sure(score), rel=1e-5)


def test_a_look_alike_speaks_against_a_sign_and_not_against_an_answer():
    near = np.array([0, 0.8, 0.6], dtype=np.float32)
    with_it = matcher(points([X, Y, near], [0, 1, NONE], urgent=[1], phrasings=2)).compare("?", near)
    without = matcher(points([X, Y], [0, 1], urgent=[1])).compare("?", near)
    # Sign and look-alike have a cosine of 0.8, the answer is far from both. Without the look-alike, for the answer x
    # and the sign y: 1.3 x + far y = far and far x + 1.3 y = near.
    near_sign = exp(-3 * 0.2)
    determinant = 1.3**2 - FAR**2
    x, y = FAR * (1.3 - near_sign) / determinant, (1.3 * near_sign - FAR**2) / determinant
    assert without.signs.scores == pytest.approx([y + (1 - x - y) / 12], rel=1e-4)
    assert without.look_alikes == 0
    # With it, z: 1.3 x + far (y + z) = far, far x + 1.3 y + near z = near and far x + near y + 1.3 z = 1.
    apart = (near_sign - 1) / (1.3 - near_sign)  # y - z, from the last two
    both = (1 + near_sign - 2 * FAR**2 / 1.3) / (1.3 + near_sign - 2 * FAR**2 / 1.3)  # y + z, from all three
    x, y, z = FAR * (1 - both) / 1.3, (both + apart) / 2, (both - apart) / 2
    assert with_it.signs.scores == pytest.approx([y + (1 - x - y - z) / 12], rel=1e-4)
    assert with_it.look_alikes == pytest.approx(z, rel=1e-4)
    assert with_it.signs.scores[0] < without.signs.scores[0] / 3
    assert with_it.answers.scores.tolist() == without.answers.scores.tolist()


def test_signs_stand_aside_from_the_ranking():
    found = matcher(points([X, Y], [0, 1], urgent=[1]))
    compared = found.compare("?", Y)
    assert [each.entry for each in found.rank(compared, 5)] == [0]
    assert found.sign(compared).entry == 1
    assert found.sign(said({0: 0.5})) is None


# Several parts of a message, and follow-ups.


@pytest.fixture
def four():
    return matcher(points([X, Y, Z, [0.6, 0.8, 0]], [0, 1, 2, 3]))


def test_sentences_add_half_of_what_they_say(four):
    whole, sentence = said({0: 0.5, 1: 0.4}), said({1: 0.4, 2: 0.9})
    assert [each.entry for each in four.rank(whole, 4)] == [0, 1]
    ranked = four.rank(whole, 4, [sentence])
    # 0.5, 0.4 + 0.2 and 0.45.
    assert [each.entry for each in ranked] == [1, 0, 2]
    # Each as the part shows it that is surest of it: the second by the whole, where it lags less.
    assert [each.score for each in ranked] == pytest.approx([0.4, 0.5, 0.9])
    assert ranked[0].evidence["lead"] == pytest.approx(-0.1)
    assert [each.entry for each in four.rank(whole, 1, [sentence])] == [1]


def test_a_sentence_speaks_against_nothing(four):
    ranked = four.rank(said({0: 0.5, 1: 0.4}), 2, [said({0: -0.9, 1: 0.1})])
    assert [each.entry for each in ranked] == [0, 1]


def test_a_follow_up_counts_both_together_and_the_message_alone_by_half(four):
    alone, joined = said({1: 0.4, 2: 0.1}, "alone"), said({0: 0.9, 1: 0.2, 2: 0.3, 3: 0.1}, "joined")
    # 1: 0.2 + 0.2; 2: 0.3 + 0.05, and 0.05 when it is related; 3: 0.1, too little; the entry before comes last.
    assert [each.entry for each in four.follow_up(alone, joined, 0, [], 4)] == [1, 2, 0]
    more = said({1: 0.4, 2: 0.12}, "alone")
    assert [each.entry for each in four.follow_up(more, joined, 0, [2], 4)] == [2, 1, 0]
    assert [each.entry for each in four.follow_up(alone, joined, 0, [], 2)] == [1, 2]


def test_a_follow_up_that_calls_for_nothing_else_is_about_the_entry_before(four):
    (only,) = four.follow_up(said({1: 0.2}), said({0: 0.8, 1: 0.1}), 0, [], 4)
    assert (only.entry, only.score) == (0, pytest.approx(0.8))
    assert [each.entry for each in four.follow_up(said({1: 0.2}), said({1: 0.18}), 0, [1], 4)] == [1, 0]  # 0.33
    assert [each.entry for each in four.follow_up(said({1: 0.2}), said({1: 0.18}), 0, [], 4)] == [0]  # 0.28


def test_what_was_asked_before_is_shown_though_nothing_of_it_is_near(four):
    (unseen,) = four.follow_up(said({}), said({1: 0.1}), 2, [3], 4)
    assert (unseen.entry, unseen.score, unseen.confidence, unseen.phrasing) == (2, 0, 0, 2)
    assert unseen.evidence == {"covered": 0.0}


# With a whole index.


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
