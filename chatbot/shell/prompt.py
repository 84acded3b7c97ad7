"""The line in which one types: prompt-toolkit's session, put together from keys, history and completion."""

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, get_app
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import Style

from chatbot.shell.catalogue import Catalogue
from chatbot.shell.completion import LineCompleter, QuestionSuggest
from chatbot.shell.keys import bindings, slash_line
from chatbot.shell.session import Shell
from chatbot.shell.toolbar import bot_text, tip_text, toolbar_text
from chatbot.shell.tty import bear_silence, dumb

# Dim and bold rather than colours: they follow the terminal's own theme, light or dark, and stay under NO_COLOR.
_STYLE = Style.from_dict(
    {
        "prompt": "bold",
        "auto-suggestion": "fg:default dim",
        "bottom-toolbar": "noreverse dim",
        "bottom-toolbar.text": "",
    }
)
_MENU_ROWS = 5
_PATIENCE = 2.0


def _indented(width: int, _line: int, _wrapped: int) -> str:
    """What further lines of a long question begin with, so that they stand under its first and not the prompt."""
    return " " * width


class Prompt:
    """Reads lines for a shell from a terminal."""

    def __init__(
        self,
        shell: Shell,
        history: History,
        *,
        vi: bool = False,
        toolbar: bool = True,
        color_depth: ColorDepth | None = None,
        input: Input | None = None,  # noqa: A002 -- prompt-toolkit's name for it
        output: Output | None = None,
    ) -> None:
        self._shell = shell
        self._draft = ""
        self._read = 0
        self.session: PromptSession[str] = PromptSession(
            [("class:prompt", "ask> ")],
            prompt_continuation=_indented,
            history=history,
            completer=LineCompleter(shell.commands, self._catalogue, lambda: shell.choices),
            complete_while_typing=slash_line,
            reserve_space_for_menu=_MENU_ROWS,
            # A plain True would silently turn off the live menu of commands.
            enable_history_search=~slash_line,
            auto_suggest=QuestionSuggest(self._catalogue),
            key_bindings=bindings(self._keep_draft),
            bottom_toolbar=self._toolbar if toolbar else None,
            editing_mode=EditingMode.VI if vi else EditingMode.EMACS,
            style=_STYLE,
            color_depth=color_depth,
            include_default_pygments_style=False,
            search_ignore_case=True,
            enable_open_in_editor=True,
            tempfile_suffix=".txt",
            enable_suspend=True,
            input=input,
            output=output,
        )
        shell.loader.on_change = self.session.app.invalidate
        self.session.app.after_render += self._greet
        bear_silence(self.session.app)

    def read(self) -> str:
        """The next line. Raises `EOFError` on Ctrl-D and `KeyboardInterrupt` on Ctrl-C."""
        draft, self._draft = self._draft, ""
        self._read += 1
        if dumb():
            # Nothing can be written above the prompt later, so the greeting is worth a moment.
            self._shell.loader.wait(_PATIENCE)
        self._shell.greet()
        return self.session.prompt(default=draft)

    def _keep_draft(self, text: str) -> None:
        self._draft = text

    def _catalogue(self) -> Catalogue | None:
        opened = self._shell.loader.now
        return opened.catalogue if opened else None

    def _greet(self, app: Application[str]) -> None:
        """Greet above the prompt, with what is typed left as it is, once the bot is open."""
        if not app.is_done:
            self._shell.greet()

    def _toolbar(self) -> str:
        app, catalogue, width = get_app(), self._catalogue(), self._shell.screen.width
        vi_mode = app.vi_state.input_mode.name.casefold() if app.editing_mode == EditingMode.VI else ""
        typed = app.current_buffer.text
        # A story of many lines is no search, and to look it up at each key would be slow.
        alike = catalogue.alike(typed, 1) if catalogue and not slash_line() and "\n" not in typed else []
        if alike:
            return tip_text(alike[0], vi_mode, width)
        opened = self._shell.loader.now
        bot = bot_text(opened.bot.index.counts["entries"] if opened else None, self._shell.loader.progress)
        return toolbar_text(bot, len(self._shell.choices), vi_mode, self._read, width)
