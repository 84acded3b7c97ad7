"""The answers of a corpus on disk: how their Markdown is read, and what is wrong with it, by file and line."""

import json

import pytest

from chatbot.corpus.reader import read_corpus
from chatbot.text.reading import plain_text

SOURCES = "sources:\n- id: one\n  title: One\n- id: two\n  title: Two\n"


def read(folder, body):
    (folder / "hips").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text(SOURCES)
    text = body if isinstance(body, bytes) else body.encode()
    (folder / "hips" / "x.md").write_bytes(b"---\nquestion: Why?\n---\n" + text)
    corpus = read_corpus(folder)
    problems = [str(problem).removeprefix(f"{folder}/") for problem in corpus.problems]
    answers = [(answer.viewpoint, answer.text) for entry in corpus.entries for answer in entry.answers]
    return answers, [problem for problem in problems if "never cited" not in problem]


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        ("## A\n\nRun:\n\n```md\n## x\n```\n\n## B\n\nRest.", [("A", "Run:\n\n```md\n## x\n```"), ("B", "Rest.")]),
        ("## A\nHold.\n\n<!--\n## Old\n\nGone.\n-->\n\n## B\nRest.", [("A", "Hold."), ("B", "Rest.")]),
        ("<!-- ours -->\n\n## A\nHold.", [("A", "Hold.")]),
        ("## C#\nOne.\n\n## F# and C##\nTwo.\n\n## Yoga ##\nThree.\n\n## # 1\nFour.", None),
    ],
)
def test_k6_sections_are_read_by_the_parser(tmp_path, body, answers):
    if answers is None:
        answers = [("C#", "One."), ("F# and C##", "Two."), ("Yoga", "Three."), ("# 1", "Four.")]
    assert read(tmp_path, body) == (answers, [])


@pytest.mark.parametrize("heading", ["##", "## ", "## #", "## ###"])
def test_a_heading_without_words_is_named(tmp_path, heading):
    _, problems = read(tmp_path, f"{heading}\nHold.")
    assert problems == ["hips/x.md:4: a heading without a viewpoint; write who speaks, as in `## Physiotherapy`"]


def test_k6_an_answer_of_a_comment_is_empty(tmp_path):
    _, problems = read(tmp_path, "## A\n\n<!-- to be written -->\n\n## B\nRest.")
    assert problems == ["hips/x.md:4: the answer of 'A' is empty; write it or remove the heading"]


def test_k6_what_only_looks_like_a_citation_needs_no_source(tmp_path):
    body = "## A\n\n`a[@b]` [@maria](https://x.example) \\[@c] <!-- [@d] --> [@one]"
    assert read(tmp_path, body) == ([("A", "`a[@b]` [@maria](https://x.example) \\[@c] [@one]")], [])
    _, problems = read(tmp_path, "## A\n\n`[@b]`\nand\n[@b].\n\n## B\n\nOne\n\n- [@one; @c]")
    assert problems == [
        "hips/x.md:8: cites the unknown source 'b'; add it to sources.yaml",
        "hips/x.md:14: cites the unknown source 'c'; add it to sources.yaml",
    ]


def test_k26_a_comma_is_read_like_a_semicolon_and_what_is_not_read_is_named(tmp_path):
    assert read(tmp_path, "## A\n\nHold [@one, @two].")[1] == []
    assert [source.id for source in read_corpus(tmp_path).entries[0].answers[0].sources] == ["one", "two"]
    _, problems = read(tmp_path, "## A\n\nHold\n[@one, p. 3].\n\nRest [see @two].")
    advice = (
        "is not read as a citation; write `[@id]` or `[@one; @two]`, pages in words, or `\\[` for the bracket itself"
    )
    assert problems == [f"hips/x.md:7: '[@one, p. 3]' {advice}", f"hips/x.md:9: warning: '[see @two]' {advice}"]


def test_k28_marks_that_were_left_over_are_named_by_their_line(tmp_path):
    answers, problems = read(tmp_path, '## A\n\nHold.\n\n- adj**"word"**next\n- fine\n\n## B\n\nOne `x\n')
    assert answers == [("A", 'Hold.\n\n- adj**"word"**next\n- fine'), ("B", "One `x")]
    assert problems == [
        "hips/x.md:8: warning: '**' marks nothing and is shown as it is; leave a space before and after the marked"
        " words and none inside, or write `\\` before each mark to show it",
        "hips/x.md:13: warning: '`' has no pair and is shown as it is; close the code, or write ``\\` `` to show it",
    ]


def test_k23_html_goes_when_an_answer_is_read(tmp_path):
    path = tmp_path / "faq.jsonl"
    texts = ["One<br>two <b>three</b> `<b>`", "x **", "<!-- open"]
    lines = [{"id": f"e{n}", "question": f"Why {n}?", "answer": text} for n, text in enumerate(texts)]
    path.write_text("\n".join(map(json.dumps, lines)))
    corpus = read_corpus(path)
    assert [entry.answers[0].text for entry in corpus.entries] == ["One\\\ntwo three `<b>`", "x **", "\\<!-- open"]
    assert [str(problem).removeprefix(f"{tmp_path}/").partition(";")[0] for problem in corpus.problems] == [
        "faq.jsonl:2: warning: '**' marks nothing and is shown as it is",
        "faq.jsonl:3: '<!--' begins a comment that does not end before the next empty line",
    ]


@pytest.mark.parametrize("separator", ["\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_k1_separators_do_not_glue_words(tmp_path, separator):
    (answer,), problems = read(tmp_path, f"## Yo\u00adga\n\nHold.{separator}Rest cal\u200bves.")
    assert problems == []
    assert answer == ("Yoga", "Hold.\nRest calves.")
    assert plain_text(answer[1]) == "Hold. Rest calves."
    (tmp_path / "hips" / "x.md").unlink()
    path = tmp_path / "faq.jsonl"
    entry = {"id": "x", "question": f"Why{separator}so?", "answer": f"Hold.{separator}Rest."}
    path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    read_entry = read_corpus(path).entries[0]
    assert (read_entry.question, read_entry.answers[0].text) == ("Why so?", "Hold.\nRest.")


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_k1_separators_in_fields_are_spaces(tmp_path, separator):
    read(tmp_path, "## A\nHold.")
    path = tmp_path / "hips" / "x.md"
    path.write_text(f"---\nquestion: Why{separator}so?\n---\n## A\nHold.", encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(f"sources:\n- id: one\n  title: A{separator}title\n", encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert corpus.errors == ()
    assert corpus.entries[0].question == "Why so?"
    assert corpus.sources["one"].title == "A title"


def test_k1_a_file_whose_lines_end_in_carriage_returns(tmp_path):
    answers, problems = read(tmp_path, b"## A\rHold.\r\r## B\rRest [@x].\r")
    assert answers == [("A", "Hold."), ("B", "Rest [@x].")]
    assert problems == ["hips/x.md:8: cites the unknown source 'x'; add it to sources.yaml"]
