"""Pictures in the shell: beside an answer where the terminal shows pixels, by `/show` elsewhere, else their words."""

import re
from dataclasses import replace

import pytest

from chatbot import Chatbot
from chatbot.shell import figures
from chatbot.shell.figures import NO_FIGURE
from chatbot.terminal.pixels import MISSING
from chatbot.terminal.render import coloured
from tests.builders import markdown, put
from tests.fakes import WordEncoder
from tests.shell.conftest import CORPUS

ALT = "A person stands and raises the right knee."
KITTY = "\x1b_Ga=T,"
BRAILLE = re.compile("[\u2801-\u28ff]")
HIPS = "hip-internal-rotation"


@pytest.fixture
def drawing(sit, bot):
    """A sitting at a terminal with some graphics."""

    def at(graphics, rows=400):
        there = sit(lambda progress, note: bot, rows=rows)
        screen = replace(there.shell.screen, paint=coloured, graphics=graphics, draw=there.written.append)
        there.shell.screen = screen
        return there

    return at


def test_the_words_alone_where_nothing_is_drawn(sitting, monkeypatch):
    sitting.said(f"/open {HIPS}")
    assert sitting.said("/show") == f"\nRaise one knee\n{ALT}\n\n"
    monkeypatch.setattr(figures, "can_draw", lambda: False)
    assert sitting.said("/show").replace("\n", " ") == f" Raise one knee {ALT}  {MISSING}  "
    monkeypatch.setenv("TERM", "dumb")
    assert sitting.said("/show") == f"\nRaise one knee\n{ALT}\n\n"


def test_a_reply_names_its_picture_where_it_is_not_drawn(sitting, drawing):
    assert "as a picture: /show" in sitting.said(f"/open {HIPS}")
    assert "/show" not in sitting.said("/open how-long-hold")
    for kind in ("blocks", "dots"):
        reply = drawing(kind).said(f"/open {HIPS}")
        assert "as a picture: /show" in reply
        assert not BRAILLE.search(reply)


def test_an_image_stands_between_the_question_and_the_answer(drawing):
    there = drawing("kitty")
    reply = there.said(f"/open {HIPS}")
    assert reply.count(KITTY) == 1
    question = there.shell.last.question
    assert reply.index(question) < reply.index(KITTY) < reply.index("Physiotherapy")
    assert "/show" not in reply
    assert "\ue001" not in reply
    assert KITTY not in there.said("/open how-long-hold")


def test_an_image_leaves_half_of_the_screen_to_its_answer(drawing):
    there = drawing("kitty", rows=24)
    rows = int(re.search(r",r=(\d+),", there.said(f"/open {HIPS}"))[1])
    assert rows == 12
    # Of 24 rows, eight are for its words, the prompt and the toolbar.
    assert ",r=16," in there.said("/show")


def test_pages_count_the_rows_of_an_image(drawing):
    there = drawing("kitty", rows=24)
    stops = []
    there.shell.screen = replace(there.shell.screen, more=lambda: stops.append("".join(there.written)) or True)
    there.run()
    there.written.clear()
    there.said(f"/open {HIPS}")
    first = stops[0]
    image = re.search(r"\x1b_G.*\x1b\\\n", first, flags=re.DOTALL)
    # 12 rows of the image; as in every page, two rows of the screen are left.
    assert first.replace(image[0], "").count("\n") + 12 == 22
    assert "".join(there.written).count(KITTY) == 1


def test_an_answer_comes_though_its_picture_cannot_be_drawn(drawing, bot, monkeypatch):
    there = drawing("kitty")
    monkeypatch.setattr(type(bot), "drawing", lambda self, name: "<svg")
    reply = there.said(f"/open {HIPS}")
    assert "Physiotherapy" in reply
    assert "as a picture: /show" in reply


def test_no_figures_draws_none_unless_asked(drawing):
    there = drawing("kitty")
    there.shell._figures = False
    reply = there.said(f"/open {HIPS}")
    assert KITTY not in reply
    assert "as a picture: /show" in reply
    assert KITTY in there.said("/show")


def test_what_has_no_picture_says_so(sitting):
    sitting.said("/open how-long-hold")
    assert sitting.said("/show") == f"{NO_FIGURE}\n\n"
    sitting.said(f"/open {HIPS}")
    for wrong in ("2", "0", "-1", "1 2", "one", "1.5"):
        said = sitting.said(f"/show {wrong}")
        assert said == f"There is one picture to this reply, and no {wrong}: /show or /show 1.\n\n"
    assert ALT in sitting.said("/show 1")


