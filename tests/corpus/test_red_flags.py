"""The table of red flags: each row is whole, and agrees with the urgent entries and the sources."""

import pytest

from chatbot.corpus.reader import read_corpus
from chatbot.corpus.red_flags import RedFlag
from tests.builders import markdown, put, put_lines

SOURCES = "sources:\n- id: nhs-dvt\n  title: Clots\n- id: nhs-neck\n  title: Necks\n"
CLOT = """\
- sign: leg-clot
  says: [swollen calf, 'hot, swollen calf']
  care: same-day
  time: [today, at once]
  source: nhs-dvt
"""
NECK = """\
- sign: neck-artery
  says:
  - double vision
  - trouble  speaking
  care: emergency
  time: [now, '999']
  source: nhs-neck
"""


def urgent(care, source="nhs-dvt", kind="urgent"):
    return markdown("Sign?", {"Care": f"Go [@{source}]."}, front=f"kind: {kind}\ncare: {care}\n")


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "sources.yaml", SOURCES)
    put(tmp_path / "urgent" / "leg-clot.md", urgent("same-day"))
    put(tmp_path / "urgent" / "neck-artery.md", urgent("emergency", "nhs-neck").replace("Sign?", "Neck?"))
    put(tmp_path / "neck" / "turns.md", markdown("Turns?", {"Care": "Turn."}))
    return tmp_path


def problems(folder, table=None):
    if table is not None:
        put(folder / "red-flags.yaml", table)
    return [str(problem).removeprefix(f"{folder}/") for problem in read_corpus(folder).problems]


def test_the_rows_of_a_table(folder):
    put(folder / "red-flags.yaml", f"# Red flags.\n{CLOT}{NECK}")
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    assert corpus.red_flags == (
        RedFlag("leg-clot", ("swollen calf", "hot, swollen calf"), "same-day", ("today", "at once"), "nhs-dvt", 2),
        RedFlag("neck-artery", ("double vision", "trouble speaking"), "emergency", ("now", "999"), "nhs-neck", 7),
    )
    assert "red-flags.yaml" in corpus.files  # so that its changes are seen


def test_a_corpus_without_a_table_needs_none(folder):
    assert problems(folder) == []
    assert read_corpus(folder).red_flags == ()


