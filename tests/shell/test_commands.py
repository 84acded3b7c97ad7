"""What each command says, and that help, completion and the README's table come from one registry."""

import json
import stat
from pathlib import Path

import pytest

from chatbot.answering.reply import Reply
from chatbot.records import Answer, Entry
from chatbot.shell.catalogue import Catalogue
from chatbot.shell.commands import registry
from chatbot.shell.replies import NOTHING_YET

TIGHT_BACK = "my lower back feels tight"
NAMES = [
    "more",
    "sources",
    "why",
    "back",
    "again",
    "show",
    "topics",
    "search",
    "examples",
    "random",
    "open",
    "copy",
    "save",
    "good",
    "bad",
    "feedback",
    "keep",
    "routine",
    "drop",
    "move",
    "about",
    "forget",
    "reload",
    "help",
    "quit",
]


def test_the_registry_is_complete_and_every_help_line_ends_with_a_period():
    commands = list(registry())
    assert [command.name for command in commands] == NAMES
    assert [command.name for command in commands if not command.help.endswith(".")] == []


def test_no_name_is_taken_twice():
    names = [name for command in registry() for name in (command.name, *command.aliases)]
    assert sorted(set(names)) == sorted(names)


def test_the_table_for_the_readme_has_a_row_for_each_command():
    lines = registry().markdown().splitlines()
    assert lines[:3] == [
        "| command | what it does |",
        "| --- | --- |",
        "| `/more` | Show the other views and the other related questions of the last reply. |",
    ]
    assert len(lines) == 2 + len(NAMES)


def test_help_lists_every_command(sitting):
    text = sitting.said("/help")
    assert [command.usage for command in registry() if f"  {command.usage} " not in text] == []


def test_help_about_one_command(sitting):
    assert sitting.said("/help quit") == (
        "/quit  Leave; Ctrl-D on an empty line does the same. Also: /exit. Also: /q.\n\n"
    )
    assert sitting.said("/help /random") == "/random  Open a random question.\n\n"
    assert sitting.said("/help nothing") == "No command nothing. /help lists them.\n\n"


@pytest.mark.parametrize(
    "line", ["/more", "/sources", "/why", "/again", "/copy", "/copy all", "/good", "/bad x", "/save f", "/keep"]
)
def test_commands_about_a_reply_say_when_nothing_was_asked(sitting, line):
    assert sitting.said(line) == NOTHING_YET + "\n\n"


def test_more_shows_what_the_reply_left_out(sitting):
    sitting.said(TIGHT_BACK)
    lines = sitting.said("/more").splitlines()
    assert lines[1] == "  Yoga teaching"
    assert lines[2].startswith("  Move your spine gently in each direction")
    assert lines[5:7] == ["Continue with", "  4  How often should I stretch to become more flexible?"]
    sitting.said("/open neck-cord")
    assert sitting.said("/more") == "There is no more to it.\n\n"


def test_sources_lists_what_is_cited(sitting):
    sitting.said(TIGHT_BACK)
    assert sitting.said("/sources").splitlines()[1:] == [
        "  [1] Bandy WD, Irion JM (1994) The effect of time on static stretch on the",
        "      flexibility of the hamstring muscles. Physical Therapy",
        "      https://doi.org/10.1093/ptj/74.9.845",
        "  [2] NHS (n.d.) Back pain. NHS https://www.nhs.uk/conditions/back-pain/",
        "",
    ]
    sitting.said("/open how-often-stretch")
    assert sitting.said("/sources") == "\nNo sources are cited here.\n\n"


def test_why_names_the_first_matches(sitting):
    sitting.said(TIGHT_BACK)
    text = sitting.said("/why")
    assert "What stretch can I do to loosen up my lower back?" in text
    assert 'nearest phrasing: "my lower back feels tight"' in text
    sitting.said("/open how-long-hold")
    assert sitting.said("/why") == "\nYou opened this entry yourself, so nothing was matched.\n\n"


def test_again_shows_the_last_reply_again(sitting):
    sitting.said("thanks")
    shown = sitting.said(TIGHT_BACK)
    again = sitting.said("/again")
    assert again.splitlines()[:10] == shown.splitlines()[:10]


def test_topics_lead_to_entries(sitting):
    assert sitting.said("/topics").splitlines()[1:] == [
        "Topics, with the number of questions",
        "  1  ankles (1)",
        "  2  dose (2)",
        "  3  hips (2)",
        "  4  lower back (2)",
        "",
    ]
    assert sitting.said("4").splitlines()[1:] == [
        "lower back",
        "  1  What stretch can I do to loosen up my lower back?",
        "  2  How can I stretch my lower back while sitting in a chair?",
        "",
    ]
    sitting.said("2")
    assert sitting.shell.last.id == "lower-back-stretch-in-chair"


def test_a_topic_by_name(sitting):
    assert sitting.said("/topics Lower back").splitlines()[1] == "lower back"
    assert sitting.said("/topics elbows") == "No topic elbows. /topics lists them.\n\n"


def test_search_lists_the_nearest_entries_first(sitting):
    assert sitting.said("/search seconds to hold").splitlines()[1:3] == [
        "Nearest first",
        "  1  How long should I hold a stretch?",
    ]
    assert sitting.said("/search") == "Search for what? Type /search and a few words.\n\n"


def test_examples_and_random_open_entries(sitting):
    lines = sitting.said("/examples").splitlines()
    assert lines[1] == "Try"
    assert [choice.label for choice in sitting.shell.choices.values()] == [line[5:] for line in lines[2:5]]
    sitting.said("/random")
    assert sitting.shell.last.kind == "answer"


def test_open_names_what_it_cannot_find(sitting):
    assert sitting.said("/open nowhere") == "No entry nowhere. /topics and /search list entries.\n\n"
    assert sitting.said("/open") == "Open what?\n\n"


