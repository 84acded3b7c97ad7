"""The tables of conditions: each row is whole, and agrees with the entries and with what people say."""

import pytest

from chatbot.corpus.conditions import NO_CONDITION, Conditions, read_condition_messages, read_conditions
from chatbot.corpus.file_states import changed
from chatbot.corpus.ids import EntryIds
from chatbot.corpus.reader import read_corpus
from chatbot.records import Condition, ConditionMessage
from tests.builders import markdown, put, put_lines

HIP = """\
- condition: hip
  said: have a new hip
  entry: new-hip
  names: [new hip, hip* replac*]
  avoid_if:
  - a new hip
  - a new  hip or knee
"""
ASTHMA = "- condition: asthma\n  said: have asthma\n  names:\n  - asthma\n"
NONE = "- why: it is felt now\n  avoid_if:\n  - pain\n  - a fever\n- why: nobody says it\n  avoid_if: [a rash]\n"


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "hips" / "bend.md", markdown("Bend?", {"A": "Bend."}, front="avoid_if:\n  - pain\n  - a new hip\n"))
    put(tmp_path / "hips" / "New-Hip.md", markdown("New?", {"A": "Go on."}))
    put(tmp_path / "hips" / "turn.md", markdown("Turn?", {"A": "Turn."}, front="avoid_if:\n  - a new hip or knee\n"))
    put(tmp_path / "conditions.yaml", HIP + ASTHMA)
    return tmp_path


def problems(folder, **files):
    for name, text in files.items():
        put(folder / {"table": "conditions.yaml", "none": "no-conditions.yaml"}[name], text)
    return [str(problem).removeprefix(f"{folder}/") for problem in read_corpus(folder).problems]


ROWS = (
    Condition("hip", "have a new hip", "New-Hip", ("new hip", "hip* replac*"), ("a new hip", "a new hip or knee")),
    Condition("asthma", "have asthma", None, ("asthma",)),
)


def test_the_rows_of_a_table(folder):
    corpus = read_corpus(folder)
    assert corpus.problems == ()
    # The entry is called as it is written, and it need not be one.
    assert corpus.conditions == Conditions(ROWS)
    assert "conditions.yaml" in corpus.files  # so that its changes are seen


def test_a_row_may_include_others_that_stand_anywhere(folder):
    put(folder / "conditions.yaml", f"{HIP}  includes: [asthma]\n{ASTHMA}  includes: [hip, asthme]\n")
    corpus = read_corpus(folder)
    assert [row.includes for row in corpus.conditions.rows] == [("asthma",), ("hip", "asthme")]
    place = f"{folder}/conditions.yaml:13"
    told = f"{place}: 'includes' names the unknown condition 'asthme'; did you mean 'asthma'?"
    assert [str(problem) for problem in corpus.problems] == [told]


def test_each_entry_knows_whom_it_is_not_for(folder):
    assert {entry.id: entry.not_for for entry in read_corpus(folder).entries} == {
        "bend": ("hip",),
        "New-Hip": (),
        "turn": ("hip",),
    }
    put(folder / "conditions.yaml", f"{HIP}{ASTHMA}  avoid_if: [pain]\n")
    assert [entry.not_for for entry in read_corpus(folder).entries] == [(), ("hip", "asthma"), ("hip",)]


def test_conditions_of_items_in_the_order_of_the_table():
    both = Conditions((*ROWS, Condition("pain", "have pain", avoid_if=("a new hip", "pain"))))
    assert both.of(("pain", "a new hip")) == ("hip", "pain")
    assert (both.of(("pain",)), both.of(("a new",)), both.of(())) == (("pain",), (), ())


def test_a_corpus_without_tables_needs_none(folder):
    (folder / "conditions.yaml").unlink()
    corpus = read_corpus(folder).checked()
    assert corpus.conditions is NO_CONDITION
    assert {entry.not_for for entry in corpus.entries} == {()}
    assert Conditions((), (), frozenset()) == NO_CONDITION


