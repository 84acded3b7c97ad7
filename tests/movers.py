"""A bot of vectors that count words, whose corpus has movements to practise, and what is none."""

from pathlib import Path

import pytest

from chatbot import Chatbot, settings
from tests.builders import markdown, put
from tests.conftest import OUT_OF_SCOPE
from tests.fakes import WordEncoder

PARTS = """\
- part: steps
  title: how to do it
  marks: [numbered]
- part: stop
  title: when to stop
  leads: [Stop]
  marks: [warns]
"""
SOURCES = """\
sources:
- id: behm-2016
  title: Review of <holds>
  year: 2016
  url: https://example.org/behm
- id: hill-2019
  title: Walls
  year: 2019
  url: https://example.org/hill
"""
CALF = """\
Lean on a wall [@hill-2019].

1. Step back.
2. Hold 20 to 30 seconds [@behm-2016]. Do two or three on each leg.

**Stop** for sharp pain & a pop."""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 6"><title>{title}</title><desc>{title}, drawn</desc>'
    '<metadata>{{"angles":[[0,0,{height}]]}}</metadata><path d="M0 0H4"/></svg>'
)
FIGURES = {"lean": ("Lean", 0.9), "sit": ("Sit", 0.5), "lie": ("Lie", 0.1), "where-calf": ("The calf", 0.9)}
# The question of each entry, its answer, and what else its front matter says.
ENTRIES = {
    "legs/lie": ("How do I lie down?", "Hold 40 seconds.", "figures: [lie]\ndose: [hold 40 s]\n"),
    "legs/roll": ("How do I roll?", "Roll ten times.", "figures: [lie]\ndose: [10 times]\n"),
    "legs/calf": (
        "How do I stretch <my> calf?",
        CALF,
        "figures: [lean, where-calf]\ndose: [hold 20 to 30 s, 2 to 3 times, each side]\n"
        "avoid_if: [a torn calf, a clot]\n",
    ),
    "legs/plan": ("What is a plan?", "Do it:\n\n1. Sit.\n2. Stand.", "figures: [sit]\n"),
    "legs/tight": ("Why are calves tight?", "They work.", "figures: [where-calf]\n"),
    "legs/why": ("Why stretch?", "For fun.", ""),
    "talk/hello": ("Hello", "Hi.", "kind: small-talk\n"),
}
DISCLAIMER = "Ask a doctor."


def moving_bot(folder: Path) -> Chatbot:
    """The bot, built in an empty folder."""
    corpus = folder / "corpus"
    for name, text in {"parts.yaml": PARTS, "sources.yaml": SOURCES, "disclaimer.md": DISCLAIMER}.items():
        put(corpus / name, text)
    for name, (title, height) in FIGURES.items():
        put(corpus / f"figures/{name}.svg", SVG.format(title=title, height=height))
    for name, (question, answer, front) in ENTRIES.items():
        put(corpus / f"{name}.md", markdown(question, {"Coaching": answer}, [f"{name} please"], front))
    out_of_scope = put(folder / "out-of-scope.txt", "".join(f"{question}\n" for question in OUT_OF_SCOPE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "out_of_scope_path", lambda: Path(out_of_scope))
        return Chatbot.build(corpus, folder / "index", encoder=WordEncoder())
