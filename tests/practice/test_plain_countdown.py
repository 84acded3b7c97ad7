"""A countdown in plain lines."""

from dataclasses import replace

from chatbot.routines import practise
from chatbot.terminal.routine import clock_time
from tests.practice.test_movements import of


def test_through_a_pipe_it_is_told_in_plain_lines(mover, capsys, monkeypatch):
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("time.sleep", sleep)
    practise(mover, of(mover, "lie", "plan"), lambda: now[0])
    assert capsys.readouterr().out.splitlines() == [
        "Ask a doctor.",
        "",
        "",
        "1. How do I lie down?",
        "   Lie, drawn",
        "   Get ready (0:10)",
        "   Hold (0:40)",
        "",
        "2. What is a plan?",
        "   Sit, drawn",
        "     1. Sit.",
        "     2. Stand.",
        "   Get ready (0:10)",
        "   As the steps say (about 1:00)",
        "",
        "Done.",
    ]
    assert now == [120.0]  # 10, 40, 10 and 60
    assert max(slept) <= 1


def test_its_lines_are_no_wider_than_the_terminal(mover, capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    (lie,) = of(mover, "lie")
    figure = replace(lie.figures[0], alt="Someone lies " + "on the back with both knees bent " * 5)
    practise(mover, [replace(lie, figures=(figure,))], lambda: now[0])
    told = capsys.readouterr().out.splitlines()
    assert max(map(len, told)) <= 80
    assert sum(line.startswith("   ") and "knees" in line for line in told) >= 3


def test_a_time_is_told_in_minutes_and_seconds():
    assert [clock_time(seconds) for seconds in (-1, 0, 0.2, 59.0, 61.2, 600)] == [
        "0:00", "0:00", "0:01", "0:59", "1:02", "10:00",
    ]  # fmt: skip
