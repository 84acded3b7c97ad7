"""YAML as text with lines, and hostile YAML refused."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatbot.corpus.yaml_nodes import Mapping, Scalar, Sequence, YamlError, list_item, load


def test_every_scalar_stays_the_text_that_was_written():
    written = "a: no\nb: 1e3\nc: 12:30\nd: 2026-11-22\ne: 0x1F\nf: TRUE\ng: .inf\nh: 'null'\ni: \"~\"\n"
    assert load(written) == Mapping(
        {
            "a": Scalar("no", 1),
            "b": Scalar("1e3", 2),
            "c": Scalar("12:30", 3),
            "d": Scalar("2026-11-22", 4),
            "e": Scalar("0x1F", 5),
            "f": Scalar("TRUE", 6),
            "g": Scalar(".inf", 7),
            "h": Scalar("null", 8),
            "i": Scalar("~", 9),
        },
        1,
    )


def test_absent_values_are_empty_text():
    assert load("a:\nb: ~\nc: null\nd: ''") == Mapping(
        {name: Scalar("", n) for n, name in enumerate("abcd", start=1)}, 1
    )


def test_lists_and_mappings_know_their_lines():
    assert load("# comment\nlist:\n  - one\n\n  - two\nflow: [x,\n  y]\n") == Mapping(
        {
            "list": Sequence((Scalar("one", 3), Scalar("two", 5)), 3),
            "flow": Sequence((Scalar("x", 6), Scalar("y", 7)), 6),
        },
        2,
    )


@pytest.mark.parametrize("empty", ["", "# only a comment\n", "\n\n"])
def test_nothing_is_none(empty):
    assert load(empty) is None


@pytest.mark.parametrize(
    ("hostile", "line", "message"),
    [
        ("x: 1\na: &b 1", 2, "YAML anchors and aliases (& and *) are not allowed"),
        ("a: 1\nb: *a", 2, "YAML anchors and aliases (& and *) are not allowed"),
        ("a: [[[[[[[x]]]]]]]", 1, "nested more than 8 deep"),
        ("a: 1\nb: 2\na: 3", 3, "the field 'a' appears twice"),
        ("a: 1\n? [b]\n: 2", 2, "a field's name must be a word"),
        ("a: 1\n--- \nb: 2", 2, "a second YAML document"),
        ("a: b: c", 1, "not valid YAML (mapping values are not allowed in this context)"),
        ("a:\n  - b\n c: d", 3, "not valid YAML (did not find expected key)"),
        ('a: 1\nb: "never closed', 2, "not valid YAML (found unexpected end of stream)"),
    ],
)
def test_what_is_refused_and_where(hostile, line, message):
    with pytest.raises(YamlError) as caught:
        load(hostile)
    assert (caught.value.line, str(caught.value)) == (line, message)


def test_six_levels_are_allowed():
    assert load("a: [[[[x]]]]") is not None


def test_an_alias_bomb_and_deep_nesting_end_at_once():
    bomb = "a: &a [x]\n" + "\n".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for hostile in (
        bomb,
        "a: " + "[" * 200_000,
        "a: " + "{b: " * 200_000,
        "\n".join("  " * n + "a:" for n in range(2_000)),
    ):
        with pytest.raises(YamlError):
            load(hostile)


def test_tags_construct_nothing(tmp_path):
    target = tmp_path / "made"
    with pytest.raises(YamlError, match="a word that begins with ! as a tag"):
        load(f"a: !!python/object/apply:os.mkdir ['{target}']")
    assert not target.exists()


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b"])
def test_control_characters_are_refused(character):
    with pytest.raises(YamlError, match="not valid YAML"):
        load(f"a: b{character}c")


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@`,?~ \n\t\\0")))
def test_any_text_gives_nodes_or_a_problem_within_it(text):
    try:
        line = getattr(load(text), "line", 1)
    except YamlError as problem:
        line = problem.line
    assert 1 <= line <= text.count("\n") + 2


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "knee: pain",
        "#1 stretch",
        "- dash",
        "what's this",
        "'quoted'",
        '"quoted"',
        "yes",
        "a #b",
        "12",
        "1e3",
        "12:30",
        "2026-11-22",
        "ends:",
        "[x]",
        "{x}",
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x",
        "| x",
        "? what",
        "~",
        "日本",
        "🤸 stretch",
        "null",
        " blanks ",
        "a long one " * 100,
    ],
)
def test_an_item_of_a_list_is_read_as_it_was(text):
    assert yaml.safe_load(list_item(text)) == [text]
    assert "\n" not in list_item(text)
    assert load(list_item(text)).items[0].value == text
