"""Bot and corpus -> one HTML file that answers, or lists what may, without a server and without a network."""

import base64
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass
from functools import partial
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from chatbot import settings
from chatbot.bot import Chatbot
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.reader import read_corpus
from chatbot.errors import IndexIncompatible
from chatbot.exporting.contents import Contents
from chatbot.exporting.features import Vocabulary
from chatbot.exporting.fitting import LISTED, TALK, Fitted, fit_page
from chatbot.exporting.learning import distilled, learn
from chatbot.exporting.lesson import Classes, Lesson, lesson
from chatbot.exporting.model import PASSAGE_WORDS, PageModel
from chatbot.files import check_target, write_whole
from chatbot.records import Entry, StageProgress

DIMENSION = 80  # of the table; with more the file is larger and hardly more is found
_SURE = "Where it is sure it answers, else it lists what may fit; the whole program finds more."
_SOURCED = "written and checked beforehand and names its sources"
_ONLY = "It only lists what may fit, as it finds too little of what the whole program finds to answer by itself."


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: its path, size in bytes, whether the page may answer, and what was measured (see `Fitted`)."""

    path: Path
    size: int
    answers: bool
    measured: dict[str, float]

    def __str__(self) -> str:
        told = f"Wrote {self.path} ({self.size / 1e6:.1f} MB)."
        if "first" in self.measured:
            first, bots = self.measured["first"], self.measured["bots_first"]
            told += f" On held-out questions its first match is right for {first:.2f}, the whole bot's for {bots:.2f}."
        return f"{told} It {'answers where it is sure' if self.answers else 'only lists'}."


def export(bot: Chatbot, path: Path, *, figures: bool = False, progress: StageProgress | None = None) -> ExportReport:
    """Write the page of a bot to `path`; a file that is there is replaced as a whole. `figures`: with the pictures.

    `progress` is told (stage, done, total). Raises `StorageError` where it cannot be written, `CorpusError` where the
    corpus cannot be read, and `IndexIncompatible` where the index is not of this corpus.
    """
    check_target(path)
    corpus = _corpus(bot)
    classes = Classes(corpus.entries)
    taught = lesson(corpus, classes)
    model = taught_model(bot, classes, taught, progress or (lambda *_: None))
    fitted = fit_page(model, classes, taught, bot.index.manifest.matcher.held_out.get("labelled_accuracy"))
    page = _page(Contents(bot, figures=figures), bot, model, classes, fitted).encode()
    write_whole(path, page)
    return ExportReport(path, len(page), fitted.may_answer, fitted.measured)


def _corpus(bot: Chatbot) -> Corpus:
    corpus = read_corpus(bot.index.corpus).checked()
    if [entry.id for entry in corpus.entries] != list(bot.index.ids):
        raise IndexIncompatible(f"{bot.index.folder} is not of the corpus as it is now; {settings.REBUILD}")
    return corpus


def taught_model(bot: Chatbot, classes: Classes, taught: Lesson, progress: StageProgress) -> PageModel:
    """What the page of a bot searches with; the same lesson gives the same."""
    vocabulary = Vocabulary.learn(taught.taught.texts, taught.asked)
    vectors = bot.index.encoder.encode(vocabulary.features, partial(progress, "words"))
    begin = distilled(vectors, DIMENSION)
    learnt = learn(vocabulary, begin, taught.taught, classes.count, partial(progress, "table"))
    return PageModel.of(vocabulary, learnt)


def _page(contents: Contents, bot: Chatbot, model: PageModel, classes: Classes, fitted: Fitted) -> str:
    """The page as text."""
    style = _file("chatbot.page", "page.css") + _file("chatbot.exporting", "page/extra.css")
    script = _file("chatbot.page", "exchange.js") + "".join(
        _file("chatbot.exporting", f"page/{name}.js") for name in ("search", "page")
    )
    replies = {**contents.replies(answers=fitted.may_answer), "model": _told(model, classes, fitted)}
    index = bot.index
    parts = {
        "about": escape(f"Ask about {index.subject}" if index.subject else "Questions and answers"),
        "written": _SOURCED if contents.all_name_sources else "written beforehand",
        "able": _SURE if fitted.may_answer else _ONLY,
        "ask": "Ask" if fitted.may_answer else "Search",
        "topics": contents.topics(),
        "emergencies": contents.emergencies(),
        "disclaimer": escape(index.disclaimer),
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "replies": _packed(json.dumps(replies, ensure_ascii=False).encode()),
        "numbers": _packed(model.packed()),
    }
    return Template(_file("chatbot.exporting", "page/page.html")).substitute(parts)


def _told(model: PageModel, classes: Classes, fitted: Fitted) -> dict[str, Any]:
    """What `page/search.js` is told of the model and of the decisions."""
    entries, told = classes.entries, asdict(fitted)
    del told["measured"]
    return {
        "features": list(model.vocabulary.features),
        "dimension": model.table.values.shape[1],
        "classes": classes.count,
        "ids": [entry.id for entry in entries],
        "answers": [row for row in classes.shown if entries[row].kind == "answer"],
        "shown": classes.shown,
        "outside": classes.outside,
        "signs": list(classes.cautions.items()),
        "talk": [(row, _ways(entries[row])) for row in classes.talk],
        "talk_share": TALK,
        "passage_words": PASSAGE_WORDS,
        "most": LISTED,
        **told,
    }


def _ways(entry: Entry) -> list[str]:
    return [entry.question, *entry.alternate_questions, *entry.messages.phrasings]


def _policy(style: str, script: str) -> str:
    """Nothing runs, shows or loads but what stands in the page."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _file(package: str, name: str) -> str:
    return (files(package) / name).read_text(encoding="utf-8")
