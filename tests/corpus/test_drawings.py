"""The drawings of a corpus: good ones, bad ones with what to do, and the corpus that carries them."""

import pytest

from chatbot.bot import Chatbot
from chatbot.corpus.drawings import Drawing, read_drawing
from chatbot.corpus.reader import read_corpus
from chatbot.records import Figure
from tests.builders import markdown, put
from tests.fakes import WordEncoder

SVG = "<svg><title>Raise one &amp; knee</title><desc>A person stands.</desc></svg>"


def read(text):
    told = []
    return read_drawing("figures/lift.svg", text, lambda *problem: told.append(problem)), told


def test_a_drawing_is_read_with_its_words():
    assert read(SVG) == (Drawing(Figure("lift", "Raise one & knee", "A person stands."), SVG), [])


@pytest.mark.parametrize(
    ("carried", "height"),
    [
        ('{"angles":[[0.1,0,0.478,41]]}', 0.48),
        ('{"angles":[]}', None),
        ('{"angles":[["a","b","c"]]}', None),
        ("{", None),
    ],
)
def test_a_drawing_carries_how_high_the_pelvis_is(carried, height):
    drawing, told = read(SVG.replace("</desc>", f"</desc><metadata>{carried}</metadata>"))
    assert (drawing.height, told) == (height, [])


@pytest.mark.parametrize("text", ["", "<html></html>", SVG.replace("desc", "d"), SVG.replace("title", "t")])
def test_what_is_no_drawing_is_told(text):
    found, told = read(text)
    assert found is None
    assert [(line, severity) for line, _, severity in told] == [(1, "error")]


@pytest.fixture
def folder(tmp_path):
    put(
        tmp_path / "corpus/legs/knees.md",
        markdown("Raise a knee?", {"Yoga": "Yes."}, ["lift a knee"], "figures: [lift]\n"),
    )
    put(tmp_path / "corpus/legs/toes.md", markdown("Touch your toes?", {"Yoga": "Yes."}, ["toe touch"]))
    put(tmp_path / "corpus/figures/lift.svg", SVG)
    return tmp_path / "corpus"


def test_a_reply_has_the_figures_of_its_entry(folder, tmp_path):
    bot = Chatbot.build(folder, tmp_path / "index", encoder=WordEncoder())
    reply = bot.entry("knees")
    assert reply.figures == (Figure("lift", "Raise one & knee", "A person stands."),)
    assert bot.drawing("lift") == SVG
    assert bot.entry("toes").figures == ()
    assert "*Picture:* A person stands." in reply.to_markdown()
    assert "![A person stands.](pictures/lift.svg)" in reply.to_markdown(figures="pictures/")
    assert "Picture: A person stands." in str(reply)
    with pytest.raises(KeyError):
        bot.drawing("raise")


def test_another_drawing_makes_the_index_stale(folder, tmp_path):
    bot = Chatbot.build(folder, tmp_path / "index", encoder=WordEncoder())
    assert not bot.index.stale
    put(folder / "figures/lift.svg", SVG.replace("stands", "sits"))
    assert bot.index.stale
    again = Chatbot.build(folder, tmp_path / "index", encoder=WordEncoder())
    assert again.entry("knees").figures[0].alt == "A person sits."


def test_a_figure_that_nobody_drew_is_told(folder):
    put(folder / "legs/toes.md", markdown("Touch your toes?", {"Yoga": "Yes."}, ["toe touch"], "figures: [lifts]\n"))
    (problem,) = read_corpus(folder).errors
    assert (problem.line, problem.message) == (5, "there is no figure 'lifts'; did you mean 'lift'?")


@pytest.mark.parametrize("svg", [None, "<html></html>"], ids=["removed", "no drawing"])
def test_a_figure_that_has_only_its_pose_is_to_be_drawn(folder, svg):
    put(folder / "figures/lift.yaml", "title: Raise one knee\n")
    put(folder / "figures/lifts.svg", SVG)
    (folder / "figures/lift.svg").unlink()
    if svg:
        put(folder / "figures/lift.svg", svg)
    told = {(problem.file.rpartition("/")[2], problem.message) for problem in read_corpus(folder).errors}
    draw = "draw it from its pose: python scripts/draw_figures.py lift"
    of_the_drawing = ("lift.svg", f"no drawing with a title and a description; {draw}")
    assert told == {("knees.md", f"the figure 'lift' has no drawing; {draw}"), *([of_the_drawing] if svg else [])}


def test_a_mistyped_figure_may_be_one_that_is_not_drawn_yet(folder):
    put(folder / "figures/raise.yaml", "title: Raise one knee\n")
    put(folder / "legs/toes.md", markdown("Touch your toes?", {"Yoga": "Yes."}, ["toe touch"], "figures: [raisse]\n"))
    (problem,) = read_corpus(folder).errors
    assert problem.message == "there is no figure 'raisse'; did you mean 'raise'?"


def test_only_answers_have_figures(folder):
    front = "figures: [lift]\nkind: small-talk\n"
    put(folder / "legs/knees.md", markdown("Hello?", {"Yoga": "Hello."}, ["hi"], front))
    assert [problem.message for problem in read_corpus(folder).errors] == ["only answers have 'figures'; remove it"]
