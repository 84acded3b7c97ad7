"""A corpus on disk: every problem at once, hostile files, and what counts as a change."""

import hashlib
import json
import os
import shutil

import pytest

from chatbot.corpus.disclaimers import DEFAULT_DISCLAIMERS
from chatbot.corpus.file_states import scan
from chatbot.corpus.reader import read_corpus
from chatbot.errors import CorpusError
from chatbot.records import Source
from tests.builders import put, put_lines
from tests.conftest import CORPUS, ENTRY_IDS, PHRASINGS

ENTRY = "---\nquestion: {}\n{}---\n## A\n\n{}\n"


def problems(path):
    """The problems of the corpus at `path`, their files relative to it."""
    return [str(problem).removeprefix(f"{path}/") for problem in read_corpus(path).problems]


def test_the_test_corpus_is_read_whole_and_in_order():
    corpus = read_corpus(CORPUS).checked()
    assert corpus.problems == ()
    assert [entry.id for entry in corpus.entries] == ENTRY_IDS
    assert sum(len(entry.phrasings) for entry in corpus.entries) == PHRASINGS
    assert [entry.topic for entry in corpus.entries] == (
        ["dose"] * 3 + ["hips"] * 3 + ["lower-back"] * 2 + ["small-talk"] * 2 + ["urgent"] * 2
    )
    assert corpus.disclaimer == (
        "These answers come from various sources and may differ. They are not medical advice, diagnosis or treatment."
        " Consult your healthcare provider about your own needs."
    )
    assert corpus.sources["bandy-1994-stretch-time"] == Source(
        id="bandy-1994-stretch-time",
        title="The effect of time on static stretch of the hamstrings",
        authors="Bandy & Irion",
        year="1994",
        container="Physical Therapy 74(9)",
        doi="10.1093/ptj/74.9.845",
        type="trial",
        finding="Thirty seconds a day gave as much range as sixty.",
        verified=True,
    )
    assert corpus.sources["behm-2016-review"].verified is False
    assert corpus.sources["behm-2016-review"].link == "https://example.org/behm"
    assert corpus.locations["pigeon-pose"] == ("hips/pigeon-pose.md", 1)


def test_the_packaged_corpus_has_no_errors():
    assert read_corpus(CORPUS.parents[2] / "corpus").errors == ()


def test_every_problem_at_once(tmp_path):
    entry = "---\nquestion: {}\n---\n## A\n\nText.\n"
    put(tmp_path / "disclaimer.md", " \n")
    put(
        tmp_path / "sources.yaml",
        "# sources\nsources:\n- id: used\n  title: Used\n- id: unused\n  title: Unused\n- id: used\n  title: Twice\n"
        "- title: No id\n- id: x\n  titel: y\n- text\n- id: z\n  title: [a]\n",
    )
    put(
        tmp_path / "hips" / "good.md",
        "---\nquestion: Good?\nrelated: [good, urgnt, bad-field, urgent]\n---\n## A\n\nText [@used].\n",
    )
    put(
        tmp_path / "hips" / "bad-field.md",
        "---\nquestion: Bad?\nalternate_question:\n  - x\n---\n## A\n\nText [@usd].\n",
    )
    put(tmp_path / "hips" / "Upper.md", entry.format("Upper?"))
    put(tmp_path / "hips" / "bytes.md", b"---\nquestion: \xff\n---\n## A\n\nText.\n")
    put(tmp_path / "knees" / "good.md", entry.format("Another?"))
    put(tmp_path / "knees" / "same.md", entry.format("good!"))
    put(tmp_path / "knees" / "none.md", "Only text.\n")
    put(
        tmp_path / "urgent" / "urgent.md",
        "---\nquestion: Urgent?\nkind: urgent\n---\n## A\n\n[@used]\n\n## B\n\nText.\n",
    )
    assert problems(tmp_path) == [
        "disclaimer.md:1: the disclaimer is empty; every reply carries it: write it, or remove the file",
        "hips/bad-field.md:4: unknown field 'alternate_question'; did you mean 'alternate_questions'?",
        "hips/bad-field.md:8: cites the unknown source 'usd'; did you mean 'used'?",
        "hips/bytes.md:2: not UTF-8 text; save the file as UTF-8",
        "hips/good.md:1: 'related' names the entry itself; remove it",
        "hips/good.md:1: 'related' names the unknown entry 'urgnt'; did you mean 'urgent'?",
        "hips/good.md:1: 'related' names 'urgent', which is urgent; name an answer entry",
        "knees/good.md:1: the id 'good' is taken by hips/good.md:1; rename one of them",
        "knees/none.md:1: no front matter; begin the file with `---`, the fields and `---`",
        "knees/same.md:2: warning: the question 'good!' is that of 'good', too (hips): whoever asks it is asked which"
        " of the two was meant; put one of them in other words, or make them one entry",
        "sources.yaml:5: warning: the source 'unused' is never cited; cite or remove it",
        "sources.yaml:7: the source 'used' appears twice; remove one",
        "sources.yaml:9: a source without id; add it",
        "sources.yaml:11: 'titel' is not a field of a source; did you mean 'title'?",
        "sources.yaml:12: a source must have fields: `- id: …` and those below it",
        "sources.yaml:14: 'title' must be one line of text; put it in quotes",
        "urgent/urgent.md:1: an urgent entry needs `care:` one of emergency, same-day, routine",
        "urgent/urgent.md:5: the answer of 'A' is empty; write it or remove the heading",
    ]


