"""Replies as data, JSON, Markdown and text; the disclaimer in all of them."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from chatbot.answering.reply import NOTHING_ELSE, Reply, source_line
from chatbot.records import Answer, Caution, Entry, Match, RelatedQuestion, Source, Unsuited
from chatbot.terminal.render import to_text
from tests.conftest import PROJECT

BANDY = Source("bandy-1994", "Time.", "Bandy & Irion", "1994", "Phys Ther 74(9)", doi="10.1/x", verified=True)
BEHM = Source("behm-2016", "Review", url="https://example.org/behm")
OFFERS = (
    RelatedQuestion("hold", "How long should I hold?", "Research summary", "Thirty seconds …"),
    RelatedQuestion("often", "How often?", "Yoga teaching", "Daily."),
)
SHORT_DISCLAIMER = "Not medical advice."
DISCLAIMER = "Not medical advice. Consult your healthcare provider."

ANSWER = Reply(
    kind="answer",
    query="tight back",
    disclaimer=DISCLAIMER,
    short_disclaimer=SHORT_DISCLAIMER,
    confidence=0.93456,
    id="loosen-lower-back",
    question="What loosens my lower back?",
    topic="lower-back",
    answers=(
        Answer("Sports physiotherapy", "Hold **30 seconds** [@bandy-1994].", (BANDY,), ("surgery", "pain")),
        Answer("Yoga teaching", "Breathe [@behm-2016; @bandy-1994].", (BEHM, BANDY), ("surgery", "pain")),
    ),
    reviewed="2026-11-22",
    related=OFFERS,
)
CLARIFY = Reply(
    kind="clarify",
    query="hip",
    disclaimer=DISCLAIMER,
    short_disclaimer=SHORT_DISCLAIMER,
    confidence=0.5,
    suggestions=OFFERS,
)
NO_ANSWER = Reply(
    kind="no-answer",
    query="passport",
    disclaimer=DISCLAIMER,
    short_disclaimer=SHORT_DISCLAIMER,
    confidence=0.01,
    suggestions=OFFERS,
    topics=("dose", "lower-back"),
)
URGENT = Reply(
    kind="urgent",
    query="numb",
    disclaimer=DISCLAIMER,
    short_disclaimer=SHORT_DISCLAIMER,
    confidence=0.7,
    id="cauda-equina",
    question="Numb between the legs?",
    topic="urgent",
    care="emergency",
    answers=(Answer("Emergency care", "Go now."),),
)
SMALL_TALK = Reply(
    kind="small-talk",
    query="hello",
    disclaimer=DISCLAIMER,
    short_disclaimer=SHORT_DISCLAIMER,
    confidence=0.99,
    id="greeting",
    question="Hello",
    topic="small-talk",
    answers=(Answer("About this bot", "Hello!"),),
    related=OFFERS,
)
ALL = (ANSWER, CLARIFY, NO_ANSWER, URGENT, SMALL_TALK)
CAUTION = Caution("leg-clot", "One calf is swollen", "same-day", "See a doctor today\nif the <calf> is warm.")


@pytest.mark.parametrize("reply", ALL, ids=lambda reply: reply.kind)
def test_the_disclaimer_is_in_every_kind_and_form(reply):
    assert reply.to_dict()["disclaimer"] == DISCLAIMER
    assert json.loads(reply.to_json())["disclaimer"] == DISCLAIMER
    assert reply.to_markdown().endswith(f"\n\n> {DISCLAIMER}\n")
    assert str(reply).endswith(f"\n\n{DISCLAIMER}")
    for hints in (False, True):
        for everything in (False, True):
            shown = to_text(reply, 80, hints=hints, all_answers=everything)
            assert shown.endswith((f"{DISCLAIMER}\n", f"{SHORT_DISCLAIMER}\n"))


def test_schema_4_of_an_answer():
    bandy = {
        "id": "bandy-1994",
        "title": "Time.",
        "authors": "Bandy & Irion",
        "year": "1994",
        "container": "Phys Ther 74(9)",
        "link": "https://doi.org/10.1/x",
        "verified": True,
    }
    behm = {
        "id": "behm-2016",
        "title": "Review",
        "authors": "",
        "year": "",
        "container": "",
        "link": "https://example.org/behm",
        "verified": False,
    }
    assert ANSWER.to_dict() == {
        "schema": 5,
        "kind": "answer",
        "query": "tight back",
        "read_as": None,
        "not_said": [],
        "language": None,
        "id": "loosen-lower-back",
        "question": "What loosens my lower back?",
        "topic": "lower-back",
        "care": None,
        "caution": None,
        "unsuited": None,
        "message": "",
        "answers": [
            {
                "viewpoint": "Sports physiotherapy",
                "text": "Hold **30 seconds** [@bandy-1994].",
                "sources": [bandy],
                "avoid_if": ["surgery", "pain"],
            },
            {
                "viewpoint": "Yoga teaching",
                "text": "Breathe [@behm-2016; @bandy-1994].",
                "sources": [behm, bandy],
                "avoid_if": ["surgery", "pain"],
            },
        ],
        "reviewed": "2026-11-22",
        "confidence": 0.9346,
        "about": None,
        "again": False,
        "part": None,
        "figures": [],
        "related": [
            {
                "id": "hold",
                "question": "How long should I hold?",
                "viewpoint": "Research summary",
                "preview": "Thirty seconds …",
                "topic": "",
                "hint": "",
                "label": "How long should I hold?",
            },
            {
                "id": "often",
                "question": "How often?",
                "viewpoint": "Yoga teaching",
                "preview": "Daily.",
                "topic": "",
                "hint": "",
                "label": "How often?",
            },
        ],
        "suggestions": [],
        "several": False,
        "topics": [],
        "subject": "",
        "disclaimer": DISCLAIMER,
        "short_disclaimer": SHORT_DISCLAIMER,
        "matches": [],
        "thresholds": None,
    }


@pytest.mark.parametrize("reply", ALL, ids=lambda reply: reply.kind)
def test_every_kind_has_the_same_fields_in_the_same_order(reply):
    assert list(reply.to_dict()) == list(ANSWER.to_dict())
    line = reply.to_json()
    assert json.loads(line) == reply.to_dict()
    assert "\n" not in line


def test_absent_values():
    wanted = {"id": None, "question": None, "care": None, "reviewed": None, "answers": [], "related": [], "topics": []}
    assert {name: CLARIFY.to_dict()[name] for name in wanted} == wanted


def test_an_answer_as_markdown():
    assert ANSWER.to_markdown() == (
        "## What loosens my lower back?\n\n"
        "### Sports physiotherapy\n\n"
        "Hold **30 seconds** [1].\n\n"
        "### Yoga teaching\n\n"
        "Breathe [2; 1].\n\n"
        "**Not for you if:** surgery · pain\n\n"
        "### Sources\n\n"
        "1. Bandy & Irion (1994) Time. Phys Ther 74(9) https://doi.org/10.1/x\n"
        "2. Review. https://example.org/behm\n\n"
        "### Continue with\n\n"
        "1. **How long should I hold?** Research summary · Thirty seconds …\n"
        "2. **How often?** Yoga teaching · Daily.\n\n"
        f"> {DISCLAIMER}\n"
    )


def test_the_other_kinds_as_text():
    assert str(CLARIFY) == f"Did you mean\n\n1. How long should I hold?\n2. How often?\n\n{DISCLAIMER}"
    assert str(NO_ANSWER) == (
        "I have no answer to that. I know about dose, lower back.\n\nNearest, if it helps:\n\n"
        f"1. How long should I hold?\n2. How often?\n\n{DISCLAIMER}"
    )
    assert str(replace(NO_ANSWER, subject="stretching and sleep")).startswith(
        "I have no answer to that. I cover stretching and sleep.\n\n"
    )
    assert str(URGENT) == (
        "EMERGENCY: call your local emergency number or go to an emergency department now\n\n"
        f"Numb between the legs?\n\nEmergency care\n\nGo now.\n\n{NOTHING_ELSE}\n\n{DISCLAIMER}"
    )
    assert str(SMALL_TALK).startswith(
        "Hello\n\nAbout this bot\n\nHello!\n\nContinue with\n\n1. How long should I hold?"
    )


MARKED = Answer(
    "C# <b>",
    "Take 2**3 *or* `a[@b]`<br>of **[@behm-2016]**.<!-- ours -->\n\n| a | b |\n|---|---|\n| 1 | <i>2</i> |\n\n- x [@z]",
    (BEHM,),
)


def test_k6_plain_text_of_a_reply_drops_marks_and_nothing_else():
    assert str(replace(URGENT, answers=(MARKED,), question="Is 2**3 <b>8</b>?")).split("\n\n")[1:6] == [
        "Is 2**3 <b>8</b>?",
        "C# <b>",
        "Take 2**3 or a[@b]\nof [1].",
        "a: 1 · b: 2",
        "  - x",
    ]


def test_k23_a_reply_as_markdown_has_no_html():
    reply = replace(URGENT, answers=(MARKED,), question="Is 2**3 <b>8</b>?", disclaimer="<script>alert(1)</script>")
    assert reply.to_markdown().split("\n\n")[1:7] == [
        "## Is 2**3 \\<b>8\\</b>?",
        "### C# \\<b>",
        "Take 2**3 *or* `a[@b]`\\\nof **[1]**.",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "- x",
        NOTHING_ELSE,
    ]
    assert reply.to_markdown().endswith("\n\n> \\<script>alert(1)\\</script>\n")


def test_a_reply_as_data_needs_no_parser():
    program = (
        "import sys; from chatbot.answering.reply import Reply; from chatbot.records import Answer;"
        "Reply('answer', 'x', 'D.', 1, answers=(Answer('A', '**b**'),)).to_json(); print('markdown_it' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("care", "lead"),
    [
        ("emergency", "EMERGENCY: call your local emergency number or go to an emergency department now"),
        ("same-day", "URGENT: get medical help today"),
        ("routine", "SEE A PROFESSIONAL: book a visit with your doctor or physiotherapist"),
    ],
)
def test_what_an_urgent_reply_begins_with(care, lead):
    reply = Reply(kind="urgent", query="x", disclaimer=DISCLAIMER, confidence=1, question="Q", care=care)
    assert reply.to_dict()["message"] == lead
    assert str(reply).startswith(lead)


@pytest.mark.parametrize("reply", [ANSWER, CLARIFY, NO_ANSWER, SMALL_TALK], ids=lambda reply: reply.kind)
def test_a_caution_stands_before_the_rest(reply):
    cautious = replace(reply, caution=CAUTION)
    assert cautious.to_dict() == {
        **reply.to_dict(),
        "caution": {
            "id": "leg-clot",
            "question": "One calf is swollen",
            "care": "same-day",
            "text": "See a doctor today\nif the <calf> is warm.",
        },
    }
    assert Reply.from_dict(json.loads(cautious.to_json())).caution == CAUTION
    assert str(cautious) == (
        f"Take care: See a doctor today if the <calf> is warm. See: One calf is swollen\n\n{reply}"
    )
    assert cautious.to_markdown() == (
        f"**Take care:** See a doctor today if the \\<calf> is warm. See: One calf is swollen\n\n{reply.to_markdown()}"
    )


def test_a_sign_that_was_described_before_comes_first():
    again = replace(URGENT, query="how long do I hold a stretch", about=URGENT.question)
    lead = (
        "CARE COMES FIRST. EMERGENCY: call your local emergency number or go to an emergency department now."
        ' Once someone has looked at it, tell me: "I have had it checked". If you never had any of it, tell me:'
        ' "None of that is true of me".'
    )
    assert again.lead == again.to_dict()["message"] == lead
    assert str(again).startswith(f"{lead}\n\nNumb between the legs?\n\n")
    assert again.to_markdown().startswith(f"**{lead}**\n\n## Numb between the legs?\n\n")
    assert "(about:" not in str(again) + again.to_markdown()  # its heading says it
    assert "someone has looked at it" in again.explain()


TOLD = "You said that you have a new hip and are pregnant. “What loosens tight hips?” is not for you then"
UNSUITED = Unsuited("tight-hips", "What loosens tight hips?", ("have a new hip", "are pregnant"))


@pytest.mark.parametrize(
    ("reply", "shown", "lead"),
    [
        (ANSWER, "loosen-lower-back", f"{TOLD}; this is:"),
        (NO_ANSWER, None, f"{TOLD}. Ask whoever treats you what is. If I got that wrong, say so."),
    ],
    ids=["another is", "none is"],
)
def test_what_is_not_for_someone_is_told_first(reply, shown, lead):
    told = replace(reply, id=shown, unsuited=UNSUITED, again=True, part="how to do it")
    assert told.lead == told.to_dict()["message"] == lead
    assert str(told).startswith(f"{lead}\n\n")
    assert told.to_markdown().startswith(f"**{lead}**\n\n")
    assert told.to_dict()["unsuited"] == {
        "id": "tight-hips",
        "question": "What loosens tight hips?",
        "because": ["have a new hip", "are pregnant"],
        "another": [],
    }
    assert Reply.from_dict(json.loads(told.to_json())).unsuited == UNSUITED


@pytest.mark.parametrize(
    ("because", "another", "reply", "lead"),
    [
        ((), ("have weak bones",), ANSWER, "“Hips?” is not for people who have weak bones; this is:"),
        (
            (),
            ("have weak bones", "had a fall"),
            NO_ANSWER,
            "“Hips?” is not for people who have weak bones and had a fall. Ask whoever treats them what is. If I got"
            " that wrong, say so.",
        ),
        (
            ("have a new hip",),
            ("had a fall",),
            ANSWER,
            "You said that you have a new hip. “Hips?” is not for you and not for people who had a fall; this is:",
        ),
    ],
)
def test_what_is_not_for_somebody_else_is_told_of_them(because, another, reply, lead):
    told = replace(reply, unsuited=Unsuited("tight-hips", "Hips?", because, another))
    assert told.lead == lead
    assert Reply.from_dict(json.loads(told.to_json())).unsuited == told.unsuited


def test_an_answer_that_was_shown_before():
    again = replace(ANSWER, again=True)
    assert again.lead == again.to_dict()["message"] == "This is the answer from above."
    part = replace(again, part="how to do it")
    assert part.lead == part.to_dict()["message"] == "From the answer above: how to do it."
    assert str(part).startswith("From the answer above: how to do it.\n\nWhat loosens my lower back?\n\n")
    assert {name: part.to_dict()[name] for name in ("again", "part")} == {"again": True, "part": "how to do it"}


def test_what_a_reply_is_about_stands_below_its_heading_unless_it_is_that():
    other = replace(ANSWER, about="How long <should> I hold?")
    assert str(other).startswith("What loosens my lower back?\n\n(about: How long <should> I hold?)\n\n")
    assert other.to_markdown().startswith("## What loosens my lower back?\n\n(about: How long \\<should> I hold?)\n\n")
    same = replace(ANSWER, about=ANSWER.question)
    assert (str(same), same.to_markdown()) == (str(ANSWER), ANSWER.to_markdown())
    assert same.to_dict()["about"] == "What loosens my lower back?"
    # Without a heading it is told.
    assert str(replace(CLARIFY, about="How often?")).startswith("Did you mean\n\n(about: How often?)\n\n1. ")


def test_more_than_one_thing_that_was_asked():
    several = replace(CLARIFY, several=True)
    assert several.lead == several.to_dict()["message"] == "You asked more than one thing. Which one first?"
    assert CLARIFY.lead == "Did you mean"


@pytest.mark.parametrize(
    ("topics", "lead"),
    [
        ((), "I have no answer to that."),
        (("a-b",), "I have no answer to that. I know about a b."),
        (tuple("abcdefgh"), "I have no answer to that. I know about a, b, c, d, e, f, g, h."),
        (tuple("abcdefghij"), "I have no answer to that. I know about a, b, c, d, e, f, g, h and 2 more topics."),
    ],
)
def test_what_it_knows_about(topics, lead):
    assert Reply(kind="no-answer", query="x", disclaimer=DISCLAIMER, confidence=0, topics=topics).lead == lead


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1, "sure"), (0.85, "sure"), (0.8499, "fairly sure"), (0.6, "fairly sure"), (0.5999, "not sure"), (0, "not sure")],
)
def test_confidence_in_words(confidence, words):
    assert Reply(kind="answer", query="x", disclaimer=DISCLAIMER, confidence=confidence).certainty == words


def test_sources_are_numbered_in_the_order_of_citation():
    assert ANSWER.sources == (BANDY, BEHM)
    assert ANSWER.numbers == {"bandy-1994": 1, "behm-2016": 2}


def test_source_lines():
    assert source_line(Source("x", "Title")) == "Title."
    assert source_line(Source("x", "Title.", authors="A", container="J")) == "A Title. J"


def test_nothing_in_an_answer_drives_a_terminal():
    evil = "Text\x1b[2J\x1b]8;;http://evil\x07 \x00\u202e"
    reply = Reply(
        kind="answer",
        query=evil,
        disclaimer=DISCLAIMER,
        short_disclaimer=SHORT_DISCLAIMER,
        confidence=1,
        question=evil,
        answers=(Answer(evil, evil, (), (evil,)),),
        caution=Caution(evil, evil, "routine", evil),
    )
    for shown in (str(reply), reply.to_markdown(), to_text(reply, 80)):
        assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(shown)
    assert "\x1b" not in reply.to_json()


def test_a_match_is_data():
    entry = Entry("x", "Why?", (), alternate_questions=("how come",))
    assert entry.phrasings == ("Why?", "how come")
    assert Match("x", "Why?", "answer", 1.0, 0.5, 0.6, "how come").evidence == ()
