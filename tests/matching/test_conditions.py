"""What people say of themselves: where a condition is named, and the features that tell whether its writer has it."""

import zlib

import numpy as np
import pytest

from chatbot.building.conditions import fit_conditions
from chatbot.matching.conditions import BUCKETS, Conditions, Mention, Told, features
from chatbot.records import Condition, ConditionMessage


def condition(name, *names):
    return Condition(name, f"have {name}", None, names)


HIP = condition("hip", "new hip", "hip* replac*", "hip is steel/metal")
WEEKS = condition("pregnancy", "pregnan*", "# weeks along", "IVF")


def bucket(kind, text):
    return zlib.crc32(f"{kind} {text}".encode()) % BUCKETS


def weighing(intercept=0.0, **kinds):
    """Weights of some features by kind, as texts with their weights."""
    weights = np.zeros((3, BUCKETS + 1), dtype=np.float32)
    weights[:, -1] = intercept, -1, -1
    for kind, texts in kinds.items():
        for text, weight in texts.items():
            weights[0, bucket(kind, text)] = weight
    return weights


def finder(*conditions, weights=None):
    return Conditions(conditions, weighing(1) if weights is None else weights)


def named(message, *names):
    """The words that a name of one condition takes up in a message, and those between."""
    (mention,) = finder(condition("it", *names)).mentions(message) or [None]
    return mention and " ".join(mention.words[mention.start : mention.end])


# Names.


@pytest.mark.parametrize(
    ("name", "message", "found"),
    [
        ("new hip", "I have a new hip", "new hip"),
        ("New Hip", "NEW HIP here", "new hip"),
        ("new hip", "a new left hip", "new left hip"),
        ("new hip", "a new and much better hip", "new and much better hip"),  # three words between
        ("new hip", "a new and so much better hip", None),  # four
        ("new hip", "my hip is new", None),  # in its order
        ("new hip", "new. hip", None),  # in one sentence
        ("new hip", "new, hip", "new , hip"),  # a comma counts as a word between
        ("new hip", "a new hips", None),
        ("new hip*", "two new hips", "new hips"),
        ("hip* replac*", "hips were replaced", "hips were replaced"),
        ("hip* replac*", "hip replacement", "hip replacement"),
        ("hi*", "hip", "hip"),
        ("hip*", "whip", None),
        ("steel/metal hip", "a metal hip", "metal hip"),
        ("steel/metal hip", "a steel hip", "steel hip"),
        ("hip steel/met*", "hip made of metals", "hip made of metals"),
        ("# weeks along", "12 weeks along", "12 weeks along"),
        ("# weeks along", "twelve weeks along", None),
        ("grade #", "a grade 2 tear", "grade 2"),
        ("grade #", "a grade two tear", None),
        ("parkinson's", "i have Parkinson’s", "parkinson's"),
        ("ivf", "we did IVF?", "ivf"),
        ("hip", "hip", "hip"),
    ],
)
def test_a_name_and_where_it_stands(name, message, found):
    assert named(message, name) == found


def test_of_several_names_the_longest_counts():
    assert named("hip replacement", "hip", "hip replacement") == "hip replacement"
    assert named("replaced hip joint", "replaced hip", "hip joint", "replaced joint") == "replaced hip joint"


def test_of_several_places_of_a_sentence_the_first_counts():
    (mention,) = finder(condition("it", "hip")).mentions("his hip or my hip")
    assert (mention.start, mention.end) == (1, 2)


def test_each_condition_is_found_once_a_sentence_and_all_of_them_are():
    found = finder(HIP, WEEKS).mentions("i am pregnant. my mum has a new hip. she is pregnant, too")
    assert [(each.condition, " ".join(each.words)) for each in found] == [
        (1, "i am pregnant ."),
        (0, "my mum has a new hip ."),
        (1, "she is pregnant , too"),
    ]
    found = finder(HIP, WEEKS).mentions("pregnant with a new hip, 12 weeks along with that new hip")
    assert [(each.condition, each.start, each.end) for each in found] == [(1, 6, 9), (0, 3, 5)]


def test_a_mention_has_the_words_of_its_sentence():
    (mention,) = finder(HIP).mentions("Hello! I've a New-ish hip, it hurts? Why")
    assert mention == Mention(0, ("i've", "a", "new", "ish", "hip", ",", "it", "hurts", "?"), 2, 5, "")