def test_beside_a_json_lines_corpus(tmp_path):
    path = put_lines(
        tmp_path / "faq.jsonl", {"id": "a", "question": "Why?", "answer": "So.", "avoid_if": ["a new hip"]}
    )
    put(tmp_path / "conditions.yaml", HIP.replace("  entry: new-hip\n", ""))
    put_lines(tmp_path / "condition-messages.jsonl", {"message": "my new hip", "condition": "hip", "said": True})
    put(tmp_path / "no-conditions.yaml", NONE)
    corpus = read_corpus(path).checked()
    assert corpus.entries[0].not_for == ("hip",)
    assert corpus.conditions.messages == (ConditionMessage("my new hip", "hip", said=True),)
    assert corpus.conditions.none == {"pain", "a fever", "a rash"}
    assert set(corpus.files) == {path.name, "conditions.yaml", "condition-messages.jsonl", "no-conditions.yaml"}


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("- condition: hip\n ", "-", "1: a condition without an id; write it behind `condition:`"),
        ("condition: hip", "condition:", "1: a condition without an id; write it behind `condition:`"),
        (
            "  said: have a new hip\n",
            "",
            "1: a condition without 'said'; write how it follows \"you\": have a new hip",
        ),
        (
            "said: have a new hip",
            "said:",
            "2: a condition without 'said'; write how it follows \"you\": have a new hip",
        ),
        ("[new hip, hip* replac*]", "[]", "4: no name in 'names'; write how people name it, a line each"),
        (
            "  names: [new hip, hip* replac*]\n",
            "",
            "1: no name in 'names'; write how people name it, a line each",
        ),
        ("[new hip, hip* replac*]", "new hip", "4: 'names' must be a list of text, a line each"),
        ("entry: new-hip", "entry: newhip", "3: 'entry' names the unknown entry 'newhip'; correct it or remove it"),
        ("condition: hip", "condition: asthma", "8: the condition 'asthma' stands above; keep one of them"),
        ("said:", "siad:", "2: 'siad' is not a field of a condition; did you mean 'said'?"),
        ("  - a new hip\n", "  - a new hip #2\n",
         "6: a '#' begins a comment, which leaves 'a new hip' of the text; put it in quotes"),
        ("[new hip, hip* replac*]", "[new hip, hip-op]",
         "4: 'hip-op' is no name; write its words apart, of letters, digits, `'`, `*` at the end or `#`"),
        (HIP, "- hip\n", "1: a condition must have fields: `- condition: …` and those below it"),
    ],
)  # fmt: skip
def test_each_problem_of_a_row(folder, written, instead, problem):
    assert HIP.count(written) == 1
    assert problems(folder, table=HIP.replace(written, instead) + ASTHMA) == [f"conditions.yaml:{problem}"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("condition: hip", "condition:"),
        ("said: have a new hip", "said:"),
        ("[new hip, hip* replac*]", "[]"),
        ("entry: new-hip", "entry: newhip"),
    ],
)
def test_a_row_that_lacks_something_is_left_out_and_the_others_stay(folder, written, instead):
    put(folder / "conditions.yaml", HIP.replace(written, instead) + ASTHMA)
    corpus = read_corpus(folder)
    assert corpus.conditions.rows == ROWS[1:]
    assert {entry.not_for for entry in corpus.entries} == {()}


def test_of_two_rows_with_one_id_the_first_stands(folder):
    put(folder / "conditions.yaml", f"{ASTHMA}{HIP}{ASTHMA.replace('have', 'had')}")
    assert read_corpus(folder).conditions.rows == ROWS[::-1]


@pytest.mark.parametrize("table", ["", "# Nothing yet.\n", "conditions: [hip]\n"])
def test_a_table_that_is_no_list(folder, table):
    assert problems(folder, table=table) == [
        "conditions.yaml:1: no list of conditions; begin each with `- condition: …` and its fields below it"
    ]


def test_a_table_that_is_not_text(folder):
    assert problems(folder, table=HIP.encode() + b"\xff") == [
        "conditions.yaml:8: not UTF-8 text; save the file as UTF-8"
    ]


def test_an_entry_that_could_not_be_read_is_not_unknown(folder):
    put(folder / "hips" / "new-hip.md", "no front matter")
    (folder / "hips" / "New-Hip.md").unlink()
    assert problems(folder) == ["hips/new-hip.md:1: no front matter; begin the file with `---`, the fields and `---`"]
    assert read_corpus(folder).conditions.rows[0] == Condition(
        "hip", "have a new hip", None, ROWS[0].names, ROWS[0].avoid_if
    )


