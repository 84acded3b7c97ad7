"""What Hypothesis makes for each target of `fuzz_targets.py`: input of about the right form, of which any part may be
anything."""

import json

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_MARKS = ["---", "## ", "[@a]", "../", "\x1b[2J", "\x1b]8;;", "\x07", "\0", "\u202e", "\ufeff", "\u0345\u0327"]
_MARKS += "-#*_`[]{}@;:|>&!%'\"\\,.?/~$^()<=+0 \t\n\r"
_WORDS = ["ﷺ", "🤸🏽\u200d♀️", "null", "no ", "and ", "but ", "doctor ", "fine ", "years ago"]
_FIELDS = ["question", "alternate_questions", "related", "kind", "care", "reviewed", "avoid_if", "id"]

_odd = st.sampled_from([*_MARKS, *_WORDS])
_words = st.text(max_size=20) | _odd | st.text(alphabet="abc ,.?!-", max_size=60)
_text = st.lists(_words, max_size=12).map("".join)


def strategies() -> dict[str, SearchStrategy[bytes]]:
    """The strategy of each target, by its name."""
    made = {"markdown": _entry(), "sources": _sources() | _text, "json_lines": _json_lines(), "ask": _text}
    return {
        name: texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200)
        for name, texts in made.items()
    }


def _entry() -> SearchStrategy[str]:
    """Front matter, then sections."""
    items = st.lists(_text, max_size=4).map(lambda texts: "".join(f"\n  - {text}" for text in texts))
    fields = st.lists(st.tuples(st.sampled_from(_FIELDS) | _words, _text | items | _odd), max_size=6)
    sections = st.lists(st.tuples(_words, _text), max_size=4)
    return st.tuples(
        st.sampled_from(["---\n", "---\nquestion: x\n", "--- \n", ""]),
        fields.map(lambda pairs: "".join(f"{name}: {value}\n" for name, value in pairs)),
        st.sampled_from(["---\n", "---", ""]),
        sections.map(lambda pairs: "".join(f"## {heading}\n\n{text}\n\n" for heading, text in pairs)),
    ).map("".join)


def _sources() -> SearchStrategy[str]:
    names = st.sampled_from(["id", "title", "doi", "url", "verified"]) | _words

    def listed(sources: list[dict[str, str]]) -> str:
        items = ("\n  ".join(f"{name}: {value}" for name, value in fields.items()) for fields in sources)
        return "sources:\n" + "".join(f"- {item}\n" for item in items)

    return st.lists(st.dictionaries(names, _text, max_size=4)).map(listed)


def _json_lines() -> SearchStrategy[str]:
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | _text,
        lambda inner: st.lists(inner) | st.dictionaries(_text, inner),
        max_leaves=6,
    )
    names = st.sampled_from([*_FIELDS, "answer", "answers", "topic", "text", "viewpoint"]) | _words
    sound = st.fixed_dictionaries({}, optional={"id": _text | st.just("a"), "question": _text, "answer": _text})
    records = st.builds(lambda *parts: parts[0] | parts[1], sound, st.dictionaries(names, anything, max_size=4))
    return st.lists(records.map(json.dumps) | _text, max_size=4).map("\n".join)