@pytest.mark.parametrize("message", ["", "my hips are new to this", "?", "12 weeks of rest"])
def test_what_names_nothing(message):
    assert finder(HIP, WEEKS).mentions(message) == []
    assert finder(HIP, WEEKS).told(message).said == {}
    assert finder().mentions("a new hip") == []


# How long ago.


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("new hip 3 months ago", "3 months ago"),
        ("new hip, 10 wks", "10 wks"),
        ("a new hip since a year", "a year"),
        ("new hip a couple of weeks ago", "couple of weeks ago"),
        ("Twelve Weeks Ago I got a new hip", "twelve weeks ago"),
        ("new hip in March", "in march"),
        ("new hip since 2019", "since 2019"),
        ("new hip last year, 3 weeks of rest", "last year"),  # the first of several
        ("new hip yesterday", "yesterday"),
        ("new hip 3 kids", ""),
        ("new hip in 1850", ""),
        ("I rested 3 weeks. new hip", ""),  # in another sentence
    ],
)
def test_how_long_ago_or_how_far_along(said, when):
    assert finder(HIP).told(said).said == {"hip": when}


# Features.


def test_the_features_of_a_mention_by_hand():
    kinds = {
        "marked": ["my", "<it>", "hurts", "my <it>", "<it> hurts", "my <it> hurts"],
        "before": ["my", "my<it>"],  # the one, two and three words before are the same
        "behind": ["hurts", "<it>hurts"],
        "begin": ["my", "my <it>", "my <it> hurts"],
        "whole": [
            *("my", "new", "hip", "hurts", "ok"),
            *("my new", "new hip", "hip hurts", "hurts ok"),
            *("my new hip", "new hip hurts", "hip hurts ok"),
        ],
    }
    wanted = {bucket(kind, text): len(texts) ** -0.5 for kind, texts in kinds.items() for text in texts}
    assert len(wanted) == sum(map(len, kinds.values()))  # no two in one bucket
    found = features(Mention(0, ("my", "new", "hip", "hurts"), 1, 3, ""), "My new hip hurts - ok")
    assert found == pytest.approx(wanted)


def test_words_around_a_name_are_read_with_as_many_as_four_together():
    mention = Mention(0, ("a", "b", "c", "d", "hip", "e", "f", "g", "h"), 4, 5, "")
    found = features(mention, "")
    for kind, text, there in (
        ("marked", "b c d <it>", True),
        ("marked", "a b c d <it>", False),
        ("marked", "c d <it> e", True),
        ("before", "a", True),
        ("before", "b c d<it>", True),
        ("before", "a b c d<it>", False),
        ("before", "c d<it>", True),
        ("behind", "<it>e f g", True),
        ("behind", "<it>e f g h", False),
        ("begin", "a b c", True),
        ("begin", "a b c d", False),
        ("whole", "a", False),
    ):
        assert (bucket(kind, text) in found) is there, (kind, text)


def test_a_feature_is_the_same_for_each_condition_and_name():
    first, second = (
        features(Mention(row, ("i", "have", *name, "."), 2, 2 + len(name), ""), "")
        for row, name in enumerate([("new", "hip"), ("ivf",)])
    )
    assert first == second


# Whether the writer has it.


def test_what_speaks_for_it_must_weigh_more_than_what_speaks_against_it():
    # Of "my <it>" there are three runs in `marked`, each of which has 3 ** -0.5.
    for intercept, has in ((-0.5, True), (-0.6, False)):
        some = finder(HIP, weights=weighing(intercept, marked={"my": 1.0}))
        assert some.told("my new hip").said == ({"hip": ""} if has else {})
    assert finder(HIP, weights=weighing(0)).told("my new hip").said == {}  # as much for as against


def test_each_condition_of_a_message_is_told_by_the_words_around_it():
    some = finder(HIP, WEEKS, weights=weighing(-0.01, before={"i": 1.0, "mum": -1.0}))
    assert some.told("i am pregnant. my mum has a new hip, 3 weeks ago").said == {"pregnancy": ""}
    assert some.told("i have a new hip 3 weeks ago. my mum is pregnant").said == {"hip": "3 weeks ago"}


