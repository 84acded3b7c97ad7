"""The real command in a real pseudo-terminal of fixed size."""

import base64
import os
import re
import stat
from pathlib import Path

import pytest

from chatbot.corpus.disclaimers import DEFAULT_DISCLAIMERS

ENDLESS = """
import sys, threading
from chatbot.shell import run
def opening(progress, note):
    print("opening", flush=True)
    threading.Event().wait()
sys.exit(run(opening))
"""
# The greeting of a dumb terminal waits for the bot to be open for as long as it takes.
PATIENT = """
from unittest.mock import patch
from chatbot import cli
from chatbot.shell import prompt
with patch.object(prompt, "_PATIENCE", 600):
    cli.entry_point()
"""


def started(pty, *arguments, **options):
    """A shell that shows its greeting, so that it is open and warm."""
    terminal = pty(*arguments, **options)
    terminal.wait_for("Try")
    terminal.wait_for_prompt()
    return terminal


def test_start_and_leave_with_ctrl_d(pty):
    terminal = pty()
    first = terminal.wait_for_prompt()
    assert first.startswith("Answers that people wrote. Nothing leaves this computer.\n")
    assert "They are general education, not" in terminal.wait_for("Try")
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.text


def test_leaving_at_once_while_the_bot_is_still_opening(pty):
    terminal = pty()
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0


def test_a_question_typed_before_the_bot_is_open_is_answered(pty):
    terminal = pty()
    terminal.wait_for_prompt()
    terminal.ask("how long should i hold a stretch", "Thirty seconds a stretch is enough")
    terminal.wait_for_prompt()


def test_ask_then_open_a_related_question_and_go_back(pty):
    terminal = started(pty)
    shown = terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short)
    assert "What stretch can I do to loosen up my lower back?                 sure · 2 views\n" in shown
    assert "  1  How do I stretch my hip flexors?\n" in shown
    terminal.wait_for_prompt()
    assert "Kneel on one knee" in terminal.ask("1", DEFAULT_DISCLAIMERS.short)
    terminal.wait_for_prompt()
    assert "Stand with one foot well behind the other." in terminal.ask("/back", DEFAULT_DISCLAIMERS.short)


def test_what_is_known_is_told_and_forgotten(pty):
    terminal = started(pty)
    terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short)
    terminal.wait_for_prompt()
    shown = terminal.ask("/about", "\n\n")
    assert shown.splitlines()[-3:-1] == [
        "We are at: What stretch can I do to loosen up my lower back?",
        "I keep nothing that you told me of yourself.",
    ]
    terminal.wait_for_prompt()
    terminal.ask("/forget", "Forgotten: what was asked, shown and told in this conversation.")
    terminal.wait_for_prompt()
    terminal.ask("/about", "Nothing yet: I only keep what you tell me in this conversation.")


def test_urgent(pty):
    terminal = started(pty)
    shown = terminal.ask("neck pain and clumsy fingers after a crash", DEFAULT_DISCLAIMERS.short)
    assert "EMERGENCY: call your local emergency number" in shown
    assert "Continue with" not in shown


def test_clarification(pty, bot):
    asked = ("hip mobility", "back stretch", "i stretch my back", "how do i loosen up my hips", "my hips are tight")
    question = next(question for question in asked if bot.ask(question).kind == "clarify")
    terminal = started(pty)
    shown = terminal.ask(question, DEFAULT_DISCLAIMERS.short)
    assert "Did you mean\n" in shown
    assert "  0  none of these\n" in shown
    terminal.wait_for_prompt()
    terminal.ask("0", "None of these, then.")


def test_ctrl_c_while_typing_drops_the_line(pty):
    terminal = started(pty)
    terminal.send("half a question")
    terminal.wait_for("half a question")
    terminal.send("\x03")
    terminal.wait_for_prompt()
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0


def test_ctrl_c_while_an_answer_is_sought(pty):
    terminal = pty(program=ENDLESS)
    terminal.wait_for_prompt()
    terminal.ask("how long", "loading …")
    terminal.send("\x03")
    terminal.wait_for("Stopped.")
    assert re.search(r"(?s)\^C.*\r {79}\rStopped\.", re.sub(r"\x1b\[[0-9;?]*[a-z]", "", terminal.raw))
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.text


def test_resize_flows_the_next_answer_to_the_new_width(pty):
    terminal = started(pty)
    terminal.child.setwinsize(50, 40)
    shown = terminal.ask("my lower back feels tight", "Not medical advice")
    assert "What stretch can I do to loosen up my\nlower back?\n" in shown


def test_a_paste_of_fifty_lines_is_one_question(pty):
    terminal = started(pty)
    lines = "\r".join(["how long should i hold a stretch"] * 50)
    terminal.send(f"\x1b[200~{lines}\x1b[201~")
    terminal.wait_for("\n     how long should i hold a stretch")
    shown = terminal.ask("", DEFAULT_DISCLAIMERS.short)
    assert shown.count("Not medical advice") == 1
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 0


