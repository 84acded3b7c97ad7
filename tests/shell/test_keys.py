"""Keystrokes through prompt-toolkit's pipe input."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from chatbot.shell.choices import Choice, numbered
from chatbot.shell.prompt import Prompt
from chatbot.terminal.render import NONE_OF_THESE
from tests.effort import LONGEST_WAIT

ENTER, TAB, ESCAPE = "\r", "\t", "\x1b"
UP, DOWN, RIGHT, F1, F4 = "\x1b[A", "\x1b[B", "\x1b[C", "\x1bOP", "\x1bOS"
CTRL_A, CTRL_C, CTRL_D, CTRL_R, ALT_ENTER = "\x01", "\x03", "\x04", "\x12", "\x1b\r"


class Keyboard:
    """Types at a prompt. Waits where completion and suggestion work in the background."""

    def __init__(self, shell, pipe: PipeInput, history=()) -> None:
        remembered = InMemoryHistory()
        for line in history:
            remembered.append_string(line)
        self.prompt = Prompt(shell, remembered, input=pipe, output=DummyOutput())
        self._pipe = pipe

    @property
    def buffer(self):
        return self.prompt.session.default_buffer

    def read(self, *steps: str | Callable[[], bool]) -> str:
        """The line read when the keys are typed; between them a step may be a condition to wait for."""
        waiting = list(steps)

        def type_on() -> None:
            app = self.prompt.session.app

            async def typist() -> None:
                for step in waiting:
                    if isinstance(step, str):
                        self._pipe.send_text(step)
                        continue
                    deadline = time.monotonic() + LONGEST_WAIT
                    while not step():
                        if time.monotonic() > deadline:
                            app.exit(exception=AssertionError("the condition never came"))
                            return
                        await asyncio.sleep(0.01)

            app.create_background_task(typist())

        assert any(isinstance(step, str) and step[-1:] in (ENTER, CTRL_C, CTRL_D, F1[-1]) for step in steps)
        self.prompt.session.app.pre_run_callables.append(type_on)
        return self.prompt.read()

    def menu_open(self) -> bool:
        return self.buffer.complete_state is not None and bool(self.buffer.complete_state.completions)

    def suggested(self) -> bool:
        return self.buffer.suggestion is not None


@pytest.fixture
def keyboard(sitting) -> Iterator[Callable[..., Keyboard]]:
    sitting.run()
    sitting.shell.opened  # noqa: B018 -- waits until the bot is open
    sitting.shell.greet()
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield lambda history=(): Keyboard(sitting.shell, pipe, history)


def test_enter_sends(keyboard):
    assert keyboard().read("how long" + ENTER) == "how long"


def test_alt_enter_begins_a_new_line(keyboard):
    assert keyboard().read("how" + ALT_ENTER + "long" + ENTER) == "how\nlong"


def test_a_paste_keeps_its_lines_together(keyboard):
    pasted = "\n".join(f"line {number}" for number in range(50))
    assert keyboard().read(f"\x1b[200~{pasted}\x1b[201~" + ENTER) == pasted


def test_ctrl_c_and_ctrl_d(keyboard):
    with pytest.raises(KeyboardInterrupt):
        keyboard().read("half a quest" + CTRL_C)
    with pytest.raises(EOFError):
        keyboard().read(CTRL_D)
    assert keyboard().read("abc" + CTRL_A + CTRL_D + ENTER) == "bc"


def test_up_finds_what_begins_alike(keyboard):
    asked = ["how long", "why tight", "how often"]
    assert keyboard(asked).read("how" + UP + UP + ENTER) == "how long"
    assert keyboard(asked).read(UP + ENTER) == "how often"


def test_ctrl_r_searches_whatever_the_case(keyboard):
    assert keyboard(["Why Tight", "how often"]).read(CTRL_R + "tight" + ENTER + ENTER) == "Why Tight"


def test_right_takes_the_suggestion_of_the_corpus(keyboard):
    typist = keyboard()
    assert typist.read("how long sh", typist.suggested, RIGHT + ENTER) == "how long should I hold a stretch?"


def test_a_suggestion_not_taken_is_not_sent(keyboard):
    typist = keyboard()
    assert typist.read("how long sh", typist.suggested, ENTER) == "how long sh"


def test_tab_offers_questions_and_enter_takes_one_without_sending(keyboard):
    typist = keyboard()
    line = typist.read("strech" + TAB, typist.menu_open, TAB + ENTER + "!" + ENTER)
    assert line.endswith("?!")
    assert line[:-1] in [title.question for title in typist.prompt._catalogue().titles]


def test_a_command_completes_while_it_is_typed(keyboard):
    typist = keyboard()
    assert typist.read("/rel", typist.menu_open, TAB + ENTER + ENTER) == "/reload"


def test_escape_closes_the_menu_and_keeps_what_was_typed(keyboard):
    typist = keyboard()
    line = typist.read("/t", typist.menu_open, TAB + ESCAPE, lambda: not typist.menu_open(), "x" + ENTER)
    assert line == "/tx"


def test_down_on_an_empty_line_chooses_and_enter_sends(keyboard, sitting):
    sitting.shell.choices = numbered([Choice("First", "/open a"), Choice("Second", "/open b")])
    typist = keyboard()
    assert typist.read(DOWN, typist.menu_open, DOWN + ENTER) == "2"
    assert typist.read("  " + DOWN, typist.menu_open, DOWN + DOWN + UP + ENTER) == "2"


def test_none_of_these_can_be_chosen_with_arrows(keyboard, sitting):
    sitting.shell.choices = numbered([Choice("First", "/open a")]) | {0: Choice(NONE_OF_THESE, "")}
    typist = keyboard()
    assert typist.read(DOWN, typist.menu_open, DOWN + ENTER) == "0"


def test_f1_shows_help_and_gives_the_unfinished_line_back(keyboard):
    typist = keyboard()
    assert typist.read("half a que" + F1) == "/help"
    assert typist.read("stion" + ENTER) == "half a question"


def test_f4_switches_to_vi_and_back(keyboard):
    typist = keyboard()
    assert typist.read("abc" + F4 + ENTER) == "abc"
    assert typist.prompt.session.app.editing_mode == EditingMode.VI
    assert typist.read(F4 + "abc" + ENTER) == "abc"
    assert typist.prompt.session.app.editing_mode == EditingMode.EMACS


def test_the_toolbar_names_the_question_that_tab_would_offer_first(keyboard, sitting):
    sitting.shell.choices = {}
    typist = keyboard()
    bars = []

    def seen():
        bars.append(typist.prompt._toolbar())
        return True

    def typed(text):
        return lambda: text in typist.buffer.text

    typist.read(seen, "flexor strech", typed("strech"), seen, ALT_ENTER + "x", typed("\nx"), seen, ENTER)
    assert bars[0].startswith(" 10 entries · offline · /help")
    assert bars[1] == " Tab: How do I stretch my hip flexors?"
    assert bars[2] == bars[0]


def test_the_greeting_comes_above_the_prompt_and_leaves_what_is_typed(sitting):
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        typist = Keyboard(sitting.shell, pipe)
        begun = "how lo"

        def open_now() -> bool:
            if not typist.buffer.text:
                return False
            sitting.shell.loader.start()
            return True

        line = typist.read(begun, open_now, lambda: "Try" in "".join(sitting.written), "ng" + ENTER)
        assert line == "how long"
