"""Each check beyond the format, triggered by a small corpus, with its exact message and line."""

from datetime import date
from pathlib import Path

import pytest

from chatbot.checking.style import check_texts
from chatbot.corpus.reader import read_corpus
from tests.builders import markdown, put_lines

TODAY = date(2026, 11, 23)
SENTENCE = "Sit up tall and breathe. "  # 5 words
TEXT = SENTENCE * 18 + "[@one-2020]"  # 90 words
HARD = "Flexibility exercises considerably improve mobility. "  # 5 words of 5 + 4 + 5 + 2 + 4 syllables
SOURCE = "sources:\n- id: one-2020\n  title: One\n  verified: true\n"


def sound(text=TEXT, alternates=8, related=4, kind="answer", reviewed="2026-11-22", number=0, more=()):
    """An entry that breaks no rule unless it is told to. With 8 alternates (from line 4) its heading is in line 17."""
    ways = [f"way {number} {chr(97 + way)}" for way in range(alternates)]
    others = ", ".join(f"e{other}" for other in range(5) if other != number) if related == 4 else ""
    care = "care: routine" if kind == "urgent" else "avoid_if: []"
    front = f"related: [{others}]\nkind: {kind}\n{care}\nreviewed: {reviewed}\n"
    return markdown(f"Why {number}?", {"Physiotherapy": text}, [*ways, *more], front)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    (folder / "hips").mkdir(parents=True)
    (folder / "sources.yaml").write_text(SOURCE)
    for number in range(5):
        (folder / "hips" / f"e{number}.md").write_text(sound(number=number))
    return folder


def found(path: Path, today=TODAY):
    read = read_corpus(path)
    assert read.errors == ()
    folder = path if path.is_dir() else path.parent
    return [str(problem).removeprefix(f"{folder}/") for problem in check_texts(read, today)]


def test_a_corpus_that_breaks_no_rule(corpus):
    assert found(corpus) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            # 13 sentences of 5 syllables and 6 of 20, all of 5 words: 0.39 * 5 + 11.8 * 185 / 95 - 15.59.
            {"text": SENTENCE * 13 + HARD * 6 + "[@one-2020]"},
            "hips/e0.md:17: warning: the answer of 'Physiotherapy' reads at grade 9.3; shorten sentences and words,"
            " to 8 or below",
        ),
        (
            # 0.39 * 5 + 11.8 * 20 / 5 - 15.59.
            {"text": HARD * 18 + "[@one-2020]"},
            "hips/e0.md:17: the answer of 'Physiotherapy' reads at grade 33.6; shorten sentences and words,"
            " to 8 or below",
        ),
        (
            {"text": SENTENCE * 17 + "[@one-2020]"},
            "hips/e0.md:17: warning: the answer of 'Physiotherapy' has 85 words; write 90 to 250",
        ),
        (
            {"text": SENTENCE * 51 + "[@one-2020]"},
            "hips/e0.md:17: warning: the answer of 'Physiotherapy' has 255 words; write 90 to 250",
        ),
        (
            {"text": TEXT + " This *cures* a bad back."},
            "hips/e0.md:17: warning: the answer of 'Physiotherapy' says 'cures', which promises a cure; say how much"
            " it helps, and whom",
        ),
        (
            {"alternates": 7},
            "hips/e0.md:4: warning: 7 alternate questions; write 8 or more, as people ask",
        ),
        (
            {"kind": "urgent", "alternates": 11},
            "hips/e0.md:4: warning: 11 alternate questions; write 12 or more, as people ask",
        ),
        (
            {"related": 0},
            "hips/e0.md:12: warning: 0 related questions; name 4 or more to go on with",
        ),
        (
            {"text": SENTENCE * 18},
            "hips/e0.md:1: warning: no source; cite what the answers rest on, as `[@id]`",
        ),
        (
            {"reviewed": ""},
            "hips/e0.md:15: warning: no 'reviewed'; check the entry against its sources and write the day, as"
            " 2026-11-22",
        ),
        (
            {"reviewed": "2024-11-22"},
            "hips/e0.md:15: warning: last reviewed 2024-11-22, over two years ago; check it against its sources and"
            " write the day",
        ),
        (
            {"more": ["Way 0 B?"]},
            "hips/e0.md:12: warning: the phrasing 'Way 0 B?' stands twice in this entry; remove one",
        ),
        (
            {"more": ["why 0"]},
            "hips/e0.md:12: warning: the phrasing 'why 0' stands twice in this entry; remove one",
        ),
    ],
)
def test_each_rule(corpus, changes, problem):
    path = corpus / "hips" / "e0.md"
    path.write_text(sound(**changes))
    if changes.get("kind") == "urgent":  # no answer may name it
        for number in range(1, 5):
            other = corpus / "hips" / f"e{number}.md"
            other.write_text(other.read_text().replace("e0", f"e{number % 4 + 1}"))
    assert found(corpus) == [problem]


