import pytest

from chatbot.building.build import build
from tests.builders import put, put_lines
from tests.fakes import WordEncoder
from tests.index.numbered import commit


@pytest.fixture
def folder(tmp_path):
    commit(tmp_path / "index", 1)
    return tmp_path / "index"


PARTS = """\
- part: dose
  title: how long
  words: [seconds]
- part: feel
  title: where to feel it
  leads: [Feel, Where to feel it]
  marks: [numbered, cited]
"""
CONDITIONS = """\
- condition: back-surgery
  said: had back surgery
  entry: Loosen-Lower-Back
  names: [back surgery, spine op*]
  avoid_if: [recent back surgery]
- condition: asthma
  said: have asthma
  names: [asthma]
"""


@pytest.fixture
def talked(corpus, tmp_path, quick_builds):
    """An index, by the word encoder, of the corpus copy with tables of parts and conditions and with trial messages of
    conversations."""
    put(corpus / "parts.yaml", PARTS)
    put(corpus / "conditions.yaml", CONDITIONS)
    after = {"query": "how many seconds", "expected": ["how-long-hold"], "after": "how-long-hold"}
    put_lines(
        corpus / "trial-questions.jsonl",
        after | {"turn": "part", "part": "dose"},
        after | {"query": "where then", "turn": "part", "part": "feel"},
        after | {"query": "and my knees", "expected": ["pigeon-pose"]},
        after | {"query": "my dog barks", "expected": []},
    )
    build(corpus, tmp_path / "talked", encoder=WordEncoder())
    return tmp_path / "talked"
