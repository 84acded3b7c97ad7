"""Measure matching and decisions on a question set: `python scripts/evaluate.py --queries FILE.jsonl`.

A line is {"query", "expected": [ids], "kind"?, "expected_kind"?, "first"?}. No expected id means that the bot should
not answer, and `kind` names what sort of question it is; `expected_kind` names the kind of reply ("urgent", or
"not-urgent" for anything else); `first` is asked before the query in the same conversation.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot import Chatbot, settings
from scripts.evaluation.ablation import ablation
from scripts.evaluation.outcomes import ask_all, read_questions
from scripts.evaluation.report import failures, picture, report, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE")
    parser.add_argument("--corpus", type=Path, default=settings.corpus_path())
    parser.add_argument("--index", type=Path, default=settings.index_path())
    parser.add_argument("--json", action="store_true", help="print the figures as JSON.")
    parser.add_argument("--ablation", action="store_true", help="print what each kind of evidence is worth, as JSON.")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="write every miss, with what was matched.")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw accuracy against coverage, as SVG.")
    options = parser.parse_args()
    bot = Chatbot.build(options.corpus, options.index)
    questions = read_questions(options.queries)
    if options.ablation:
        for row in ablation(bot, questions):
            print(json.dumps(row))
        return 0
    outcomes = list(ask_all(bot, questions))
    figures = report(outcomes)
    print(json.dumps(figures, indent=1) if options.json else table(figures))
    if options.picture:
        options.picture.write_text(picture(outcomes), encoding="utf-8")
    if options.failures:
        lines = [json.dumps(failure, ensure_ascii=False) for failure in failures(outcomes)]
        options.failures.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