def test_checked_raises_with_the_first_error_and_all_problems(corpus):
    put(corpus / "hips" / "Bad.md", "x")
    put(corpus / "hips" / "worse.md", "---\nquestion: Is pigeon pose safe for my knees?\nx: y\n---\n## A\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus).checked()
    first = f"{corpus}/hips/Bad.md:1: no front matter; begin the file with `---`, the fields and `---`"
    assert str(caught.value) == f"{first} (and 2 more errors)"
    assert len(caught.value.problems) == 3


def test_warnings_do_not_stop_a_build(corpus):
    put(corpus / "hips" / "again.md", "---\nquestion: pigeon pose hurts my knee!\n---\n## A\n\nText.\n")
    assert [problem.severity for problem in read_corpus(corpus).checked().problems] == ["warning"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sources: none\n", "sources.yaml:1: no list of sources; begin the file with `sources:` and a list below it"),
        ("- id: x\n", "sources.yaml:1: no list of sources; begin the file with `sources:` and a list below it"),
        (
            "sources:\n- &a x\n",
            "sources.yaml:2: YAML anchors and aliases (& and *) are not allowed; put it in quotes",
        ),
        (b"sources:\n- \xff\n", "sources.yaml:2: not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_sources_that_cannot_be_read(tmp_path, text, problem):
    put(tmp_path / "sources.yaml", text)
    put(tmp_path / "a" / "x.md", "---\nquestion: x\n---\n## A\n\nText.\n")
    assert problem in problems(tmp_path)


def test_no_corpus_and_no_entries(tmp_path):
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path / "nowhere")
    message = f"no corpus at {tmp_path / 'nowhere'}; name a folder of entries or a JSON Lines file"
    assert str(caught.value) == message
    put(tmp_path / "README.md", "for editors")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value) == f"no entries in {tmp_path}; an entry is a file <topic>/<id>.md"
    put(tmp_path / "new.md", ENTRY.format("x", "", "Text."))
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    (problem,) = caught.value.problems
    assert str(caught.value) == f"no entries in {tmp_path}; an entry is a file <topic>/<id>.md; {problem}"
    put(tmp_path / "faq.jsonl", "\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path / "faq.jsonl")
    line = 'an entry is a line {"id": …, "question": …, "answer": …}'
    assert str(caught.value) == f"no entries in {tmp_path}/faq.jsonl; {line}"


def test_only_markdown_one_folder_deep_belongs_to_it(corpus):
    before = [name for name, _ in scan(corpus)]
    assert len(before) == 14
    for name in ("NOTES.md", "hips/notes.txt", "hips/deeper/x.md", ".git/x.md", "hips/.hidden.txt"):
        put(corpus / name, "not an entry")
    assert [name for name, _ in scan(corpus)] == before


def test_line_endings_and_byte_order_marks_do_not_matter(corpus):
    wanted = read_corpus(corpus).entries
    for path in corpus.glob("*/*.md"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_corpus(corpus).entries == wanted


def test_without_a_disclaimer_there_is_still_one(corpus):
    (corpus / "disclaimer.md").unlink()
    assert read_corpus(corpus).disclaimer == DEFAULT_DISCLAIMERS.whole
    assert "not for medical advice, diagnosis or treatment" in DEFAULT_DISCLAIMERS.whole


@pytest.mark.parametrize(
    ("written", "whole", "short"),
    [
        ("No advice. Ask us.\n", "No advice. Ask us.", None),
        ("No advice.\nAsk us.\n\n---\n\nNo\nadvice.\n", "No advice. Ask us.", "No advice."),
        ("No advice.\r\n ----- \r\nAsk.\r\n", "No advice.", "Ask."),
        ("One -- two --- three\n", "One -- two --- three", None),
        ("One\n--\ntwo\n", "One -- two", None),
        ("A\n---\nB\n---\nC", "A", "B --- C"),
        ("A\n---\n\x1b[2JB\x00", "A", "B"),
    ],
)
def test_k15_a_disclaimer_with_its_short_form_below_dashes(corpus, written, whole, short):
    put(corpus / "disclaimer.md", written)
    read = read_corpus(corpus).checked()
    assert (read.disclaimer, read.short_disclaimer) == (whole, short)


def test_k15_without_a_file_there_are_both(corpus):
    (corpus / "disclaimer.md").unlink()
    read = read_corpus(corpus)
    assert (read.disclaimer, read.short_disclaimer) == DEFAULT_DISCLAIMERS


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "---\nShort.",
            "disclaimer.md:1: the disclaimer is empty; every reply carries it: write it, or remove the file",
        ),
        ("Whole.\n\n---\n", "disclaimer.md:3: no short form below the dashes; write it, or remove them"),
    ],
)
def test_k15_half_a_disclaimer(corpus, written, problem):
    put(corpus / "disclaimer.md", written)
    assert problems(corpus) == [problem]


