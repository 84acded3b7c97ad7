"""What a matcher is fitted on, worked out by hand from small corpora."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot import settings
from chatbot.arrays import NONE
from chatbot.building import training_set as module
from chatbot.building.training_set import fingerprint, fragments, point_texts, training_set
from chatbot.corpus.reader import Corpus, read_corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.records import Answer, LabelledQuestion
from chatbot.text.spelling import SpellingCorrector
from tests.builders import entry
from tests.conftest import ENTRY_IDS, PHRASINGS
from tests.fakes import WordEncoder

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen"
SPELLER = SpellingCorrector(["hamstring"], np.array([9]), np.array([], dtype=np.uint64))


# The texts that a query is compared with.


def test_phrasings_come_first_then_answers_that_help_then_look_alikes():
    found = point_texts(
        [
            entry("a", "a1", answers=(LONG, "Yes.")),
            entry("b", "b1", "b2", answers=(LONG, "- **Short** [@x; @y].\n- So."), kind="urgent", look_alikes=("lb",)),
            entry("c", "c1", "c2", "c3", answers=(LONG,)),
            entry("d", answers=(LONG,), kind="urgent", look_alikes=("ld", "le")),
        ]
    )
    phrasings = ["a", "a1", "b", "b1", "b2", "c", "c1", "c2", "c3", "d"]
    # Two phrasings are few, so that every answer helps; with three or more only a short one does.
    assert list(found.texts) == [*phrasings, LONG, "Yes.", "Short. So.", LONG, "lb", "ld", "le"]
    assert found.phrasings == 10
    assert found.entry_of.tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 0, 0, 1, 3, NONE, NONE, NONE]


def test_an_answer_of_twelve_words_is_short():
    twelve, thirteen = LONG.rpartition(" ")[0], LONG
    found = point_texts([entry("a", "b", "c", answers=(twelve, thirteen))])
    assert list(found.texts) == ["a", "b", "c", twelve]


# Sentences of harmless phrasings.

SIGN = entry("My leg is numb. It is cold too.", kind="urgent")


def test_fragments_are_the_sentences_of_harmless_phrasings_that_have_several():
    harmless = entry("One thing only?", "My back is stiff. What can I do?", "My back is stiff. Does yoga help it?")
    assert fragments([harmless, SIGN]) == ["My back is stiff.", "What can I do?", "Does yoga help it?"]


def test_without_warning_signs_no_fragments_are_needed():
    assert fragments([entry("My back is stiff. What can I do?")]) == []


def test_very_many_fragments_are_thinned_evenly(monkeypatch):
    monkeypatch.setattr(module, "_MOST_FRAGMENTS", 2)
    many = [entry(f"This is number {number}. What about number {number}?") for number in range(3)]
    # Every fourth of six: any more often would leave more than two.
    assert fragments([*many, SIGN]) == ["This is number 0.", "This is number 2."]


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
        return training_set(found, points, WordEncoder(64).encode(points.texts), SPELLER, vectorise)

    return make


def test_what_is_vectorised_and_in_which_stage(read, asked, corpus):
    path = corpus / "hips" / "pigeon-pose.md"
    longer = "alternate_questions:\n  - My hip is stiff. What can I do?\n"
    path.write_text(path.read_text().replace("alternate_questions:\n", longer))
    found = read('{"query": "my hamstrin hurts", "expected": ["how-long-hold"]}')
    assert [(name, stage, len(texts)) for name, stage, texts in asked] == [
        ("fragment-vectors", "phrasings", len(found.fragments.texts)),
        ("out-of-scope-vectors", "out-of-scope", 2),
        ("labelled-vectors", "phrasings", 1),
    ]
    assert asked[2][2] == ["my hamstring hurts"]
    assert found.fragments.texts == ["My hip is stiff.", "What can I do?"]
    assert list(found.out_of_scope.texts) == ["capital of france", "bake bread"]
    assert found.points.phrasings == PHRASINGS + 1
    assert found.urgent.tolist() == [False] * 10 + [True] * 2
    for texts, vectors in (
        (found.points.texts, found.vectors),
        (found.out_of_scope.texts, found.out_of_scope.vectors),
        (found.fragments.texts, found.fragments.vectors),
    ):
        assert vectors.tolist() == WordEncoder(64).encode(texts).tolist()


def test_which_phrasings_the_encoder_has_not_seen(read, corpus):
    assert read().held_out.all()
    found = read_corpus(corpus).checked()
    points = point_texts(found.entries)
    tuned = training_set(
        found, points, WordEncoder(64).encode(points.texts), SPELLER, lambda *given: WordEncoder(64).encode(given[2]),
        tuned=True,
    )  # fmt: skip
    assert tuned.held_out.tolist() == [is_held_out(text) for text in points.texts[:PHRASINGS]]
    assert 5 <= np.count_nonzero(tuned.held_out) <= 25  # 13 of 67 are to be expected


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
    assert list(first.assertions.texts) == [
        "My hamstring is tight. I have but it is stiff. How do I stretch?",
        "My hamstring is tight",
        "I have but it is stiff",
    ]
    assert first.expected == {ENTRY_IDS.index("how-often-stretch"), ENTRY_IDS.index("greeting")}
    assert (list(second.parts.texts), second.expected) == (["How do I stretch?"], frozenset())
    for texts in (first.parts, first.assertions, second.parts, second.assertions):
        assert texts.vectors.tolist() == WordEncoder(64).encode(texts.texts).tolist()
    vectorised = asked[2][2]
    assert len(set(vectorised)) == len(vectorised)


# What tells one fit from another.

ENTRIES = (entry("a", "a1"), entry("b", "b1", kind="urgent", look_alikes=("lb",)))
LABELLED = (LabelledQuestion("so stiff", ("a",)), LabelledQuestion("so tight", ()))


def fingerprint_of(entries=ENTRIES, labelled=LABELLED, points=None):
    corpus = Corpus(Path("corpus"), tuple(entries), {}, "", (), {}, {}, {}, tuple(labelled))
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
        # Entries: another text, another kind, another name, another order, a look-alike that is a phrasing.
        fingerprint_of((entry("a", "a2"), ENTRIES[1])),
        fingerprint_of((replace(ENTRIES[0], kind="small-talk"), ENTRIES[1])),
        fingerprint_of((replace(ENTRIES[0], id="c"), ENTRIES[1])),
        fingerprint_of(ENTRIES[::-1]),
        fingerprint_of((ENTRIES[0], entry("b", "b1", "lb", kind="urgent"))),
        # The same texts of other entries.
        fingerprint_of(points=replace(points, entry_of=points.entry_of[::-1])),
    ]
    out_of_scope.write_text("capital of spain\n")
    prints.append(fingerprint_of())
    out_of_scope.write_text("capital of france\n")
    with monkeypatch.context() as patch:
        patch.setattr(settings, "COSTS", replace(settings.COSTS, false_alarm=2.0))
        prints.append(fingerprint_of())
    monkeypatch.setattr(module, "MATCHER_VERSION", 0)
    prints.append(fingerprint_of())
    assert len(set(prints)) == len(prints) == 14


def test_what_a_fit_does_not_read_leaves_the_fingerprint_as_it_is():
    answer = Answer("", LONG)
    # Three phrasings are enough that a long answer is no point.
    before = replace(entry("c", "c1", "c2"), answers=(answer,))
    after = replace(before, answers=(replace(answer, text=f"{LONG} fourteen"),), avoid_if=("a new hip",))
    assert fingerprint_of((before, *ENTRIES)) == fingerprint_of((after, *ENTRIES))
