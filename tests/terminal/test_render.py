"""Replies as terminal text: golden text at three widths, paint, and what must never reach a terminal."""

import re
from dataclasses import replace

import pytest
from wcwidth import width as cells

from chatbot.answering.reply import Reply
from chatbot.corpus.reader import read_corpus
from chatbot.records import Answer, Caution, Entry, Match, RelatedQuestion, Source, Thresholds, Unsuited
from chatbot.terminal.render import (
    choices_text,
    coloured,
    more_text,
    plain_text,
    sources_text,
    to_text,
    uncoloured,
)
from chatbot.terminal.wrapping import terminal_lines, wrap
from tests.conftest import PROJECT

STUDY = Source("study", "長い題名の研究 about stretching", authors="山田太郎", year="2020", doi="10.1/x")
TEXT = """Stretch your **ハムストリング** slowly 🧘‍♀️ and *breathe* [@study].

1. 前屈を三十秒間保ちます。無理をしないでください。
2. Change sides.

> Stop if it hurts."""
FIRST = Answer("Yoga 先生", TEXT, (STUDY,), ("recent surgery 🏥", "妊娠後期"))
SECOND = Answer("Coaching", "Twice a week.")
ENTRY = Entry("splits", "How do I do the splits 開脚?", (FIRST, SECOND))
REPLY = Reply(
    kind="answer",
    query="開脚 how?",
    disclaimer="Not advice. Ask a doctor.",
    confidence=0.93,
    id="splits",
    question=ENTRY.question,
    answers=ENTRY.answers,
    related=tuple(
        RelatedQuestion(
            f"r{n}", f"Related question number {n}?", "Physio", "前屈を三十秒間保ちます and breathe out slowly …"
        )
        for n in range(1, 5)
    ),
    short_disclaimer="Not medical advice: consult your healthcare provider about your own needs.",
    matches=(
        Match(
            "splits",
            ENTRY.question,
            "answer",
            1.2,
            0.93,
            0.97,
            "開脚 splits",
            (("nearest_phrasing", 0.81), ("words_in_common", 0.5)),
        ),
    ),
    thresholds=Thresholds(answer=0.85, clarify=0.16, urgent=0.1, caution=0.05),
)
AT_40 = """\
How do I do the splits 開脚?
sure · 2 views
(you asked: 開脚 how?)

  Yoga 先生
  Stretch your ハムストリング slowly 🧘‍♀️
  and breathe [1].

    1. 前屈を三十秒間保ちます。無理をし
       ないでください。
    2. Change sides.

    Stop if it hurts.

  Not for you if: recent surgery 🏥 ·
  妊娠後期

  1 more view: /more
  where this comes from: /sources
  why this: /why

Continue with
  1  Related question number 1?
     Physio · 前屈を三十秒間保ちます …
  2  Related question number 2?
     Physio · 前屈を三十秒間保ちます …
  3  Related question number 3?
     Physio · 前屈を三十秒間保ちます …

Not medical advice: consult your
healthcare provider about your own
needs.
"""
AT_80 = """\
How do I do the splits 開脚?                                      sure · 2 views
(you asked: 開脚 how?)

  Yoga 先生
  Stretch your ハムストリング slowly 🧘‍♀️ and breathe [1].

    1. 前屈を三十秒間保ちます。無理をしないでください。
    2. Change sides.

    Stop if it hurts.

  Not for you if: recent surgery 🏥 · 妊娠後期

  1 more view: /more   where this comes from: /sources   why this: /why

Continue with
  1  Related question number 1?
     Physio · 前屈を三十秒間保ちます and breathe out slowly …
  2  Related question number 2?
     Physio · 前屈を三十秒間保ちます and breathe out slowly …
  3  Related question number 3?
     Physio · 前屈を三十秒間保ちます and breathe out slowly …

Not medical advice: consult your healthcare provider about your own needs.
"""
# Text is not made wider than 88 cells: longer lines read badly.
AT_120 = AT_80.replace("開脚?" + " " * 38, "開脚?" + " " * 46)
EVIL = "a\x1b[31mb\x1b]0;t\x07c\x9b2Jd\x01e\u202ef\x7f\r"


