"""The messages beside an entry: what people write who want its answer."""

import pytest

from chatbot.corpus.reader import read_corpus
from chatbot.records import Messages

ENTRY = "---\nquestion: Why are my calves tight?\n---\n## Physiotherapy\nThey work all day.\n"
URGENT = "---\nquestion: My calf is hot?\nkind: urgent\ncare: same-day\n---\n## Care\nSee a doctor today.\n"


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    write("calves/tight.md", ENTRY)
    write("calves/hot.md", URGENT)
    return write


def read(folder):
    corpus = read_corpus(folder)
    return corpus, [str(problem).removeprefix(f"{folder}/") for problem in corpus.problems]


def test_messages_are_phrasings_of_the_entry_beside_them(tmp_path, write):
    write("calves/tight.messages.txt", "\ufeffStairs hurt  the back of my legs\r\n\r\n\tBrick calves: help\r\n")
    corpus, problems = read(tmp_path)
    assert problems == []
    (entry,) = [entry for entry in corpus.entries if entry.id == "tight"]
    assert entry.messages == Messages(("Stairs hurt the back of my legs", "Brick calves: help"))
    assert entry.phrasings == ("Why are my calves tight?", *entry.messages.phrasings)
    assert entry.alternate_questions == ()
    assert set(corpus.files) == {"calves/tight.md", "calves/tight.messages.txt", "calves/hot.md"}


def test_lists_of_an_urgent_entry(tmp_path, write):
    write("calves/hot.messages.txt", "hot calf\nlook_alikes:\nhot day\nhot soup\n\ncautions:\nwarm calf\n")
    corpus, problems = read(tmp_path)
    assert problems == []
    assert [entry.messages for entry in corpus.entries if entry.id == "hot"] == [
        Messages(("hot calf",), ("hot day", "hot soup"), ("warm calf",))
    ]


def test_an_answer_may_have_what_is_unanswered_and_no_cautions(tmp_path, write):
    write("calves/tight.messages.txt", "one\n\nunanswered:\ntwo\nthree\ncautions:\nfour\n")
    corpus, problems = read(tmp_path)
    advice = "an entry of kind 'answer' has no 'cautions'; remove them, or mend its `kind:`"
    assert problems == [f"calves/tight.messages.txt:7: {advice}"]
    assert [entry.messages for entry in corpus.entries if entry.id == "tight"] == [
        Messages(("one",), unanswered=("two", "three"))
    ]


def test_what_is_said_to_be_unanswered_and_an_entry_answers_is_told(tmp_path, write):
    write("calves/tight.messages.txt", "one\nunanswered:\ncalf of a cow\nMy calf is hot\nOne!\n")
    write("calves/hot.messages.txt", "two\nlook_alikes:\none\n")
    assert read(tmp_path)[1] == [
        f"calves/tight.messages.txt:{line}: warning: {message!r} stands in {entry!r} as well, which answers it; keep it"
        " in one place"
        for line, message, entry in ((4, "My calf is hot", "hot"), (5, "One!", "tight"))
    ]


@pytest.mark.parametrize(
    ("kind", "name"), [("small-talk", "look_alikes"), ("small-talk", "unanswered"), ("answer", "look_alikes")]
)
def test_who_has_no_such_list(tmp_path, write, kind, name):
    write("calves/tight.md", ENTRY.replace("question:", f"kind: {kind}\nquestion:"))
    write("calves/tight.messages.txt", f"one\n\n{name}:\ntwo\n")
    _, problems = read(tmp_path)
    advice = f"an entry of kind {kind!r} has no {name!r}; remove them, or mend its `kind:`"
    assert problems == [f"calves/tight.messages.txt:4: {advice}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one\nlookalikes:\ntwo", "2: no list of messages is called 'lookalikes'; did you mean 'look_alikes'?"),
        ("one\nLook alikes:\ntwo", "2: no list of messages is called 'Look alikes'; did you mean 'look_alikes'?"),
        ("one\nlook-alikes:\ntwo", "2: no list of messages is called 'look-alikes'; did you mean 'look_alikes'?"),
        ("one\n" + "x" * 1001, "2: 1,001 characters in a message; at most 1,000: shorten it"),
        ("\n".join(f"message {n}" for n in range(1002)), "1001: 1,002 phrasings; at most 1,000: split the entry"),
    ],
    ids=["name", "words", "hyphen", "long", "many"],
)
def test_what_is_wrong_with_messages(tmp_path, write, text, problem):
    write("calves/hot.messages.txt", text)
    assert read(tmp_path)[1] == [f"calves/hot.messages.txt:{problem}"]


def test_messages_of_no_entry(tmp_path, write):
    write("calves/cold.messages.txt", "cold calf")
    corpus, problems = read(tmp_path)
    assert problems == [
        "calves/cold.messages.txt:1: there is no entry calves/cold.md; give these messages the name of their entry,"
        " or remove them"
    ]
    assert "calves/cold.messages.txt" in corpus.files  # so that its removal is seen


def test_a_message_that_two_entries_have(tmp_path, write):
    write("calves/tight.messages.txt", "first\nWarm, tight calf?")
    write("calves/hot.messages.txt", "warm tight calf")
    (problem,) = read(tmp_path)[1]
    assert problem.startswith("calves/tight.messages.txt:2: warning: the phrasing 'Warm, tight calf?' also stands in")
