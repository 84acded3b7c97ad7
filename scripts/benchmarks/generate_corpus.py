"""Write a corpus to measure with: `python -m scripts.benchmarks.generate_corpus --entries 16000 corpus.jsonl`.

An entry is a different combination of an act, a thing and a circumstance ("prune", "the pear tree", "before the first
frost"), drawn without repetition. Its phrasings put that combination in different words: another opening, a synonym of
the act, the circumstance first, last or left to a shorter form. So phrasings of one entry are alike, and entries that
share an act or a thing are near misses of each other, as in a real corpus. Its answer names the three and goes on in
made-up sentences to the length asked for. The same arguments give the same file, byte for byte.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


def _listed(text: str) -> list[str]:
    return text.split("|")


ACTS = _listed(
    "clean/wash/scrub|repair/fix/mend|paint/coat/decorate|store/keep/put away|measure/size up/gauge|move/shift/carry|"
    "sell/trade/offer|insure/cover/protect|replace/swap/change|test/check/try out|inspect/examine/look over|"
    "install/fit/set up|remove/take out/get rid of|dry/air/drain|polish/shine/buff|sharpen/hone/grind|"
    "label/mark/tag|photograph/shoot/capture|order/buy/get hold of|return/send back/give back|"
    "recycle/reuse/dispose of|assemble/put together/build|adjust/tune/set|heat/warm/warm up|cool/chill/cool down|"
    "lock/secure/close|share/lend/hand round|register/sign up/record|weigh/balance/lift|wrap/pack/box|"
    "bury/sink/lower|shorten/trim/cut back|feed/nourish/fill|transport/ship/deliver|charge/power/refill|"
    "copy/duplicate/reproduce|draw/sketch/trace|hide/conceal/cover up|rent/hire/lease|restore/renew/bring back"
)
THINGS = _listed(
    "pear tree|bicycle chain|kitchen tap|wool carpet|violin bow|tax form|garden shed|sailing boat|coffee grinder|"
    "passport photo|leather jacket|fish tank|chimney flue|door hinge|roof tile|chess board|rain barrel|bread oven|"
    "winter tyre|school desk|laptop battery|wedding dress|stone wall|honey jar|camera lens|piano string|tent pole|"
    "mountain hut|fire alarm|bank statement|apple press|sewing machine|cheese wheel|hospital bed|bus ticket|"
    "hearing aid|rose bush|water meter|oil painting|stamp album|parking space|solar panel|goat fence|wine cellar|"
    "train set|concert ticket|baby seat|swimming pool|desk lamp|diesel engine|library card|straw roof|dog kennel|"
    "pension plan|ice skate|bee hive|mirror frame|silver spoon|tennis racket|paper kite|city flat|heat pump|"
    "telescope mount|fishing rod|canvas bag|church bell|market stall|phone contract|feather pillow|copper pipe"
)
CIRCUMSTANCES = _listed(
    "before the first frost|in a small flat|without special tools|on a tight budget|for a beginner|after a flood|"
    "during a holiday|with one hand|in very hot weather|when it is old|for a large family|at short notice|abroad|"
    "in the dark|with children around|after an accident|by post|for a museum|under warranty|without a receipt|"
    "on a steep slope|near the sea|late in the year|as a gift|in the rain|for the first time|with a bad back|"
    "in a listed building|during a power cut|when nobody helps|out of season|in less than an hour|on a Sunday|"
    "with allergies|for a competition|at high altitude|in a rented house|after many years|in a hurry|online"
)
OPENINGS = _listed(
    "how do i|what is the best way to|how should i|can you tell me how to|what do i need to|i want to|is it ok to|"
    "help me|any tips to|when should i|who can|what does it cost to|is there a rule if i|tell me how people|"
    "do i have to|why would i|how long does it take to|what goes wrong when i|show me how to|i never learnt to"
)
SENTENCES = _listed(
    "Begin with {thing} where it stands and take stock of it.|Whoever wants to {act} {when} needs patience first.|"
    "Keep what came off {thing} until the work is done.|Most trouble comes from haste, above all {when}.|"
    "Ask a neighbour who has done it, and write down what they say.|"
    "A second look on the next day finds what the first missed.|"
    "It is cheaper to {act} early than to wait.|If {thing} gives way, stop and begin again with less force.|"
    "There are places that lend what you need for a day.|Nothing about {thing} is urgent, so take the time it takes."
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--entries", type=int, default=1000, help="how many (%(default)s).")
    parser.add_argument("--phrasings", type=int, default=4, help="of an entry, its question among them.")
    parser.add_argument("--answer-words", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with options.file.open("w", encoding="utf-8") as file:
        for entry in entries(options.entries, options.phrasings, options.answer_words, options.seed):
            file.write(json.dumps(entry) + "\n")
    return 0


def entries(count: int, phrasings: int, answer_words: int, seed: int) -> Iterator[dict[str, Any]]:
    """`count` entries with that many phrasings each. Raises `ValueError` for more than there are combinations."""
    rng = random.Random(seed)  # noqa: S311 -- nothing is kept secret by it
    for number, place in enumerate(rng.sample(range(len(ACTS) * len(THINGS) * len(CIRCUMSTANCES)), count), start=1):
        place, act = divmod(place, len(ACTS))
        when, thing = divmod(place, len(THINGS))
        acts, a_thing, circumstance = ACTS[act].split("/"), f"the {THINGS[thing]}", CIRCUMSTANCES[when]
        question, *others = _phrasings(acts, a_thing, circumstance, phrasings, rng)
        yield {
            "id": f"entry-{number}",
            "question": question,
            "alternate_questions": others,
            "answer": _answer(acts[0], a_thing, circumstance, answer_words, rng),
        }


def _phrasings(acts: Sequence[str], thing: str, when: str, count: int, rng: random.Random) -> list[str]:
    """Different questions about one combination; the first is plain and complete."""
    question = f"How do I {acts[0]} {thing} {when}?"
    phrasings = {question.rstrip("?").lower(): question}
    while len(phrasings) < count:
        opening, act = rng.choice(OPENINGS), rng.choice(acts)
        orders = (f"{opening} {act} {thing} {when}", f"{when}, {opening} {act} {thing}", f"{act} {thing} {when}")
        chosen = rng.choice(orders)
        phrasings.setdefault(chosen.lower(), chosen)
    return list(phrasings.values())


def _answer(act: str, thing: str, when: str, words: int, rng: random.Random) -> str:
    text = [f"To {act} {thing} {when}, look at {thing} first."]
    length = len(text[0].split())
    while length < words:
        text.append(rng.choice(SENTENCES).format(act=act, thing=thing, when=when))
        length += len(text[-1].split())
    return " ".join(text)


if __name__ == "__main__":
    sys.exit(main())