def shell_text(reply, width, paint=uncoloured):
    return to_text(reply, width, paint, all_answers=False, hints=True)


@pytest.mark.parametrize(("width", "expected"), [(40, AT_40), (80, AT_80), (120, AT_120)])
def test_golden_text(width, expected):
    assert shell_text(REPLY, width) == expected


@pytest.mark.parametrize("width", [16, 20, 31, 40, 79, 80, 88])
def test_no_line_is_wider_than_asked(width):
    assert max(cells(line) for line in shell_text(REPLY, width).split("\n")) <= width
    # An address stands in one piece, on a line of its own where it is longer than one.
    whole = [line for line in to_text(REPLY, width).split("\n") if line.strip() != "https://doi.org/10.1/x"]
    assert max(map(cells, whole)) <= width


@pytest.mark.parametrize("width", [20, 40, 80])
def test_paint_changes_no_words(width):
    painted = shell_text(REPLY, width, coloured)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == shell_text(REPLY, width)
    assert "\x1b[1mハムストリング\x1b[0m" in shell_text(REPLY, 80, coloured)


def test_the_whole_reply_has_every_view_all_related_sources_and_the_full_disclaimer():
    text = to_text(REPLY, 80)
    assert "  Coaching\n  Twice a week.\n" in text
    assert "  4  Related question number 4?\n" in text
    assert "  [1] 山田太郎 (2020) 長い題名の研究 about stretching. https://doi.org/10.1/x\n" in text
    assert text.endswith("\n\nNot advice. Ask a doctor.\n")
    assert "/more" not in text


def test_more_is_what_was_left_out():
    assert more_text(REPLY, 80) == (
        "  Coaching\n  Twice a week.\n\nContinue with\n  4  Related question number 4?\n"
        "     Physio · 前屈を三十秒間保ちます and breathe out slowly …\n\n"
    )
    assert more_text(replace(REPLY, answers=(FIRST,), related=()), 80) == ""


@pytest.mark.parametrize(("full", "last"), [(True, "Not advice. Ask a doctor."), (False, REPLY.short_disclaimer)])
@pytest.mark.parametrize("kind", ["answer", "clarify", "no-answer", "urgent", "small-talk"])
def test_the_disclaimer_is_under_every_kind_of_reply(kind, full, last):
    reply = replace(REPLY, kind=kind, care="same-day" if kind == "urgent" else None)
    assert to_text(reply, 88, full_disclaimer=full).splitlines()[-1] == last


@pytest.mark.parametrize("full", [True, False])
def test_k15_a_disclaimer_without_a_short_form_is_shown_whole(full):
    reply = replace(REPLY, short_disclaimer=None)
    assert to_text(reply, 88, full_disclaimer=full).splitlines()[-1] == "Not advice. Ask a doctor."


def test_k4_how_the_question_was_read_stands_below_it():
    lines = shell_text(replace(REPLY, query="how splits", read_as="show\x1b[31m splits"), 60).splitlines()
    assert lines[1:4] == ["(you asked: how splits)", "(read as: show splits)", ""]


@pytest.mark.parametrize("kind", ["clarify", "no-answer"])
def test_k4_so_it_does_where_nothing_is_answered(kind):
    reply = Reply(kind=kind, query="hipp", disclaimer="D.", confidence=0.2, read_as="hip", topics=("hips",))
    assert to_text(reply, 60).splitlines()[:3] == ["(you asked: hipp)", "(read as: hip)", ""]
    assert shell_text(reply, 60).splitlines()[:2] == ["(read as: hip)", ""]
    assert to_text(replace(reply, read_as=None), 60).splitlines()[:2] == ["(you asked: hipp)", ""]


