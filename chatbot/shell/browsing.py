"""Commands that look around in the corpus without asking."""

import random
from collections.abc import Iterable

from chatbot.shell.catalogue import Catalogue
from chatbot.shell.choices import Choice, entry_choices
from chatbot.shell.registry import Command
from chatbot.shell.session import Shell
from chatbot.text.cleaning import one_line

_FOUND = 10


def topics(shell: Shell, argument: str) -> None:
    """`/topics [TOPIC]`."""
    opened = shell.opened
    catalogue = opened.catalogue
    if not argument:
        shell.offer("Topics, with the number of questions", _topic_choices(catalogue, catalogue.topics))
        return
    called = catalogue.topics_called(argument)
    if len(called) == 1:
        ids = [title.id for title in catalogue.topics[called[0]]]
        shell.offer(catalogue.topic_names[called[0]], entry_choices(opened.bot.index, ids))
    elif called:
        shell.offer("Which of these topics?", _topic_choices(catalogue, called))
    else:
        shell.screen.say(f"No topic {one_line(argument)}. /topics lists them.")


def _topic_choices(catalogue: Catalogue, topics: Iterable[str]) -> list[Choice]:
    names = catalogue.topic_names
    return [Choice(f"{names[topic]} ({len(catalogue.topics[topic])})", f"/topics {names[topic]}") for topic in topics]


def search(shell: Shell, argument: str) -> None:
    """`/search WORDS`."""
    if not argument:
        shell.screen.say("Search for what? Type /search and a few words.")
        return
    bot = shell.opened.bot
    ids = [match.id for match in bot.search(argument, k=_FOUND)]
    shell.offer("Nearest first", entry_choices(bot.index, ids))


def show_examples(shell: Shell, _argument: str) -> None:
    """`/examples`."""
    shell.offer("Try", shell.examples(shell.opened))


def show_any(shell: Shell, _argument: str) -> None:
    """`/random`."""
    titles = shell.opened.catalogue.titles
    if titles:
        shell.open(random.choice(titles).id)  # noqa: S311 -- not a secret
    else:
        shell.screen.say("The corpus has no questions with answers.")


def open_entry(shell: Shell, argument: str) -> None:
    """`/open ID`."""
    if argument in shell.opened.bot.index.rows:
        shell.open(argument)
    else:
        shell.screen.say(
            f"No entry {one_line(argument)}. /topics and /search list entries." if argument else "Open what?"
        )


COMMANDS = (
    Command("/topics [TOPIC]", "Browse the corpus by topic.", topics, ("t",), ("topics",)),
    Command("/search WORDS", "List the entries nearest to some words.", search, ("find",)),
    Command("/examples", "Show three questions to try, others each time.", show_examples),
    Command("/random", "Open a random question.", show_any),
    Command("/open ID", "Open an entry by its id.", open_entry),
)
