import pytest

from tests.index.numbered import commit


@pytest.fixture
def folder(tmp_path):
    commit(tmp_path / "index", 1)
    return tmp_path / "index"
