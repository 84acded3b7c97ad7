"""Measure an exported page on question sets, in Chromium, by the page's own script:
`python -m scripts.evaluation.exported page.html --queries FILE.jsonl [FILE.jsonl ...]`.

Each message is asked by itself. `scripts/evaluate.py` gives the same figures of the whole bot.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from scripts.evaluation.outcomes import Outcome
from scripts.evaluation.questions import Question, read_questions
from scripts.evaluation.report import INTERVALS, report
from scripts.evaluation.table import table

# What the page decides on messages, its entries by their ids; `seconds` is what it took in the page's own clock.
_ASK = """async messages => {
  await ready;
  const id = row => row === null ? "" : model.ids[row];
  return messages.map(message => {
    const started = performance.now();
    const found = decide(model, message);
    const seconds = (performance.now() - started) / 1000;
    const kind = found.shown === null ? found.kind : replies.kinds[id(found.shown)];
    return {...found, kind, seconds, shown: id(found.shown), caution: id(found.caution),
            listed: found.listed.map(id), ranked: found.ranked.map(id)};
  });
}"""
_ACTIONS = {"list": "clarify", "none": "no-answer"}


def ask_page(page: Page, questions: Sequence[Question]) -> list[Outcome]:
    """What an exported page, opened in a browser, does with each question."""
    told = page.evaluate(_ASK, [question.query for question in questions])
    return [_outcome(question, found) for question, found in zip(questions, told, strict=True)]


def _outcome(question: Question, found: Mapping[str, Any]) -> Outcome:
    return Outcome(
        question=question,
        action=_ACTIONS.get(found["kind"], found["kind"]),
        shown=found["shown"],
        listed=tuple(found["listed"]),
        ranked=tuple(found["ranked"]),
        confidence=found.get("confident", 1.0),
        covered=found.get("covered", 1.0),
        caution=found["caution"],
        seconds=found["seconds"],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="the file that was exported.")
    parser.add_argument("--queries", type=Path, nargs="+", required=True, metavar="FILE", help="the sets.")
    parser.add_argument("--json", action="store_true", help="print the figures of each set as JSON.")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(options.page.resolve().as_uri())
        figures = {str(file): report(ask_page(page, read_questions(file))) for file in options.queries}
        browser.close()
    texts = [table(name, of_set) for name, of_set in figures.items()]
    print(json.dumps(figures, indent=1) if options.json else "\n\n".join([*texts, INTERVALS]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