def test_k9_offers_are_shown_by_their_labels():
    offers = tuple(RelatedQuestion(each, "When?", "Shop", "From ten.", hint=each) for each in ("north", "south"))
    asked_back = Reply(kind="clarify", query="when", disclaimer="D.", confidence=0.5, suggestions=offers)
    for text in (shell_text(asked_back, 60), shell_text(replace(REPLY, related=offers), 60)):
        assert "  1  When? (north)\n" in text
        assert "  2  When? (south)\n" in text


@pytest.mark.parametrize("kind", ["clarify", "no-answer"])
def test_without_an_entry_the_question_is_named_where_it_does_not_stand_above(kind):
    reply = Reply(kind=kind, query="a \x1b[31mred\n hip", disclaimer="D.", confidence=0.2, topics=("hips",))
    assert to_text(reply, 40).splitlines()[:2] == ["(you asked: a red hip)", ""]
    assert "you asked" not in shell_text(reply, 40)


def test_none_of_these_is_offered_only_where_it_can_be_chosen():
    offer = RelatedQuestion("r", "Related?", "Physio", "First words")
    reply = Reply(kind="clarify", query="hip", disclaimer="D.", confidence=0.2, suggestions=(offer,))
    assert shell_text(reply, 40).splitlines()[:3] == ["Did you mean", "  1  Related?", "  0  none of these"]
    assert "none of these" not in to_text(reply, 40)


def test_what_a_follow_up_is_about_is_named_unless_it_is_the_heading():
    assert "(about: How long?)" in shell_text(replace(REPLY, about="How long?"), 40).splitlines()
    assert "about:" not in shell_text(replace(REPLY, about=REPLY.question), 40)


