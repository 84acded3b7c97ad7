"""Commands that look around in the corpus without asking."""

import random

from chatbot.shell.choices import Choice
from chatbot.shell.registry import Command
from chatbot.shell.session import Shell
from chatbot.text.cleaning import one_line

_FOUND = 10
_NO_TOPIC = "other"


def topics(shell: Shell, argument: str) -> None:
    """`/topics [TOPIC]`."""
    catalogue = shell.opened.catalogue
    if not argument:
        choices = [
            Choice(f"{_spoken(topic)} ({len(titles)})", f"/topics {topic or _NO_TOPIC}")
            for topic, titles in catalogue.topics.items()
        ]
        shell.offer("Topics, with the number of questions", choices)
        return
    wanted = "-".join(argument.casefold().split())
    titles = catalogue.topics.get(wanted) or (catalogue.topics.get("") if wanted == _NO_TOPIC else None)
    if titles:
        shell.offer(_spoken(titles[0].topic), [Choice(title.question, f"/open {title.id}") for title in titles])
    else:
        shell.screen.say(f"No topic {one_line(argument)}. /topics lists them.")


def _spoken(topic: str) -> str:
    return (topic or _NO_TOPIC).replace("-", " ")


def search(shell: Shell, argument: str) -> None:
    """`/search WORDS`."""
    if not argument:
        shell.screen.say("Search for what? Type /search and a few words.")
        return
    found = shell.opened.bot.match(argument, k=_FOUND)
    choices = [Choice(one_line(match.entry.question), f"/open {match.entry.id}") for match in found]
    shell.offer("Nearest first", choices)


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
