"""Which part has which point."""

import numpy as np
import pytest

from chatbot.postgres.dealing import count_of, part_of, rows_of


def test_of_two_parts_by_hand():
    """The first 16 bits of 0, 1, 2 … times 0x9E3779B1 are 0, 9E37, 3C6E, DAA6 and 78DD: even, odd, even, even, odd."""
    assert part_of(np.arange(10), 2).tolist() == [0, 1, 1, 0, 0, 1, 0, 1, 1, 0]
    assert rows_of(0, 2, 10).tolist() == [0, 3, 4, 6, 9]
    assert rows_of(1, 2, 9).tolist() == [1, 2, 5, 7, 8]
    assert (count_of(0, 2, 9), count_of(1, 2, 9)) == (4, 5)


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
@pytest.mark.parametrize("total", [0, 1, 6, 7, 100])
def test_each_point_is_in_one_part(parts, total):
    each = [rows_of(part, parts, total) for part in range(parts)]
    assert sorted(np.concatenate(each).tolist()) == list(range(total))
    for part, rows in enumerate(each):
        assert rows.tolist() == sorted(rows.tolist())
        assert (part_of(rows, parts) == part).all()
        assert count_of(part, parts, total) == len(rows)
        assert len(rows) in (total // parts, -(-total // parts))


@pytest.mark.parametrize("parts", [2, 3, 4, 8])
@pytest.mark.parametrize("phrasings", [2, 3, 4, 16])
def test_the_questions_of_entries_of_one_size_are_in_all_parts(parts, phrasings):
    questions = np.arange(4000) * phrasings
    counts = np.bincount(part_of(questions, parts), minlength=parts)
    assert counts.min() > 0.8 * 4000 / parts