def luminance(colour):
    """Relative luminance of a colour of three bytes, as WCAG 2 defines it."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", [(0, 0, 0), (255, 255, 255)], ids=["dark", "light"])
def test_every_colour_can_be_read_on_light_and_dark(background):
    """The eight basic colours as xterm shows them; 3 to 1 is WCAG's least contrast for what is not running text."""
    xterm = {str(30 + n): tuple(205 * (n >> bit & 1) for bit in range(3)) for n in range(1, 8)}
    roles = ("question", "viewpoint", "strong", "emphasis", "urgent", "caution", "number", "quiet")
    used = {code for role in roles for code in re.findall(r"3\d", coloured(role, "x").replace("\x1b[", ""))}
    assert used == {"31", "35"}
    for code in used:
        lighter, darker = sorted((luminance(xterm[code]), luminance(background)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, code


def test_an_urgent_reply_is_framed():
    reply = replace(REPLY, kind="urgent", care="same-day", related=())
    assert to_text(reply, 40).splitlines()[:4] == ["━" * 40, "URGENT: get medical help today", "━" * 40, ""]


def test_a_sign_that_was_described_before_says_so_in_its_frame():
    reply = replace(REPLY, kind="urgent", care="same-day", related=(), about=REPLY.question)
    assert to_text(reply, 40).splitlines()[:8] == [
        "━" * 40,
        "CARE COMES FIRST. URGENT: get medical",
        "help today. Once someone has looked at",
        'it, tell me: "I have had it checked". If',
        'you never had any of it, tell me: "None',
        'of that is true of me".',
        "━" * 40,
        "",
    ]
    assert "about:" not in to_text(reply, 40)


UNSUITED = Unsuited("backbend", "How do I bend back 後屈?", ("have a new hip (3 months ago)", "had a 🏥 visit"))
AT_40_AND_80 = [
    (
        {"again": True},
        ["This is the answer from above."],
        ["This is the answer from above."],
    ),
    (
        {"again": True, "part": "how long, how many and how often"},
        ["From the answer above: how long, how", "many and how often."],
        ["From the answer above: how long, how many and how often."],
    ),
    (
        {"unsuited": UNSUITED},
        [
            "You said that you have a new hip (3",
            "months ago) and had a 🏥 visit. “How do",
            "I bend back 後屈?” is not for you then;",
            "this is:",
        ],
        [
            "You said that you have a new hip (3 months ago) and had a 🏥 visit. “How do I",
            "bend back 後屈?” is not for you then; this is:",
        ],
    ),
    (
        {"unsuited": replace(UNSUITED, because=(), another=("are pregnant",)), "again": True},
        [
            "“How do I bend back 後屈?” is not for",
            "people who are pregnant; this is:",
        ],
        [
            "“How do I bend back 後屈?” is not for people who are pregnant; this is:",
        ],
    ),
]


@pytest.mark.parametrize(("told", "at_40", "at_80"), AT_40_AND_80, ids=["again", "part", "instead", "another's"])
def test_what_is_told_of_an_answer_stands_above_its_heading(told, at_40, at_80):
    reply = replace(REPLY, **told)
    for width, lead in ((40, at_40), (80, at_80)):
        plain = to_text(REPLY, width).splitlines()
        assert to_text(reply, width).splitlines() == [*lead, "", *plain]
        assert shell_text(reply, width).splitlines() == [*lead, "", *shell_text(REPLY, width).splitlines()]
        painted = re.sub(r"\x1b\[[0-9;]*m", "", shell_text(reply, width, coloured))
        assert painted == shell_text(reply, width)
        cautious = shell_text(replace(reply, caution=CAUTION), width).splitlines()
        assert cautious[cautious.index("") + 1 :] == shell_text(reply, width).splitlines()
        assert cautious[0].startswith("┃ Take care:")


def test_a_care_that_comes_first_says_so_whatever_was_told():
    reply = replace(REPLY, kind="urgent", care="same-day", related=())
    told = replace(reply, again=True, part="how long", unsuited=UNSUITED)
    assert to_text(told, 40) == to_text(reply, 40)


def test_without_an_entry_for_these_people_it_is_told_and_what_is_near_is_offered():
    offer = RelatedQuestion("r", "Related?", "Physio", "First words")
    told = replace(UNSUITED, because=("are pregnant",))
    reply = Reply(kind="no-answer", query="arch", disclaimer="D.", confidence=0.0, suggestions=(offer,), unsuited=told)
    rest = ["Nearest, if it helps:", "  1  Related?", "", "D."]
    lead = [
        "You said that you are pregnant. “How do I bend back 後屈?” is not for you then.",
        "Ask whoever treats you what is. If I got that wrong, say so.",
        "",
    ]
    assert to_text(reply, 80).splitlines() == ["(you asked: arch)", "", *lead, *rest]
    assert shell_text(reply, 80).splitlines() == [*lead, "  what I know: /topics", "", *rest]


def test_what_goes_on_from_an_answer_is_shown_without_it():
    reply = replace(REPLY, query="more", again=True, part="what goes on from it", answers=())
    shown = shell_text(reply, 80).splitlines()
    assert shown[:8] == [
        "From the answer above: what goes on from it.",
        "",
        "How do I do the splits 開脚?                                                sure",
        "(you asked: more)",
        "",
        "  why this: /why",
        "",
        "Continue with",
    ]
    assert [line[5:] for line in shown if re.match(r"  \d  ", line)] == [
        f"Related question number {number}?" for number in (1, 2, 3)
    ]
    assert more_text(reply, 80).splitlines()[:2] == ["Continue with", "  4  Related question number 4?"]


CAUTION = Caution(
    "leg-clot",
    "One calf is swollen",
    "same-day",
    "See a doctor today if the calf is warm or one-sided,\nand do not stretch it.",
)
CARD_AT_30 = [
    "┃ Take care: See a doctor",
    "┃ today if the calf is warm or",
    "┃ one-sided, and do not",
    "┃ stretch it.",
]
CARD_AT_80 = [
    "┃ Take care: See a doctor today if the calf is warm or one-sided, and do not",
    "┃ stretch it.",
]


@pytest.mark.parametrize(("width", "card"), [(30, CARD_AT_30), (80, CARD_AT_80)])
@pytest.mark.parametrize("kind", ["answer", "small-talk"])
def test_a_caution_is_a_card_before_the_rest(kind, width, card):
    plain = replace(REPLY, kind=kind)
    cautious = replace(plain, caution=CAUTION)
    seen = [*card, "┃ See: One calf is swollen", "", *to_text(plain, width).splitlines()]
    assert to_text(cautious, width).splitlines() == seen
    hinted = [*card, "┃ more: /open leg-clot", "", *shell_text(plain, width).splitlines()]
    assert shell_text(cautious, width).splitlines() == hinted
    painted = shell_text(cautious, width, coloured)
    assert painted.startswith("┃ \x1b[1;35mTake care:\x1b[0m See a doctor")
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted).splitlines() == hinted


@pytest.mark.parametrize("kind", ["clarify", "no-answer"])
def test_a_caution_stands_below_the_question_where_nothing_is_answered(kind):
    reply = Reply(kind=kind, query="calf", disclaimer="D.", confidence=0.2, topics=("hips",), caution=CAUTION)
    rest = to_text(replace(reply, caution=None), 80).splitlines()
    assert rest[:2] == ["(you asked: calf)", ""]
    card = [*CARD_AT_80, "┃ See: One calf is swollen"]
    assert to_text(reply, 80).splitlines() == [*rest[:2], *card, "", *rest[2:]]
    assert shell_text(reply, 80).splitlines()[:4] == [*CARD_AT_80, "┃ more: /open leg-clot", ""]


def test_an_opened_entry_shows_no_certainty():
    assert to_text(replace(REPLY, matches=(), answers=(SECOND,)), 80).splitlines()[0] == "How do I do the splits 開脚?"


@pytest.mark.parametrize(
    "told", [{}, {"part": EVIL}, {"unsuited": Unsuited(EVIL, EVIL, (EVIL, EVIL))}], ids=["", "part", "unsuited"]
)
def test_nothing_from_corpus_or_question_drives_the_terminal(told):
    source = Source("s", EVIL, authors=EVIL, container=EVIL, url=EVIL)
    offer = RelatedQuestion("r", EVIL, EVIL, EVIL)
    for kind in ("answer", "clarify", "no-answer", "urgent", "small-talk"):
        reply = Reply(
            kind=kind,
            query=EVIL,
            disclaimer=EVIL,
            confidence=0.5,
            question=f"q {EVIL}",
            answers=(Answer(EVIL, f"{EVIL} **{EVIL}** [@s]\n\n- {EVIL}\n\n```\n{EVIL}\n```", (source,), (EVIL,)),) * 2,
            related=(offer,) * 4,
            suggestions=(offer,) if kind in ("clarify", "no-answer") else (),
            topics=(EVIL,),
            about=EVIL,
            care="emergency" if kind == "urgent" else None,
            matches=(Match("e", EVIL, "answer", 1.0, 0.5, 0.6, EVIL),),
            read_as=EVIL,
            short_disclaimer=EVIL,
            caution=Caution(EVIL, EVIL, "routine", EVIL),
            **told,
        )
        texts = (
            to_text(reply, 80),
            shell_text(reply, 80),
            more_text(reply, 80),
            sources_text(reply, 80),
            reply.explain(),
        )
        assert not set("\x1b\x07\x9b\x01\u202e\x7f\r") & set("".join(texts))
    assert not set("\x1b\x07") & set(choices_text([EVIL], 80) + plain_text(EVIL, 80))


def test_markdown_cannot_smuggle_control_characters_as_entities():
    text = "\n".join(terminal_lines("a &#27;[31m b &#x9b;2J c &#7; d", 80, uncoloured))
    assert not set("\x1b\x9b\x07") & set(text)


@pytest.mark.parametrize("entity", ["&#x202e;", "&shy;", "&#8203;", "&#x85;", "&#x2028;"])
def test_k1_markdown_cannot_smuggle_format_characters_as_entities(entity):
    assert terminal_lines(f"cal{entity}ves `x` **y**", 80, uncoloured)[0].startswith("cal")
    assert all(line.isprintable() for line in terminal_lines(f"cal{entity}ves", 80, uncoloured))


TABLE = """\
| Muscle | Hold | **Sets** |
|---|--:|---|
| calf [@study] | 30 s<br>or more | 3 \\| 4 |
| 前屈 | | `a b` |
"""


def test_k6_a_table_stands_in_columns_where_they_fit():
    shown = [
        "  Muscle    Hold     Sets",
        "  ────────  ───────  ─────",
        "  calf [1]  30 s     3 | 4",
        "            or more",
        "  前屈               a b",
    ]
    for width in (26, 80):
        assert terminal_lines(TABLE, width, uncoloured, "  ", {"study": 1}) == shown
    painted = terminal_lines(TABLE, 80, coloured, "  ", {"study": 1})
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in painted] == shown
    assert painted[0].startswith("  \x1b[1mMuscle\x1b[0m")


