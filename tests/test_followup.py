import pytest

from chatbot.followup import leans_on_context


@pytest.mark.parametrize(
    ("message", "score", "leans"),
    [
        ("how long should I hold it?", 0.45, True),
        ("how long should I hold it?", 0.5, False),  # stands well enough by itself
        ("and for my hamstrings?", 0.18, True),
        ("why?", 0.15, True),
        ("how do I stretch my calves", 0.3, False),  # nothing points back
        ("how do I stretch my calves", 0.1, True),  # but it says little alone
        ("what can I do when it hurts behind the knee while I run uphill", 0.1, False),  # too long to lean
    ],
)
def test_what_leans(message, score, leans):
    assert leans_on_context(message, score) is leans