def test_the_disclaimer_cannot_drive_a_terminal(corpus):
    put(corpus / "disclaimer.md", "Not\x1b[2J advice.\x00\n")
    assert read_corpus(corpus).disclaimer == "Not advice."


def test_links_that_leave_the_corpus_are_not_followed(corpus, tmp_path):
    put(tmp_path / "secret" / "secret.md", "---\nquestion: Secret?\n---\n## A\n\nText.\n")
    (corpus / "hips" / "secret.md").symlink_to(tmp_path / "secret" / "secret.md")
    (corpus / "linked").symlink_to(tmp_path / "secret")
    (corpus / "hips" / "endless.md").symlink_to("/dev/zero")
    found = read_corpus(corpus)
    message = "a link that leaves the corpus; copy the file in"
    assert [str(problem) for problem in found.problems] == [
        f"{corpus}/hips/endless.md:1: {message}",
        f"{corpus}/hips/secret.md:1: {message}",
        f"{corpus}/linked/secret.md:1: {message}",
    ]
    assert [entry.id for entry in found.entries] == ENTRY_IDS


@pytest.mark.parametrize("target", ["loop.md", "../hips/loop.md", "/"])
def test_a_link_that_leads_nowhere_is_one_problem(corpus, target):
    (corpus / "hips" / "loop.md").symlink_to(target)
    assert problems(corpus) == ["hips/loop.md:1: a link that leaves the corpus; copy the file in"]
    assert len(read_corpus(corpus).entries) == 12


def test_a_link_inside_the_corpus_is_read(corpus):
    (corpus / "hips" / "again.md").symlink_to(corpus / "hips" / "pigeon-pose.md")
    assert len(read_corpus(corpus).entries) == 13


def test_a_file_of_a_hundred_megabytes_is_one_problem(corpus):
    with (corpus / "hips" / "huge.md").open("wb") as file:
        file.truncate(100_000_000)
    assert problems(corpus) == ["hips/huge.md:1: 100,000,000 bytes; an entry has at most 1,000,000: split it"]