def test_save_writes_the_last_reply_or_the_whole_conversation(sitting, tmp_path):
    sitting.said("thanks")
    sitting.said(TIGHT_BACK)
    one, both = tmp_path / "one.md", tmp_path / "both of them.md"
    sitting.size = (400, 400)  # wider than any path
    assert sitting.said(f"/save {one}").replace("\n", " ").split() == f"Saved to {one}.".split()
    sitting.said(f"/save all {both}")
    assert one.read_text() == f"**You:** {TIGHT_BACK}\n\n{sitting.shell.last.to_markdown()}"
    assert both.read_text().startswith("**You:** thanks\n\n")
    assert both.read_text().endswith(one.read_text())


def test_save_tells_the_pictures_in_words_where_there_are_none(sitting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sitting.said("/open hip-internal-rotation")
    sitting.said("/save one.md")
    assert "\n\n*Picture:* A person stands and raises the right knee.\n\n" in Path("one.md").read_text()


def test_save_writes_a_page_with_its_pictures(sitting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sitting.size = (400, 400)
    sitting.said("thanks & <b>so")
    sitting.said("/open hip-internal-rotation")
    one, both = Path("one.html"), Path("both.HTM")
    assert sitting.said(f"/save {one}") == f"Saved to {one}.\n\n"
    sitting.said(f"/save all {both}")
    page, question = one.read_text(), sitting.shell.last.question
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert f"<title>{question}</title>" in page
    assert page.count('aria-label="A person stands and raises the right knee."') == 1
    assert "<p><strong>You:</strong> thanks &amp; &lt;b&gt;so</p>\n<article>" in both.read_text()
    assert both.read_text().count("<article>") == 2
    assert page.endswith("</article>\n</body>\n</html>\n")


def test_save_overwrites_nothing_and_says_why_it_cannot(sitting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("there.md").write_text("mine")
    sitting.said("thanks")
    assert sitting.said("/save there.md") == ("there.md exists already; nothing was written. Choose another name.\n\n")
    assert Path("there.md").read_text() == "mine"
    assert sitting.said("/save no/such/folder.md") == "Cannot write no/such/folder.md (No such file or directory).\n\n"
    assert sitting.said("/save") == "Save where? Type /save and a file name, or /save all and a file name.\n\n"


def test_copy_hands_markdown_to_the_clipboard(sitting):
    sitting.said("thanks")
    assert sitting.said("/copy").startswith("Sent ")
    assert sitting.copied == [f"**You:** thanks\n\n{sitting.shell.last.to_markdown()}"]


def test_copy_of_what_there_is_not_is_told(sitting):
    sitting.said("how long should i hold a stretch")
    said = "Copy what? /copy takes the last reply, /copy all the whole conversation.\n\n"
    assert sitting.said("/copy al") == said
    assert sitting.copied == []


def test_copy_says_plainly_when_it_cannot(sitting):
    sitting.said("thanks")
    sitting.shell.copy = lambda text: False
    assert sitting.said("/copy") == "This terminal has no clipboard to copy that to. Use /save FILE.\n\n"


def test_feedback_is_kept_privately_and_the_user_is_told_once(sitting, tmp_path):
    sitting.said("what is the capital of france")
    first = sitting.said("/bad the capital")
    second = sitting.said("/good")
    path = tmp_path / "state" / "feedback.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(record["verdict"], record["query"], record["kind"], record["missing"]) for record in records] == [
        ("bad", "what is the capital of france", "no-answer", "the capital"),
        ("good", "what is the capital of france", "no-answer", ""),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "on this computer only" in first.replace("\n", " ")
    assert second == "Noted as good, with your question. Thank you.\n\n"


def test_feedback_is_reported_in_the_shell(sitting, tmp_path):
    assert sitting.said("/feedback") == "No feedback yet: /good and /bad give it.\n\n"
    asked = "what is the capital of france and of every other country that anybody has ever heard of"
    sitting.said(asked)
    sitting.said("/bad")
    path = tmp_path / "state" / "feedback.jsonl"
    path.write_text(path.read_text() + "{\n")
    lines = sitting.said("/feedback").splitlines()
    assert " ".join(lines).startswith("1 lines of ")
    assert "Bad or unanswered: 1 question in 1 group" in lines
    assert f"    {asked!r} is near to no entry: write one" in lines  # whole, as lines to paste are
    assert "  1 × had no answer" in lines


def test_feedback_turned_off_keeps_nothing(sitting, tmp_path, monkeypatch):
    monkeypatch.setenv("CHATBOT_FEEDBACK", "off")
    sitting.said("thanks")
    assert sitting.said("/good") == "Feedback is turned off (CHATBOT_FEEDBACK=off), so nothing was kept.\n\n"
    assert not (tmp_path / "state").exists()


def test_feedback_that_cannot_be_written_is_one_line(sitting, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "file"))
    sitting.said("thanks")
    said = sitting.said("/good").replace("\n", " ")
    assert said.startswith("cannot write ")
    assert "nothing was kept" in said


def test_corpus_text_cannot_drive_the_terminal_through_a_list():
    evil = Entry("evil", "How\x1b]0;x\x07 long\x1b[2J?", (Answer("v", "t"),), topic="to\x1b[31mpic")
    catalogue = Catalogue.of([evil])
    assert (catalogue.titles[0].question, catalogue.titles[0].topic) == ("How long?", "topic")


def test_replies_are_kept_in_order(sitting):
    sitting.said("thanks")
    sitting.said(TIGHT_BACK)
    assert [type(reply) for reply in sitting.shell.replies] == [Reply, Reply]
    assert [reply.query for reply in sitting.shell.replies] == ["thanks", TIGHT_BACK]
