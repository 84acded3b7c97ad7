"""Keys beyond those that prompt-toolkit brings: help, editing mode, new lines and choosing from the last list."""

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition, completion_is_selected, has_completions
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


@Condition
def slash_line() -> bool:
    """Whether a command is being typed."""
    return get_app().current_buffer.text.startswith("/")


@Condition
def _empty_line() -> bool:
    return not get_app().current_buffer.text.strip()


def bindings(on_help: Callable[[str], None]) -> KeyBindings:
    """The shell's keys. `on_help` is given the unfinished line before help interrupts it."""
    keys = KeyBindings()

    @keys.add("f1")
    def _help(event: KeyPressEvent) -> None:
        """Show the help and come back to the unfinished line."""
        on_help(event.current_buffer.text)
        event.app.exit(result="/help")

    @keys.add("f4")
    def _editing_mode(event: KeyPressEvent) -> None:
        """Switch between the keys of Emacs and of vi."""
        vi = event.app.editing_mode == EditingMode.VI
        event.app.editing_mode = EditingMode.EMACS if vi else EditingMode.VI

    @keys.add("escape", "enter")
    def _new_line(event: KeyPressEvent) -> None:
        """Begin a new line of the same question."""
        event.current_buffer.insert_text("\n")

    @keys.add("escape", filter=has_completions)
    def _close_menu(event: KeyPressEvent) -> None:
        """Close the menu and take back what it inserted."""
        event.current_buffer.cancel_completion()

    @keys.add("down", filter=_empty_line & ~has_completions)
    def _choose(event: KeyPressEvent) -> None:
        """Open the menu of choices of the last list."""
        event.current_buffer.start_completion(select_first=True)

    @keys.add("enter", filter=completion_is_selected)
    def _accept(event: KeyPressEvent) -> None:
        """Take the selected item; a choice is sent, anything else may be edited first."""
        buffer = event.current_buffer
        buffer.complete_state = None
        if is_choice(buffer):
            buffer.validate_and_handle()

    return keys


def is_choice(buffer: Buffer) -> bool:
    """Whether the line is the number of a choice."""
    return buffer.text.isdecimal()