def test_history_after_a_restart(pty, tmp_path):
    first = started(pty)
    first.ask("thanks", "You are welcome.")
    first.wait_for_prompt()
    first.send(" thanks a lot\r")
    first.wait_for("You are welcome.")
    first.wait_for_prompt()
    first.send("\x04")
    assert first.end() == 0
    path = tmp_path / "state" / "history"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.findall(r"^\+(.*)$", path.read_text(), re.MULTILINE) == ["thanks"]
    second = started(pty)
    second.send("\x1b[A")
    second.wait_for("thanks")
    second.ask("", "You are welcome.")


def test_a_damaged_history_file(pty, tmp_path):
    path = tmp_path / "state" / "history"
    path.parent.mkdir()
    path.write_bytes(os.urandom(5000) + b"\n# now\n+thanks \x1b[2J\n")
    terminal = started(pty)
    terminal.send("\x1b[A")
    terminal.wait_for("thanks")
    terminal.ask("", "You are welcome.")
    assert "Traceback" not in terminal.text


def test_without_a_state_folder_one_line_and_on(pty, tmp_path):
    (tmp_path / "file").write_text("")
    terminal = pty(CHATBOT_STATE=str(tmp_path / "file"))
    assert "History is kept for this session only: cannot write" in terminal.wait_for_prompt()
    terminal.ask("thanks", "You are welcome.")


def test_a_reply_higher_than_the_screen_is_paged(pty):
    terminal = started(pty, rows=24, columns=60)
    terminal.ask("my lower back feels tight", "-- more: Space · stop: q, or type --")
    terminal.send(" ")
    terminal.wait_for(DEFAULT_DISCLAIMERS.short[:40])
    terminal.wait_for_prompt()
    terminal.ask("/again", "-- more: Space · stop: q, or type --")
    terminal.send("q")
    terminal.wait_for("The rest: /again")
    terminal.wait_for(DEFAULT_DISCLAIMERS.short[:40])
    terminal.ask("thanks", "You are welcome.")


def test_what_is_typed_at_a_page_goes_to_the_prompt(pty):
    terminal = started(pty, rows=24, columns=60)
    terminal.ask("my lower back feels tight", "-- more: Space · stop: q, or type --")
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.ask("/back", "-- more: Space · stop: q, or type --")
    terminal.ask("1", "How do I stretch my hip flexors?")
    terminal.wait_for_prompt()
    terminal.ask("/back", "-- more: Space · stop: q, or type --")
    terminal.send("\x1b[200~how long should\ri hold a stretch\x1b[201~")
    terminal.wait_for_prompt()
    terminal.ask("", "Thirty seconds a stretch is enough")


def test_what_follows_the_key_that_stops_goes_to_the_prompt_without_it(pty):
    terminal = started(pty, rows=24, columns=60)
    terminal.ask("my lower back feels tight", "-- more: Space · stop: q, or type --")
    terminal.ask("q/sources", "[1] ")
    terminal.wait_for_prompt()
    terminal.ask("/again", "-- more: Space · stop: q, or type --")
    terminal.ask("qthanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.ask("/again", "You are welcome.")


def test_a_word_that_begins_like_the_key_that_stops_is_not_cut(pty):
    terminal = started(pty, rows=24, columns=60)
    terminal.ask("my lower back feels tight", "-- more: Space · stop: q, or type --")
    terminal.send("quit\r")
    assert terminal.end() == 0


def test_arrows_choose_from_the_last_list(pty):
    terminal = started(pty)
    terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short)
    terminal.wait_for_prompt()
    terminal.send("\x1b[B")
    terminal.wait_for("2  How can I improve ankle flexibility?")
    terminal.send("\x1b[B\r")
    terminal.wait_for("Rock your knee over your toes")
    terminal.wait_for_prompt()


def test_a_terminal_that_never_reports_its_cursor_is_not_complained_of(pty):
    terminal = started(pty, rows=24, columns=60, PROMPT_TOOLKIT_NO_CPR="0")
    assert "\x1b[6n" in terminal.raw
    terminal.ask("my lower back feels tight", "-- more")
    # The first prompt waits 2 s for a report before it would complain, and so would the pager.
    terminal.wait_for_silence(3)
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.wait_for_silence(3)
    assert "WARNING" not in terminal.text
    asked = terminal.raw.count("\x1b[6n")
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    assert terminal.raw.count("\x1b[6n") == asked


