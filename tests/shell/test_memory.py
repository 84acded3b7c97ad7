"""What the shell knows of its person, and what plain words ask it to do."""

import pytest

from chatbot import Chatbot
from tests.builders import put_lines
from tests.fakes import WordEncoder
from tests.spoken import spoken_bot

NOTHING = "Nothing yet: I only keep what you tell me in this conversation.\n\n"
FORGOTTEN = "Forgotten: what was asked, shown and told in this conversation."
AT_HIP = "We are at: How do I stretch my hip?\nI keep nothing that you told me of yourself.\n"
NEW_HIP = "You told me that you have a new hip (3 months ago).\n"
SIGN = "A warning sign that you named comes first until someone has looked at it.\n"
HIP = "how do i stretch my hip"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return spoken_bot(tmp_path_factory.mktemp("spoken"))


@pytest.fixture
def talk(sit, spoken):
    return sit(lambda _progress, _note: spoken)


def said(talk, *lines):
    """What is written in reply to the last of some lines."""
    return [talk.said(line) for line in lines][-1]


def heads(text):
    """The first paragraph of a reply, on one line."""
    return text.strip("\n").split("\n\n")[0].replace("\n", " ")


@pytest.mark.parametrize("line", ["/about", "/ABOUT"])
def test_about_says_that_it_knows_nothing_yet(talk, line):
    assert talk.said(line) == NOTHING


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([HIP], AT_HIP),
        ([HIP, "say that again"], AT_HIP),
        ([HIP, "passport"], AT_HIP),  # "did you mean", and first what is already there
        (["how do i stretch"], ""),  # several may be meant
        (["I had a new hip 3 months ago"], NEW_HIP),
        (
            ["a blood clot and a new hip"],
            "You told me that you had a blood clot.\nYou told me that you have a new hip.\n",
        ),
        ([HIP, "I had a new hip 3 months ago"], f"We are at: What is safe after surgery?\n{NEW_HIP}"),
        ([HIP, "one leg is swollen"], SIGN),
        (["I had a new hip 3 months ago", "one leg is swollen"], NEW_HIP + SIGN),
    ],
)
def test_about_tells_the_subject_what_was_told_and_the_sign(talk, lines, told):
    assert said(talk, *lines, "/about") == (f"{told}\n" if told else NOTHING)


def test_forget_forgets_what_was_asked_shown_and_told(talk):
    talk.said(HIP)
    assert "is not for you" in talk.said("I had a new hip 3 months ago").replace("\n", " ")
    assert sorted(talk.shell.choices) == [1]
    assert talk.said("/forget") == f"{FORGOTTEN}\n\n"
    assert (talk.shell.choices, talk.shell.replies) == ({}, [])
    assert talk.said("1") == "Nothing to choose from yet: ask a question, or see /topics.\n\n"
    assert talk.said("/about") == NOTHING
    assert talk.said("/back") == "There is no reply before this one.\n\n"
    assert talk.said("/again") == "Nothing was asked yet.\n\n"
    assert talk.said("easier").splitlines()[1] == "I have no answer to that."  # it leans on nothing any more
    assert heads(talk.said(HIP)).startswith("How do I stretch my hip? ")


@pytest.mark.parametrize("way", ["/forget", "/reload"])
def test_a_new_conversation_knows_nothing_of_the_one_before(talk, way):
    said(talk, HIP, "I had a new hip 3 months ago", way)
    assert talk.said("/about") == NOTHING


@pytest.mark.parametrize("ways", [["/forget"], ["/reload"], ["/forget", "/reload"], ["/reload", "/forget", "/forget"]])
def test_the_sign_stays_over_forgetting_and_reloading(talk, ways):
    talk.said("one leg is swollen")
    for way in ways:
        assert " The warning sign stays.\n" in talk.said(way).replace("\nstays.", " stays.")
    assert talk.said("/about") == f"{SIGN}\n"
    for line in (HIP, "forget all of this", "say that again", "/open hip"):
        text = talk.said(line)
        assert "CARE COMES FIRST." in text, line
        assert "Kneel" not in text, line


