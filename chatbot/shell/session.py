"""The loop: a line is read, a question answered or a command run. Its ends are arguments, so it needs no terminal."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatbot.shell.choices import Choice, entry_choices, numbered, offer_choices
from chatbot.shell.loader import BotLoader, LoadedBot
from chatbot.shell.registry import Registry
from chatbot.shell.screen import Screen
from chatbot.terminal.error_lines import explanation
from chatbot.terminal.render import NONE_OF_THESE, choices_text, plain_text, to_text
from chatbot.text.cleaning import one_line

if TYPE_CHECKING:
    from chatbot.answering.conversation import Conversation
    from chatbot.answering.reply import Reply
    from chatbot.records import Figure
    from chatbot.terminal.pictures import Painted

# Said before the bot is open, so before anything is known of its corpus.
INTRODUCTION = """Answers that people wrote. {kept}
Ask in your own words. /help lists what else you can do; Ctrl-D leaves."""
KEPT_HERE = "Nothing leaves this computer."
ASKED_ELSEWHERE = "What tells the meaning of your questions goes to {database}."
NO_CHOICE = "Nothing to choose from yet: ask a question, or see /topics."
_EXAMPLES = 3


def _no_clipboard(_text: str) -> bool:
    return False


@dataclass(frozen=True)
class _Session:
    """What belongs to one opened bot; another begins when it is opened anew."""

    opened: LoadedBot
    conversation: "Conversation"


class Shell:
    """One person's shell. `read` gives a line, or raises `EOFError` at the end and `KeyboardInterrupt` on Ctrl-C.

    `copy` takes a text to the clipboard and tells whether it could. With `figures`, an answer comes with its picture
    where the screen draws images. `database` is where the answers are published, if they are.
    """

    def __init__(
        self,
        loader: BotLoader,
        read: Callable[[], str],
        screen: Screen,
        commands: "Registry[Shell]",
        *,
        copy: Callable[[str], bool] = _no_clipboard,
        figures: bool = True,
        debug: bool = False,
        database: str = "",
    ) -> None:
        self._kept = ASKED_ELSEWHERE.format(database=database) if database else KEPT_HERE
        self.loader = loader
        self.screen = screen
        self.commands = commands
        self.copy = copy
        self.id = secrets.token_hex(4)  # tells what was said in this shell from what was said in others
        self.choices: Mapping[int, Choice] = {}
        self.replies: list[Reply] = []
        self._read = read
        self._figures = figures
        self._debug = debug
        self._session: _Session | None = None
        self._disclaimed = False
        self._greeted = False

    def run(self) -> int:
        """Read and reply until the end. Returns the exit status: 2 if there was never a bot to ask."""
        self.screen.say(INTRODUCTION.format(kept=self._kept), "")
        self.loader.start()
        while True:
            try:
                line = self._read()
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
            self._greeted = True
            try:
                self.handle(line)
            except EOFError:
                break
        self.loader.let_end()
        return 2 if self.loader.error else 0

    def handle(self, line: str) -> None:
        """Do what one line asks for; what goes wrong becomes a line on the screen."""
        try:
            self._dispatch(line.strip())
            self._look_around()
        except KeyboardInterrupt:
            self.screen.say("Stopped.")
        except EOFError:
            raise
        except Exception as error:
            if self._debug:
                raise
            self.screen.say(explanation(error), "")

    def _dispatch(self, text: str) -> None:
        if not text:
            return
        if command := self.commands.find_word(text):
            command.run(self, "")
        elif text.startswith("/"):
            self._command(text[1:])
        elif 0 in self.choices and text.casefold() in ("none", NONE_OF_THESE):
            self._decline()
        elif text.isdecimal():
            self._choose(int(text[:9]))
        elif len(text) == 1 and text.isascii():
            # A key meant for the pager, most likely.
            self.screen.say("One letter is no question. /help lists what you can type; Ctrl-D leaves.")
        else:
            self._present(self.conversation.ask(text))

    def _command(self, text: str) -> None:
        name, _, argument = text.partition(" ")
        command = self.commands.find(name)
        if command:
            command.run(self, argument.strip())
            return
        nearest = self.commands.nearest(name)
        guess = f"Did you mean /{nearest}?" if nearest else "/help lists the commands."
        self.screen.say(f"Unknown command /{one_line(name)}. {guess}")

    def _choose(self, number: int) -> None:
        choice = self.choices.get(number)
        if choice:
            self._dispatch(choice.line) if choice.line else self._decline()
        else:
            self.screen.say(f"Choose from 1 to {max(self.choices)}." if self.choices else NO_CHOICE)

    def _decline(self) -> None:
        self.choices = {}
        self.screen.say("None of these, then. Ask in other words, or see /topics; /bad says what was missing.")

    @property
    def opened(self) -> LoadedBot:
        """The open bot, waiting for it if need be. Raises what opening it raised."""
        return self._current().opened

    @property
    def conversation(self) -> "Conversation":
        """The conversation with the open bot."""
        return self._current().conversation

    def _current(self) -> "_Session":
        opened = self.loader.get()
        for note in self.loader.notes():
            self.screen.say(one_line(note))
        if self._session is None or self._session.opened is not opened:
            from chatbot.answering.state import ConversationState

            sign = self._session.conversation.sign if self._session else None
            state = ConversationState(sign=sign).to_dict()
            self._session = _Session(opened, opened.bot.conversation(state))
        return self._session

    @property
    def last(self) -> "Reply | None":
        """The newest reply, None at the beginning; never waits."""
        return self._session.conversation.last if self._session else None

    def open(self, entry_id: str) -> None:
        """Show an entry, as when it is chosen from a list. Raises `KeyError` for an unknown id."""
        self._present(self.conversation.open(entry_id))

    def back(self) -> bool:
        """Show the reply before the last again; False when there is none."""
        reply = self._session.conversation.back() if self._session else None
        if reply:
            self.show(reply)
        return reply is not None

    def reload(self) -> LoadedBot:
        """Open the bot anew. On an error the one that is open stays."""
        loader = self.loader.again()
        loader.start()
        loader.get()
        self.loader = loader
        self.choices = {}
        return self.opened

    def _present(self, reply: "Reply") -> None:
        self.replies.append(reply)
        self.show(reply)

    def show(self, reply: "Reply") -> None:
        """Show a reply; what it offers can be chosen by number from now on."""
        reply = self._with_commands(reply)
        offers = reply.suggestions or reply.related
        choices = numbered(offer_choices(offers))
        self.choices = choices | {0: Choice(NONE_OF_THESE, "")} if reply.kind == "clarify" else choices
        full = not self._disclaimed and reply.kind != "small-talk"
        self._disclaimed |= full
        # A part of an answer follows the answer, and so its picture.
        image = None if reply.part else self._image(reply.figures)

        def lay_out(width: int) -> str:
            paint = self.screen.paint
            text = to_text(
                reply, width, paint, all_answers=False, hints=True, full_disclaimer=full, drawn=image is not None
            )
            return f"\n{text}"

        if not self.screen.show(lay_out, image):
            self.screen.say(f"The rest: /again\n{one_line(reply.short_disclaimer or reply.disclaimer)}")

    def _with_commands(self, reply: "Reply") -> "Reply":
        """A reply of small talk with what its entry says of the shell's commands."""
        index = self.opened.bot.index
        entry = index.entry(index.rows[reply.id]) if reply.kind == "small-talk" and reply.id in index.rows else None
        if entry is None or not entry.in_shell or not reply.answers:
            return reply
        first, *others = reply.answers
        return replace(reply, answers=(replace(first, text=f"{first.text}\n\n{entry.in_shell}"), *others))

    def _image(self, figures: "Sequence[Figure]") -> "Painted | None":
        """The first of some figures, to stand with a reply; None where no image is wanted or can be drawn."""
        if not (self._figures and figures and self.screen.draws_images):
            return None
        try:
            # Half of the screen, so that the answer begins on it, too.
            return self.screen.picture(self.opened.bot.drawing(figures[0].id), self.screen.size()[1] // 2)
        except ValueError:
            return None  # `/show` tells what is wrong with it

    def offer(self, heading: str, choices: Sequence[Choice]) -> None:
        """Show a numbered list to choose from."""
        self.choices = numbered(choices)
        self.screen.show(lambda width: "\n" + self._list(heading, width))

    def _list(self, heading: str, width: int) -> str:
        """The choices that there are, below a heading."""
        labels = [choice.label for choice in self.choices.values()]
        paint = self.screen.paint
        return plain_text(heading, width, paint, "strong") + choices_text(labels, width, paint)

    def greet(self) -> None:
        """Write, once and above the first prompt, the corpus's subject, disclaimer and questions to try, if it is open.

        When a question comes first, its reply carries the disclaimer in full.
        """
        opened, error = self.loader.now, self.loader.error
        if self._greeted or not (opened or error):
            return
        self._greeted = True
        if opened:
            self._disclaimed = True
            self.choices = numbered(self.examples(opened))
            index, width, paint = opened.bot.index, self.screen.width, self.screen.paint
            subject = plain_text(f"Answers about {one_line(index.subject)}.", width, paint) if index.subject else ""
            disclaimer = plain_text(one_line(index.disclaimer), width, paint, "quiet")
            self.screen.write(f"{subject}{disclaimer}\n{self._list('Try', width)}\n")
        elif error:
            self.screen.say(explanation(error), "")

    def examples(self, opened: LoadedBot) -> list[Choice]:
        """Questions to try, others each time."""
        return entry_choices(opened.bot.index, [title.id for title in opened.catalogue.sample(_EXAMPLES)])

    def _look_around(self) -> None:
        opened = self.loader.now
        notice = opened.staleness.notice() if opened else ""
        if notice:
            self.screen.say(notice)
