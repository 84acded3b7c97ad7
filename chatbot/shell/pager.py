"""The key between two pages of a text. What is no key of the pager's is the prompt's, and gets there."""

import re

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import ALL_KEYS, Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.utils import suspend_to_background_supported

_MORE = "-- more: Space · stop: q, or type --"
# A q stops as it does in `less`, unless a letter follows within so many seconds with which it begins a word: quads,
# qigong. Anything else that is typed by then is the prompt's.
_WORD_GOES_ON = 0.5
_SECOND_LETTERS = ("u", "i")
_ONWARD = ("space", "enter", "c-j", "down", "pagedown")
_STOP = ("escape", "c-c", "c-d", Keys.SIGINT)
# The other keys that move: at the prompt they would bring a line of the history, or take a choice.
_MOVES = re.compile(r"(?:[cs]-)*(?:up|down|left|right|home|end|pageup|pagedown|insert|delete)")
_NOWHERE = [key for key in ALL_KEYS if _MOVES.fullmatch(key) and key not in _ONWARD]


def pager(output: Output, color_depth: ColorDepth | None) -> Application[bool]:
    """An application that asks for a key between two pages; its result is whether to go on."""
    app: Application[bool] = Application(
        layout=Layout(Window(FormattedTextControl([("reverse", _MORE)]), height=1)),
        key_bindings=_bindings(),
        erase_when_done=True,
        output=output,
        color_depth=color_depth,
    )
    app.timeoutlen = _WORD_GOES_ON
    return app


def _bindings() -> KeyBindings:
    keys = KeyBindings()

    def type_on(event: KeyPressEvent) -> None:
        """Leave the rest out and let the prompt have what was typed."""
        event.app.key_processor.feed_multiple(event.key_sequence, first=True)
        event.app.exit(result=False)

    def go_on(event: KeyPressEvent) -> None:
        """Show the next page."""
        event.app.exit(result=True)

    def stop(event: KeyPressEvent) -> None:
        """Leave the rest out."""
        event.app.exit(result=False)

    def stop_or_type_on(event: KeyPressEvent) -> None:
        """Leave the rest out; the prompt has what followed a q, and that too where both begin a word."""
        kept = event.key_sequence[event.key_sequence[1].key not in _SECOND_LETTERS :]
        event.app.key_processor.feed_multiple(kept, first=True)
        event.app.exit(result=False)

    for key in _ONWARD:
        keys.add(key)(go_on)
    for key in _STOP:
        keys.add(key)(stop)
    for key in (Keys.Ignore, *_NOWHERE):
        keys.add(key)(lambda _event: None)
    keys.add(Keys.Any)(type_on)
    keys.add("q")(stop)
    for key in ("enter", "c-j", "down", "pagedown", *_NOWHERE):
        keys.add("q", key)(stop)
    keys.add("q", Keys.Any)(stop_or_type_on)

    @keys.add("c-z", filter=Condition(suspend_to_background_supported))
    def _suspend(event: KeyPressEvent) -> None:
        """Suspend the shell, as at the prompt."""
        event.app.suspend_to_background()

    return keys
