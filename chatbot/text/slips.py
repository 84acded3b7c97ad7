"""Whether one word may be another one mistyped, or is rather a word of its own.

A finger slips in few ways: it leaves a letter out, strikes one twice or too many, swaps two, or hits the key beside.
Who spells by ear confuses vowels and letters that sound alike. "gitlab" is none of these away from "github".
"""

import re
from itertools import product

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DOUBLED = re.compile(r"(.)\1+")
_SOUND_ALIKE = ("aeiouy", "ckqsxz", "bp", "dt", "fv", "gj", "mn")


def _neighbours() -> frozenset[tuple[str, str]]:
    place = {key: (row, column + row / 2) for row, keys in enumerate(_KEYS) for column, key in enumerate(keys)}
    return frozenset(
        (one, two)
        for one, two in product(place, repeat=2)
        if abs(place[one][0] - place[two][0]) <= 1 and abs(place[one][1] - place[two][1]) <= 1
    )


_BESIDE = _neighbours() | {pair for group in _SOUND_ALIKE for pair in product(group, repeat=2)}


def is_slip(typed: str, meant: str) -> bool:
    """Whether every letter by which `typed` differs from `meant`, both in lower case, may be a slip."""
    from rapidfuzz.distance import Levenshtein

    if _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant):
        return True  # the wrong letter doubled, as in "begginer", or drawn out
    too_many, left_out = "", ""
    for edit in Levenshtein.opcodes(typed, meant):
        struck, wanted = typed[edit.src_start : edit.src_end], meant[edit.dest_start : edit.dest_end]
        if edit.tag == "replace" and sorted(struck) != sorted(wanted):
            if not _BESIDE.issuperset(zip(struck, wanted, strict=True)):
                return False
        elif edit.tag == "delete":
            too_many += struck
        elif edit.tag == "insert":
            left_out += wanted
    # A letter too many and one left out are two that were swapped.
    return not (too_many and left_out) or sorted(too_many) == sorted(left_out)
