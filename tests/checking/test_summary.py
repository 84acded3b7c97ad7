"""The table and totals of a corpus, against counts by hand."""

import json

from chatbot.checking.summary import overview
from chatbot.corpus.reader import read_corpus


def write(path, question, answers, front=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    sections = "\n\n".join(f"## View {number}\n\n{text}" for number, text in enumerate(answers))
    path.write_text(f"---\nquestion: {question}\n{front}---\n{sections}\n")


def test_the_table_and_the_totals(tmp_path):
    (tmp_path / "sources.yaml").write_text("sources:\n- {id: one, title: One}\n- {id: two, title: Two}\n")
    alternates = "alternate_questions: [how, when]\n"
    # 3 words of 1 syllable each, in 1 sentence: 0.39 * 3 + 11.8 - 15.59 = -2.62; 2 in 2: -3.4; 5 of 20 in all: 33.56.
    write(tmp_path / "hips" / "a.md", "Why?", ["The cat sat [@one].", "Sit. Sit [@one]."], alternates)
    write(tmp_path / "hips" / "b.md", "What?", ["Flexibility exercises considerably improve mobility."])
    urgent = "kind: urgent\ncare: routine\nlook_alikes: [a, b]\n"
    write(tmp_path / "urgent" / "c.md", "Where?", ["Sit down now."], urgent)
    assert overview(read_corpus(tmp_path)).splitlines() == [
        "topic   entries  answers  words  grade  worst  phrasings",
        "hips          2        3      3   -2.6   33.6          4",
        "urgent        1        1      3   -2.6   -2.6          1",
        "all           3        4      3   -2.6   33.6          5",
        "",
        "entries by kind: 2 answer, 1 urgent, 0 small-talk",
        "entries with two or more viewpoints: 1",
        "sources cited: 1 of 2",
        "answers at grade 8 or below: 3 of 4 (75%)",
        "urgent signs: 1, with 2 look-alikes",
    ]


def test_trial_questions_are_counted_where_there_are_some(tmp_path):
    path = tmp_path / "faq.jsonl"
    path.write_text(json.dumps({"id": "a", "question": "Why?", "answer": "Sit down now."}) + "\n")
    trials = [{"query": f"question {number}", "expected": ["a"] if number % 3 else []} for number in range(8)]
    (tmp_path / "trial-questions.jsonl").write_text("\n".join(map(json.dumps, trials)))
    # 0, 3 and 6 have no answer.
    assert overview(read_corpus(path)).splitlines()[-2:] == [
        "urgent signs: 0, with 0 look-alikes",
        "trial questions: 5 with an answer, 3 without",
    ]


def test_without_topics(tmp_path):
    path = tmp_path / "faq.jsonl"
    path.write_text(json.dumps({"id": "a", "question": "Why?", "answer": "Sit down now."}) + "\n")
    assert overview(read_corpus(path)).splitlines()[1].split() == ["(none)", "1", "1", "3", "-2.6", "-2.6", "1"]


def test_an_empty_corpus(tmp_path):
    path = tmp_path / "faq.jsonl"
    path.write_text("{\n")
    assert overview(read_corpus(path)).splitlines() == [
        "topic  entries  answers  words  grade  worst  phrasings",
        "",
        "entries by kind: 0 answer, 0 urgent, 0 small-talk",
        "entries with two or more viewpoints: 0",
        "sources cited: 0 of 0",
        "answers at grade 8 or below: 0 of 0 (0%)",
        "urgent signs: 0, with 0 look-alikes",
    ]
