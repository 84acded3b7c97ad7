"""A bot of vectors that count words, whose corpus has parts of answers, conditions, small talk that asks for something
to be done, and a warning sign."""

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
- part: feel
  title: where to feel it
  leads: [Where to feel it]
- part: dose
  title: how long and how often
  words: [hold, a day]
"""
CONDITIONS = """\
- condition: new-hip
  said: have a new hip
  entry: after-hip
  names: [new hip, hip* replac*]
  avoid_if: [recent hip replacement]
- condition: pregnancy
  said: are pregnant
  names: [pregnan*, "# weeks along"]
  avoid_if: [pregnancy]
"""
SOURCES = "sources:\n- id: behm-2016\n  title: Review\n  url: https://example.org/behm\n"
LUNGE = """\
Do this:

1. Kneel on one knee.
2. Lean forward and hold it [@behm-2016].

**Where to feel it.** At the front of the hip."""
BOTH = "avoid_if: [recent hip replacement, pregnancy]\n"
OF_CLOT = "kind: urgent\ncare: same-day\ncaution: If it is warm, see a doctor.\n"
MAY_BE_A_SIGN = "dull ache since my long flight"
# The question of each entry, its answer, other ways to ask it, and what else its front matter says.
ENTRIES = {
    "dose/hold": ("How long do I hold a stretch?", "Thirty seconds.", "hold time", ""),
    "hips/lunge": ("What loosens tight hips?", LUNGE, "tight hips, stiff hips", f"related: [hold, splits]\n{BOTH}"),
    "hips/splits": ("How do I learn the splits?", "Slowly.", "splits", "avoid_if: [pregnancy]\n"),
    "hips/after-hip": ("How do I move after surgery?", "Walk.", "after surgery", BOTH),
    "knees/knees": ("What helps stiff knees?", "Bend them.", "knees", ""),
    "urgent/clot": ("One leg is swollen and warm", "Go today.", "swollen warm leg", OF_CLOT),
    "talk/hello": ("Hello", "Hi.", "hi there", "kind: small-talk\n"),
    "talk/again": ("Repeat that", "Ask first.", "say it once more", "kind: small-talk\ncommand: again\n"),
    "talk/back": ("Return to the previous", "Nothing before.", "previous one", "kind: small-talk\ncommand: back\n"),
    "talk/more": ("Show others", "Ask first.", "others like it", "kind: small-talk\ncommand: more\n"),
    "talk/forget": ("Forget me", "Done.", "wipe everything", "kind: small-talk\ncommand: forget\n"),
    "talk/seen": ("I had it checked", "Good.", "the clinic has examined this", "kind: all-clear\n"),
}


# Small talk about what people told.
OF_WHAT_WAS_TOLD = {
    "talk/about": ("Tell your notes", "I know nothing yet.", "show your notes", "kind: small-talk\ncommand: about\n"),
    "talk/unsay": ("Wrong person", "Taken back.", "somebody else", "kind: small-talk\ncommand: unsay\n"),
}


def build_talker(folder: Path, trials: str = "") -> Chatbot:
    """A bot of this corpus, with these trial questions, built in `folder`."""
    corpus = folder / "corpus"
    tables = {"parts.yaml": PARTS, "conditions.yaml": CONDITIONS, "sources.yaml": SOURCES}
    for name, text in {**tables, "urgent/clot.messages.txt": f"cautions:\n{MAY_BE_A_SIGN}\n"}.items():
        put(corpus / name, text)
    if trials:
        put(corpus / "trial-questions.jsonl", trials)
    for name, (question, answer, others, front) in ENTRIES.items():
        put(corpus / f"{name}.md", markdown(question, {"Coaching": answer}, others.split(", "), front))
    # So many that a word which no entry has is a rare one.
    questions = [*OUT_OF_SCOPE, *(f"bake{number} fix{number}" for number in range(60))]
    out_of_scope = put(folder / "out-of-scope.txt", "".join(f"{question}\n" for question in questions))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "out_of_scope_path", lambda: out_of_scope)
        return Chatbot.build(corpus, folder / "index", encoder=WordEncoder(4096))


@pytest.fixture(scope="session")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    """As `talker`, with small talk about what people told."""
    with pytest.MonkeyPatch.context() as patch:
        for name, entry in OF_WHAT_WAS_TOLD.items():
            patch.setitem(ENTRIES, name, entry)
        return build_talker(tmp_path_factory.mktemp("listener"))


@pytest.fixture(scope="session")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    """It knows no trial messages, so that nothing of how people go on after an answer is learnt."""
    return build_talker(tmp_path_factory.mktemp("talker"))
