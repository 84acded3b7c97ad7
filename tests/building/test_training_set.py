"""What a matcher is fitted on, worked out by hand from small corpora."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building import training_set as module
from chatbot.building.training_set import corpus_points, fingerprint, out_of_scope_texts, point_texts, training_set
from chatbot.corpus.conditions import Conditions
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.matching.points import ALL_CLEAR, ANSWER, CAUTION, LOOK_ALIKE, NOT_CLEAR, PLAIN, SIGN
from chatbot.records import Answer, Condition, ConditionMessage, LabelledQuestion, Messages, Part
from chatbot.text.spelling import SpellingCorrector
from tests.builders import entry
from tests.conftest import ENTRY_IDS, LOOK_ALIKES, PHRASINGS, SHORT_ANSWERS
from tests.fakes import WordEncoder

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen"
SPELLER = SpellingCorrector(["hamstring"], np.array([9]), np.array([], dtype=np.uint64))


# Messages that the encoder may have been tuned on, and such as are held out.
KNOWN = [text for text in (f"message {number}" for number in range(60)) if not is_held_out(text)][:30]
HELD_OUT = [text for text in (f"message {number}" for number in range(60)) if is_held_out(text)][:5]


# The texts that a query is compared with.


def test_phrasings_come_first_then_answers_that_help_then_what_tells_signs():
    found = point_texts(
        [
            entry("a", "a1", answers=(LONG, "Yes.")),
            entry(
                "b",
                "b1",
                "b2",
                answers=(LONG, "- **Short** [@x; @y].\n- So."),
                kind="urgent",
                look_alikes=("lb",),
                messages=Messages(("mb",), ("mlb",), ("cb",)),
            ),
            entry("c", "c1", "c2", "c3", answers=(LONG,), kind="small-talk"),
            entry("d", answers=(LONG,), kind="urgent", look_alikes=("ld", "le")),
            entry("e", "e1", "e2", answers=(LONG,), kind="all-clear", messages=Messages((), ("nc",))),
        ]
    )
    phrasings = ["a", "a1", "b", "b1", "b2", "mb", "c", "c1", "c2", "c3", "d", "e", "e1", "e2"]
    # Two phrasings are few, so that every answer helps; with three or more only a short one does.
    answers = [LONG, "Yes.", "Short. So.", LONG]
    assert list(found.texts) == [*phrasings, *answers, "lb", "mlb", "cb", "ld", "le", "nc"]
    assert found.phrasings == 14
    owners = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4, 4, 0, 0, 1, 3, NONE, NONE, 1, NONE, NONE, NONE]
    assert found.entry_of.tolist() == owners
    assert found.kinds.tolist() == [
        *[ANSWER] * 2,
        *[SIGN] * 4,
        *[ANSWER] * 4,
        SIGN,
        *[ALL_CLEAR] * 3,
        *[ANSWER] * 2,
        *[SIGN] * 2,  # the answers of signs
        *[LOOK_ALIKE] * 2,
        CAUTION,
        *[LOOK_ALIKE] * 2,
        NOT_CLEAR,
    ]


def test_of_many_messages_for_an_answer_some_are_points_evenly_spread(monkeypatch):
    monkeypatch.setattr("chatbot.building.training_set._MESSAGES", 24)
    # The places 0, 29 / 23, 2 * 29 / 23 and so on, cut to whole numbers: all of thirty but these.
    spread = [text for place, text in enumerate(KNOWN) if place not in (4, 9, 14, 19, 24, 28)]
    found = point_texts([entry("a", "a1", messages=Messages(tuple(KNOWN))), entry("b")])
    assert list(found.texts[: found.phrasings]) == ["a", "a1", *spread, "b"]
    few = point_texts([entry("a", messages=Messages(tuple(KNOWN[:24])))])
    assert list(few.texts[: few.phrasings]) == ["a", *KNOWN[:24]]


def test_messages_for_an_answer_that_are_held_out_are_no_points():
    mixed = (HELD_OUT[0], KNOWN[0], *HELD_OUT[1:], KNOWN[1])
    found = point_texts([entry("a", messages=Messages(mixed)), entry("b", messages=Messages(tuple(HELD_OUT)))])
    assert list(found.texts[: found.phrasings]) == ["a", *KNOWN[:2], "b"]


def test_what_sounds_like_an_answer_s_question_is_no_point():
    found = point_texts([entry("a", "a1", "a2", messages=Messages(unanswered=(HELD_OUT[0], KNOWN[0])))])
    assert list(found.texts) == ["a", "a1", "a2", "Yes."]


@pytest.mark.parametrize(("kind", "of_kind"), [("urgent", SIGN), ("small-talk", ANSWER), ("all-clear", ALL_CLEAR)])
def test_all_messages_of_other_entries_are_points(kind, of_kind):
    found = point_texts([entry("a", kind=kind, messages=Messages((*KNOWN, *HELD_OUT)))])
    assert list(found.texts[: found.phrasings]) == ["a", *KNOWN, *HELD_OUT]
    assert set(found.kinds[: found.phrasings].tolist()) == {of_kind}


def test_of_very_many_messages_for_a_sign_some_are_points_and_all_cautions(monkeypatch):
    monkeypatch.setattr(module, "_SIGNS", 3)
    monkeypatch.setattr(module, "_LOOK_ALIKES", 2)
    messages = Messages(("s1", "s2", "s3", "s4", "s5"), ("l1", "l2", "l3"), ("c1", "c2", "c3"))
    found = point_texts([entry("a", "a1", "a2", kind="urgent", look_alikes=("l",), messages=messages)])
    assert list(found.texts) == ["a", "a1", "a2", "s1", "s3", "s5", "Yes.", "l", "l1", "l3", "c1", "c2", "c3"]


def test_an_answer_of_twelve_words_is_short():
    twelve, thirteen = LONG.rpartition(" ")[0], LONG
    found = point_texts([entry("a", "b", "c", answers=(twelve, thirteen))])
    assert list(found.texts) == ["a", "b", "c", twelve]


def test_messages_in_which_people_plainly_tell_what_they_have_are_none_of_a_sign(monkeypatch):
    twenty = " ".join(["hip"] * 20)
    told = [
        ConditionMessage("my new hip", "hip", said=True),
        ConditionMessage("my mum has a new hip", "hip", said=False),
        ConditionMessage("can I with my new hip?", "hip", said=True),
        ConditionMessage(twenty, "hip", said=True),
        ConditionMessage(f"{twenty} hip", "hip", said=True),
        ConditionMessage("the new hip, week 9", "hip", said=True),
    ]
    entries = (entry("a", "a1", "a2", answers=(LONG,)), entry("b", kind="urgent", look_alikes=("lb",)))
    corpus = Corpus(Path("corpus"), entries, {}, "", (), {}, {}, {}, conditions=Conditions((HIP,), tuple(told)))
    found, before = corpus_points(corpus), point_texts(entries)
    assert list(found.texts) == [*before.texts, "my new hip", twenty, "the new hip, week 9"]
    assert found.entry_of.tolist() == [*before.entry_of, NONE, NONE, NONE]
    assert found.kinds.tolist() == [*before.kinds, *[PLAIN] * 3]
    assert found.phrasings == before.phrasings
    # Of very many some, from all over their list.
    monkeypatch.setattr(module, "_PLAIN", 2)
    assert list(corpus_points(corpus).texts[len(before.texts) :]) == ["my new hip", "the new hip, week 9"]


# A whole training set.


@pytest.fixture
def asked():
    """What was vectorised: (name, stage, texts)."""
    return []


@pytest.fixture
def read(corpus, asked, tmp_path, monkeypatch):
    """Make the training set of the corpus copy, with these labelled questions in it."""
    (tmp_path / "out_of_scope.txt").write_text("capital of france\nbake bread\n")
    monkeypatch.setattr(settings, "out_of_scope_path", lambda: tmp_path / "out_of_scope.txt")

    def vectorise(name, stage, texts):
        asked.append((name, stage, list(texts)))
        return WordEncoder(64).encode(texts)

    def make(*lines):
        (corpus / "trial-questions.jsonl").write_text("\n".join(lines))
        found = read_corpus(corpus).checked()
        points = point_texts(found.entries)
        vectors = WordEncoder(64).encode(points.texts)
        return training_set(found, points, vectors, out_of_scope_texts(found, vectorise), SPELLER, vectorise)

    return make


def test_messages_of_a_conversation_are_exchanges_and_not_labelled(read, asked):
    found = read(
        '{"query": "and for both", "expected": ["how-long-hold"], "after": "pigeon-pose"}',
        '{"query": "how long", "expected": ["how-long-hold"]}',
        '{"query": "thanks", "expected": [], "after": "leg-clot"}',
    )
    assert [list(each.parts.texts) for each in found.labelled] == [["how long"]]
    said = ["and for both", "thanks"]
    assert list(found.exchanges.messages.texts) == said
    questions = ["Is pigeon pose safe for my knees?", "My calf is swollen, red and warm"]
    assert [entry.question for entry in found.exchanges.before] == questions
    joined = [f"{question} {message}" for question, message in zip(questions, said, strict=True)]
    assert asked[2:] == [
        ("turn-vectors", "phrasings", said),
        ("turn-joined-vectors", "phrasings", joined),
        ("turn-question-vectors", "phrasings", questions),
    ]


def test_what_is_vectorised_and_in_which_stage(read, asked):
    found = read('{"query": "my hamstrin hurts", "expected": ["how-long-hold"]}')
    assert [(name, stage, len(texts)) for name, stage, texts in asked] == [
        ("out-of-scope-vectors", "out-of-scope", 2),
        ("labelled-vectors", "phrasings", 1),
        ("turn-vectors", "phrasings", 0),
        ("turn-joined-vectors", "phrasings", 0),
        ("turn-question-vectors", "phrasings", 0),
    ]
    assert tuple(name for name, _, _ in asked) == (module.OUT_OF_SCOPE_ARRAY, *module.TRIAL_ARRAYS)
    assert len(found.exchanges) == 0
    assert asked[1][2] == ["my hamstring hurts"]
    assert list(found.out_of_scope.texts) == ["capital of france", "bake bread"]
    assert found.points.phrasings == PHRASINGS
    assert found.urgent.tolist() == [False] * 10 + [True] * 2
    # Three on doses, three on hips and two on the lower back; small talk and signs have no topic.
    assert found.topics.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, NONE, NONE, NONE, NONE]
    for texts, vectors in (
        (found.points.texts, found.vectors),
        (found.out_of_scope.texts, found.out_of_scope.vectors),
    ):
        assert vectors.tolist() == WordEncoder(64).encode(texts).tolist()


def test_which_points_the_encoder_has_not_seen(read, corpus):
    assert read().held_out.all()
    found = read_corpus(corpus).checked()
    points = point_texts(found.entries)

    def vectorise(*given):
        return WordEncoder(64).encode(given[2])

    vectors = WordEncoder(64).encode(points.texts)
    tuned = training_set(found, points, vectors, out_of_scope_texts(found, vectorise), SPELLER, vectorise, tuned=True)
    assert tuned.held_out.tolist() == [is_held_out(text) for text in points.texts]
    assert len(tuned.held_out) == PHRASINGS + SHORT_ANSWERS + LOOK_ALIKES
    assert 6 <= np.count_nonzero(tuned.held_out) <= 28  # 16 of 79 are to be expected


def test_what_sounds_like_the_question_of_an_answer_is_out_of_scope_unless_it_is_held_out(read, corpus):
    (corpus / "hips" / "pigeon-pose.messages.txt").write_text(f"unanswered:\n{KNOWN[0]}\n{HELD_OUT[0]}\n{KNOWN[1]}\n")
    (corpus / "urgent" / "leg-clot.messages.txt").write_text(f"look_alikes:\n{KNOWN[2]}\n")
    assert list(read().out_of_scope.texts) == ["capital of france", "bake bread", *KNOWN[:2]]


def test_labelled_questions_are_read_as_messages_are(read, asked):
    whole = "My hamstring is tight. I have no numbness but it is stiff. How do I stretch?"
    found = read(
        f'{{"query": "{whole.replace("hamstring", "hamstrin")}", "expected": ["how-often-stretch", "greeting"]}}',
        '{"query": "How do I stretch?", "expected": []}',
    )
    first, second = found.labelled
    assert list(first.parts.texts) == [
        whole,
        "My hamstring is tight.",
        "I have no numbness but it is stiff.",
        "How do I stretch?",
    ]
    assert first.expected == {ENTRY_IDS.index("how-often-stretch"), ENTRY_IDS.index("greeting")}
    assert (list(second.parts.texts), second.expected) == (["How do I stretch?"], frozenset())
    for texts in (first.parts, second.parts):
        assert texts.vectors.tolist() == WordEncoder(64).encode(texts.texts).tolist()
    vectorised = asked[1][2]
    assert len(set(vectorised)) == len(vectorised)


def test_messages_that_are_no_points_are_labelled_with_their_entry(read, corpus):
    (corpus / "hips" / "pigeon-pose.messages.txt").write_text("\n".join([*HELD_OUT[:2], *KNOWN[:2]]))
    (corpus / "urgent" / "leg-clot.messages.txt").write_text(HELD_OUT[2])
    (corpus / "small-talk" / "thanks.messages.txt").write_text(HELD_OUT[3])
    trial, *messages = read('{"query": "so stiff", "expected": []}').labelled
    assert (list(trial.parts.texts), trial.expected) == (["so stiff"], frozenset())
    assert [list(each.parts.texts) for each in messages] == [[text] for text in HELD_OUT[:2]]
    assert {each.expected for each in messages} == {frozenset({ENTRY_IDS.index("pigeon-pose")})}


def test_what_no_entry_answers_is_labelled_so_where_it_is_held_out(read, corpus):
    (corpus / "hips" / "pigeon-pose.messages.txt").write_text("\n".join(["unanswered:", KNOWN[0], *HELD_OUT[:2]]))
    labelled = read().labelled
    assert [(list(each.parts.texts), each.expected) for each in labelled] == [
        ([text], frozenset()) for text in HELD_OUT[:2]
    ]


def test_of_very_many_held_out_messages_every_so_manieth_is_labelled(read, corpus, monkeypatch):
    (corpus / "hips" / "pigeon-pose.messages.txt").write_text("\n".join(HELD_OUT))
    for most, kept in ((5, HELD_OUT[::2]), (2, [HELD_OUT[0], HELD_OUT[3]]), (6, HELD_OUT)):
        monkeypatch.setattr(module, "_MOST_HELD_OUT", most)
        assert [each.parts.texts[0] for each in read().labelled] == kept


# What tells one fit from another.

ENTRIES = (
    entry("a", "a1", messages=Messages((HELD_OUT[0],), unanswered=(KNOWN[0], HELD_OUT[1]))),
    entry("b", "b1", kind="urgent", look_alikes=("lb",), messages=Messages(cautions=("cb",))),
)
LABELLED = (LabelledQuestion("so stiff", ("a",)), LabelledQuestion("so tight", ()))
DOSE, FEEL = Part("dose", "how long", words=("seconds",)), Part("feel", "where to feel it", leads=("Feel",))
HIP = Condition("hip", "have a new hip", names=("new hip",))


def fingerprint_of(entries=ENTRIES, labelled=LABELLED, points=None, **tables):
    corpus = Corpus(Path("corpus"), tuple(entries), {}, "", (), {}, {}, {}, tuple(labelled), **tables)
    return fingerprint(corpus, points or point_texts(entries))


def test_the_fingerprint_is_that_of_all_that_a_fit_reads(tmp_path, monkeypatch):
    out_of_scope = tmp_path / "out_of_scope.txt"
    out_of_scope.write_text("capital of france\n")
    monkeypatch.setattr(settings, "out_of_scope_path", lambda: out_of_scope)
    points = point_texts(ENTRIES)
    prints = [
        fingerprint_of(),
        # Labelled questions: another text, another entry, fewer of them.
        fingerprint_of(labelled=(LabelledQuestion("so sore", ("a",)), LABELLED[1])),
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("b",)), LABELLED[1])),
        fingerprint_of(labelled=LABELLED[:1]),
        fingerprint_of(labelled=()),
        # What was said after an answer: the same after another one, and as another kind of turn or about another part.
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("a",), "a"), LABELLED[1])),
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("a",), "b"), LABELLED[1])),
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("a",), "b", "changed"), LABELLED[1])),
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("a",), "b", "part", "dose"), LABELLED[1])),
        fingerprint_of(labelled=(LabelledQuestion("so stiff", ("a",), "b", "part", "feel"), LABELLED[1])),
        # Tables: a part, in another order, a condition and by another name, and what is said of one.
        fingerprint_of(parts=(DOSE,)),
        fingerprint_of(parts=(DOSE, FEEL)),
        fingerprint_of(parts=(FEEL, DOSE)),
        fingerprint_of(conditions=Conditions((HIP,))),
        fingerprint_of(conditions=Conditions((replace(HIP, names=("thr",)),))),
        fingerprint_of(conditions=Conditions((HIP,), (ConditionMessage("my new hip", "hip", said=True),))),
        fingerprint_of(conditions=Conditions((HIP,), (ConditionMessage("my new hip", "hip", said=False),))),
        # Entries: another text, another kind, another name, another order, a look-alike that is a phrasing.
        fingerprint_of((entry("a", "a2"), ENTRIES[1])),
        fingerprint_of((replace(ENTRIES[0], kind="small-talk"), ENTRIES[1])),
        fingerprint_of((replace(ENTRIES[0], id="c"), ENTRIES[1])),
        fingerprint_of(ENTRIES[::-1]),
        # Another topic, and another related entry.
        fingerprint_of((replace(ENTRIES[0], topic="elsewhere"), ENTRIES[1])),
        fingerprint_of((replace(ENTRIES[0], related=("b",)), ENTRIES[1])),
        fingerprint_of((ENTRIES[0], entry("b", "b1", "lb", kind="urgent"))),
        # Messages: another one that is held out, and what may be a sign as a look-alike.
        fingerprint_of((replace(ENTRIES[0], messages=Messages((HELD_OUT[1],))), ENTRIES[1])),
        fingerprint_of((ENTRIES[0], replace(ENTRIES[1], messages=Messages(look_alikes=("cb",))))),
        # What sounds like an answer's question: another one, which is or is not held out, or one less.
        fingerprint_of(
            (replace(ENTRIES[0], messages=Messages((HELD_OUT[0],), unanswered=(KNOWN[1], HELD_OUT[1]))), ENTRIES[1])
        ),
        fingerprint_of(
            (replace(ENTRIES[0], messages=Messages((HELD_OUT[0],), unanswered=(KNOWN[0], HELD_OUT[2]))), ENTRIES[1])
        ),
        fingerprint_of((replace(ENTRIES[0], messages=Messages((HELD_OUT[0],), unanswered=(KNOWN[0],))), ENTRIES[1])),
        # The same texts of other entries, or of other kinds.
        fingerprint_of(points=replace(points, entry_of=points.entry_of[::-1])),
        fingerprint_of(points=replace(points, kinds=points.kinds[::-1])),
    ]
    out_of_scope.write_text("capital of spain\n")
    prints.append(fingerprint_of())
    out_of_scope.write_text("capital of france\n")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "COSTS", replace(settings.COSTS, wrong_answer=2.0))
        prints.append(fingerprint_of())
    with monkeypatch.context() as patch:
        patch.setattr(settings, "FALSE_ALARMS", replace(settings.FALSE_ALARMS, urgent_to_ordinary=0.1))
        prints.append(fingerprint_of())
    with monkeypatch.context() as patch:
        patch.setattr(settings, "PROMISE", 0.1)
        prints.append(fingerprint_of())
    monkeypatch.setattr(module, "MATCHER_VERSION", 0)
    prints.append(fingerprint_of())
    assert len(set(prints)) == len(prints) == 36


def test_what_a_fit_does_not_read_leaves_the_fingerprint_as_it_is():
    answer = Answer("", LONG)
    # Three phrasings are enough that a long answer is no point.
    before = replace(entry("c", "c1", "c2"), answers=(answer,))
    after = replace(before, answers=(replace(answer, text=f"{LONG} fourteen"),), avoid_if=("a new hip",))
    assert fingerprint_of((before, *ENTRIES)) == fingerprint_of((after, *ENTRIES))
    # That an item means no condition is for whoever checks the corpus.
    assert fingerprint_of(conditions=Conditions(none=frozenset({"a new hip"}))) == fingerprint_of()