def test_a_name_with_a_newline_stays_on_one_line(corpus):
    put(corpus / "hips" / "two\nlines\x1b[31m.md", "---\nquestion: x\n---\n## A\n\nText.\n")
    (problem,) = problems(corpus)
    what = "the id 'two\\nlines\\x1b[31m' has control characters or line breaks; remove them"
    assert problem == f"hips/two lines.md:1: {what}"


def test_nul_and_control_characters(corpus):
    put(corpus / "hips" / "nul.md", b"---\nquestion: a\0b\n---\n## A\n\nText.\n")
    put(corpus / "hips" / "escape.md", "---\nquestion: Why?\n---\n## A\x1b[31m\n\nText\x1b]8;;http://x\x07.\n")
    assert problems(corpus) == ["hips/nul.md:2: not valid YAML (control characters are not allowed); remove them"]


@pytest.mark.parametrize("name", ["folder.md", "pigeon-pose.messages.txt"])
def test_k12_a_folder_named_like_an_entry_is_one_warning(corpus, name):
    put(corpus / "hips" / name / "other.md", "not an entry")
    (corpus / "dose" / "link.md").symlink_to("..")
    advice = "a folder; an entry is a file: move what this holds up, or rename it"
    assert problems(corpus) == [
        "dose/link.md:1: a link to a folder; an entry is a file: remove the link",
        f"hips/{name}:1: warning: {advice}",
    ]
    assert len(read_corpus(corpus).entries) == 12


def test_a_pipe_named_like_an_entry_does_not_stop_everything(corpus, python):
    os.mkfifo(corpus / "hips" / "pipe.md")
    done = python("-m", "chatbot", "check", "--corpus", corpus)
    assert done.returncode == 2
    assert "pipe.md" in done.stdout + done.stderr


def test_an_entry_without_a_heading_is_a_problem_like_others(corpus):
    put(corpus / "hips" / "headless.md", "---\nquestion: Why?\n---\n")
    put(corpus / "hips" / "lost.md", "---\nquestion: How?\n---\n\nText.\n")
    assert problems(corpus) == [
        "hips/headless.md:1: no answer; add a `## Viewpoint` heading with the text below it",
        "hips/lost.md:5: text before the first `## Viewpoint` heading; move it below one",
    ]


def test_file_states(corpus):
    data = (corpus / "hips" / "pigeon-pose.md").read_bytes()
    os.utime(corpus / "hips" / "pigeon-pose.md", ns=(1, 1_700_000_000_000_000_123))
    state = read_corpus(corpus).files["hips/pigeon-pose.md"]
    assert state.size == len(data)
    assert state.mtime == 1_700_000_000_000_000_123
    assert state.sha256 == hashlib.sha256(data).hexdigest()


def test_json_lines_with_sources_and_disclaimer_beside_it(tmp_path):
    shutil.copy(CORPUS / "sources.yaml", tmp_path)
    shutil.copy(CORPUS / "disclaimer.md", tmp_path)
    (tmp_path / "subject.md").write_text("why and\n  how\n")
    lines = [
        {"id": "a", "question": "Why?", "answer": "So [@behm-2016-review]; [@bandy-1994-stretch-time]."},
        {"id": "b", "question": "How?", "answer": "Thus [@nobody].", "related": ["a", "c"]},
        {"id": "a", "question": "Again?", "answer": "No."},
    ]
    path = tmp_path / "faq.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{\n")
    corpus = read_corpus(path)
    assert [entry.id for entry in corpus.entries] == ["a", "b"]
    assert [source.id for source in corpus.entries[0].answers[0].sources] == [
        "behm-2016-review",
        "bandy-1994-stretch-time",
    ]
    assert corpus.disclaimer.startswith("These answers come from")
    assert corpus.subject == "why and how"
    assert [name for name, _ in scan(path)] == ["faq.jsonl", "disclaimer.md", "subject.md", "sources.yaml"]
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in corpus.problems] == [
        "faq.jsonl:2: cites the unknown source 'nobody'; add it to sources.yaml",
        "faq.jsonl:2: 'related' names the unknown entry 'c'; remove it or write that entry",
        "faq.jsonl:3: the id 'a' is taken by faq.jsonl:1; rename one of them",
        "faq.jsonl:4: not valid JSON (Expecting property name enclosed in double quotes); write one object a line",
    ]


