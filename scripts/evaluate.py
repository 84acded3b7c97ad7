"""Measure matching and decisions on question sets: `python scripts/evaluate.py --queries FILE.jsonl [FILE.jsonl ...]`.

`tests/evaluation/README.md` tells what a line of a set holds, and which sets there are. `--own-questions` asks every
entry's own question, too, and lists those that miss their entry.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatbot import Chatbot
from scripts.evaluation.ablation import ablation
from scripts.evaluation.coverage import picture
from scripts.evaluation.misses import misses, own_questions_report
from scripts.evaluation.outcomes import Outcome, ask_all
from scripts.evaluation.questions import own_questions, read_questions
from scripts.evaluation.report import INTERVALS, report
from scripts.evaluation.table import own_questions_table, table

OWN_QUESTIONS = "own questions"


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", type=Path, nargs="+", default=[], metavar="FILE", help="the sets, a table each.")
    parser.add_argument("--own-questions", action="store_true", help="ask each entry's own question, and list misses.")
    parser.add_argument("--corpus", type=Path, help="another corpus than the packaged one.")
    parser.add_argument("--index", type=Path, help="the folder of its index, if it is not the corpus's own.")
    parser.add_argument("--json", action="store_true", help="print the figures of each set as JSON.")
    parser.add_argument("--ablation", action="store_true", help="print what each kind of evidence is worth, as JSON.")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="write every miss, with what was matched.")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw accuracy against coverage, as SVG.")
    options = parser.parse_args(arguments)
    if not options.queries and (options.ablation or not options.own_questions):
        parser.error("name a set with --queries")
    return options


def main() -> int:
    options = options_of()
    bot = Chatbot.build(options.corpus, options.index)
    if options.ablation:
        for row in ablation(bot, [question for file in options.queries for question in read_questions(file)]):
            print(json.dumps(row))
        return 0
    sets = {str(file): list(ask_all(bot, read_questions(file))) for file in options.queries}
    figures = {name: report(outcomes) for name, outcomes in sets.items()}
    texts = [table(name, of_set) for name, of_set in figures.items()]
    if options.own_questions:
        figures[OWN_QUESTIONS] = own_questions_report(list(ask_all(bot, own_questions(bot))))
        texts.append(own_questions_table(figures[OWN_QUESTIONS]))
    print(json.dumps(figures, indent=1) if options.json else "\n\n".join([*texts, INTERVALS]))
    write_files(options, sets)
    return 0


def write_files(options: argparse.Namespace, sets: dict[str, list[Outcome]]) -> None:
    if options.picture:
        options.picture.write_text(picture(sets), encoding="utf-8")
    if options.failures:
        missed = [{"set": name, **miss} for name, outcomes in sets.items() for miss in misses(outcomes)]
        lines = [json.dumps(miss, ensure_ascii=False) for miss in missed]
        options.failures.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
