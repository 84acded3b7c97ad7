"""The table and totals of a corpus, against counts by hand."""

from chatbot.checking.summary import overview
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put, put_lines


def test_the_table_and_the_totals(tmp_path):
    (tmp_path / "sources.yaml").write_text("sources:\n- {id: one, title: One}\n- {id: two, title: Two}\n")
    # 3 words of 1 syllable each, in 1 sentence: 0.39 * 3 + 11.8 - 15.59 = -2.62; 2 in 2: -3.4; 5 of 20 in all: 33.56.
    views = {"View 1": "The cat sat [@one].", "View 2": "Sit. Sit [@one]."}
    put(tmp_path / "hips" / "a.md", markdown("Why?", views, ["how", "when"]))
    put(tmp_path / "hips" / "b.md", markdown("What?", {"A": "Flexibility exercises considerably improve mobility."}))
    urgent = "kind: urgent\ncare: routine\nlook_alikes: [a, b]\n"
    put(tmp_path / "urgent" / "c.md", markdown("Where?", {"A": "Sit down now."}, front=urgent))
    assert overview(read_corpus(tmp_path)).splitlines() == [
        "topic   entries  answers  words  grade  worst  phrasings",
        "hips          2        3      3   -2.6   33.6          4",
        "urgent        1        1      3   -2.6   -2.6          1",
        "all           3        4      3   -2.6   33.6          5",
        "",
        "entries by kind: 2 answer, 1 urgent, 0 small-talk, 0 all-clear",
        "entries with two or more viewpoints: 1",
        "sources cited: 1 of 2",
        "answers at grade 8 or below: 3 of 4 (75%)",
        "urgent signs: 1, with 2 look-alikes",
    ]


def test_trial_questions_are_counted_where_there_are_some(tmp_path):
    path = put_lines(tmp_path / "faq.jsonl", {"id": "a", "question": "Why?", "answer": "Sit down now."})
    trials = [{"query": f"question {number}", "expected": ["a"] if number % 3 else []} for number in range(8)]
    put_lines(tmp_path / "trial-questions.jsonl", *trials)
    # 0, 3 and 6 have no answer.
    assert overview(read_corpus(path)).splitlines()[-2:] == [
        "urgent signs: 0, with 0 look-alikes",
        "trial questions: 5 with an answer, 3 without",
    ]


def test_without_topics(tmp_path):
    path = put_lines(tmp_path / "faq.jsonl", {"id": "a", "question": "Why?", "answer": "Sit down now."})
    assert overview(read_corpus(path)).splitlines()[1].split() == ["(none)", "1", "1", "3", "-2.6", "-2.6", "1"]


def test_an_empty_corpus(tmp_path):
    path = put(tmp_path / "faq.jsonl", "{\n")
    assert overview(read_corpus(path)).splitlines() == [
        "topic  entries  answers  words  grade  worst  phrasings",
        "",
        "entries by kind: 0 answer, 0 urgent, 0 small-talk, 0 all-clear",
        "entries with two or more viewpoints: 0",
        "sources cited: 0 of 0",
        "answers at grade 8 or below: 0 of 0 (0%)",
        "urgent signs: 0, with 0 look-alikes",
    ]
