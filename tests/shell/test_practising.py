"""What is kept to practise, in the shell and by the command line, and counted down in a real terminal."""

import json
import os
from pathlib import Path

import pytest

from chatbot.shell.replies import NOTHING_YET

HIP = "How do I stretch my hip flexors?"
ROTATION = "How do I improve hip rotation?"
NOTHING = "Nothing is on your list yet: /keep in the shell puts the movement that it shows there."
# The command with a clock that is two hundred times as fast, so that a minute of holding is a blink.
FAST = """
import sys, time
from chatbot import cli
real = time.monotonic
time.monotonic = lambda: real() * 200
sys.exit(cli.main(["routine", "start"]))
"""


def flat(text):
    return " ".join(text.split())


def kept():
    path = Path(os.environ["CHATBOT_STATE"]) / "routine.json"
    return [each["id"] for each in json.loads(path.read_text())["kept"]]


@pytest.fixture
def full(sitting):
    for entry in ("hip-flexor-stretch", "hip-internal-rotation"):
        sitting.said(f"/open {entry}")
        sitting.said("/keep")
    return sitting


def test_what_is_shown_is_kept_and_where_is_told_once(sitting):
    sitting.said("/open hip-flexor-stretch")
    first = flat(sitting.said("/keep"))
    assert first.startswith(
        f"Kept as number 1 of your list: {HIP} /routine shows the list. It is kept on this computer"
    )
    assert "`flexbot forget` deletes it." in first
    sitting.said("/open hip-internal-rotation")
    assert flat(sitting.said("/keep")) == f"Kept as number 2 of your list: {ROTATION} /routine shows the list."
    assert kept() == ["hip-flexor-stretch", "hip-internal-rotation"]
    assert flat(sitting.said("/keep")) == f"“{ROTATION}” is on your list already"


def test_plain_words_mean_these_commands(sitting):
    sitting.said("/open hip-flexor-stretch")
    assert flat(sitting.said("keep this")).startswith("Kept as number 1 of your list")
    assert sitting.said("My routine").splitlines()[1] == f"  1  {HIP}"


def test_a_number_of_the_last_list_is_kept(sitting):
    sitting.said("my lower back feels tight")
    number = next(number for number, choice in sitting.shell.choices.items() if choice.label == HIP)
    assert f"number 1 of your list: {HIP}" in flat(sitting.said(f"/keep {number}"))
    for wrong in ("/keep 99", "/keep this"):
        assert sitting.said(wrong).startswith("Keep which?")


def test_what_is_no_movement_is_not_kept(sitting):
    sitting.said("/open how-long-hold")
    assert "teaches no movement to practise" in flat(sitting.said("/keep"))
    for line in ("thanks", "what is the capital of france", "/open neck-cord"):
        sitting.said("/forget")
        sitting.said(line)
        assert sitting.said("/keep") == "This reply teaches no movement to practise, so nothing was kept.\n\n"
    assert not Path(os.environ["CHATBOT_STATE"], "routine.json").exists()


def test_the_list_is_shown_and_opened_by_number(full):
    assert full.said("/routine").splitlines() == [
        "",
        f"  1  {HIP}",
        "     Hold 30 s.",
        f"  2  {ROTATION}",
        "     Counted by hand: the answer has no single count.",
        "",
        "2 movements, about 1 minute, 1 counted by hand.",
        "",
    ]
    assert ROTATION in full.said("2")


def test_the_list_is_changed(full):
    assert full.said("/move 2 1").splitlines()[1] == f"  1  {ROTATION}"
    assert full.said("/routine order").splitlines()[1] == f"  1  {ROTATION}"
    assert flat(full.said("/drop 3")) == "there is no number 3 on your list; choose from 1 to 2"
    full.said("/drop 1")
    assert kept() == ["hip-flexor-stretch"]
    assert flat(full.said("/drop 1")) == NOTHING
    assert kept() == []


@pytest.mark.parametrize(
    ("line", "said"),
    [("/drop", "Drop which?"), ("/move 1", "Move which"), ("/move a b", "Move which"), ("/routine x", "Type /routine")],
)
def test_what_is_missing_is_asked_for(full, line, said):
    assert full.said(line).startswith(said)
    assert len(kept()) == 2