def test_a_json_lines_file_may_be_larger_than_an_entry(tmp_path):
    path = tmp_path / "faq.jsonl"
    path.write_text(
        "".join(json.dumps({"id": f"e{n}", "question": f"Q {n}", "answer": "x" * 1000}) + "\n" for n in range(2000))
    )
    assert len(read_corpus(path).checked().entries) == 2000


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("new.md", "move it into the folder of its topic, as <topic>/new.md"),
        ("notes.txt", "move it into the folder of its topic, as <topic>/notes.md"),
        ("Sources.YAML", "rename it sources.yaml"),
        ("sources.yml", "rename it sources.yaml"),
        ("Disclaimer.md", "rename it disclaimer.md"),
        ("trial_questions.jsonl", "rename it trial-questions.jsonl"),
        ("Parts.yml", "rename it parts.yaml"),
        ("condition.yaml", "rename it conditions.yaml"),
        ("no_conditions.yaml", "rename it no-conditions.yaml"),
        ("condition_messages.jsonl", "rename it condition-messages.jsonl"),
        ("faq.jsonl", "a JSON Lines file is a corpus of its own; take it out of this one"),
        ("hips/x.MD", "rename it x.md, or take it out of the corpus"),
        ("hips/x.markdown", "rename it x.md, or take it out of the corpus"),
        ("hips/x.md.txt", "rename it x.md, or take it out of the corpus"),
        ("hips/X.TXT", "rename it X.md, or take it out of the corpus"),
        ("hips/x", "rename it x.md, or take it out of the corpus"),
        ("hips/x.message.txt", "rename it x.messages.txt, if it holds what people ask x.md"),
        ("hips/x_messages.TXT", "rename it x.messages.txt, if it holds what people ask x.md"),
        ("hips/deeper/x.md", "move it up, to hips/x.md"),
        ("hips/deeper/still/README.md", "move it up, to hips/README.md"),
    ],
)
def test_k12_a_file_that_looks_like_an_entry_and_is_not_read(corpus, name, advice):
    put(corpus / name, ENTRY.format("x", "", "Text."))
    assert problems(corpus) == [f"{name}:1: warning: this file is not read; {advice}"]
    assert len(read_corpus(corpus).entries) == 12


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "readme.txt",
        "LICENSE",
        "License.md",
        "NOTES.md",
        "TODO",
        ".hidden.md",
        ".git/x.md",
        "hips/.hidden.md",
        "hips/.#pigeon-pose.md",
        "hips/._pigeon-pose.md",
        "hips/pigeon-pose.md~",
        "hips/#pigeon-pose.md#",
        "hips/pigeon-pose.md.bak",
        "hips/.pigeon-pose.md.swp",
        "hips/pigeon.png",
    ],
)
def test_k12_what_editors_and_their_programs_keep_is_none_of_the_corpus(corpus, name):
    put(corpus / name, "not an entry")
    assert problems(corpus) == []
    assert len(read_corpus(corpus).entries) == 12


def test_k12_a_related_id_of_a_file_that_is_not_read_leads_there(corpus):
    put(corpus / "hips" / "deeper" / "other.md", ENTRY.format("x", "", "Text."))
    put(corpus / "hips" / "x.md", ENTRY.format("y", "related: [other]\n", "Text."))
    assert problems(corpus) == [
        "hips/deeper/other.md:1: warning: this file is not read; move it up, to hips/other.md",
        "hips/x.md:1: 'related' names 'other', but hips/deeper/other.md is not read as an entry; see there",
    ]


def test_k12_a_name_that_could_drive_a_terminal_does_not(corpus):
    put(corpus / "hips" / "two\nlines\x1b[31m.txt", "x")
    advice = "rename it two lines.md, or take it out of the corpus"
    assert problems(corpus) == [f"hips/two lines.txt:1: warning: this file is not read; {advice}"]


