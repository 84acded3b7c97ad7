"""The shell's commands, in the order in which help lists them."""

from chatbot.shell import browsing, figures, memory, practising, replies, saving
from chatbot.shell.registry import Command, Registry
from chatbot.shell.session import Shell
from chatbot.text.cleaning import one_line

_KEYS = """Keys
  digit, or Down on an empty line   choose from the last list
  Tab                               questions like what is typed; names of commands
  Right                             take the grey suggestion
  Up, Ctrl-R                        what was asked before
  Alt-Enter, Ctrl-X Ctrl-E          new line; edit in your editor
  F1, F4                            help; keys of Emacs or vi
  Ctrl-C, Ctrl-D                    drop the line or stop waiting; leave
A line that begins with a space is not remembered."""
_USAGE_CELLS = 19


def show_help(shell: Shell, argument: str) -> None:
    """`/help [COMMAND]`."""
    command = shell.commands.find(argument.removeprefix("/")) if argument else None
    if argument and not command:
        shell.screen.say(f"No command {one_line(argument)}. /help lists them.")
    elif command:
        others = "".join(f" Also: /{alias}." for alias in command.aliases)
        shell.screen.say(f"{command.usage}  {command.help}{others}", "")
    else:
        listed = [f"  {command.usage:{_USAGE_CELLS}}{command.help}" for command in shell.commands]
        shell.screen.page("\n".join(("Ask in your own words, or:", *listed, "", _KEYS)))


def reload(shell: Shell, _argument: str) -> None:
    """`/reload`."""
    opened = shell.reload()
    index = opened.bot.index
    done = "The index stays as it was" if index.stale else "Reloaded"
    opened.staleness.notice()  # what it would tell, this line does
    kept = " The warning sign stays." if shell.conversation.sign else ""
    shell.screen.say(f"{done}: {index.counts['entries']:,} entries. A new conversation begins.{kept}")


def leave(_shell: Shell, _argument: str) -> None:
    """`/quit`: the same way out as Ctrl-D."""
    raise EOFError


def registry() -> Registry[Shell]:
    """All commands."""
    return Registry(
        (
            *replies.COMMANDS,
            *figures.COMMANDS,
            *browsing.COMMANDS,
            *saving.COMMANDS,
            *practising.COMMANDS,
            *memory.COMMANDS,
            Command("/reload", "Take in what changed in the corpus or the index.", reload),
            Command(
                "/help [COMMAND]",
                "List the commands and keys, or explain one command.",
                show_help,
                ("h",),
                ("?", "help"),
            ),
            Command("/quit", "Leave; Ctrl-D on an empty line does the same.", leave, ("exit", "q"), ("quit", "exit")),
        )
    )
