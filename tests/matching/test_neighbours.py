"""FAISS against plain numpy, its odd answers kept out, and the inverted file against an exact search."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.matching import neighbours as vectors_module
from chatbot.matching.neighbours import FLAT_UP_TO, MIN_RECALL, NeighbourSearch, nearest, write_inverted_file
from tests.builders import unit


def test_geometry():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    scores, rows = nearest(vectors, unit([[1, 0]]), 3)
    assert rows.tolist() == [[0, 2, 1]]
    assert scores[0] == pytest.approx([1, np.sqrt(0.5), 0], abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_nearest_equals_a_sort_of_all(count, queries, k, seed):
    random = np.random.default_rng(seed)
    vectors, asked = unit(random.normal(size=(count, 16))), unit(random.normal(size=(queries, 16)))
    scores, rows = nearest(vectors, asked, k)
    wanted = asked @ vectors.T
    assert scores.shape == rows.shape == (queries, min(k, count))
    assert scores == pytest.approx(-np.sort(-wanted, axis=1)[:, :k], abs=1e-5)
    assert np.take_along_axis(wanted, rows, axis=1) == pytest.approx(scores, abs=1e-5)
    assert all(len(set(each)) == len(each) for each in rows.tolist())


def test_k_is_cut_at_the_number_of_vectors():
    scores, rows = nearest(unit([[1, 0], [0, 1]]), unit([[0, 1]]), 1000)
    assert rows.tolist() == [[1, 0]]
    assert scores.tolist() == [[1.0, 0.0]]


def test_no_vectors_give_no_rows():
    scores, rows = nearest(np.empty((0, 2), dtype=np.float32), unit([[0, 1], [1, 0]]), 5)
    assert scores.shape == rows.shape == (2, 0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_query_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="a query vector holds values that are not finite"):
        nearest(unit([[1, 0]]), np.array([[value, 0]], dtype=np.float32), 1)


@pytest.mark.parametrize("shape", [(2,), (1, 3), (1, 1, 2)])
def test_a_query_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="do not fit vectors of shape"):
        nearest(unit([[1, 0]]), np.ones(shape, dtype=np.float32), 1)


def test_other_float_types_and_strides_are_taken():
    vectors = unit([[1, 0], [0, 1]])
    queries = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float64)[:, ::-1]
    assert nearest(vectors, queries, 1)[1].tolist() == [[0], [1]]


def test_beyond_the_flat_ones_the_answers_are_the_same():
    random = np.random.default_rng(3)
    vectors = unit(random.normal(size=(FLAT_UP_TO + 1, 4)))
    query = unit(random.normal(size=(1, 4)))
    scores, rows = nearest(vectors, query, 50)
    fewer, kept = nearest(vectors[:FLAT_UP_TO], query, 50)
    last = [FLAT_UP_TO] * (FLAT_UP_TO in rows[0])
    assert [*rows[0][rows[0] < FLAT_UP_TO], *last] == [*kept[0][: 50 - len(last)], *last]
    assert scores[0] == pytest.approx(vectors[rows[0]] @ query[0], abs=1e-6)
    assert scores[0, 0] == pytest.approx(max(fewer[0, 0], vectors[-1] @ query[0]), abs=1e-6)


def test_a_flat_search_gives_every_cosine_best_first():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    rows, cosines = NeighbourSearch(vectors).nearest(vectors[0], 10)
    assert rows.tolist() == [0, 2, 1]
    assert cosines == pytest.approx([1, 0.5**0.5, 0], abs=1e-6)
    assert NeighbourSearch(vectors).nearest(vectors[1], 1)[0].tolist() == [1]


def test_the_nearest_to_each_of_many():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    found = NeighbourSearch(vectors).nearest_to_each(unit([[1, 0.1], [0.1, 1]]), 2)
    assert [rows.tolist() for rows, _ in found] == [[0, 2], [1, 2]]
    # The query leans by atan 0.1: its cosines are 1 and (1 + 0.1) / sqrt 2, over its length sqrt 1.01.
    wanted = [1 / 1.01**0.5, 1.1 / 2.02**0.5]
    assert [cosines.tolist() for _, cosines in found] == [pytest.approx(wanted, abs=1e-6)] * 2
    assert NeighbourSearch(vectors).nearest_to_each(vectors[:0], 2) == []
    ((rows, cosines),) = NeighbourSearch(vectors).nearest_to_each(vectors[2:], 10)  # one query, and more than there are
    assert (rows[0], len(rows), len(cosines)) == (2, 3, 3)


# The inverted file. Vectors all over the sphere are the hardest to find in lists.


def scattered(count, dimension=16):
    return unit(np.random.default_rng(5).normal(size=(count, dimension)))


def clustered(count, dimension=24):
    random = np.random.default_rng(6)
    around = random.normal(size=(400, dimension))
    return unit(around[random.integers(0, 400, count)] + 0.3 * random.normal(size=(count, dimension)))


def recall(vectors, search, queries):
    """How many of the ten nearest to each query are the first ten of a hundred proposed."""
    shares = []
    for query in queries:
        exact = np.argsort(-(vectors @ query), kind="stable")[:10]
        rows, _ = search.nearest(query, 100)
        shares.append(np.isin(exact, rows[:10]).mean())
    return float(np.mean(shares))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Thirty thousand vectors with their inverted file: vectors, file, what the manifest says."""
    vectors, path = clustered(30_000), tmp_path_factory.mktemp("large") / "search.ivf"
    return vectors, path, write_inverted_file(vectors, path)


