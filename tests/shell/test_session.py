"""The loop without a terminal: what is written in reply to each line."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.corpus.disclaimers import DEFAULT_DISCLAIMERS
from chatbot.errors import IndexMissing
from chatbot.index.index import Index
from chatbot.shell.session import NO_CHOICE

FULL = "They are general education, not medical"


def opened(sitting):
    """The sitting with its bot open and nothing typed yet."""
    sitting.shell.loader.start()
    sitting.shell.opened  # noqa: B018 -- waits
    return sitting


def headings(text: str) -> list[str]:
    """The questions that numbered lines name."""
    return [line[5:] for line in text.splitlines() if re.match(r" [ \d]\d  ", line)]


def test_an_answer_has_question_certainty_view_hints_related_and_disclaimer(sitting):
    text = sitting.run("my lower back feels tight")
    lines = text.splitlines()
    assert lines[1] == "What stretch can I do to loosen up my lower back?                 sure · 2 views"
    assert lines[2:5] == ["(you asked: my lower back feels tight)", "", "  Sports physiotherapy"]
    assert "    3. Hold 30 seconds, 3 times a side [1]." in lines
    assert "  Not for you if: recent back surgery · pain that runs below the knee" in lines
    assert "  1 more view: /more   where this comes from: /sources   why this: /why" in lines
    assert headings(text) == [
        "How do I stretch my hip flexors?",
        "How can I improve ankle flexibility?",
        "How long should I hold a stretch?",
    ]
    assert FULL in text
    assert "Yoga teaching" not in text


def test_the_disclaimer_is_full_once_and_short_afterwards(sitting):
    first, second = sitting.said("how long should i hold a stretch"), sitting.said("hip flexor stretch")
    assert (first.count(FULL), first.count(DEFAULT_DISCLAIMERS.short)) == (1, 0)
    assert (second.count(FULL), second.count(DEFAULT_DISCLAIMERS.short)) == (0, 1)


def test_you_asked_is_left_out_when_it_is_the_entrys_own_question(sitting):
    assert "you asked" not in sitting.said("How long should I hold a stretch")


def test_a_digit_opens_a_related_question_and_back_returns(sitting):
    sitting.said("my lower back feels tight")
    assert sitting.said("1").splitlines()[1] == "How do I stretch my hip flexors?"
    assert sitting.shell.last.id == "hip-flexor-stretch"
    assert sitting.said("/back").splitlines()[1].startswith("What stretch can I do to loosen up my lower back?")
    assert sitting.said("/back") == "There is no reply before this one.\n\n"


def test_an_opened_entry_claims_no_certainty(sitting):
    assert sitting.said("/open how-long-hold").splitlines()[1] == "How long should I hold a stretch?"


def test_digits_that_name_nothing(sitting):
    assert sitting.said("1") == NO_CHOICE + "\n\n"
    sitting.said("/topics dose")
    assert sitting.said("3") == "Choose from 1 to 2.\n\n"
    assert sitting.said("0") == "Choose from 1 to 2.\n\n"


def test_an_urgent_reply_is_framed_and_offers_nothing(sitting):
    text = sitting.said("neck pain and clumsy fingers after a crash")
    lines = text.splitlines()
    assert lines[1] == lines[3] == "━" * 80
    assert lines[2].startswith("EMERGENCY: call your local emergency number")
    assert "I am not offering anything else for this." in lines
    assert headings(text) == []
    assert DEFAULT_DISCLAIMERS.short in text or FULL in text


def clarification(bot: Chatbot) -> str:
    """A question that this index asks back about."""
    asked = ("hip mobility", "back stretch", "i stretch my back", "how do i loosen up my hips", "my hips are tight")
    return next(question for question in asked if bot.ask(question).kind == "clarify")


def test_a_clarification_is_a_numbered_choice_with_none_of_these(sitting, bot):
    question = clarification(bot)
    suggestions = bot.ask(question).suggestions
    text = sitting.said(question)
    assert text.splitlines()[1] == "Did you mean"
    assert headings(text) == [*(offer.question for offer in suggestions), "none of these"]
    assert sitting.shell.choices[0].label == "none of these"
    assert sitting.said("0").startswith("None of these, then.")
    assert sitting.said("1") == NO_CHOICE + "\n\n"
    sitting.said("/forget")
    sitting.said(question)
    assert sitting.said("None of these").startswith("None of these, then.")


def test_none_of_these_belongs_to_the_last_list_only(sitting, bot):
    sitting.said(clarification(bot))
    sitting.said("/topics dose")
    assert sitting.said("0") == "Choose from 1 to 2.\n\n"


def test_choosing_after_a_clarification_opens_the_entry(sitting, bot):
    question = clarification(bot)
    sitting.said(question)
    sitting.said("1")
    assert sitting.shell.last.id == bot.ask(question).suggestions[0].id


def test_no_answer_says_so_and_names_topics(sitting):
    text = sitting.said("what is the capital of france")
    assert text.splitlines()[1].startswith("I have no answer to that.")
    assert "  what I know: /topics" in text.splitlines()


def test_small_talk_is_short(sitting):
    assert sitting.said("thanks").splitlines()[1] == "  You are welcome."


@pytest.mark.parametrize("line", ["/quit", "/q", "/exit", "quit", "exit", "QUIT"])
def test_ways_out_end_the_loop_before_the_next_line(sitting, line):
    assert "How long" not in sitting.run(line, "how long should i hold a stretch")
    assert sitting.status == 0


def test_a_bare_word_is_a_command_only_as_the_whole_line(sitting):
    assert "Ask in your own words, or:" not in sitting.said("help me with my hips")
    for line in ("?", "help", " Help "):
        assert "Ask in your own words, or:" in sitting.said(line)
    sitting.said("my lower back feels tight")
    assert "  Yoga teaching" in sitting.said("more").splitlines()
    assert "  [1] Bandy WD" in sitting.said("sources")
    assert "  4  lower back (2)" in sitting.said("topics").splitlines()


def test_ctrl_c_at_the_prompt_drops_the_line_and_stays(sitting):
    assert "You are welcome." in sitting.run(KeyboardInterrupt, "thanks")
    assert sitting.status == 0


def test_ctrl_c_while_an_answer_is_sought(bot, sitting, monkeypatch):
    sitting.said("thanks")

    def interrupted(question):
        raise KeyboardInterrupt

    monkeypatch.setattr(sitting.shell.conversation, "ask", interrupted)
    assert sitting.said("how long") == "Stopped.\n\n"


def test_unknown_commands(sitting):
    assert sitting.said("/hlep") == "Unknown command /hlep. Did you mean /help?\n\n"
    assert sitting.said("/xyzzy") == "Unknown command /xyzzy. /help lists the commands.\n\n"


def test_what_cannot_be_a_question_is_told_in_one_line(sitting):
    too_long = "x" * 10_001
    assert sitting.said(too_long) == "the question has 10,001 characters; 10,000 is the most: ask it shorter\n\n"
    assert sitting.said("q") == "One letter is no question. /help lists what you can type; Ctrl-D leaves.\n\n"
    assert sitting.said("   ") == ""


def test_an_unexpected_error_is_one_line_and_the_shell_goes_on(sitting, monkeypatch):
    sitting.said("thanks")

    def broken(question):
        raise RuntimeError("boom\x1b[31m")

    monkeypatch.setattr(sitting.shell.conversation, "ask", broken)
    said = sitting.said("how long")
    assert said == "That failed unexpectedly (RuntimeError: boom). `flexbot --debug` shows where.\n\n"


def test_a_bot_that_cannot_be_opened(sit):
    def missing(progress, note):
        raise IndexMissing("no index in x; build one")

    sitting = sit(missing)
    assert sitting.run("thanks") == "no index in x; build one: `flexbot build`\n\n"
    assert sitting.status == 2


def test_escape_sequences_in_a_question_reach_no_terminal(sitting):
    text = sitting.said("how long should i \x1b]0;title\x07hold \x1b[2Ja stretch\x9b31m\u202e please")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
    assert "How long should I hold a stretch?" in text


def test_fifty_pasted_lines_are_one_question(sitting):
    sitting.said("\n".join(["how long should i hold a stretch"] * 50))
    assert len(sitting.shell.replies) == 1


def test_notes_of_opening_are_told_before_the_first_reply(bot, sit):
    def noting(progress, note):
        note("the old index answers")
        return bot

    assert sit(noting).run("thanks").startswith("the old index answers\n\n")


def test_the_greeting_has_the_disclaimer_and_examples_that_digits_open(sitting):
    shell = opened(sitting).shell
    shell.greet()
    greeting = "".join(sitting.written)
    assert FULL in greeting
    assert headings(greeting) == [choice.label for choice in shell.choices.values()]
    assert sorted(shell.choices) == [1, 2, 3]
    shell.greet()
    assert "".join(sitting.written) == greeting
    first = shell.choices[1].label
    text = sitting.said("1")
    assert text.splitlines()[1].startswith(first[:60])
    assert FULL not in text


def test_who_asks_before_the_bot_is_open_is_not_greeted_afterwards(sitting):
    sitting.lines = ["thanks"]
    sitting.shell.run()
    written = len(sitting.written)
    sitting.shell.greet()
    assert len(sitting.written) == written


def test_nothing_is_greeted_with_before_the_bot_is_open(sitting):
    sitting.shell.greet()
    assert sitting.written == []


def test_a_bot_that_cannot_be_opened_is_told_above_the_prompt(sit):
    def missing(progress, note):
        raise IndexMissing("no index in x; build one")

    sitting = sit(missing)
    with pytest.raises(IndexMissing):
        opened(sitting)
    sitting.shell.greet()
    assert sitting.written == ["no index in x; build one: `flexbot build`\n\n"]


def test_a_reply_higher_than_the_screen_is_paged(bot, sitting):
    asked = []

    def more():
        asked.append(len(sitting.written))
        return len(asked) < 2

    sitting.size = (80, 12)
    sitting.shell.screen = replace(sitting.shell.screen, more=more)
    text = sitting.said("my lower back feels tight")
    assert len(asked) == 2
    assert text.endswith("The rest: /again\n" + DEFAULT_DISCLAIMERS.short + "\n\n")


def test_an_index_deleted_while_open_goes_on_and_says_so_once(index, tmp_path, sit):
    copy = tmp_path / "index"
    shutil.copytree(index, copy)
    sitting = sit(lambda progress, note: Chatbot.load(copy))
    sitting.said("thanks")
    shutil.rmtree(copy)
    first, second = sitting.said("my lower back feels tight"), sitting.said("how long should i hold a stretch")
    assert "What stretch can I do to loosen up my lower back?" in first
    assert first.count("The index on disk is gone") == 1
    assert "The index on disk is gone" not in second
    assert "How long should I hold a stretch?" in second


def test_reload_opens_anew_and_keeps_the_old_bot_on_an_error(bot, sit):
    outcomes = [bot, IndexMissing("no index here; build one"), bot]

    def opening(progress, note):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    sitting = sit(opening)
    sitting.said("thanks")
    assert sitting.said("/reload") == "no index here; build one: `flexbot build`\n\n"
    assert "You are welcome." in sitting.said("thanks")
    assert sitting.said("/reload") == "Reloaded: 10 entries. A new conversation begins.\n\n"
    assert sitting.said("/back") == "There is no reply before this one.\n\n"


def test_no_command_is_a_way_around_a_warning_sign(bot, sit):
    sitting = sit(lambda _progress, _note: bot)
    sign = "My neck hurts after a fall and my hand is numb or clumsy"
    sitting.said(sign)
    assert sitting.shell.last.kind == "urgent"
    assert sitting.said("/reload") == "Reloaded: 10 entries. A new conversation begins. The warning sign stays.\n\n"
    for lines in (["/open hip-flexor-stretch"], ["/random"], ["/search hips", "1"], ["/examples", "1"]):
        for line in ["/reload", *lines]:
            told = sitting.said(line)
        assert "CARE COMES FIRST" in told, lines
        assert sign in told, lines


def test_a_reply_as_high_as_the_screen_is_not_paged(bot, sitting):
    def more():
        raise AssertionError("paged")

    sitting.said("hip flexor stretch")  # the first carries the whole disclaimer
    sitting.shell.screen = replace(sitting.shell.screen, more=more)
    text = sitting.said("how long should i hold a stretch")
    # Below the reply stand an empty line, the prompt and the toolbar.
    sitting.size = (80, text.strip("\n").count("\n") + 1 + 3)
    assert sitting.said("/again") == text
    sitting.size = (80, sitting.size[1] - 1)
    assert "paged" in sitting.said("/again")


@pytest.mark.usefixtures("quick_builds")
def test_an_edit_of_the_corpus_is_noticed(index, tmp_path, bot, sit):
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(Path(bot.index.manifest.corpus.path), corpus)
    shutil.copytree(index, folder)
    Chatbot.build(corpus, folder)
    sitting = sit(lambda progress, note: Chatbot(Index.open(folder)))
    sitting.said("thanks")
    entry = corpus / "small-talk" / "thanks.md"
    entry.write_text(entry.read_text().replace("You are welcome.", "Gladly."))
    notice = "The corpus changed since the index was built. /reload takes the changes in."
    assert notice in sitting.said("thanks")
    # This bot is opened without rebuilding, as when the corpus has errors: to say it again would help nobody.
    assert sitting.said("/reload") == "The index stays as it was: 10 entries. A new conversation begins.\n\n"
    assert notice not in sitting.said("thanks")


@pytest.mark.usefixtures("quick_builds")
def test_an_index_rebuilt_while_open_goes_on_says_so_and_reloads(index, tmp_path, bot, sit):
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(Path(bot.index.manifest.corpus.path), corpus)
    shutil.copytree(index, folder)
    Chatbot.build(corpus, folder)
    sitting = sit(lambda progress, note: Chatbot.load(folder))
    sitting.said("thanks")
    entry = corpus / "small-talk" / "thanks.md"
    entry.write_text(entry.read_text().replace("You are welcome.", "Gladly."))
    Chatbot.build(corpus, folder)
    said = sitting.said("thanks")
    assert "You are welcome." in said
    assert "The index was rebuilt meanwhile; I go on with the old one." in said.replace("\n", " ")
    assert sitting.said("/reload").startswith("Reloaded: 10 entries.")
    assert "Gladly." in sitting.said("thanks")