def test_k6_a_table_that_does_not_fit_has_a_row_a_line():
    assert terminal_lines(f"One.\n\n{TABLE}", 25, uncoloured, "  ", {"study": 1}) == [
        "  One.",
        "",
        "  Muscle: calf [1] ·",
        "    Hold: 30 s, or more ·",
        "    Sets: 3 | 4",
        "  Muscle: 前屈 · Sets:",
        "    a b",
    ]


def test_k6_a_table_in_a_list_stands_below_its_mark():
    assert terminal_lines("- | a |\n  |---|\n  | b |", 80, uncoloured) == ["  -", "    a", "    ─", "    b"]


def test_k6_comments_and_citations_in_code_are_not_shown_as_such():
    markdown = "Hold <!-- note\nof ours --> on.\n\n<!--\n\n## note\n-->\n\nType `[@study]` [@study] and \\[@study]."
    assert terminal_lines(markdown, 80, uncoloured, numbers={"study": 1}) == [
        "Hold on.",
        "",
        "Type [@study] [1] and [@study].",
    ]


def test_k23_html_is_not_shown():
    markdown = "One<br>two <b>three</b>, <i>four</i> &lt;five&gt;\n\n<p>Six</p><p>seven</p>"
    shown = ["One", "two three, four <five>", "", "Six", "seven"]
    assert terminal_lines(markdown, 80, uncoloured) == shown


