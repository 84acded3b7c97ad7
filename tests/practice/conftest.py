import pytest

from chatbot import Chatbot
from tests.movers import moving_bot


@pytest.fixture(scope="session")
def mover(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    return moving_bot(tmp_path_factory.mktemp("mover"))