def test_ctrl_x_ctrl_e_asks_what_the_editor_wrote(pty, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "how long should i hold a stretch" > "$1"\n')
    editor.chmod(0o755)
    terminal = started(pty, EDITOR=str(editor), VISUAL=str(editor))
    terminal.send("how\x18\x05")
    terminal.wait_for("Thirty seconds a stretch is enough")
    terminal.wait_for_prompt()


def test_feedback_is_given_and_reported(pty):
    terminal = started(pty)
    terminal.ask("what is the capital of france", DEFAULT_DISCLAIMERS.short)
    terminal.wait_for_prompt()
    terminal.ask("/bad the capital", "It is kept on this computer only")
    terminal.wait_for_prompt()
    shown = terminal.ask("/feedback", "Good: 0 replies")
    assert "Bad or unanswered: 1 question in 1 group" in shown
    assert "    'what is the capital of france' is near to no entry: write one\n" in shown
    assert "  wanted: the capital\n" in shown


def test_resizing_at_the_first_prompt_draws_no_greeting_twice(pty):
    terminal = started(pty)
    for columns in (40, 100, 60):
        terminal.child.setwinsize(50, columns)
        terminal.wait_for_silence(1)
    terminal.ask("thanks", "You are welcome.")
    assert terminal.text.count("They are general education") == 1


def test_pager_cat_turns_paging_off(pty):
    terminal = started(pty, rows=24, columns=60, PAGER="cat")
    assert "-- more" not in terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short[:40])


def test_escape_sequences_in_a_question_are_not_echoed(pty):
    terminal = started(pty)
    terminal.send("\x1b[200~thanks \x1b]0;evil\x07 \x9b31m\x1b[201~")
    terminal.wait_for("thanks")
    terminal.send("\r")
    terminal.wait_for_prompt()
    assert "\x1b]0;evil" not in terminal.raw
    assert "\x9b31m" not in terminal.raw


def test_colour_is_there_unless_unwanted(pty):
    question = "my lower back feels tight"
    painted = started(pty)
    painted.ask(question, DEFAULT_DISCLAIMERS.short)
    assert re.search(r"\x1b\[[0-9;]*35m", painted.raw)
    for plain in (started(pty, NO_COLOR="1"), started(pty, "--color=never")):
        plain.ask(question, DEFAULT_DISCLAIMERS.short)
        assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", plain.raw)


def test_a_dumb_terminal_gets_plain_text(pty):
    terminal = pty(program=PATIENT, TERM="dumb")
    assert "Try" in terminal.wait_for_prompt()
    shown = terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short)
    assert "What stretch can I do to loosen up my lower back?" in shown
    terminal.wait_for_prompt()
    terminal.ask("half a quest\x03thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.send("/quit\r")
    assert terminal.end() == 0
    assert "\x1b" not in terminal.raw


def test_a_dumb_terminal_is_painted_only_when_asked_to_be(pty):
    terminal = pty("--color=always", TERM="dumb")
    terminal.wait_for_prompt()
    terminal.ask("my lower back feels tight", DEFAULT_DISCLAIMERS.short)
    painted = re.findall(r"\x1b\[[0-9;]*m", terminal.raw)
    assert "\x1b[35m" in painted
    assert terminal.raw.count("\x1b") == len(painted)  # paint, and nothing that moves the cursor


def test_copy_speaks_osc_52(pty):
    terminal = started(pty)
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.ask("/copy", "to the terminal's clipboard")
    sent = re.search(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.raw)
    assert base64.b64decode(sent[1]).decode().startswith("**You:** thanks\n\n")


def test_vi_keys(pty):
    terminal = started(pty, "--vi")
    terminal.send("xxthanks")
    terminal.wait_for("xxthanks")
    terminal.send("\x1b")
    terminal.send("02x")
    terminal.ask("", "You are welcome.")


def test_an_index_that_cannot_be_opened_is_one_line_and_status_2(pty, tmp_path):
    missing = str(tmp_path / "missing")
    terminal = pty(CHATBOT_INDEX=missing, CHATBOT_CORPUS=missing)
    terminal.wait_for("`flexbot build`")
    terminal.wait_for_prompt()
    terminal.ask("thanks", "`flexbot build`")
    terminal.wait_for_prompt()
    terminal.send("\x04")
    assert terminal.end() == 2
    assert "Traceback" not in terminal.text


@pytest.mark.parametrize("columns", [20, 40, 120])
def test_no_line_of_a_reply_is_wider_than_the_terminal(pty, columns):
    terminal = started(pty, columns=columns, rows=200)
    shown = terminal.ask("my lower back feels tight", "Not medical advice")
    reply = shown[shown.index("\nWhat stretch") :]
    assert max(map(len, reply.split("\n"))) <= columns


def test_forget_deletes_what_the_shell_kept(pty, tmp_path):
    terminal = started(pty)
    terminal.ask("thanks", "You are welcome.")
    terminal.wait_for_prompt()
    terminal.ask("/good", "Noted as good")
    terminal.wait_for_prompt()
    terminal.send("/quit\r")
    assert terminal.end() == 0
    forgetting = pty("forget")
    assert forgetting.end() == 0
    state = Path(os.environ["CHATBOT_STATE"])
    assert f"Deleted {state / 'history'} (" in forgetting.text
    assert f"Deleted {state / 'feedback.jsonl'} (" in forgetting.text
    assert not state.exists()
