"""What a question names that an answer never says, by hand and with the real model."""

import pytest

from chatbot import Chatbot
from chatbot.matching.specifics import much_unsaid, numbers_unsaid, words_unsaid
from chatbot.records import Answer, Entry
from chatbot.terminal.render import to_text
from tests.builders import put_lines

ENTRY = Entry("a", "How do I install Python 3.11?", (Answer("A", "Take 2-3 wheels, at 10:30."),), ("get 3.11",))


def test_numbers():
    assert numbers_unsaid("Python 3.12 or 3.11, 2 wheels of 30 at 10:30", ENTRY) == ("3.12", "30")
    assert numbers_unsaid("12 of 12", ENTRY) == ("12",)
    assert numbers_unsaid("no number", ENTRY) == ()


def test_words():
    asked = ["wheel", "wheels", "pythons", "conda", "anaconda", "conda"]
    assert words_unsaid(asked, ENTRY) == ("conda", "anaconda")


def test_much():
    weights = {"opening": 3.0, "hamburg": 4.0, "wheels": 3.0, "install": 4.0, "the": 0.0}
    # Of 10 the town weighs 4; the others are said.
    assert much_unsaid(["install", "hamburg", "wheels", "the"], weights.__getitem__, ENTRY, "") == ("hamburg",)
    # What the phrasing says by which the entry was found is said.
    assert much_unsaid(["install", "hamburg", "wheels", "the"], weights.__getitem__, ENTRY, "Hamburg?") == ()
    # Of 11 the opening weighs 3, which is less than three tenths; of 10 it is three tenths.
    assert much_unsaid(["install", "install", "opening", "wheels"], weights.__getitem__, ENTRY, "") == ("opening",)
    assert (
        much_unsaid(["install", "wheels", "opening", "wheel"], {**weights, "wheel": 1.0}.__getitem__, ENTRY, "") == ()
    )


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("specifics")
    questions = {
        "github": ("How do I connect my GitHub account?", "In the settings, choose GitHub and sign in."),
        "github-2": ("Why does my GitHub login fail?", "Your GitHub token has expired. Make a new one."),
        "python": ("How do I install Python 3.11?", "Download Python 3.11 and run the installer."),
        "sftp": ("How do I set up sftp?", "Open port 22 and make a user for sftp."),
        "sftp-2": ("Which port does sftp use?", "Port 22, like every sftp server."),
    }
    entries = [{"id": name, "question": each[0], "answer": each[1]} for name, each in questions.items()]
    put_lines(folder / "faq.jsonl", *entries)
    return Chatbot.build(folder / "faq.jsonl", folder / "index")


def test_k4_a_guessed_name_is_told_and_never_sure(bot):
    reply = bot.ask("how do i connect my gitlab account")
    assert reply.read_as == reply.to_dict()["read_as"] == "how do i connect my github account"
    assert reply.certainty != "sure"
    assert "(read as: how do i connect my github account)" in str(reply)
    assert 'I read it as "how do i connect my github account".' in reply.explain()
    right = bot.ask("how do i connect my github account")
    assert (right.id, right.read_as, right.not_said) == ("github", None, ())
    assert reply.confidence < right.confidence


def test_k4_a_slip_is_mended_as_before(bot):
    slip = bot.ask("how do i connect my githbu account")
    assert slip.read_as == "how do i connect my github account"
    # It is no guess, but may be another name all the same.
    assert (slip.not_said, slip.certainty) == (("githbu",), "fairly sure")
    assert slip.matches[0].in_scope == bot.ask("how do i connect my github account").matches[0].in_scope


def test_k17_another_version_is_never_sure(bot):
    assert bot.ask("How do I install Python 3.11?").not_said == ()
    reply = bot.ask("How do I install Python 3.12?")
    assert (reply.id, reply.not_said) == ("python", ("3.12",))
    assert reply.certainty != "sure"
    assert reply.matches[0].id == "python"
    assert "(this answer does not mention: 3.12)" in str(reply)
    assert "(this answer does not mention: 3.12)" in to_text(reply, 80)
    assert 'the answer never says "3.12"' in reply.explain()
    assert reply.confidence <= 0.84
