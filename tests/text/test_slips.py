"""Which differences between two words a finger or an ear may make."""

import pytest

from chatbot.text.slips import is_slip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("strech", "stretch"),  # left out
        ("improove", "improve"),  # one too many
        ("begginer", "beginner"),  # the wrong one doubled
        ("goooood", "good"),  # drawn out
        ("hiii", "hi"),
        ("tihgt", "tight"),  # swapped beside each other
        ("gluet", "glute"),  # at the end
        ("shoukder", "shoulder"),  # the key beside, k and l
        ("dinamic", "dynamic"),  # a vowel that sounds alike
        ("isometrik", "isometric"),  # a letter that sounds alike
        ("back", "back"),
    ],
)
def test_slips(typed, meant):
    assert is_slip(typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gitlab", "github"),
        ("smtp", "sftp"),  # m is not beside f
        ("rolfing", "rolling"),
        ("rolfing", "golfing"),
        ("abc", "bcd"),  # one letter out, another one in
    ],
)
def test_other_words(typed, meant):
    assert not is_slip(typed, meant)