WHOLE = [
    "https://www.example.org/a-page/of-some-length.html",
    "flexbot --index",
    "corpus/lower-back/loosen-lower-back.md",
    "anna-maria.long-name@some-where.example.org",
    "CHATBOT_CORPUS=/home/anna-maria/corpus",
]


@pytest.mark.parametrize("word", WHOLE[:1] + WHOLE[2:])
@pytest.mark.parametrize("width", [20, 40, 45, 60, 80])
def test_k7_addresses_paths_and_options_are_not_broken(word, width):
    text = f"Some words that come before it and {word}, and some others behind it with --index and all."
    lines = wrap(text, width, "  ", "    ")
    assert sum(f"{word}," in line for line in lines) == 1
    assert sum("--index" in line for line in lines) == 1
    assert " ".join(line.strip() for line in lines) == text
    # Only the word itself is wider, and then it has a line of its own.
    assert all(cells(line) <= width or line.strip() == f"{word}," for line in lines)


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80])
def test_k7_code_is_not_broken(width):
    markdown = (
        "Run `flexbot build --index x/y` in the folder, then [read](https://x.example/a-b) on **`python -m chatbot`**."
    )
    for paint in (uncoloured, coloured):
        text = "\n".join(terminal_lines(markdown, width, paint))
        lines = re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n")
        for code in ("flexbot build --index x/y", "(https://x.example/a-b)", "python -m chatbot"):
            assert sum(code in line for line in lines) == 1
    assert terminal_lines("```\n" + "flexbot build " * 20 + "\n```", width, uncoloured) == [
        "  " + "flexbot build " * 20
    ]