def test_a_sign_that_is_no_longer_in_the_corpus_goes_with_it(sit, spoken, tmp_path):
    plain = {"id": "hip", "question": "How do I stretch my hip?", "answer": "Kneel down."}
    other = Chatbot.build(put_lines(tmp_path / "faq.jsonl", plain), tmp_path / "index", encoder=WordEncoder())
    bots = [spoken, other]
    talk = sit(lambda _progress, _note: bots.pop(0))
    talk.said("one leg is swollen")
    assert talk.said("/reload") == "Reloaded: 1 entries. A new conversation begins.\n\n"
    assert talk.said("/about") == NOTHING
    assert "Kneel down." in talk.said(HIP)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("say that again", "Nothing was said yet."),
        ("go back please", "There is nothing before this."),
        ("show me more", "There is nothing to go on from."),
        ("forget all of this", "Forgotten."),
    ],
)
def test_plain_words_have_an_answer_of_their_own_where_there_is_nothing_yet(talk, line, answer):
    assert talk.said(line).splitlines()[1] == f"  {answer}"
    assert talk.shell.choices == {}


def test_say_that_again_shows_the_answer_again(talk):
    first = talk.said(HIP).splitlines()[1:11]
    again = talk.said("say that again").splitlines()
    assert again[1:3] == ["This is the answer from above.", ""]
    assert again[3:5] == [first[0], "(you asked: say that again)"]
    assert again[5:14] == first[1:10]
    assert again[15:17] == ["Continue with", "  1  How do I stretch my calf?"]
    assert talk.said("1").splitlines()[1] == "How do I stretch my calf?"


def test_say_that_again_shows_a_part_and_a_list_as_they_were(talk):
    easier = said(talk, HIP, "easier")
    assert talk.said("say that again") == easier.replace("(you asked: easier)", "(you asked: say that again)")
    listed = said(talk, "/forget", "how do i stretch")
    assert listed.splitlines()[1] == "Did you mean"
    assert talk.said("say that again") == listed
    assert talk.said("2").splitlines()[1] == "How do I stretch my calf?"


def test_a_part_of_the_answer_above_and_the_whole_to_choose(talk):
    assert said(talk, HIP, "easier").splitlines()[1:] == [
        "From the answer above: an easier way.",
        "",
        "How do I stretch my hip?                                             fairly sure",
        "(you asked: easier)",
        "",
        "  Answer",
        "  Easier Sit on a chair.",
        "",
        "  Not for you if: a new hip",
        "",
        "  why this: /why",
        "",
        "Continue with",
        "  1  How do I stretch my hip? (all of it)",
        "     Answer · Kneel down. Hold 30 seconds. Easier Sit on a chair.",
        "  2  How do I stretch my calf?",
        "     Answer · Lean on a wall.",
        "  3  What is safe after surgery?",
        "     Answer · Ask first.",
        "",
        "Not medical advice: consult your healthcare provider about your own needs.",
        "",
    ]
    assert talk.said("/sources") == "\nNo sources are cited here.\n\n"
    assert "  Kneel down. Hold 30 seconds [1]." in talk.said("1").splitlines()
    assert talk.said("/sources") == "\n  [1] Smith (2020) Holding.\n\n"


def test_say_that_again_says_again_that_something_is_not_for_them(talk):
    refused = said(talk, "I had a blood clot", HIP, "how do i stretch my calf")
    assert talk.said("say that again") == refused
    assert (talk.shell.last.id, talk.shell.last.unsuited.id) == (None, "calf")


def test_go_back_please_goes_back_as_the_command_does(talk):
    said(talk, HIP, "how do i stretch my calf")
    back = talk.said("go back please").splitlines()
    assert back[1].startswith("How do I stretch my hip?")
    assert back[2] == "(you asked: go back please)"
    assert talk.shell.last.id == "hip"
    assert talk.said("/back") == "There is no reply before this one.\n\n"


def test_show_me_more_offers_what_goes_on_from_the_answer(talk):
    assert said(talk, HIP, "show me more").splitlines()[1:13] == [
        "From the answer above: what goes on from it.",
        "",
        "How do I stretch my hip?                                                    sure",
        "(you asked: show me more)",
        "",
        "  why this: /why",
        "",
        "Continue with",
        "  1  How do I stretch my calf?",
        "     Answer · Lean on a wall.",
        "  2  What is safe after surgery?",
        "     Answer · Ask first.",
    ]
    assert talk.said("2").splitlines()[1] == "What is safe after surgery?"


