"""The file that is written: whole or as before, by the command and by the library."""

import base64
import json
import os
import re
import zlib

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.finetuning import is_held_out
from chatbot.errors import IndexIncompatible, StorageError
from chatbot.exporting.export import export
from chatbot.exporting.lesson import Classes, lesson
from chatbot.files import check_target, write_whole
from tests.builders import markdown, put
from tests.conftest import PROJECT


def test_the_command_writes_a_page_and_says_what_it_does(flexbot, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("before")
    done = flexbot("export", page)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"Wrote {page} \(\d\.\d MB\)\. It only lists\.\n", done.stdout)
    text = page.read_text()
    assert text.startswith("<!doctype html>\n")
    assert text.endswith("</html>\n")
    assert os.listdir(tmp_path / "elsewhere") == []
    assert sorted(path.name for path in tmp_path.glob("*page*")) == ["page.html"]


def parts_of(page):
    """The text of a page, what its scripts are told without the model, and the numbers of the model."""
    text = page.read_text()
    packed = re.findall(r'<script type="application/octet-stream" id="(?:replies|numbers)">(.*?)</script>', text)
    replies, numbers = (zlib.decompress(base64.b64decode(each)) for each in packed)
    told = json.loads(replies)
    del told["model"]
    for each in packed:
        text = text.replace(each, "")
    return text, told, np.frombuffer(numbers, dtype=np.int8).astype(int)


def test_the_same_corpus_gives_the_same_page(exported, page_index, tmp_path):
    again = tmp_path / "again.html"
    report = export(Chatbot.load(page_index), again, figures=True)
    assert report.size == again.stat().st_size
    assert not report.answers
    (text, told, numbers), (*before, numbers_before) = parts_of(again), parts_of(exported)
    assert [text, told] == before
    # Sums of many numbers come out alike but for their last digits, which depend on where in memory they lie.
    assert len(numbers) == len(numbers_before) > 10_000
    assert (np.abs(numbers - numbers_before) > 1).mean() < 0.001


def test_without_figures_they_are_told_in_words(exported, page_index, tmp_path):
    export(Chatbot.load(page_index), tmp_path / "words.html")
    assert (tmp_path / "words.html").stat().st_size < exported.stat().st_size


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "it is a folder; name a file"),
        ("none/page.html", "there is no folder"),
    ],
)
def test_where_no_file_can_be_written_it_says_so_before_it_begins(main, tmp_path, name, reason):
    (tmp_path / "folder").mkdir()
    done = main("export", tmp_path / name)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"cannot write {tmp_path / name}: {reason}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_in_which_nothing_may_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever is root may write everywhere
    with pytest.raises(StorageError, match="nothing may be written in"):
        check_target(tmp_path / "page.html")


def test_a_failure_leaves_what_was_there(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    write_whole(page, b"before")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(StorageError, match="No space left on device; what was there is as before"):
        write_whole(page, b"after")
    assert page.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["page.html"]


def test_a_link_leads_to_what_is_written(tmp_path):
    (tmp_path / "real.html").write_text("before")
    (tmp_path / "link.html").symlink_to("real.html")
    write_whole(tmp_path / "link.html", b"after")
    assert (tmp_path / "real.html").read_bytes() == b"after"
    assert (tmp_path / "link.html").is_symlink()


def test_an_index_of_another_corpus_is_refused(index, corpus, tmp_path):
    bot = Chatbot.build(corpus, index)
    put(corpus / "dose" / "new.md", markdown("Is it new?", {"Yoga": "It is."}))
    with pytest.raises(IndexIncompatible, match="is not of the corpus as it is now"):
        export(bot, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_what_is_held_out_is_not_taught():
    corpus = read_corpus(PROJECT / "corpus")
    classes = Classes(corpus.entries)
    given = lesson(corpus, classes)
    taught = set(zip(given.taught.texts, given.taught.classes, strict=True))
    assert {row for _, row in taught} == set(range(classes.count))
    for row, entry in enumerate(corpus.entries):
        ways = (entry.question, *entry.alternate_questions)
        assert all((text, row) in taught for text in ways)
        assert all(
            ((text, row) in taught) != is_held_out(text) for text in entry.messages.phrasings if text not in ways
        )
    entry = corpus.entries[classes.urgent[0]]
    assert (entry.look_alikes[0], classes.look_alikes[classes.urgent[0]]) in taught
    assert (entry.messages.cautions[0], classes.cautions[classes.urgent[0]]) in taught
    assert min(map(len, (given.signs, given.look_alikes))) > 500
    assert sum(bool(rows) for _, rows in given.questions) > 1000


def test_asking_loads_nothing_that_exports(python, built):
    program = "import sys; from chatbot.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    done = python("-c", program, "ask", "how long do I hold a stretch", "--index", built)
    assert "chatbot.answering.reply" in done.stdout
    assert "chatbot.exporting" not in done.stdout
