"""A manifest whose checksum is right and whose values are not: found when the index is opened, not when it is asked."""

import math

import pytest

from chatbot.errors import IndexDamaged
from chatbot.index.index import Index
from tests.conftest import rewrite_manifest

FILE = "urgent/leg-clot.md"


def put_value(path, value):
    """A change of the manifest: the value at `path`, or none there when `value` is `KeyError`."""

    def change(about):
        for key in path[:-1]:
            about = about[key]
        if value is KeyError:
            del about[path[-1]]
        else:
            about[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("corpus",), KeyError, "no 'corpus'"),
        (("corpus", "path"), 5, "texts that are none"),
        (("corpus", "files", FILE), None, "no "),
        (("corpus", "files", FILE), [5, 5], "files of the corpus without size, time and hash"),
        (("corpus", "files", FILE), "x", "files of the corpus without size, time and hash"),
        (("counts", "answers"), 12.0, "counts that are no whole numbers"),
        (("counts", "entries"), 12.0, "counts that are no whole numbers"),
        (("encoder", "max_tokens"), 0.5, "counts that are no whole numbers"),
        (("encoder", "prompt"), None, "texts that are none"),
        (("encoder", "prompt"), KeyError, "no 'prompt'"),
        (("encoder", "max_tokens"), KeyError, "no 'max_tokens'"),
        (("matcher", "weights", "right", 0), "x", "a matcher with 'x' for a number"),
        (("matcher", "weights", "covered", 0), math.inf, "a matcher with inf for a number"),
        (("matcher", "weights", "sign", 1), None, "a matcher with None for a number"),
        (("matcher", "thresholds", "answer"), "0.5", "a matcher with '0.5' for a number"),
        (("matcher", "thresholds", "urgent"), True, "a matcher with True for a number"),
        (("subject",), 5, "a subject that is no text"),
        (("cited",), [None], "citations without their source"),
        (("sources", 0, "title"), 5, "the source 'bandy-1994-stretch-time' with fields that are no text"),
        (("sources", 0, "titel"), "x", "no "),
        (("files", "matcher-lexical-weights"), KeyError, "names no 'matcher-lexical-weights'"),
        (("files", "english-words"), KeyError, "names no 'english-words'"),
    ],
    ids=str,
)
def test_a_value_that_lies(index, path, value, what):
    rewrite_manifest(index, put_value(path, value))
    with pytest.raises(IndexDamaged) as caught:
        Index.open(index)
    assert what in str(caught.value)
    assert "run `flexbot build --full`" in str(caught.value)
    assert "\n" not in str(caught.value)