def test_show_me_more_begins_with_what_no_list_showed(sit, tmp_path):
    muscles = ("calf", "chest", "wrist", "neck", "thigh")
    bot = Chatbot.build(
        put_lines(
            tmp_path / "faq.jsonl",
            {"id": "hip", "question": "How do I stretch my hip?", "answer": "Kneel down.", "related": [*muscles]},
            *({"id": each, "question": f"What of the {each}?", "answer": f"The {each}."} for each in muscles),
            {"id": "m", "question": "Show me more", "answer": "No.", "kind": "small-talk", "command": "more"},
        ),
        tmp_path / "index",
        encoder=WordEncoder(),
    )
    talk = sit(lambda _progress, _note: bot)
    for line, listed in ((HIP, ("calf", "chest", "wrist")), ("show me more", ("neck", "thigh", "calf"))):
        lines = talk.said(line).splitlines()
        begin = lines.index("Continue with") + 1
        assert lines[begin : begin + 6 : 2] == [f"  {n}  What of the {each}?" for n, each in enumerate(listed, 1)]
    assert [offer.id for offer in talk.shell.last.related] == ["neck", "thigh", "calf", "chest", "wrist"]


def test_forget_all_of_this_forgets(talk):
    said(talk, "I had a new hip 3 months ago", HIP)
    assert talk.said("forget all of this").splitlines()[1] == "  Forgotten."
    assert talk.said("/about") == NOTHING
    assert talk.said("say that again").splitlines()[1] == "  Nothing was said yet."
    assert "  Kneel down. Hold 30 seconds [1]." in talk.said(HIP).splitlines()


def test_who_has_a_condition_is_told_first_and_offered_what_suits_when_asking_again(talk):
    assert said(talk, "I had a new hip 3 months ago", HIP).splitlines()[1:7] == [
        "You said that you have a new hip (3 months ago). “How do I stretch my hip?” is",
        "not for you then; this is:",
        "",
        "What is safe after surgery?",
        "(you asked: how do i stretch my hip)",
        "",
    ]
    assert talk.said("say that again").splitlines()[1:3] == [
        "You said that you have a new hip (3 months ago). “How do I stretch my hip?” is",
        "not for you then; this is:",
    ]
    text = talk.said(HIP)
    assert text.splitlines()[1:4] == [
        "You said that you have a new hip (3 months ago). “How do I stretch my hip?” is",
        "not for you then. Ask whoever treats you what is. If I got that wrong, say so.",
        "",
    ]
    assert "  1  What is safe after surgery?" in text.splitlines()
    assert "  Kneel down. Hold 30 seconds [1]." not in text.splitlines()


def test_a_condition_without_an_entry_of_its_own_offers_what_is_not_ruled_out(talk):
    text = said(talk, "I had a blood clot", "how do i stretch my calf")
    assert text.splitlines()[1:9] == [
        "You said that you had a blood clot. “How do I stretch my calf?” is not for you",
        "then. Ask whoever treats you what is. If I got that wrong, say so.",
        "",
        "  what I know: /topics",
        "",
        "Nearest, if it helps:",
        "  1  How do I stretch my hip?",
        "  2  What is safe after surgery?",
    ]
    assert "Lean on a wall" not in text


def test_what_is_opened_or_gone_back_to_is_no_way_around_what_was_told(talk):
    told = "You said that you have a new hip. “How do I stretch my hip?” is not for you then; this is:"
    for line in (HIP, "I have a new hip", "/back"):
        text = talk.said(line)
    assert heads(text) == told
    assert talk.shell.last.id == "surgery"
    text = said(talk, "/forget", "I have a new hip", "/open hip")
    assert heads(text) == told
    assert talk.shell.last.id == "surgery"


@pytest.mark.parametrize("line", ["neither", "no", "none of them please"])
def test_none_of_a_list_in_other_words_gets_what_else_may_be_meant(talk, line):
    said(talk, "how do i stretch")
    assert talk.said(line).splitlines()[1] == "I have no answer to that."
    assert talk.shell.last.query == line


def test_what_is_saved_tells_what_was_shown_again(talk, tmp_path):
    said(talk, HIP, "easier")
    talk.size = (400, 400)
    talk.said(f"/save {tmp_path / 'part.md'}")
    lines = (tmp_path / "part.md").read_text().splitlines()
    assert lines[:5] == [
        "**You:** easier",
        "",
        "**From the answer above: an easier way.**",
        "",
        "## How do I stretch my hip?",
    ]
    assert "**Easier** Sit on a chair." in lines
    assert (
        "1. **How do I stretch my hip? (all of it)** Answer · Kneel down. Hold 30 seconds. Easier Sit on a chair."
        in lines
    )
    assert not [line for line in lines if line.startswith("Kneel")]
