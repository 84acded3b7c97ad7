"""Questions alike, and questions in the wrong entry: vectors that count words, so that every cosine is known."""

import pytest

from chatbot.building.build import build
from chatbot.checking.duplicates import Phrasings, check_vectors
from chatbot.corpus.reader import read_corpus
from chatbot.index.index import Index
from tests.fakes import WordEncoder

pytestmark = pytest.mark.usefixtures("quick_builds")


def write(folder, name, question, alternates, kind="answer"):
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    ways = "".join(f"  - {way}\n" for way in alternates)
    care = "kind: urgent\ncare: routine\n" if kind == "urgent" else ""
    path.write_text(f"---\nquestion: {question}\nalternate_questions:\n{ways}{care}---\n## A\n\nText of {name}.\n")


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    write(folder, "a/hip", "hip stretch", ["stretch hip floor", "hip stretch chair"])
    write(folder, "a/neck", "neck pain", ["neck pain turn", "pain neck pillow"])
    return folder


def problems(folder):
    encoder, index = WordEncoder(4096), folder.parent / "index"
    build(folder, index, encoder=encoder)
    checked = check_vectors(read_corpus(folder), Index.open(index, encoder))
    return [str(problem).removeprefix(f"{folder}/") for problem in checked]


def test_entries_apart(corpus):
    assert problems(corpus) == []


def test_the_same_question_in_other_words_order_and_form(corpus):
    # 10 of 11 words are the same: cosine 0.91. The words that tell are knee, stretching and flexors, in both.
    write(corpus, "b/one", "what can i do if it is my knee stretching flexors", ["what can i do if it is my knee"])
    write(corpus, "b/two", "knee what can i do if it is my stretching flexers", ["what can i do if it is my flexers"])
    assert problems(corpus) == [
        "b/two.md:2: warning: 'knee what can i do if it is my stretching flexers' asks what 'what can i do if it is my"
        " knee stretching flexors' does in 'one' (cosine 0.91); keep one of them"
    ]


def test_k9_the_same_question_word_for_word_is_told_once(corpus):
    write(corpus, "b/one", "what can i do if it is my inner knee", ["inner knee"])
    write(corpus, "b/two", "What can I do if it is my inner knee?", ["outer knee"])
    assert problems(corpus) == []
    (problem,) = read_corpus(corpus).problems
    assert "is that of 'one', too (b)" in str(problem)


def test_a_word_that_tells_two_questions_apart(corpus):
    write(corpus, "b/one", "what can i do if it is my inner knee", ["inner knee"])
    write(corpus, "b/two", "what can i do if it is my outer knee", ["outer knee"])
    assert problems(corpus) == []


def test_alike_in_words_but_not_in_vector(corpus):
    # Both say knee and bend; 2 of 3 and 8 words are the same: cosine 2 / sqrt(24) = 0.41.
    write(corpus, "b/one", "can knee bend", ["knee bend knee"])
    write(corpus, "b/two", "what should i do if my knee bend", ["if my knee bend"])
    assert problems(corpus) == []


@pytest.mark.parametrize("block", [1 << 24, 3])  # cosines at once, of 7 questions with 2 centroids
def test_a_question_in_the_wrong_entry(corpus, monkeypatch, block):
    monkeypatch.setattr("chatbot.checking.duplicates._COSINES_AT_ONCE", block)
    write(corpus, "a/hip", "hip stretch", ["stretch hip floor", "hip stretch chair", "neck pain bed"])
    assert problems(corpus) == [
        "a/hip.md:6: warning: 'neck pain bed' is nearer to 'neck' than to the rest of its own entry;"
        " move it there, or say here what it is about"
    ]


def test_a_question_does_not_speak_for_itself(corpus):
    # With itself in the centroid of its entry it would be about as near to that as to neck's.
    write(corpus, "b/ankle", "ankle bend", ["neck pain bed"])
    assert problems(corpus) == [
        "b/ankle.md:4: warning: 'neck pain bed' is nearer to 'neck' than to the rest of its own entry;"
        " move it there, or say here what it is about"
    ]


