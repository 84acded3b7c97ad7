"""The command `routine`, but for its countdown (test_practising.py, tests/practice)."""

import json
import stat
from datetime import datetime

import pytest
import vobject

from chatbot.terminal.routine import NOTHING_KEPT
from tests.shell.conftest import CORPUS

HIP, ROTATION = "hip-flexor-stretch", "hip-internal-rotation"


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def routine(main, index):
    """The command with the shell's bot."""
    return lambda *arguments: main("routine", *arguments, CHATBOT_INDEX=str(index), CHATBOT_CORPUS=str(CORPUS))


def said(done):
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def kept(state):
    return [each["id"] for each in json.loads((state / "routine.json").read_text())["kept"]]


def test_nothing_kept_opens_no_index(main, state):
    for action in ([], ["start"]):
        assert said(main("routine", *action, CHATBOT_INDEX="/nowhere", CHATBOT_CORPUS="/nowhere")) == [NOTHING_KEPT]
    assert not state.exists()


def test_the_list_by_commands(routine, state):
    routine("add", ROTATION)
    lines = said(routine("add", HIP))
    assert lines == [
        "  1  How do I improve hip rotation?",
        "     Counted by hand: the answer has no single count.",
        "  2  How do I stretch my hip flexors?",
        "     Hold 30 s.",
        "",
        "2 movements, about 1 minute, 1 counted by hand.",
    ]
    assert said(routine("move", "1", "2"))[0] == "  1  How do I stretch my hip flexors?"
    assert said(routine("move", "2", "1")) == lines == said(routine("order")) == said(routine())
    routine("drop", "1")
    assert kept(state) == [HIP]
    assert said(routine("drop", "1")) == ["Your list is empty."]
    routine("add", ROTATION)
    assert said(routine("clear")) == ["Your list is empty."]
    assert kept(state) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "hip-flexor-strech"], "no entry is called 'hip-flexor-strech'; did you mean 'hip-flexor-stretch'?"),
        (
            ["add", "how-long-hold"],
            "“How long should I hold a stretch?” teaches no movement to practise, so it was not kept",
        ),
        (["drop", "1"], "there is nothing on your list yet"),
        (["order"], "there is nothing on your list yet"),
        (["--html", "sheet.html"], f"nothing was written. {NOTHING_KEPT}"),
    ],
)
def test_what_cannot_be_done_is_one_line(routine, state, arguments, told):
    done = routine(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"flexbot: {told}\n")


def test_no_file_is_called_as_standard_output_is(routine, main):
    routine("add", HIP)
    for arguments in (["--html", "-"], ["--ics", "-", "--days", "mon", "--at", "07:30"]):
        done = routine(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "flexbot: cannot write to standard output; name a file\n"
    for name in ("-", ""):
        done = main("export", name)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{name!r} names no file; write page.html" in done.stderr


def test_a_broken_list_is_told_and_forget_deletes_it(main, routine, state):
    state.mkdir()
    (state / "routine.json").write_text("{")
    for arguments in ([], ["add", HIP], ["clear"]):
        done = routine(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith(f"flexbot: {state / 'routine.json'} holds no routine (")
    assert (state / "routine.json").read_text() == "{"
    assert f"Deleted {state / 'routine.json'} (1 bytes)." in main("forget").stdout
    assert not state.exists()


def test_a_calendar_says_what_it_leaves_out(routine, state, tmp_path):
    for each in (HIP, ROTATION):
        routine("add", each)
    list_of = json.loads((state / "routine.json").read_text())
    list_of["kept"][0] = {"id": "left-since", "title": "The old one"}
    (state / "routine.json").write_text(json.dumps(list_of))
    calendar = tmp_path / "routine.ics"
    done = routine("--ics", calendar, "--days", "mon", "--at", "07:30")
    assert (done.returncode, done.stdout) == (0, f"Wrote {calendar}.\n")
    gone = "flexbot: The calendar leaves out “The old one”. This is no longer in the corpus; take it off the list.\n"
    assert done.stderr == gone
    event = vobject.readOne(calendar.read_text()).vevent
    assert "old one" not in event.description.value


def test_the_sheet_and_the_calendar_are_written(routine, state, tmp_path):
    routine("add", HIP)
    sheet, calendar = tmp_path / "sheet.html", tmp_path / "routine.ics"
    done = routine("--html", sheet, "--ics", calendar, "--days", "mon,Friday", "--at", "07:30")
    assert said(done) == [f"Wrote {sheet}.", f"Wrote {calendar}."]
    assert "<h2>1. How do I stretch my hip flexors?</h2>" in sheet.read_text()
    event = vobject.readOne(calendar.read_text()).vevent
    assert event.rrule.value == "FREQ=WEEKLY;BYDAY=MO,FR"
    assert event.dtstart.value.strftime("%H:%M") == "07:30"
    assert event.dtstart.value >= datetime.now().replace(microsecond=0)
    assert event.uid.value.partition("@")[0] == json.loads((state / "routine.json").read_text())["calendar"]
    assert stat.S_IMODE((state / "routine.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--ics", "x.ics"], "--ics needs --days and --at: --days mon,wed,fri --at 18:00"),
        (["--days", "mon"], "--days and --at go with --ics FILE"),
        (["--ics", "x", "--days", "mo", "--at", "18:00"], "'mo' are no days; write them as mon,tue,wed"),
        (["--ics", "x", "--days", "mon", "--at", "25:00"], "'25:00' is no time of a day; write it as 18:00"),
    ],
)
def test_what_a_calendar_needs(routine, arguments, told):
    done = routine(*arguments)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_file_that_cannot_be_written_is_told(routine, state, tmp_path):
    routine("add", HIP)
    done = routine("--html", tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"flexbot: cannot write {tmp_path} (Is a directory); name another file\n",
    )