def test_k11_the_cause_is_told_and_what_follows_from_it_is_not(tmp_path):
    for number in range(30):
        related = "related: [lost, broken, bytes]\n"
        put(tmp_path / "a" / f"e{number}.md", ENTRY.format(f"{number}?", related, "Text [@b]."))
    put(tmp_path / "b" / "broken.md", "question: How?\n## A\n\nText [@a].\n")
    put(tmp_path / "b" / "lost.md", ENTRY.format("Where?", "kind: urgnt\ncare: same-day\nlook_alikes: [x]\n", ""))
    put(tmp_path / "b" / "bytes.md", b"---\nquestion: \xff\n---\n## A\n\n[@c]\n")
    put(tmp_path / "sources.yaml", "sources:\n- {id: a, title: A}\n- {id: b, titel: B}\n- {id: c, title: C}\n")
    questions = ['{"query": "q", "expected": ["lost"]}', '{"query": "r", "expected": ["e1", "broken"]}']
    put(tmp_path / "trial-questions.jsonl", "\n".join(questions))
    assert problems(tmp_path) == [
        "b/broken.md:1: no front matter; begin the file with `---`, the fields and `---`",
        "b/bytes.md:2: not UTF-8 text; save the file as UTF-8",
        "b/lost.md:3: 'kind' is 'urgnt'; it must be one of answer, urgent, small-talk, all-clear",
        "b/lost.md:7: the answer of 'A' is empty; write it or remove the heading",
        "sources.yaml:3: 'titel' is not a field of a source; did you mean 'title'?",
    ]
    assert read_corpus(tmp_path).trials == ()


def test_k11_three_mistakes_and_nothing_else(corpus):
    """A question that is no YAML, an item that is a field and one that is cut, in an entry that others name."""
    path = corpus / "dose" / "how-long-hold.md"
    assert any("how-long-hold" in file.read_text() for file in corpus.glob("*/*.md") if file != path)
    text = path.read_text().replace("question: ", "question: How: ", 1)
    path.write_text(
        text.replace("alternate_questions:\n", "alternate_questions:\n  - error: disk full\n  - issue #5\n")
    )
    assert problems(corpus) == [
        "dose/how-long-hold.md:2: not valid YAML (mapping values are not allowed in this context); put it in quotes",
        "dose/how-long-hold.md:4: YAML reads this as a field with its value, not as text; put it in quotes",
        "dose/how-long-hold.md:5: a '#' begins a comment, which leaves 'issue' of the text; put it in quotes",
    ]


@pytest.mark.parametrize("text", [b"sources:\n- \xff\n", "none", "sources: none\n", "", "- id: a\n  title: A\n"])
def test_k11_citations_are_not_unknown_while_the_sources_cannot_be_read(tmp_path, text):
    put(tmp_path / "sources.yaml", text)
    put(tmp_path / "a" / "x.md", ENTRY.format("x", "", "Text [@a]."))
    (problem,) = problems(tmp_path)
    assert problem.startswith("sources.yaml:")
    (entry,) = read_corpus(tmp_path).entries
    # Nothing is said against a source that nobody could read: neither that it lacks nor that it was not verified.
    assert [(source.id, source.verified) for source in entry.answers[0].sources] == [("a", True)]


def test_k11_json_lines_that_cannot_be_read_are_not_missing(tmp_path):
    lines = [
        '{"id": "Q 1", "question": "Why?", "answer": "So.", "related": ["Q 2", "Q 3", "Q 4", "Q 5"]}',
        '{"id": "Q 2", "question": }',
        '{"id": "Q 3", "question": "How?", "answers": [5]}',
        '{"id": "Q 4", "question": {"en": "How?"}, "answer": "So."}',
        '{"id": "Q 5", "answer": "So."}',
    ]
    put(tmp_path / "faq.jsonl", "\n".join(lines))
    assert [problem.removeprefix(f"{tmp_path}/") for problem in problems(tmp_path / "faq.jsonl")] == [
        "faq.jsonl:2: not valid JSON (Expecting value); write one object a line",
        "faq.jsonl:3: an answer must be text, or an object with 'viewpoint' and 'text'",
        "faq.jsonl:4: 'question' must be one line of text",
        'faq.jsonl:5: no question; add the field "question"',
    ]