@pytest.mark.parametrize("width", range(20, 60))
def test_k7_code_in_the_bots_own_words_is_not_broken(width):
    text = "There is no index in ./index-of-mine; run `flexbot build --full` and then ask `flexbot ask` again."
    lines = plain_text(text, width).split("\n")
    assert [sum(code in line for line in lines) for code in ("`flexbot build --full`", "`flexbot ask`")] == [1, 1]


def test_k7_other_long_words_are_broken_as_before():
    assert wrap("a" * 50, 20) == ["a" * 20, "a" * 20, "a" * 10]
    assert wrap("前屈を三十秒間保ちます。" * 3, 20) == [
        "前屈を三十秒間保ちま",
        "す。前屈を三十秒間保",
        "ちます。前屈を三十秒",
        "間保ちます。",
    ]


def test_k7_no_link_to_a_source_of_the_corpus_is_broken():
    sources = tuple(read_corpus(PROJECT / "corpus").sources.values())
    links = [source.link for source in sources if source.link]
    assert len(links) > 300
    reply = replace(REPLY, answers=(Answer("All", "Text.", sources),))
    lines = sources_text(reply, 80).split("\n")
    assert [link for link in links if not any(link in line for line in lines)] == []


def test_plain_text_keeps_indentation_and_hangs_after_two_spaces():
    assert plain_text("/why  Tell why the last reply was chosen.", 30) == (
        "/why  Tell why the last reply\n      was chosen.\n"
    )
    assert plain_text("  one two three four five six", 18) == "  one two three\n  four five six\n"
    assert plain_text("a\n\nb", 40) == "a\n\nb\n"


def test_choices_line_up_to_two_digits():
    assert choices_text(["x"] * 10, 40).splitlines()[8:] == ["  9  x", " 10  x"]


def test_many_short_choices_stand_in_columns_numbered_downwards():
    labels = [f"topic {number}" for number in range(1, 15)] + ["開脚"]
    # 5 cells of number, 8 of the longest label and 2 between: two columns in 40 cells, five in 80.
    assert choices_text(labels, 40).splitlines()[:2] == [
        "  1  topic 1     9  topic 9",
        "  2  topic 2    10  topic 10",
    ]
    assert choices_text(labels, 40).splitlines()[6:] == ["  7  topic 7    15  開脚", "  8  topic 8"]
    assert len(choices_text(labels, 80).splitlines()) == 3
    assert re.sub(r"\x1b\[[0-9;]*m", "", choices_text(labels, 40, coloured)) == choices_text(labels, 40)
    assert len(choices_text([label + " and more words than fit twice" for label in labels], 40).splitlines()) >= 15


def test_explain_names_matches_and_thresholds():
    assert REPLY.explain() == (
        "I am 93 % sure that the first match is right.\n"
        "I am 97 % sure that the corpus covers this.\n"
        "I answer when I am at least 85 % sure of a match. Otherwise I ask what was meant when I am at least 16 % sure"
        " that the corpus covers it, else I say that I have no answer.\n\n"
        "The first matches:\n"
        "    93 %  How do I do the splits 開脚?\n"
        '          nearest phrasing: "開脚 splits"\n'
        "          like its nearest phrasing 0.81 · words in common 0.50\n\n"
        "If another entry should have answered, add your words to its alternate questions and build the index again."
        " The first match is the entry `splits`."
    )


def test_explain_of_what_was_not_matched():
    assert replace(REPLY, matches=()).explain() == "You opened this entry yourself, so nothing was matched."
    assert replace(REPLY, kind="no-answer", matches=(), id=None).explain() == "Nothing was matched."


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("clarify", "not enough to answer, enough to ask what was meant."),
        ("no-answer", "too little to answer."),
        ("urgent", "this is a sign that needs care, which comes before all else."),
    ],
)
def test_explain_of_the_other_decisions(kind, outcome):
    assert replace(REPLY, kind=kind).explain().splitlines()[0].endswith(outcome)