def test_one_other_question_like_it_is_enough(corpus):
    # Its own centroid is still further off than that of neck, but its own nearest phrasing is not.
    write(
        corpus, "a/hip", "hip stretch", ["stretch hip floor", "hip stretch chair", "neck pain bed", "pain bed neck hip"]
    )
    assert problems(corpus) == []


def test_one_other_question_with_its_words_is_enough(corpus):
    # Their cosine is 1 / 3, and 8 / 9 that to the knee's, with which it shares no word that tells anything.
    write(corpus, "b/ankle", "ankle", ["what can i do if it is my ankle"])
    write(corpus, "b/knee", "what can i do if it is my knee", [])
    assert problems(corpus) == []


def test_a_question_without_company_has_no_entry_to_leave(corpus):
    write(corpus, "b/alone", "neck pain left", [])
    assert problems(corpus) == []


def test_warning_signs_stand_apart(corpus):
    write(corpus, "urgent/cord", "numb hands", ["clumsy numb hands", "neck pain bed"], kind="urgent")
    assert problems(corpus) == []
    write(corpus, "urgent/fall", "neck pain fall", ["neck pain bed fall", "pain neck fall"], kind="urgent")
    assert problems(corpus) == [
        "urgent/cord.md:5: warning: 'neck pain bed' is nearer to 'fall' than to the rest of its own entry;"
        " move it there, or say here what it is about"
    ]


def test_one_entry_alone(tmp_path):
    write(tmp_path / "corpus", "a/hip", "hip stretch", ["stretch hip floor"])
    assert problems(tmp_path / "corpus") == []


def objection(folder, text, entry, look_alike=False):
    encoder, index = WordEncoder(4096), folder.parent / "index"
    build(folder, index, encoder=encoder)
    phrasings = Phrasings(Index.open(index, encoder))
    vector = encoder.encode([text])[0]
    return phrasings.look_alike_objection(text, vector) if look_alike else phrasings.objection(text, vector, entry)


def test_k24_what_a_check_would_say_of_a_further_question(corpus):
    # The same as the check says above of what stands in the corpus.
    assert objection(corpus, "neck pain bed", "neck") is None
    assert objection(corpus, "neck pain bed", "hip") == (
        "'neck pain bed' is nearer to 'neck' than to the rest of its own entry"
    )
    assert objection(corpus, "Hip, stretch!", "neck") == "'Hip, stretch!' stands in 'hip' already"
    assert objection(corpus, "hip stretch", "hip") == "'hip stretch' stands in 'hip' already"
    write(corpus, "b/one", "what can i do if it is my knee stretching flexors", ["what can i do if it is my knee"])
    write(corpus, "b/two", "flexers", ["what can i do if it is my flexers"])
    asked = "knee what can i do if it is my stretching flexers"
    twice = "asks what 'what can i do if it is my knee stretching flexors' does in 'one' (cosine 0.91)"
    assert objection(corpus, asked, "two") == f"{asked!r} {twice}"
    assert objection(corpus, asked, "one") is None


def test_k24_a_look_alike_must_not_ask_what_a_sign_does(corpus):
    write(corpus, "urgent/cord", "clumsy numb hands", ["hands numb neck"], kind="urgent")
    assert objection(corpus, "numb clumsy hand hands", None, look_alike=True) is None  # cosine 3 / sqrt(12) = 0.87
    assert objection(corpus, "hands clumsy numb", None, look_alike=True) == (
        "'hands clumsy numb' asks what 'clumsy numb hands' does in 'cord' (cosine 1.00)"
    )
    assert objection(corpus, "Clumsy, numb hands", None, look_alike=True)  # word for word is no less so
    assert objection(corpus, "hip stretch", None, look_alike=True) is None  # an answer may have it