@pytest.mark.usefixtures("quick_builds")
def test_one_of_several_pictures_is_chosen_by_its_number(sit, tmp_path):
    front = "figures: [lift, raise]\n"
    put(tmp_path / "corpus/legs/knees.md", markdown("Raise a knee?", {"Yoga": "Yes."}, ["lift a knee"], front))
    for name in ("lift", "raise"):
        put(tmp_path / f"corpus/figures/{name}.svg", f"<svg><title>{name}</title><desc>Picture {name}.</desc></svg>")
    bot = Chatbot.build(tmp_path / "corpus", tmp_path / "index", encoder=WordEncoder())
    there = sit(lambda progress, note: bot)
    there.said("/open knees")
    assert "Picture lift." in there.said("/show")
    assert "Picture raise." in there.said("/show 2")
    assert there.said("/show 3") == "There are 2 pictures to this reply, and no 3: /show or /show 2.\n\n"


@pytest.mark.parametrize("kind", ["blocks", "dots", "sixels", "iterm"])
def test_show_draws_and_tells_in_words(drawing, kind):
    there = drawing(kind)
    there.said(f"/open {HIPS}")
    shown = there.said("/show")
    assert shown.index("Raise one knee") < shown.index(ALT)
    assert len(shown) > 1000
    assert bool(BRAILLE.search(shown)) == (kind == "dots")
    if kind == "dots":
        assert "\x1b[38" not in shown


# In a real pseudo-terminal.


def opened(terminal, until="Physiotherapy"):
    terminal.wait_for("Ctrl-D leaves")
    terminal.wait_for_prompt()
    terminal.ask(f"/open {HIPS}", until)
    return terminal.raw


def test_kitty_gets_the_image_unharmed(pty):
    raw = opened(pty(TERM="xterm-kitty"))
    assert re.search(r"\x1b_Ga=T,f=100,q=2,c=\d+,r=25,m=1;[A-Za-z0-9+/]{4096}\x1b\\", raw)
    assert raw.index(KITTY) < raw.index("Physiotherapy")


def test_no_figures_in_kitty(pty):
    terminal = pty("--no-figures", TERM="xterm-kitty")
    opened(terminal, "as a picture: /show")
    assert KITTY not in terminal.raw
    terminal.wait_for_prompt()
    terminal.ask("/show", ALT)
    assert KITTY in terminal.raw


def test_tmux_gets_blocks_of_colour_by_show(pty):
    terminal = pty(TERM="tmux-256color", TMUX="socket,1,0", LC_TERMINAL="iTerm2")
    opened(terminal, "as a picture: /show")
    terminal.wait_for_prompt()
    terminal.ask("/show", ALT)
    assert "1337" not in terminal.raw
    assert KITTY not in terminal.raw
    assert re.search(r"\x1b\[[34]8;", terminal.raw)
    assert re.search("[▀▄█▌▐▘▝▖▗]", terminal.raw)


def test_no_color_gets_dots(pty):
    terminal = pty(TERM="xterm-kitty", NO_COLOR="1", rows=120)  # so high that no page is full
    opened(terminal, "as a picture: /show")
    terminal.wait_for_prompt()
    terminal.ask("/show", ALT)
    assert KITTY not in terminal.raw
    assert BRAILLE.search(terminal.raw)
    assert "\x1b[38" not in terminal.raw


def test_a_dumb_terminal_gets_the_words(pty):
    terminal = pty(TERM="dumb")
    opened(terminal, "as a picture: /show")
    terminal.wait_for_prompt()
    assert not BRAILLE.search(terminal.ask("/show", ALT))


QUESTION = "how do i improve hip rotation"
ASK = """
import sys
from chatbot import cli
cli.main({arguments})
print("loaded:", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


@pytest.fixture
def asked(pty):
    """What one `ask` wrote on a terminal, and the modules it loaded."""

    def ask(*options, **variables):
        terminal = pty(program=ASK.format(arguments=["ask", *options, QUESTION]), **variables)
        assert terminal.end() == 0
        written, _, loaded = terminal.raw.partition("loaded: ")
        return written, set(loaded.split())

    return ask


DRAWERS = {"chafa", "PIL", "resvg_py"}


def test_ask_draws_on_a_terminal_with_pixels_alone(asked):
    raw, loaded = asked(TERM="xterm-kitty")
    assert raw.count(KITTY) == 1
    assert raw.index(ALT) < raw.index(KITTY)
    assert "resvg_py" in loaded
    for options, variables in (
        ((), {"TERM": "xterm-256color"}),
        (("--no-figures",), {"TERM": "xterm-kitty"}),
        (("--markdown",), {"TERM": "xterm-kitty"}),
        ((), {"TERM": "xterm-kitty", "NO_COLOR": "1"}),
    ):
        raw, loaded = asked(*options, **variables)
        assert KITTY not in raw
        assert ALT in raw
        assert not loaded & DRAWERS


def test_ask_never_draws_into_a_pipe(flexbot, index):
    done = flexbot("ask", QUESTION, TERM="xterm-kitty", CHATBOT_INDEX=str(index), CHATBOT_CORPUS=str(CORPUS))
    assert ALT in done.stdout
    assert "\x1b" not in done.stdout
