"""A corpus on disk: every problem at once, hostile files, and what counts as a change."""

import hashlib
import json
import os
import shutil

import pytest

from chatbot.corpus.files import scan
from chatbot.corpus.reader import DEFAULT_DISCLAIMER, read_corpus
from chatbot.errors import CorpusError, StorageError
from chatbot.records import Source
from tests.builders import put
from tests.conftest import CORPUS, ENTRY_IDS, PHRASINGS


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
        "hips/Upper.md:1: 'Upper' is not an id; use lower-case letters, digits, '-', '_' and '.', at most 100",
        "hips/bad-field.md:4: unknown field 'alternate_question'; did you mean 'alternate_questions'?",
        "hips/bad-field.md:8: cites the unknown source 'usd'; did you mean 'used'?",
        "hips/bytes.md:2: not UTF-8 text; save the file as UTF-8",
        "hips/good.md:1: 'related' names the entry itself; remove it",
        "hips/good.md:1: 'related' names the unknown entry 'urgnt'; did you mean 'urgent'?",
        "hips/good.md:1: 'related' names 'urgent', which is urgent; name an answer entry",
        "knees/good.md:1: the id 'good' is taken by hips/good.md:1; rename one of them",
        "knees/none.md:1: no front matter; begin the file with `---`, the fields and `---`",
        "knees/same.md:1: warning: the phrasing 'good!' also stands in 'good'; keep it where it is answered best",
        "sources.yaml:5: warning: the source 'unused' is never cited; cite or remove it",
        "sources.yaml:7: the source 'used' stands twice; remove one",
        "sources.yaml:9: a source without id; add it",
        "sources.yaml:10: a source without title; add it",
        "sources.yaml:11: 'titel' is not a field of a source; did you mean 'title'?",
        "sources.yaml:12: a source must have fields: `- id: …` and those below it",
        "sources.yaml:13: a source without title; add it",
        "sources.yaml:14: 'title' is not a field of a source; did you mean 'title'?",
        "urgent/urgent.md:1: an urgent entry needs `care:` one of emergency, same-day, routine",
        "urgent/urgent.md:5: the answer of 'A' is empty; write it or remove the heading",
    ]


def test_checked_raises_with_the_first_error_and_all_problems(corpus):
    put(corpus / "hips" / "Bad.md", "x")
    put(corpus / "hips" / "worse.md", "---\nquestion: Is pigeon pose safe for my knees?\nx: y\n---\n## A\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus).checked()
    first = f"{corpus}/hips/Bad.md:1: no front matter; begin the file with `---`, the fields and `---`"
    assert str(caught.value) == f"{first} and 2 more; `flexbot check` lists them all"
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
            "sources.yaml:2: YAML anchors and aliases (& and *) are not allowed; quote the text if it begins so",
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
    assert (
        str(caught.value)
        == f"no corpus at {tmp_path / 'nowhere'}; name a folder of entries or a .jsonl file with --corpus"
    )
    put(tmp_path / "README.md", "for editors")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value) == f"no entries in {tmp_path}; an entry is a file <topic>/<id>.md (see corpus/README.md)"


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
    assert read_corpus(corpus).disclaimer == DEFAULT_DISCLAIMER
    assert "not for medical advice, diagnosis or treatment" in DEFAULT_DISCLAIMER


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
    assert problem.startswith("hips/two lines.md:1: 'two\\nlines\\x1b[31m' is not an id")


def test_nul_and_control_characters(corpus):
    put(corpus / "hips" / "nul.md", b"---\nquestion: a\0b\n---\n## A\n\nText.\n")
    put(corpus / "hips" / "escape.md", "---\nquestion: Why?\n---\n## A\x1b[31m\n\nText\x1b]8;;http://x\x07.\n")
    assert problems(corpus) == ["hips/nul.md:2: not valid YAML (control characters are not allowed)"]


def test_a_folder_named_like_an_entry_cannot_be_read(corpus):
    (corpus / "hips" / "folder.md").mkdir()
    with pytest.raises(StorageError) as caught:
        read_corpus(corpus)
    assert str(caught.value).startswith(f"cannot read {corpus}/hips/folder.md: ")


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
        "hips/lost.md:1: no answer; add a `## Viewpoint` heading with the text below it",
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
