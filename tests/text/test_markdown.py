"""Answers in Markdown: what is read of them, and how they are written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot.text.layout import plain_lines
from chatbot.text.markdown import section_lines
from chatbot.text.reading import plain_text, read_answer
from chatbot.text.writing import to_markdown
from tests.effort import LINEAR, growth

NUMBERS = {"a": 1, "b": 2}


def cited(markdown):
    return dict(read_answer(markdown).cited)


def problems(markdown):
    return [
        (line, message.partition("' ")[0].strip("'"), severity)
        for line, message, severity in read_answer(markdown).problems
    ]


# Citations.


def test_cited_ids_come_in_order_and_once():
    assert list(cited("x [@b-2001] y [@a:1; @b-2001 ; @c.d] [not @e] mail@f [@g-2020.]")) == [
        "b-2001",
        "a:1",
        "c.d",
        "g-2020",
    ]
    assert cited("none [1]") == {}


def test_a_citation_has_its_line():
    markdown = "One [@a]\ntwo **three\n[@b]**\n\n- four\n\n  > five [@c]\n\n| x |\n| - |\n| y |\n| [@d] |\n"
    assert cited(markdown) == {"a": 0, "b": 2, "c": 6, "d": 11}


def test_citations_are_numbered_and_unknown_ones_dropped():
    assert to_markdown("Hold\n[@b; @a; @z]. Rest [@z].", NUMBERS) == "Hold [2; 1]. Rest."
    assert plain_text("Hold [@b; @a]. Rest [1].") == "Hold. Rest [1]."


@pytest.mark.parametrize("written", ["[@a; @b]", "[@a, @b]", "[@a,@b]", "[ @a ;@b ]", "[@a., @b]", "[@a;\n@b]"])
def test_k26_a_comma_is_read_like_a_semicolon(written):
    assert list(cited(f"Hold {written}.")) == ["a", "b"]
    assert plain_text(f"Hold {written}.") == "Hold."
    assert to_markdown(f"Hold {written}.", NUMBERS) == "Hold [1; 2]."
    assert problems(f"Hold {written}.") == []


@pytest.mark.parametrize(
    ("markdown", "mark", "severity"),
    [
        ("One\ntwo [@a, p. 3].", "[@a, p. 3]", "error"),
        ("One\ntwo [-@a].", "[-@a]", "error"),
        ("One\n- two [@a; see @b]", "[@a; see @b]", "error"),
        ("One\ntwo [@a and @b].", "[@a and @b]", "error"),
        ("One\ntwo [see @a].", "[see @a]", "warning"),
        ("One\ntwo [@a", "[@a", "error"),
        ("One\ntwo **x** [**@a**, @b].", "[@a, @b]", "error"),
        ("One\ntwo [see *@a*].", "[see @a]", "warning"),
    ],
)
def test_k26_what_is_not_read_as_a_citation_is_named(markdown, mark, severity):
    assert problems(markdown) == [(1, mark, severity)]
    assert cited(markdown) == {}


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("See `a[@b]`.", "See a[@b]."),
        ("```\n[@b]\n```", "[@b]"),
        ("    [@b]", "[@b]"),
        ("See [@maria](https://x.example).", "See @maria."),
        ("See [@maria].\n\n[@maria]: https://x.example", "See @maria."),
        (r"See \[@b].", "See [@b]."),
        ("See &#91;@b].", "See [@b]."),
        ("<!-- [@b] --> See", "See"),
    ],
)
def test_k6_what_only_looks_like_a_citation(markdown, words):
    assert cited(markdown) == {}
    assert problems(markdown) == []
    assert plain_text(markdown) == words


# Plain text.


def test_plain_has_words_only():
    markdown = "1. **Kneel** on *one* knee [@a].\n2) Press `gently`\n- __breathe__\n\n2 * 3 * 4"
    assert plain_text(markdown) == "Kneel on one knee. Press gently breathe 2 * 3 * 4"


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**a *b* c** d", "a b c d"),
        ("**a* b", "*a b"),
        ("* a*", "a*"),
        ("a*b*c `d` __e__ *", "abc d e *"),
        ("*a\nb*", "a b"),
        ("***a***", "a"),
        ("2**3 is 8", "2**3 is 8"),
        ("snake_case_name", "snake_case_name"),
        (r"\*a\* &lt;b&gt; &amp;", "*a* <b> &"),
    ],
)
def test_emphasis(markdown, words):
    assert plain_text(markdown) == words


def test_k6_plain_text_of_every_kind_of_block():
    markdown = (
        "# Head\n\n> Quote [link](https://x.example) ![picture](p.png)\n\n***\n\n"
        "| a | b |\n|---|---|\n| 1 | `2` |\n\n```sh\nrun  it\n```\n\n1. x\n\n   y\n2. <https://z.example>"
    )
    assert read_answer(markdown).blocks == (
        "Head",
        "Quote link picture",
        "a",
        "b",
        "1",
        "2",
        "run it",
        "x",
        "y",
        "https://z.example",
    )


# Comments and other HTML.


@pytest.mark.parametrize(
    ("markdown", "left"),
    [
        ("<!-- note -->\n\nHold.", "Hold."),
        ("Hold <!-- note --> still.", "Hold still."),
        ("Hold <!-- a\nnote --> still.", "Hold still."),
        ("Hold.\n\n<!-- a\n\n## note\n\n```\n-->\n\nRest.", "Hold.\n\nRest."),
        ("<!-- a\n\nnote --> Hold **still**.", "Hold **still**."),
        ("<!-- a --><!-- b -->\nHold.", "Hold."),
        ("- Hold.\n\n  <!-- a\n\n  note -->\n- Rest.", "- Hold.\n\n- Rest."),
        ("> Hold.\n> <!-- a\n> note\n> -->\n> Rest.", "> Hold.\n>\n> Rest."),
        ("Hold.<!---->", "Hold."),
    ],
)
def test_k6_comments_are_neither_shown_nor_matched(markdown, left):
    reading = read_answer(markdown)
    assert reading.markdown == left
    assert reading.problems == ()
    assert plain_text(markdown) == plain_text(left)
    assert "note" not in plain_text(markdown) + plain_lines(markdown, {}) + to_markdown(markdown)


@pytest.mark.parametrize("code", ["`<!-- x -->`", "```\n<!-- x -->\n```", "    <!-- x -->"])
def test_k6_a_comment_in_code_is_code(code):
    assert plain_text(code) == "<!-- x -->"
    assert read_answer(code).markdown == code


@pytest.mark.parametrize(
    "markdown", ["Hold. <!-- a\n\nnote --> Rest.", "Hold.\n<!-- never closed", "- a <!-- b\n- c -->"]
)
def test_k6_a_comment_without_its_end_is_an_error(markdown):
    line = markdown[: markdown.index("<!--")].count("\n")
    assert problems(markdown) == [(line, "<!--", "error")]


@pytest.mark.parametrize(
    ("markdown", "left", "words"),
    [
        ("One<br>two<br/>three<BR />\nfour", "One\\\ntwo\\\nthree\\\nfour", "One two three four"),
        ("A <b>bold</b> <span style='x'>word</span>.", "A bold word.", "A bold word."),
        ("<p>One</p><p>Two</p>", "One\\\nTwo", "One Two"),
        ("<ul>\n<li>One</li>\n<li>Two</li>\n</ul>", "One\\\nTwo", "One Two"),
        ("<div>\n\nOne **two** [@a]\n\n</div>", "One **two** [@a]", "One two"),
        ("x<sup>2</sup> <?php y ?><![CDATA[z]]>", "x2", "x2"),
        ("A <a href='x'>link</a>", "A link", "A link"),
        (
            'A <a class=b href="https://x.example/?a&amp;b">l <b>i</b>*n*k</a>.',
            "A [l i*n*k](https://x.example/?a&b).",
            "A l ink.",
        ),
        ("<a href=mailto:a@b.example>a</a>", "[a](mailto:a@b.example)", "a"),
        ("A <a href='https://x.example/a b(c'>[1]</a>", "A [[1]](<https://x.example/a%20b(c>)", "A [1]"),
        ("**A <a href='https://x.example'>b**</a> c", "**A b** c", "A b c"),
        ("<a href='https://x.example'>[b](https://c.example)</a>", "[b](https://c.example)", "b"),
        ("<a href='https://x.example'></a>A <a href='javascript:b'>c</a>", "A c", "A c"),
        ("a < b, <3 and c > d", "a < b, <3 and c > d", "a < b, <3 and c > d"),
        ("&lt;script&gt; `<b>`", "&lt;script&gt; `<b>`", "<script> <b>"),
        ("<scr<b>ipt>alert(1)</scr<b>ipt>", r"\<script>alert(1)\</script>", "<script>alert(1)</script>"),
        ("<script\n\nsrc=x", "\\<script\n\nsrc=x", "<script src=x"),
        ("# One<br>two", "# One two", "One two"),
        ("| a |\n| --- |\n| b<br>c |", "| a |\n| --- |\n| b c |", "a b c"),
    ],
)
def test_k23_html_goes_and_its_text_stays(markdown, left, words):
    assert read_answer(markdown).markdown == left
    assert plain_text(markdown) == words
    assert read_answer(left).markdown == left


def test_k23_a_break_is_a_line_of_plain_text():
    assert plain_lines("One<br>two <b>three</b>\nfour", {}) == "One\ntwo three four"


HTML = [
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "<?",
    "<![CDATA[",
    "]]>",
    "script",
    "div",
    "b",
    "br",
    "='x'",
    "&lt;",
    "&#60;",
]
MARKS = ["`", "\\", '"', "*", "**", "[", "](x)", "[@a]", "```\n", "# ", "| ", "\n|-|\n"]
PIECES = st.sampled_from([*HTML, *MARKS, " ", "\n", "\n\n", "\n- ", "\n> ", "\n1. ", "\n    "])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_k23_no_reader_of_markdown_finds_html_in_what_is_written(markdown):
    tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown(markdown, NUMBERS))
    kinds = {each.type for token in tokens for each in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline"}


@pytest.mark.parametrize("tag", ["script", "STYLE"])
@pytest.mark.parametrize(
    ("markdown", "left"),
    [
        ("Hold.\n\n<{} a='b'>\nnote(*);\n\n## note\n</{}>\n\nRest.", "Hold.\n\nRest."),
        ("Hold <{}>note *a</{} > still*.", "Hold still*."),
        ("<{}>note</{}>Hold.", "Hold."),
        ("- Hold.\n  <{}>\n\n  note\n  </{}>\n- Rest.", "- Hold.\n- Rest."),
    ],
)
def test_k23_the_text_of_scripts_and_styles_is_not_shown(markdown, left, tag):
    written = markdown.format(tag, tag.lower())
    assert read_answer(written).markdown == left
    assert section_lines(written) == []
    assert "note" not in plain_text(written) + plain_lines(written, {})


def test_k23_a_script_without_its_end_is_an_error():
    assert problems("Hold.\nA <script>note\n\nb</script>") == [(1, "<script", "error")]
    assert problems("`<script>` &lt;script> \\<script>") == []


def test_k6_a_cell_without_a_head_is_an_error():
    table = "| a | b |\n| - | - |\n| 1 | 2 |\n| 1 | `x \\| y` | z | |\n1 | 2 | \n"
    advice = "and is not shown; give the column a head, or write `\\|` for a bar in a cell"
    lost = f"'z' stands in a column without a head {advice}"
    assert read_answer(table).problems == ((3, lost, "error"),)
    assert read_answer(f"- {table.replace(chr(10), chr(10) + '  ')}").problems == ((3, lost, "error"),)
    assert read_answer("| a |\n| - |\n| 1 | 2 | 3 |").problems[0][1].startswith("'2', '3' stand")


# What is left over of marks.


@pytest.mark.parametrize(
    ("markdown", "marks"),
    [
        ('adj**"word"**next', ["**", "**"]),
        ('adj*"word"*next', ['*"word"*']),
        ("**Hold", ["**"]),
        ("Hold** still", ["**"]),
        ("** Hold **", ["**", "**"]),
        ("__ Hold", ["__"]),
        ("a `b", ["`"]),
        ("a ``b` c", ["``", "`"]),
        ("~~old~~", ["~~", "~~"]),
        ("[words] (https://x.example)", []),
        ("[words](an address)", ["]("]),
        ("2 * 3 * 4 and 5*6, a_b_c, d__e, f ~ g, price*", []),
        (r"\*\*Hold \`x \_\_", []),
        ("`**` and `` ` ``", []),
        ("```\n**\n```", []),
    ],
)
def test_k28_marks_that_were_left_over_are_named(markdown, marks):
    found = problems(f"**Fine**\n\nOne\n{markdown}")
    wanted = list(dict.fromkeys((3, mark, "warning") for mark in marks))
    assert found == wanted


def test_k28_says_what_to_do():
    assert read_answer('adj**"word"**next').problems == (
        (
            0,
            "'**' marks nothing and is shown as it is; leave a space before and after the marked words and none"
            " inside, or write `\\` before each mark to show it",
            "warning",
        ),
    )


# Sections.


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("## A\nx\n## B\ny", [0, 2]),
        ("## A\n\n```\n## x\n```\n\n## B", [0, 6]),
        ("## A\n\n~~~~\n## x\n~~~\n## y\n~~~~\n## B", [0, 7]),
        ("## A\n<!--\n## x\n\n-->\n## B", [0, 5]),
        ("## A\n- ```\n  ## x\n  ```\n## B", [0, 4]),
        ("## A\n```\n## never closed", [0]),
        ("## A\n`<!--`\n## B", [0, 2]),
        ("### A\n##B\n ## C\n##\n##\tD", [3, 4]),
        ("A\n---\n# B", []),
    ],
)
def test_k6_a_line_of_code_or_of_a_comment_is_no_heading(body, lines):
    assert section_lines(body) == lines


# As Markdown again, and as plain text.

EVERYTHING = """\
Hold **30** *seconds* __now__, `code` `` `b `` [@a].
Next line\\
after a break \\* &amp; [link](https://x.example "title") ![alt](p.png) <https://y.example>

# Heading

> Quote
>
> - one
>   - two

1. first

   more

2. second

---

- tight
- list

| a | b | c |
| :--- | ---: | --- |
| 1 | x \\| y |  |

```sh
code  here
```"""


def test_markdown_is_written_as_it_was():
    assert to_markdown(EVERYTHING) == EVERYTHING
    assert to_markdown(EVERYTHING, NUMBERS) == EVERYTHING.replace("[@a]", "[1]")


def test_indented_code_is_fenced():
    """Behind a list it would become a part of that."""
    assert to_markdown("    a\n\n    ```` b") == "`````\na\n\n```` b\n`````"


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("<b>- a</b>", "\\- a"),
        ("a<br>- b<br>1. c<br>2. d", "a\\\n\\- b\\\n1\\. c\\\n2. d"),
        ("<b></b>7. a", "7\\. a"),
        ("a\n<i></i>---", "a\n\\---"),
        ("<b># a</b>", "\\# a"),
        ("<b>[a]: b</b>", "\\[a]: b"),
        ("**a**\n2. b", "**a**\n2. b"),
        ("```a``` b", "```a``` b"),
    ],
)
def test_k23_text_that_stood_behind_html_begins_no_block(markdown, written):
    assert to_markdown(markdown) == written


def test_plain_lines_keep_the_order_of_a_page():
    assert (
        plain_lines(EVERYTHING, NUMBERS)
        == """\
Hold 30 seconds now, code `b [1]. Next line
after a break * & link (https://x.example) alt (p.png) https://y.example

Heading

  Quote

    - one
        - two

  1. first
     more
  2. second

---

  - tight
  - list

a: 1 · b: x | y

  code  here"""
    )


@given(st.text(alphabet="ab*_`[]()@;<>!-#|\n 1.\\&", max_size=60))
def test_writing_again_changes_no_words(markdown):
    assert plain_text(to_markdown(markdown)).split() == plain_text(markdown).split()


# Texts without end.


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (" " * 1_000_000 + "x", "x"),
        ("\n" * 1_000_000 + "x", "x"),
        ("*a " * 300_000, " ".join(["*a"] * 300_000)),
        ("`a __b *c " * 90_000, " ".join(["a __b *c"] * 90_000)),
        ("[@a; " * 200_000, " ".join(["[@a;"] * 200_000)),
        ("1" * 1_000_000, "1" * 1_000_000),
        ("<!--\n" * 100_000, " ".join(["<!--"] * 100_000)),
        ("<script>\n" * 100_000, " ".join(["<script>"] * 100_000)),
        ("<style> a" * 100_000, " ".join(["<style> a"] * 100_000).replace("a <", "a<")),
        ("<a href='https://x'>b" * 50_000, "b" * 50_000),
        ("<a " * 100_000, " ".join(["<a"] * 100_000)),
        ("<b>" * 100_000 + "x", "x"),
        ("[see @" * 100_000, " ".join(["[see"] + ["@[see"] * 99_999 + ["@"])),
    ],
    ids=[
        "spaces",
        "newlines",
        "unclosed",
        "several marks",
        "citations",
        "digits",
        "comments",
        "scripts",
        "styles",
        "anchors",
        "tags",
        "bold",
        "prefixes",
    ],
)
def test_a_megabyte_of_marks_is_read(markdown, words):
    assert growth(read_answer.__wrapped__, lambda size: markdown[:size], 2000) < LINEAR
    assert plain_text(markdown) == words
    assert cited(markdown) == {}
