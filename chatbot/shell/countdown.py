"""A routine counted down in a terminal that takes keys: each movement with its picture, and below it what is on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.utils import suspend_to_background_supported

from chatbot.bot import Chatbot
from chatbot.practice.countdown import Countdown
from chatbot.practice.movements import Gone, Movement
from chatbot.practice.stages import Stage
from chatbot.practice.words import amount, how
from chatbot.shell.screen import Screen
from chatbot.shell.tty import Terminal, bear_silence, colour_wanted, open_output
from chatbot.terminal.render import PICTURE, plain_text, uncoloured
from chatbot.terminal.routine import clock_time, warnings_text
from chatbot.text.cleaning import one_line

_TICK = 0.1  # seconds between two looks at the clock
_AROUND = 10  # rows for the words and the countdown below a picture
_LEAST_PICTURE = 6  # rows; a smaller one shows nothing
_KEYS = "Space pause · n skip · b back · q stop"
_BEGIN = "Space begins · n skip · q stop"
_BY_HAND = "Enter when it is done · n skip · b back · q stop"


class Practice:
    """A countdown over `routine` on the session's terminal, which `screen` writes to; `drawing` gives a figure's SVG by
    its id. It waits to be begun, with `warnings` where the eye is then: below the first movement."""

    def __init__(
        self,
        countdown: Countdown,
        routine: Sequence[Movement | Gone],
        screen: Screen,
        drawing: Callable[[str], str],
        warnings: str = "",
    ) -> None:
        self._countdown, self._routine, self._drawing = countdown, routine, drawing
        self._warnings = warnings
        self._screen = replace(screen, more=None)
        self._begun = False
        self._shown: tuple[Stage | None, bool] = (None, True)
        countdown.pause()

    def run(self) -> bool:
        """Count down to the end, or until someone stops; whether it came to the end. Raises `KeyboardInterrupt`."""
        while stage := self._countdown.stage:
            self._show(stage.place)
            if self._warnings:
                self._screen.write(f"\n{self._warnings}")
                self._warnings = ""
            if not self._live(stage.place):
                return False
        self._screen.say("Done.", "strong")
        return True

    def _show(self, place: int) -> None:
        """What is practised now: its name, its picture or its words, and how much of it."""
        movement, screen = self._routine[place], self._screen
        if isinstance(movement, Gone):
            return
        figures = movement.figures[:1]

        def words(width: int, picture: str = "") -> str:
            heading = plain_text(f"{place + 1}. {one_line(movement.title)}", width, screen.paint, "question")
            shown = "".join(plain_text(one_line(each.alt), width, screen.paint, "quiet") for each in figures)
            told = plain_text("\n".join(filter(None, (how(movement), amount(movement)))), width, screen.paint)
            return f"\n{heading}{picture or shown}{told}"

        rows = screen.size()[1] - _AROUND - self._warnings.count("\n")
        if not figures or screen.graphics == "nothing" or rows < _LEAST_PICTURE:
            screen.show(words)
            return
        painted = screen.picture(self._drawing(figures[0].id), rows)
        if screen.graphics == "dots":
            screen.show(lambda width: words(width, painted.text))
        else:
            screen.show(lambda width: words(width, f"{PICTURE}\n"), painted)

    def _live(self, place: int) -> bool:
        """Count down what there is of one movement; False when someone stops."""
        app: Application[bool] = Application(
            layout=Layout(Window(FormattedTextControl(self._face), dont_extend_height=True, wrap_lines=True)),
            key_bindings=self._bindings(place),
            erase_when_done=True,
            color_depth=ColorDepth.DEPTH_1_BIT if self._screen.paint is uncoloured else None,
        )
        bear_silence(app)

        async def tick() -> None:
            while True:
                if self._countdown.tick():
                    app.output.bell()
                self._look(app, place)
                app.invalidate()
                await asyncio.sleep(_TICK)

        def begin() -> None:
            app.create_background_task(tick())

        return app.run(pre_run=begin)

    def _look(self, app: Application[bool], place: int) -> None:
        """Leave once another movement is on. What is new is drawn whole: a screen reader is not told of letters."""
        stage = self._countdown.stage
        shown = (stage, self._countdown.paused)
        if shown != self._shown:
            self._shown = shown
            app.renderer.erase()
        if (stage is None or stage.place != place) and app.is_running and not (app.future and app.future.done()):
            app.exit(result=True)

    def _face(self) -> StyleAndTextTuples:
        countdown = self._countdown
        stage, following = countdown.stage, countdown.next
        if stage is None:
            return []
        time = "by hand" if countdown.waits else clock_time(countdown.left)
        paused = "  paused" if countdown.paused and self._begun else ""
        if following is None:
            then = "the end"
        elif following.place == stage.place:
            then = following.words
        else:
            then = one_line(self._routine[following.place].title)
        hint = _BEGIN if not self._begun else _BY_HAND if countdown.waits else _KEYS
        return [("bold", f"{time}  {stage.words}{paused}\n"), ("", f"Next: {then}\n{hint}")]

    def _bindings(self, place: int) -> KeyBindings:
        keys, countdown = KeyBindings(), self._countdown

        def bound(names: Sequence[str], act: Callable[[], Any]) -> None:
            def handle(event: KeyPressEvent) -> None:
                act()
                self._look(event.app, place)

            for name in names:
                keys.add(name)(handle)

        bound(("space",), self._pause)
        bound(("enter", "c-j"), self._enter)
        bound(("n", "right"), countdown.skip)
        bound(("b", "left"), countdown.back)

        @keys.add("q")
        @keys.add("c-d")
        def _stop(event: KeyPressEvent) -> None:
            event.app.exit(result=False)

        @keys.add("c-c")
        @keys.add(Keys.SIGINT)
        def _interrupt(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @keys.add("c-z", filter=Condition(suspend_to_background_supported))
        def _suspend(event: KeyPressEvent) -> None:
            if not countdown.paused:
                countdown.pause()
            event.app.suspend_to_background()

        return keys

    def _pause(self) -> None:
        self._begun = True
        self._countdown.pause()

    def _enter(self) -> None:
        """What Enter says: to begin, or that something is done."""
        if not self._begun:
            self._pause()
        else:
            self._countdown.done()


def practise_alone(countdown: Countdown, routine: Sequence[Movement | Gone], bot: Chatbot) -> bool:
    """Count a routine down outside a shell, after what is said before it. As `Practice.run`."""
    terminal = Terminal(open_output(), colour_wanted("auto"))
    with create_app_session(output=terminal.output):
        screen = terminal.screen()
        warnings = warnings_text(routine, bot.index.disclaimer, screen.width, screen.paint)
        return Practice(countdown, routine, screen, bot.drawing, warnings).run()