def test_nothing_kept_yet(sitting):
    assert sitting.said("/keep") == f"{NOTHING_YET}\n\n"
    for line in ("/routine", "/routine start"):
        assert flat(sitting.said(line)) == NOTHING


def test_a_warning_sign_comes_before_practising(full):
    full.said("neck pain and clumsy fingers after a crash")
    assert flat(full.said("/routine start")).startswith("A warning sign that you named comes first")


def test_what_is_gone_is_told_and_can_be_dropped(full):
    path = Path(os.environ["CHATBOT_STATE"]) / "routine.json"
    path.write_text(path.read_text().replace("hip-flexor-stretch", "lost"))
    lines = full.said("/routine").splitlines()
    assert lines[1:3] == [f"  1  {HIP}", "     This is no longer in the corpus; take it off the list."]
    assert 1 not in full.shell.choices
    full.said("/drop 1")
    assert kept() == ["hip-internal-rotation"]


def test_a_broken_list_is_told_and_stays(full):
    path = Path(os.environ["CHATBOT_STATE"]) / "routine.json"
    path.write_text("{")
    for line in ("/routine", "/drop 1"):
        assert "holds no routine" in flat(full.said(line))
    assert path.read_text() == "{"


def test_a_countdown_by_keys(pty, full):
    terminal = pty("routine", "start")
    before = terminal.wait_for("Space begins")
    assert f"1. {HIP}" in before
    assert "Hold 30 s." in before
    # Whom it is not for stands where the eye is, between the movement and what begins.
    assert before.index(f"1. {HIP}") < before.index("medical") < before.index("Get ready")
    terminal.send(" ")
    terminal.wait_for("Space pause · n skip · b back · q stop")
    terminal.send("n")
    terminal.wait_for("Hold\nNext: " + ROTATION)
    terminal.send(" ")
    terminal.wait_for("Hold  paused")
    terminal.send(" ")
    terminal.wait_for("Hold\n")
    terminal.send("n")
    shown = terminal.wait_for("Next: As the steps say")
    assert f"2. {ROTATION}" in shown
    assert "Sit with your feet wide and let one knee fall inward." in shown
    terminal.send("n")
    terminal.wait_for("by hand  As the steps say\nNext: the end\nEnter when it is done")
    terminal.send("b")
    terminal.wait_for("Hold\n")
    terminal.send("nn")
    terminal.wait_for("by hand  As the steps say")
    terminal.send("\r")
    terminal.wait_for("Done.")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.text


def test_time_counts_down_to_the_end_with_a_sound(pty, full):
    full.said("/drop 2")
    terminal = pty(program=FAST)
    terminal.wait_for("Space begins")
    terminal.send(" ")
    terminal.wait_for("Done.")
    assert terminal.end() == 0
    assert terminal.raw.count("\x07") >= 2


@pytest.mark.parametrize(("key", "status"), [("q", 0), ("\x04", 0), ("\x03", 130)])
def test_leaving_gives_the_cursor_back(pty, full, key, status):
    terminal = pty("routine", "start")
    terminal.wait_for("Space begins")
    terminal.send(key)
    assert terminal.end() == status
    shown, hidden = terminal.raw.rfind("\x1b[?25h"), terminal.raw.rfind("\x1b[?25l")
    assert shown > hidden
    assert "Traceback" not in terminal.text


def test_a_dumb_terminal_gets_plain_lines(pty, full):
    terminal = pty(program=FAST, TERM="dumb")
    terminal.wait_for("Hold (0:30)")
    terminal.wait_for("Press Enter when it is done.")
    terminal.send("\r")
    terminal.wait_for("Done.")
    assert terminal.end() == 0
    assert "\x1b" not in terminal.raw


def test_practising_from_the_shell(pty, full):
    terminal = pty()
    terminal.wait_for("Try")
    terminal.wait_for_prompt()
    terminal.ask("/routine start", "Space begins")
    terminal.send("q")
    terminal.wait_for("Stopped.")
    terminal.wait_for_prompt()
    terminal.ask("/routine start", "Space begins")
    terminal.send("\x03")
    terminal.wait_for("Stopped.")
    terminal.wait_for_prompt()
    terminal.ask("thanks", "You are welcome.")
