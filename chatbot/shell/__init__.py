"""The interactive shell."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.shell.loader import OpenBot


def run(
    open_bot: "OpenBot",
    color: str = "auto",
    *,
    vi: bool = False,
    toolbar: bool = True,
    figures: bool = True,
    debug: bool = False,
    database: str = "",
) -> int:
    """Run the shell on the terminal until the user leaves. Returns the exit status.

    `open_bot(progress, note)` opens the bot; it runs in a thread while the prompt takes keys already.
    `database` is where the answers are published, if they are.
    """
    from prompt_toolkit.application import create_app_session

    from chatbot import settings
    from chatbot.shell.commands import registry
    from chatbot.shell.history import open_history
    from chatbot.shell.loader import BotLoader
    from chatbot.shell.prompt import Prompt
    from chatbot.shell.session import Shell
    from chatbot.shell.tty import Terminal, colour_wanted, open_output

    terminal = Terminal(open_output(), colour_wanted(color))
    screen = terminal.screen()
    loader, copy = BotLoader(open_bot), terminal.copy
    told = {"figures": figures, "debug": debug}
    shell = Shell(loader, lambda: prompt.read(), screen, registry(), copy=copy, database=database, **told)
    history, note = open_history(settings.history_path)
    # The session's output, not the prompt's own: prompt-toolkit minds a dumb terminal only then.
    with create_app_session(output=terminal.output):
        prompt = Prompt(shell, history, vi=vi, toolbar=toolbar, color_depth=terminal.color_depth)
        if note:
            screen.say(note)
        return shell.run()