def test_who_says_it_once_has_it_whatever_else_is_said_of_others():
    some = finder(HIP, weights=weighing(-0.01, before={"i": 1.0, "mum": -1.0}))
    for message in ("my mum has a new hip. i have a new hip", "i have a new hip. my mum has a new hip"):
        assert some.told(message).said == {"hip": ""}
    # When that was is taken from what is said of the writer.
    assert some.told("my mum has a new hip, 3 weeks ago. i have a new hip").said == {"hip": ""}


def test_the_first_time_that_is_said_counts():
    some = finder(HIP, WEEKS)
    assert some.told("a new hip. the new hip came 3 weeks ago").said == {"hip": "3 weeks ago"}
    assert some.told("a new hip, 3 weeks ago. the new hip hurts").said == {"hip": "3 weeks ago"}
    assert some.told("a new hip, 3 weeks ago. the new hip came in march").said == {"hip": "3 weeks ago"}
    assert some.told("a new hip. pregnant, 12 weeks. ivf").said == {"hip": "", "pregnancy": "12 weeks"}


def test_without_weights_nothing_is_said_of_anybody():
    some = Conditions([HIP])
    assert [mention.condition for mention in some.mentions("i have a new hip")] == [0]
    assert some.told("i have a new hip").said == {}


def test_what_is_learnt_of_one_condition_holds_for_another():
    mine = ["i have a new hip", "i got a new hip", "with a new hip", "i had a new hip put in"]
    others = ["my mum has a new hip", "he got a new hip", "can dogs get a new hip", "do i need a new hip"]
    messages = [ConditionMessage(text, "hip", text in mine) for text in (*mine, *others)]
    learnt = Conditions([HIP, WEEKS], fit_conditions([HIP, WEEKS], messages))
    assert [learnt.told(text).said for text in ("i have ivf", "my mum has ivf")] == [{"pregnancy": ""}, {}]


def test_conditions_by_their_ids():
    some = finder(HIP, WEEKS)
    assert some.ids == {"hip": 0, "pregnancy": 1}
    assert some.of(["pregnancy", "gone", "hip"]) == [WEEKS, HIP]


# Several conditions in one message.


def test_another_name_in_the_sentence_is_a_mark_as_well():
    found = finder(HIP, WEEKS).mentions("pregnant and a new hip")
    assert [(each.condition, each.start, each.end, each.others) for each in found] == [
        (1, 0, 1, ((3, 5),)),
        (0, 3, 5, ((0, 1),)),
    ]
    weeks, hip = (features(each, "") for each in found)
    assert bucket("before", "<other>") in hip
    assert bucket("before", "pregnant") not in hip
    assert bucket("marked", "<other> and a <it>") in hip
    assert bucket("marked", "<it> and a <other>") in weeks
    assert bucket("behind", "hip") not in weeks


def test_names_that_overlap_are_no_marks_for_each_other():
    found = finder(HIP, condition("surgery", "hip replaced")).mentions("hip replaced")
    assert [each.others for each in found] == [(), ()]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("new hip 3 weeks ago and ivf", {"hip": "3 weeks ago", "pregnancy": ""}),
        ("new hip and ivf 3 weeks ago", {"hip": "", "pregnancy": "3 weeks ago"}),
        ("3 weeks ago a new hip, and ivf", {"hip": "3 weeks ago", "pregnancy": ""}),
        ("ivf, new hip", {"hip": "", "pregnancy": ""}),
    ],
)
def test_how_long_ago_is_said_of_the_nearest(message, said):
    assert finder(HIP, WEEKS).told(message).said == said


def test_how_long_ago_is_said_of_all_that_stands_there():
    some = finder(HIP, condition("surgery", "hip replaced"))
    assert some.told("hip replaced in march").said == {"hip": "in march", "surgery": "in march"}


# Two readings of one message.


def test_two_readings_of_a_message_joined():
    first = Told({"hip": "", "gout": "in may"}, frozenset({"hip"}), frozenset({"asthma", "ivf"}))
    second = Told({"hip": "3 weeks ago", "gout": "", "ivf": ""}, frozenset({"ivf", "gout"}), frozenset({"ms"}))
    assert first.joined(second) == Told(
        {"hip": "3 weeks ago", "gout": "in may", "ivf": ""}, frozenset({"ivf"}), frozenset({"asthma", "ms"})
    )