def test_beside_a_json_lines_corpus(tmp_path):
    entry = {"id": "leg-clot", "question": "Hot?", "answer": "Go.", "kind": "urgent", "care": "same-day"}
    path = put_lines(tmp_path / "faq.jsonl", entry)
    put(tmp_path / "sources.yaml", SOURCES.partition("- id: nhs-neck")[0])
    put(tmp_path / "red-flags.yaml", CLOT)
    corpus = read_corpus(path)
    assert corpus.problems == ()  # the source is cited, by the table
    assert [flag.sign for flag in corpus.red_flags] == ["leg-clot"]


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        (
            "sign: leg-clot",
            "sign: leg-clod",
            "1: 'sign' is 'leg-clod', which is no urgent entry; did you mean 'leg-clot'?",
        ),
        (
            "sign: leg-clot",
            "sign: turns",
            "1: 'sign' is 'turns', which is no urgent entry; correct it, or write that entry",
        ),
        ("care: same-day", "care: soon", "3: 'care' is 'soon'; it must be one of emergency, same-day, routine"),
        ("care: same-day", "care: routine", "3: 'care' is 'routine', but 'leg-clot' is same-day; correct one of them"),
        (
            "care: same-day",
            "care: emergency",
            "3: 'care' is 'emergency', but 'leg-clot' is same-day; correct one of them",
        ),
        ("source: nhs-dvt", "source: nhs-dvd", "5: names the unknown source 'nhs-dvd'; did you mean 'nhs-dvt'?"),
        ("source: nhs-dvt", "source: who", "5: names the unknown source 'who'; add it to sources.yaml"),
        (
            "calf']",
            "calf', Swollen Calf]",
            "2: the phrase 'Swollen Calf' stands above, for 'leg-clot'; keep one of them",
        ),
        (
            "calf']",
            "calf', double vision]",
            "8: the phrase 'double vision' stands above, for 'leg-clot'; keep one of them",
        ),
        (
            "[swollen calf, 'hot, swollen calf']",
            "[]",
            "2: no phrase in 'says'; write how answers name this sign, a line each",
        ),
        (
            "[swollen calf, 'hot, swollen calf']",
            "",
            "2: no phrase in 'says'; write how answers name this sign, a line each",
        ),
        (
            "time: [today, at once]",
            "time: []",
            "4: no word in 'time'; write those of which one must stand with the sign, as [now, at once]",
        ),
        (
            "  time: [today, at once]\n",
            "",
            "1: no word in 'time'; write those of which one must stand with the sign, as [now, at once]",
        ),
        ("- sign: leg-clot\n ", "-", "1: a red flag without 'sign'; name its urgent entry"),
        ("care: same-day", "care:", "3: a red flag without 'care'; write one of emergency, same-day, routine"),
        ("  source: nhs-dvt\n", "", "1: a red flag without 'source'; name what it rests on"),
        ("source:", "sourse: x\n  source:", "5: 'sourse' is not a field of a red flag; did you mean 'source'?"),
        ("time:", "times:", "4: 'times' is not a field of a red flag; did you mean 'time'?"),
        ("[today, at once]", "today", "4: 'time' must be a list of text, a line each"),
        ("sign: leg-clot", "sign: [leg-clot]", "1: 'sign' must be one line of text"),
        ("[swollen calf,", "[swollen: calf,", "2: a line of 'says' is no text; put it in quotes, or remove it"),
        (
            "sign: leg-clot",
            "sign: leg: clot",
            "1: not valid YAML (mapping values are not allowed in this context); put it in quotes",
        ),
        ("[swollen calf,", "[' ',", "2: a line of 'says' is no text; put it in quotes, or remove it"),
        (CLOT, f"{CLOT}- fracture\n", "6: a red flag must have fields: `- sign: …` and those below it"),
        (
            "[swollen calf, 'hot, swollen calf']",
            "\n  - swollen calf #hot",
            "3: a '#' begins a comment, which leaves 'swollen calf' of the text; put it in quotes",
        ),
    ],
)
def test_each_problem_of_a_row(folder, written, instead, problem):
    assert CLOT.count(written) == 1
    assert problems(folder, CLOT.replace(written, instead) + NECK) == [f"red-flags.yaml:{problem}"]


@pytest.mark.parametrize("table", ["", "# Nothing yet.\n", "rows: [a]\n", "double vision\n"])
def test_a_table_that_is_no_list(folder, table):
    assert problems(folder, table) == [
        "red-flags.yaml:1: no list of red flags; begin each with `- sign: …` and its fields below it"
    ]


def test_a_table_that_is_not_yaml(folder):
    assert problems(folder, "&rows") == [
        "red-flags.yaml:1: YAML anchors and aliases (& and *) are not allowed; correct or remove this line"
    ]


def test_a_row_that_lacks_something_is_left_out_and_the_others_stay(folder):
    put(folder / "red-flags.yaml", CLOT.replace("care: same-day", "care: soon") + NECK)
    assert [flag.sign for flag in read_corpus(folder).red_flags] == ["neck-artery"]


def test_a_table_that_is_not_text(folder):
    put(folder / "red-flags.yaml", CLOT.encode() + b"\xff")
    assert problems(folder) == ["red-flags.yaml:6: not UTF-8 text; save the file as UTF-8"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no front matter", "1: no front matter; begin the file with `---`, the fields and `---`"),
        (urgent("soon"), "4: 'care' is 'soon'; it must be one of emergency, same-day, routine"),
        (urgent("", kind="urgnt"), "3: 'kind' is 'urgnt'; it must be one of answer, urgent, small-talk, all-clear"),
    ],
)
def test_what_only_follows_from_an_error_elsewhere_is_not_reported(folder, text, problem):
    put(folder / "urgent" / "leg-clot.md", text)
    assert problems(folder, CLOT + NECK) == [f"urgent/leg-clot.md:{problem}"]


def test_of_sources_that_cannot_be_read_nothing_is_said(folder):
    put(folder / "sources.yaml", "sources: none\n")
    assert problems(folder, CLOT + NECK) == [
        "sources.yaml:1: no list of sources; begin the file with `sources:` and a list below it"
    ]
