"""The address of a published index, and what is shown of it."""

from pathlib import Path

import pytest

from chatbot import Chatbot, StorageError, settings
from chatbot.addresses import Address, is_address
from chatbot.index.location import Location, locate

PACKAGED = settings.packaged_corpus_path()
ADDRESS = Address("postgresql://bot@db/answers", "knees")
SHOWN = {
    "postgresql://db/answers": "db/answers",
    "postgres://bot:secret@db:5433/answers#knees": "db:5433/answers",
    "postgresql://bot:s%40cret@a:1,b:2,[::1]:3/answers?target_session_attrs=any": "a:1,b:2,[::1]:3/answers",
    "postgresql://db/answers?password=secret&user=bot": "db/answers",
    "postgresql://": "",
    # Passwords that should have been encoded.
    "postgresql://bot:sec/ret@db/answers": "…",
    "postgresql://bot:sec?ret@db/answers": "…",
    "postgresql://bot:sec@ret@db/answers": "…",
    "postgresql://db/answers?password=sec@ret": "…",
    "postgresql://bot:secret": "…",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_what_is_shown_holds_no_password(text, shown):
    address = Address.parse(text)
    assert str(address) == f"postgresql://{shown}#{address.corpus}"
    for secret in ("s%40cret", "sec", "ret"):
        assert secret not in f"{address} {address!r}"


def test_the_corpus_stands_behind_the_database():
    assert Address.parse("postgresql://bot@db/answers#knees") == ADDRESS
    assert Address.parse("postgresql://db").corpus == "flexibility"


def test_several_servers_are_one_address():
    address = Address.parse(" postgresql://bot:secret@a/answers  postgres://bot@b,c:5433/more#knees ")
    assert address == Address("postgresql://bot:secret@a/answers", "knees", ("postgres://bot@b,c:5433/more",))
    assert address.servers == (
        Address("postgresql://bot:secret@a/answers", "knees"),
        Address("postgres://bot@b,c:5433/more", "knees"),
    )
    assert str(address) == "postgresql://a/answers postgresql://b,c:5433/more#knees"
    assert Address.parse("postgresql://a#knees postgresql://b#knees").others == ("postgresql://b",)
    assert Address.parse("postgresql://a postgresql://b").corpus == "flexibility"
    assert ADDRESS.servers == (ADDRESS,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://a:secret@a#knees postgresql://b#hips", "hold parts of one corpus; name one behind the #"),
        ("postgresql://b:secret@a#knees postgresql://b:secret@a#knees", "names each of its servers once"),
        ("postgresql://b/x b:secret@c/x", "each written as postgresql://…, with a blank between"),
        ("postgresql://b/x mysql://b:secret@c/x#knees", "each written as postgresql://…, with a blank between"),
    ],
)
def test_servers_that_do_not_go_together(text, said):
    with pytest.raises(StorageError, match=said) as failed:
        Address.parse(text)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize("name", ["Knees", "1st", "a-b", "a;drop table x", "x" * 41])
def test_a_name_that_is_none(name):
    with pytest.raises(StorageError, match="a corpus's name behind the # is small letters"):
        Address.parse(f"postgresql://bot:secret@db/answers#{name}")


def test_what_is_an_address():
    assert is_address("postgres://db")
    assert not is_address("postgresql")
    assert not is_address("/folder/postgresql://db")


def test_an_address_goes_with_the_corpus_that_it_was_built_from(monkeypatch, tmp_path):
    assert locate(index=ADDRESS) == Location(PACKAGED, ADDRESS, chosen=False)
    assert locate(index=ADDRESS).folder == settings.index_path_of(PACKAGED)
    assert locate(tmp_path, ADDRESS) == Location(tmp_path, ADDRESS)
    monkeypatch.setenv("CHATBOT_INDEX", "postgresql://bot@db/answers#knees")
    assert locate() == Location(PACKAGED, ADDRESS, chosen=False)
    # A corpus that is named alone: only the database could tell whether it is its own.
    assert locate(tmp_path) == Location(tmp_path, settings.index_path_of(tmp_path))


def test_a_folder_stays_a_folder():
    with pytest.raises(TypeError, match="index must be a path"):
        Chatbot.load(7)
    assert locate(index=Path("postgresql")).index == Path("postgresql")


def test_the_command_line_repeats_no_password(main):
    for arguments in (
        ["build", "--store", "mysql://bot:secret@db"],
        ["build", "--index", "postgresql://bot:secret@db"],
        ["ask", "hello", "--index", "postgresql://bot:secret@db#No"],
        ["ask", "hello", "--index", "postgresql://bot:%zzsecret@db"],
    ):
        done = main(*arguments)
        assert done.returncode == 2
        assert done.stderr
        assert "secret" not in done.stdout + done.stderr