def test_the_file_of_many_vectors(large):
    _, path, about = large
    # 4 * sqrt(30,000) = 693 lists, cut to a power of two.
    assert about["kind"] == "IVF512,SQ8"
    assert about["probes"] in (8, 16, 32, 64, 128, 256, 512)
    assert MIN_RECALL <= about["recall"] <= 1
    # A byte a number, with eight a vector for its row, and the middle of each list in full.
    assert path.stat().st_size == pytest.approx(30_000 * (24 + 8) + 512 * 24 * 4, rel=0.05)


def test_questions_other_than_those_it_was_measured_with_find_as_much(large):
    vectors, path, about = large
    asked = unit(vectors[::300] + 0.05 * scattered(100, 24))
    assert recall(vectors, NeighbourSearch(vectors, path, about["probes"]), asked) > MIN_RECALL - 0.02


def test_cosines_are_the_true_ones_best_first(large):
    vectors, path, about = large
    search = NeighbourSearch(vectors, path, about["probes"])
    for query in unit(vectors[:3] + 0.1 * scattered(3, 24)):
        rows, cosines = search.nearest(query, 192)
        assert len(set(rows.tolist())) == 192
        assert cosines == pytest.approx(vectors[rows] @ query, abs=1e-6)
        assert (np.diff(cosines) <= 0).all()
        assert rows[0] == (vectors @ query).argmax()


def test_vectors_in_half_the_bytes_are_compared_in_full_precision(large):
    vectors, path, about = large
    halves = NeighbourSearch(vectors.astype(np.float16), path, about["probes"])
    kept = vectors.astype(np.float16).astype(np.float64)
    for query in unit(vectors[:3] + 0.1 * scattered(3, 24)):
        rows, cosines = halves.nearest(query, 192)
        assert cosines.dtype == np.float32
        assert cosines == pytest.approx(kept[rows] @ query, abs=1e-6)
        assert cosines == pytest.approx(vectors[rows] @ query, abs=1e-3)
    assert halves.at(np.array([7, 3])).tolist() == kept[[7, 3]].tolist()
    assert halves.at(np.array([7])).dtype == np.float32


def test_the_file_of_vectors_in_half_the_bytes_finds_as_much(tmp_path, large):
    vectors, _, about = large
    halved = write_inverted_file(vectors.astype(np.float16), tmp_path / "halved.ivf")
    assert halved == {**about, "recall": pytest.approx(about["recall"], abs=0.01)}


def test_the_nearest_to_each_of_many_are_those_to_one(large):
    vectors, path, about = large
    search = NeighbourSearch(vectors, path, about["probes"])
    queries = unit(vectors[:40] + 0.1 * scattered(40, 24))
    for query, (rows, cosines) in zip(queries, search.nearest_to_each(queries, 192), strict=True):
        wanted_rows, wanted_cosines = search.nearest(query, 192)
        assert rows.tolist() == wanted_rows.tolist()
        assert cosines.tolist() == wanted_cosines.tolist()
    assert search.nearest_to_each(queries[:0], 192) == []


def test_fewer_are_found_where_the_lists_read_hold_no_more(large):
    vectors, path, _ = large
    rows, cosines = NeighbourSearch(vectors, path, 1).nearest(vectors[7], 30_000)
    assert 1 < len(rows) < 3000  # one list of 512; without -1 for what is missing
    assert rows.min() >= 0
    assert rows[0] == 7
    assert cosines == pytest.approx(vectors[rows] @ vectors[7], abs=1e-6)


def test_the_manifest_says_the_recall_that_every_vector_asking_gives(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "_RECALL_QUERIES", 1200)
    vectors = scattered(1200)
    about = write_inverted_file(vectors, tmp_path / "search.ivf")
    probes = about["probes"]
    assert about["recall"] >= MIN_RECALL
    assert about["recall"] == pytest.approx(
        recall(vectors, NeighbourSearch(vectors, tmp_path / "search.ivf", probes), vectors), abs=1e-4
    )
    # It doubles from 8 on, and half as many are too few.
    assert probes in (16, 32, 64, 128)
    assert recall(vectors, NeighbourSearch(vectors, tmp_path / "search.ivf", probes // 2), vectors) < MIN_RECALL


def test_when_nothing_is_enough_every_list_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "MIN_RECALL", 1.1)
    vectors = scattered(3000)
    about = write_inverted_file(vectors, tmp_path / "search.ivf")
    # 4 * sqrt(3000) = 219 lists, cut to a power of two.
    assert (about["kind"], about["probes"]) == ("IVF128,SQ8", 128)
    assert about["recall"] > 0.999  # a hundred are proposed from bytes, ranked by the vectors themselves


def test_where_the_first_probes_are_enough_no_more_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "MIN_RECALL", 0.0)
    assert write_inverted_file(scattered(3000), tmp_path / "search.ivf")["probes"] == 8


def test_the_recall_is_measured_the_same_in_blocks(tmp_path, monkeypatch):
    vectors = scattered(3000)
    whole = write_inverted_file(vectors, tmp_path / "whole.ivf")
    monkeypatch.setattr(vectors_module, "_BATCH", 700)
    assert write_inverted_file(vectors, tmp_path / "blocks.ivf") == whole
    assert (tmp_path / "blocks.ivf").read_bytes() == (tmp_path / "whole.ivf").read_bytes()


def test_questions_that_stand_many_times_are_found_as_well_as_others(tmp_path):
    # Which of the twenty copies come first does not matter, as long as nothing nearer was missed.
    vectors = np.repeat(scattered(150), 20, axis=0)
    about = write_inverted_file(vectors, tmp_path / "search.ivf")
    assert about["probes"] < 128
    assert about["recall"] >= MIN_RECALL