def test_k9_one_question_in_two_topics(tmp_path):
    put(tmp_path / "bar" / "opening.md", ENTRY.format("When are you open?", "", "From six."))
    put(tmp_path / "shop" / "hours.md", "---\nkind: answer\nquestion: when are you OPEN\n---\n## A\n\nFrom nine.\n")
    assert problems(tmp_path) == [
        "shop/hours.md:3: warning: the question 'when are you OPEN' is that of 'opening', too (bar): whoever asks it is"
        " asked which of the two was meant; put one of them in other words, or make them one entry"
    ]


def test_k9_a_phrasing_that_two_entries_hold_word_for_word(tmp_path):
    ways = "alternate_questions:\n  - opening times\n  - open when\n"
    put(tmp_path / "bar" / "a.md", ENTRY.format("Is the bar open?", ways, "From six."))
    put(tmp_path / "shop" / "b.md", ENTRY.format("Is the shop open?", ways.replace("open w", "Open, w"), "From nine."))
    put(tmp_path / "urgent" / "c.md", ENTRY.format("Open when?", "kind: urgent\ncare: routine\n", "Go."))
    asked = "whoever types it is asked which of the two was meant; keep it where it is answered best"
    assert problems(tmp_path) == [
        f"shop/b.md:4: warning: the phrasing 'opening times' also stands in 'a': {asked}",
        f"shop/b.md:5: warning: the phrasing 'Open, when' also stands in 'a': {asked}",
        "urgent/c.md:2: warning: the phrasing 'Open when?' also stands in 'a': whoever types it sees the warning sign"
        " 'c'; keep it where it is answered best",
    ]


def test_k22_ids_of_an_export_stay_as_they_are(tmp_path):
    ids = ["Q-001", "Häufige Frage 3", "../etc/passwd", "問1", "a  b", "17"]
    lines = [
        {"id": each, "question": f"{each}?", "answer": "So.", "related": [other for other in ids if other != each]}
        for each in ids
    ]
    lines[-1]["id"] = 17
    put(tmp_path / "faq.jsonl", "\n".join(map(json.dumps, lines)))
    put(tmp_path / "trial-questions.jsonl", json.dumps({"query": "q", "expected": ids}))
    corpus = read_corpus(tmp_path / "faq.jsonl")
    assert corpus.problems == ()
    assert [entry.id for entry in corpus.entries] == ids
    assert corpus.trials[0].expected == tuple(ids)


def test_k22_ids_that_differ_only_in_case_or_form_are_a_problem_of_the_second(tmp_path):
    ids = ["Q-1", "q-1", "caf\u00e9", "cafe\u0301", "Q-1"]
    lines = [json.dumps({"id": each, "question": f"{n}?", "answer": "So."}) for n, each in enumerate(ids)]
    put(tmp_path / "faq.jsonl", "\n".join(lines))
    first, second = f"{tmp_path}/faq.jsonl", "rename one of them"
    assert list(map(str, read_corpus(tmp_path / "faq.jsonl").problems)) == [
        f"{first}:2: the id 'q-1' differs only in case or form from 'Q-1' of faq.jsonl:1; {second}",
        f"{first}:4: the id 'cafe\u0301' differs only in case or form from 'caf\u00e9' of faq.jsonl:3; {second}",
        f"{first}:5: the id 'Q-1' is taken by faq.jsonl:1; {second}",
    ]


def test_k22_an_id_is_found_whatever_its_case_and_form(tmp_path):
    put(tmp_path / "t" / "Q-1.md", ENTRY.format("One?", "", "So."))
    put(tmp_path / "t" / "cafe\u0301.md", ENTRY.format("Two?", "related: [q-1]\n", "So."))
    put(tmp_path / "t" / "z.md", ENTRY.format("Three?", "related: [CAF\u00c9, Q-1]\n", "So."))
    put(tmp_path / "trial-questions.jsonl", '{"query": "q", "expected": ["caf\u00e9", "q-1"]}')
    corpus = read_corpus(tmp_path).checked()
    assert [entry.related for entry in corpus.entries] == [(), ("Q-1",), ("cafe\u0301", "Q-1")]
    assert corpus.trials[0].expected == ("cafe\u0301", "Q-1")


