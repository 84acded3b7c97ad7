"""Commands that keep something: a reply on the clipboard or in a file, and what was thought of it."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

from chatbot import settings
from chatbot.answering.reply import Reply
from chatbot.shell.registry import Command
from chatbot.shell.replies import NOTHING_YET, last_reply
from chatbot.shell.session import Shell
from chatbot.terminal import feedback, feedback_report
from chatbot.text.cleaning import one_line, strip_control
from chatbot.text.html import whole_page

_ALL = "all"
_HTML = (".html", ".htm")
_SAVED_AS_NAMED = (".json", ".md", ".markdown", *_HTML)
_STYLE = """body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
article{margin-bottom:3rem}
figure{display:inline-block;width:19rem;max-width:100%;margin:0 1rem 1rem 0;vertical-align:top}"""


def markdown(replies: list[Reply]) -> str:
    """The replies as one Markdown document, each after what was asked."""
    return "\n".join(f"**You:** {one_line(reply.query)}\n\n{reply.to_markdown()}" for reply in replies)


def page(replies: list[Reply], drawing: Callable[[str], str]) -> str:
    """The replies as one HTML page that loads nothing, pictures within it, each reply after what was asked."""
    shown = "\n".join(
        f"<p><strong>You:</strong> {escape(one_line(reply.query))}</p>\n{reply.to_html(drawing)}" for reply in replies
    )
    return whole_page(one_line(replies[0].question or replies[0].query), _STYLE, shown)


def json_text(replies: Reply | list[Reply]) -> str:
    """A reply as a JSON object, or several as an array of them."""
    data = [reply.to_dict() for reply in replies] if isinstance(replies, list) else replies.to_dict()
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def copy(shell: Shell, argument: str) -> None:
    """`/copy [all]`."""
    if argument not in ("", _ALL):
        shell.screen.say("Copy what? /copy takes the last reply, /copy all the whole conversation.")
        return
    replies = _chosen(shell, argument == _ALL)
    if not replies:
        return
    text = markdown(replies)
    if shell.copy(text):
        shell.screen.say(
            f"Sent {len(text):,} characters to the terminal's clipboard. If pasting gives something else, the terminal"
            " does not allow it: use /save FILE."
        )
    else:
        shell.screen.say("This terminal has no clipboard to copy that to. Use /save FILE.")


def save(shell: Shell, argument: str) -> None:
    """`/save [all] FILE`."""
    first, _, rest = argument.partition(" ")
    everything = first == _ALL and bool(rest.strip())
    name = rest.strip() if everything else argument
    if not name:
        shell.screen.say("Save where? Type /save and a file name, or /save all and a file name.")
        return
    replies, path = _chosen(shell, everything), Path(name)
    if not replies:
        return
    suffix = path.suffix.lower()
    if suffix == ".json":
        text = json_text(replies if everything else replies[0])
    else:
        text = page(replies, shell.opened.bot.drawing) if suffix in _HTML else markdown(replies)
    form = "" if suffix in _SAVED_AS_NAMED else ", as Markdown"
    shell.screen.say(_written(path, text, form))


def _written(path: Path, text: str, form: str) -> str:
    shown = one_line(str(path))
    try:
        with path.expanduser().open("x", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except FileExistsError:
        return f"{shown} exists already; nothing was written. Choose another name."
    except (OSError, RuntimeError, ValueError) as error:
        return f"Cannot write {shown} ({one_line(getattr(error, 'strerror', None) or str(error))})."
    return f"Saved to {shown}{form}."


def _chosen(shell: Shell, everything: bool) -> list[Reply]:
    if everything:
        if not shell.replies:
            shell.screen.say(NOTHING_YET)
        return shell.replies
    reply = last_reply(shell)
    return [reply] if reply else []


def good(shell: Shell, argument: str) -> None:
    """`/good`."""
    _keep(shell, "good", argument)


def bad(shell: Shell, argument: str) -> None:
    """`/bad [MISSING]`."""
    _keep(shell, "bad", argument)


def _keep(shell: Shell, verdict: feedback.Verdict, missing: str) -> None:
    if not settings.feedback_kept():
        shell.screen.say("Feedback is turned off (CHATBOT_FEEDBACK=off), so nothing was kept.")
        return
    reply = last_reply(shell)
    if reply is None:
        return
    path = settings.feedback_path()
    first = not path.exists()
    feedback.append(path, feedback.feedback_on(reply, verdict, missing, shell.id))
    shell.screen.say(f"Noted as {verdict}, with your question. Thank you.")
    if first:
        shell.screen.say(
            f"It is kept on this computer only, in {path}. /feedback shows it, `{settings.APP} forget` deletes it,"
            " CHATBOT_FEEDBACK=off turns it off."
        )


def show_feedback(shell: Shell, _argument: str) -> None:
    """`/feedback`."""
    path = settings.feedback_path()
    given, unreadable = feedback.read(path)
    if unreadable:
        shell.screen.say(f"{unreadable:,} lines of {path} cannot be read and are left out.")
    if given:
        # Not wrapped: a line of it is to be pasted into the corpus as it is.
        report = strip_control(feedback_report.report(shell.opened.bot, given))
        shell.screen.show(lambda _width: f"\n{report}")
    else:
        shell.screen.say("No feedback yet: /good and /bad give it.")


COMMANDS = (
    Command("/copy [all]", "Copy the last reply, or the whole conversation, as Markdown.", copy),
    Command(
        "/save [all] FILE",
        "Write the last reply, or the whole conversation, to a file: .json as JSON, .html as a page with its pictures,"
        " others as Markdown.",
        save,
    ),
    Command("/good", "Note, on this computer only, that the last reply was good.", good),
    Command("/bad [MISSING]", "Note, on this computer only, that the last reply was bad, and what was missing.", bad),
    Command("/feedback", "Report what was noted of replies, with lines to paste into the corpus.", show_feedback),
)