def test_what_just_keeps_the_rules(corpus):
    (corpus / "hips" / "e0.md").write_text(sound(text=SENTENCE * 50 + "[@one-2020]", reviewed="2024-11-23"))
    assert found(corpus) == []


@pytest.mark.parametrize(
    "sentence",
    ["No stretch cures it.", "It can't heal or cure a bad back.", "Do not hope for a miracle.", "The cause is unsure."],
)
def test_a_sentence_that_denies_a_cure(corpus, sentence):
    (corpus / "hips" / "e0.md").write_text(sound(text=f"{TEXT} {sentence}"))
    assert found(corpus) == []


def test_a_denial_counts_for_its_sentence_only(corpus):
    (corpus / "hips" / "e0.md").write_text(sound(text=f"{TEXT} It does not hurt. It always works, guaranteed."))
    assert [problem.partition(" says ")[2].partition(",")[0] for problem in found(corpus)] == [
        "'always works'",
        "'guaranteed'",
    ]


def test_small_talk_needs_neither_length_nor_evidence_nor_related(corpus):
    text = sound(text="Sit up.", alternates=1, related=0, kind="small-talk", reviewed="", number=9)
    (corpus / "hips" / "e9.md").write_text(text)
    assert found(corpus) == []


def test_every_answer_of_an_entry_has_its_own_line(corpus):
    text = f"{TEXT}\n\n## Yoga teaching\n\n{SENTENCE * 17}"
    (corpus / "hips" / "e0.md").write_text(sound(text=text))
    assert found(corpus) == ["hips/e0.md:21: warning: the answer of 'Yoga teaching' has 85 words; write 90 to 250"]


def test_a_cited_source_must_be_verified(corpus):
    (corpus / "sources.yaml").write_text(SOURCE.replace("true", "false"))
    assert found(corpus) == [
        "sources.yaml:2: the source 'one-2020' is cited but not verified; check it against its record"
    ]


def test_without_sources_only_the_form_is_checked(corpus, tmp_path):
    for number in range(5):
        (corpus / "hips" / f"e{number}.md").write_text(
            sound(text=HARD, alternates=1, related=0, reviewed="", number=number)
        )
    (corpus / "sources.yaml").unlink()
    assert found(corpus) == []
    lines = [{"id": "a", "question": "Why?", "alternate_questions": ["how", "How?"], "answer": "It cures. " + HARD}]
    path = put_lines(tmp_path / "faq.jsonl", *lines)
    assert found(path) == ["faq.jsonl:1: warning: the phrasing 'How?' stands twice in this entry; remove one"]


def test_problems_stand_in_the_order_of_files_and_lines(corpus):
    (corpus / "hips" / "e3.md").write_text(sound(alternates=7, number=3))
    (corpus / "hips" / "e1.md").write_text(sound(text=SENTENCE, alternates=7, number=1))
    assert [problem.split(" ")[0] for problem in found(corpus)] == [
        "hips/e1.md:1:",
        "hips/e1.md:4:",
        "hips/e1.md:16:",
        "hips/e3.md:4:",
    ]