def test_k22_a_markdown_files_name_is_the_id(tmp_path):
    put(tmp_path / "FAQ 2024" / "Getting Started (v2).md", ENTRY.format("How?", "", "So."))
    (entry,) = read_corpus(tmp_path).checked().entries
    assert (entry.id, entry.topic) == ("Getting Started (v2)", "FAQ 2024")


def test_k8_a_topic_is_one_whichever_of_unicodes_forms_it_is_written_in(tmp_path):
    put(tmp_path / "Caf\u00e9" / "a.md", ENTRY.format("One?", "", "So."))
    put(tmp_path / "Cafe\u0301" / "b.md", ENTRY.format("Two?", "", "So."))
    lines = [{"id": each, "topic": each, "question": f"{each}?", "answer": "So."} for each in ("\u00c5", "A\u030a")]
    put(tmp_path / "faq.jsonl", "\n".join(json.dumps(line | {"id": str(n)}) for n, line in enumerate(lines)))
    assert {entry.topic for entry in read_corpus(tmp_path).entries} == {"Caf\u00e9"}
    assert {entry.topic for entry in read_corpus(tmp_path / "faq.jsonl").entries} == {"\u00c5"}


def test_k11_a_field_under_a_wrong_name_is_told_and_what_follows_from_it_is_not(tmp_path):
    fields = "Question: Why?\nKind: urgent\nCare: routine\nLook_Alikes:\n  - x\n"
    put(tmp_path / "t" / "x.md", f"---\n{fields}---\n## A\n\nText.\n")
    assert problems(tmp_path) == [
        "t/x.md:2: unknown field 'Question'; did you mean 'question'?",
        "t/x.md:3: unknown field 'Kind'; did you mean 'kind'?",
        "t/x.md:4: unknown field 'Care'; did you mean 'care'?",
        "t/x.md:6: unknown field 'Look_Alikes'; did you mean 'look_alikes'?",
    ]


def test_k11_text_without_a_heading_is_one_problem(tmp_path):
    put(tmp_path / "t" / "x.md", "---\nquestion: Why?\n---\n\nText.\n")
    put(tmp_path / "t" / "y.md", "---\nquestion: How?\n---\n<!-- nothing -->\n")
    assert problems(tmp_path) == [
        "t/x.md:5: text before the first `## Viewpoint` heading; move it below one",
        "t/y.md:1: no answer; add a `## Viewpoint` heading with the text below it",
    ]


@pytest.mark.parametrize(
    ("heading", "viewpoint"),
    [
        ("**Yoga** teaching", "Yoga teaching"),
        ("*Yoga* `a` [b](https://c.d) &amp; \\*e <i>f</i> ##", "Yoga a b & *e f"),
        ("C#", "C#"),
        ("C ##", "C"),
        ("1. first", "1. first"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_k6_a_viewpoint_is_read_without_marks(tmp_path, heading, viewpoint):
    put(tmp_path / "t" / "x.md", ENTRY.format("Why?", "", "Text.").replace("## A", f"## {heading}"))
    (entry,) = read_corpus(tmp_path).checked().entries
    assert [answer.viewpoint for answer in entry.answers] == [viewpoint]


@pytest.mark.parametrize("line", ["----", "-", "==="])
def test_k6_an_underlined_heading_is_a_problem_at_its_line(tmp_path, line):
    put(tmp_path / "t" / "x.md", ENTRY.format("Why?", "", f"Text.\n\nYoga\n{line}\n\nMore.\n\n---\n\n- a"))
    (problem,) = problems(tmp_path)
    assert problem == (
        "t/x.md:8: this is a heading for the line below it; write `## …`, or leave an empty line between"
    )
    text = f"Text.\n\nYoga\n{line}"
    put_lines(tmp_path / "faq.jsonl", {"id": "a", "question": "Why?", "answer": text})
    assert problems(tmp_path / "faq.jsonl") == []  # there it is a heading in an answer, like any