# What only follows from an error elsewhere is not reported.

SAID = '{"message": "asthma", "condition": "asthma", "said": true}\n'


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("&rows", "1: YAML anchors and aliases (& and *) are not allowed; correct or remove this line"),
        ("conditions: []\n", "1: no list of conditions; begin each with `- condition: …` and its fields below it"),
        (b"\xff", "1: not UTF-8 text; save the file as UTF-8"),
        (
            "- condition: asthma\n  names: [asthma]\n",
            "1: a condition without 'said'; write how it follows \"you\": have a new hip",
        ),
    ],
)
def test_of_messages_of_a_condition_that_could_not_be_read_nothing_is_said(folder, table, problem):
    put(folder / "condition-messages.jsonl", SAID)
    assert problems(folder, table=table) == [f"conditions.yaml:{problem}"]
    assert read_corpus(folder).conditions.messages == ()


def test_each_table_is_read_without_the_others(folder):
    (folder / "conditions.yaml").unlink()
    put(folder / "no-conditions.yaml", NONE)
    assert read_corpus(folder).checked().conditions == Conditions(none=frozenset({"pain", "a fever", "a rash"}))
    put(folder / "no-conditions.yaml", "none\n")
    put(folder / "condition-messages.jsonl", SAID)
    assert problems(folder) == [
        "condition-messages.jsonl:1: 'condition' is 'asthma', which is none; correct it or write it in conditions.yaml",
        "no-conditions.yaml:1: no list of reasons; begin each with `- why: …` and its fields below it",
    ]
    corpus = read_corpus(folder)
    assert {"condition-messages.jsonl", "no-conditions.yaml"} < set(corpus.files)
    assert changed(folder, corpus.files) is False


@pytest.mark.parametrize("name", ["hip", "Hip's", "hip* replac*", "# weeks", "knee/hip op", "2nd hip", "hüfte"])
def test_names_that_are_words(folder, name):
    assert problems(folder, table=HIP.replace("[new hip, hip* replac*]", f'["{name}"]')) == []
    assert read_corpus(folder).conditions.rows[0].names == (name,)


@pytest.mark.parametrize(
    "name", ["hip-op", "h*p", "*hip", "hip?", "hip, new", "'hip'", "hip_op", "#2", "hip**", "/", "knee / hip"]
)
def test_names_that_no_message_could_have(folder, name):
    advice = "write its words apart, of letters, digits, `'`, `*` at the end or `#`"
    table = HIP.replace("[new hip, hip* replac*]", f'\n  - new hip\n  - "{name}"')
    assert problems(folder, table=table) == [f"conditions.yaml:6: {name!r} is no name; {advice}"]


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (HIP, True),
        (HIP.replace("entry: new-hip", "entry: newhip"), False),
        (HIP.replace("said:", "siad:"), False),
        (None, False),
        ("conditions: []\n", False),
    ],
)
def test_whether_all_was_understood(folder, table, known):
    ids = EntryIds()
    ids.add("New-Hip")
    assert read_conditions(table, ids, (), lambda *_: None)[1] is known


@pytest.mark.parametrize("all_known", [True, False])
def test_an_unknown_condition_is_reported_where_all_are_known(all_known):
    wrong = []
    line = '{"message": "x", "condition": "gout", "said": true}'
    report = lambda *problem: wrong.append(problem)  # noqa: E731
    assert list(read_condition_messages(line, ["hip"], report, all_known=all_known)) == []
    message = "'condition' is 'gout', which is none; correct it or write it in conditions.yaml"
    assert wrong == [(1, message, "error")] * all_known


# Items of `avoid_if` that mean no condition.


