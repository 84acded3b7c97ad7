"""A bot of vectors that count words, whose small corpus has all that a conversation may turn on: parts of answers,
conditions, a warning sign, and small talk that asks for something to be done."""

from pathlib import Path

from chatbot import Chatbot
from tests.builders import put, put_lines
from tests.fakes import WordEncoder


def spoken_bot(folder: Path) -> Chatbot:
    """The bot, built in an empty folder."""
    return Chatbot.build(_corpus(folder), folder / "index", encoder=WordEncoder())


def _corpus(folder: Path) -> Path:
    talk = {
        "again": ("Say that again", "Nothing was said yet."),
        "back": ("Go back please", "There is nothing before this."),
        "more": ("Show me more", "There is nothing to go on from."),
        "forget": ("Forget all of this", "Forgotten."),
    }
    put(folder / "sources.yaml", "sources:\n  - id: study\n    title: Holding\n    authors: Smith\n    year: 2020\n")
    put(
        folder / "parts.yaml",
        "- part: dose\n  title: how long\n  words: [hold]\n- part: easier\n  title: an easier way\n  leads: [Easier]\n",
    )
    put(
        folder / "conditions.yaml",
        "- condition: new-hip\n  said: have a new hip\n  entry: surgery\n  names: [new hip]\n  avoid_if: [a new hip]\n"
        "- condition: clot\n  said: had a blood clot\n  names: [blood clot]\n  avoid_if: [a blood clot]\n",
    )
    return put_lines(
        folder / "spoken.jsonl",
        {
            "id": "hip",
            "question": "How do I stretch my hip?",
            "answer": "Kneel down. Hold 30 seconds [@study].\n\n**Easier** Sit on a chair.",
            "related": ["calf", "surgery"],
            "avoid_if": ["a new hip"],
        },
        {
            "id": "calf",
            "question": "How do I stretch my calf?",
            "answer": "Lean on a wall.",
            "related": ["hip"],
            "avoid_if": ["a blood clot"],
        },
        {"id": "surgery", "question": "What is safe after surgery?", "answer": "Ask first."},
        *(
            {"id": command, "question": question, "answer": answer, "kind": "small-talk", "command": command}
            for command, (question, answer) in talk.items()
        ),
        {"id": "swollen", "question": "One leg is swollen", "answer": "Call.", "kind": "urgent", "care": "same-day"},
    )