def test_items_that_mean_none(folder):
    assert problems(folder, none=NONE) == []
    corpus = read_corpus(folder)
    assert corpus.conditions.none == {"pain", "a fever", "a rash"}
    assert "no-conditions.yaml" in corpus.files


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("- why: it is felt now\n ", "-", "1: items without a reason; write why they mean no condition"),
        ("why: nobody says it", "why:", "5: items without a reason; write why they mean no condition"),
        ("[a rash]", "", "6: a reason without items; write those of 'avoid_if' that it holds for"),
        ("\n  avoid_if: [a rash]", "", "5: a reason without items; write those of 'avoid_if' that it holds for"),
        ("[a rash]", "a rash", "6: 'avoid_if' must be a list of text, a line each"),
        (NONE, "none\n", "1: no list of reasons; begin each with `- why: …` and its fields below it"),
    ],
)
def test_each_problem_of_those(folder, written, instead, problem):
    assert NONE.count(written) == 1
    assert problems(folder, none=NONE.replace(written, instead)) == [f"no-conditions.yaml:{problem}"]


def test_items_that_are_not_text(folder):
    assert problems(folder, none=b"\xff") == ["no-conditions.yaml:1: not UTF-8 text; save the file as UTF-8"]
    assert read_corpus(folder).conditions == Conditions(ROWS)


# Messages.


def messages(folder, *lines):
    put(folder / "condition-messages.jsonl", "\n".join(lines))
    return read_corpus(folder).conditions.messages, problems(folder)


def test_good_messages(folder):
    found, wrong = messages(
        folder,
        '{"message": "my new hip", "condition": "hip", "said": true}',
        "",
        '  {"said": false, "condition": "asthma", "message": "  is it \\n asthma\\u001b[2J?  ", "note": "x"}',
    )
    assert wrong == []
    assert found == (
        ConditionMessage("my new hip", "hip", said=True),
        ConditionMessage("is it asthma?", "asthma", said=False),
    )
    assert "condition-messages.jsonl" in read_corpus(folder).files


@pytest.mark.parametrize(
    "line",
    [
        "my new hip",
        "[]",
        "null",
        '"hip"',
        "5",
        "{}",
        '{"message": "x", "condition": "hip"}',
        '{"message": "x", "said": true}',
        '{"condition": "hip", "said": true}',
        '{"message": 5, "condition": "hip", "said": true}',
        '{"message": null, "condition": "hip", "said": true}',
        '{"message": "x", "condition": ["hip"], "said": true}',
        '{"message": "x", "condition": "hip", "said": "true"}',
        '{"message": "x", "condition": "hip", "said": 1}',
        '{"message": "x", "condition": "hip", "said": null}',
        "[" * 100_000,
    ],
)
def test_lines_that_are_none(folder, line):
    good = '{"message": "asthma", "condition": "asthma", "said": true}'
    form = '{"message": "…", "condition": "id", "said": true}'
    assert messages(folder, line, good) == (
        (ConditionMessage("asthma", "asthma", said=True),),
        [f"condition-messages.jsonl:1: not a message of a condition; write {form}"],
    )


@pytest.mark.parametrize(
    ("message", "condition", "problem"),
    [
        ("x", "hips", "'condition' is 'hips', which is none; did you mean 'hip'?"),
        ("x", "Hip", "'condition' is 'Hip', which is none; did you mean 'hip'?"),
        ("x", "", "'condition' is '', which is none; correct it or write it in conditions.yaml"),
        ("x", "gout", "'condition' is 'gout', which is none; correct it or write it in conditions.yaml"),
        (" \\u0007", "hip", "a message must have 1 to 1,000 characters; mend it or remove it"),
        ("x" * 1001, "hip", "a message must have 1 to 1,000 characters; mend it or remove it"),
    ],
)
def test_messages_that_teach_nothing(folder, message, condition, problem):
    line = f'{{"message": "{message}", "condition": "{condition}", "said": true}}'
    assert messages(folder, "", line) == ((), [f"condition-messages.jsonl:2: {problem}"])


def test_the_longest_message(folder):
    found, wrong = messages(folder, f'{{"message": "{"x" * 1000}", "condition": "hip", "said": true}}')
    assert (len(found[0].text), wrong) == (1000, [])


def test_messages_that_are_not_text(folder):
    put(folder / "condition-messages.jsonl", b"\xff")
    assert problems(folder) == ["condition-messages.jsonl:1: not UTF-8 text; save the file as UTF-8"]
