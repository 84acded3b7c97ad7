"""K24: the report on feedback, which advises only what mends and never what would collide."""

from chatbot.terminal.feedback import Feedback
from chatbot.terminal.feedback_report import report


def given(verdict, query, kind="answer", entry=None, missing=""):
    return Feedback(verdict, query, kind, entry, 0.5, missing, "2026-11-23T10:00:00+00:00")


def test_groups_by_meaning_and_good_apart(bot):
    said = [
        given("bad", "how do I renew my passport", "no-answer"),
        given("bad", "hip", "clarify", missing="how to begin"),
        given("bad", "tight hip", "clarify"),
        given("bad", "hip", "clarify"),
        given("good", "hip rotation", entry="hip-rotation"),
    ]
    assert report(bot, said) == (
        "Bad or unanswered: 4 questions in 2 groups\n"
        "\n"
        "3 questions like 'hip'\n"
        "  For the alternate_questions of hip-rotation, if it asks 'How do I improve hip rotation?':\n"
        "  - hip  # 2 times\n"
        "  Nothing to paste:\n"
        "    'tight hip' is answered with hip-flexor-stretch by now\n"
        "  3 × was asked back\n"
        "  wanted: how to begin\n"
        "\n"
        "1 question like 'how do I renew my passport'\n"
        "  Nothing to paste:\n"
        "    'how do I renew my passport' is near to no entry: write one\n"
        "  1 × had no answer\n"
        "\n"
        "Good: 1 reply\n"
        "  1 × was answered with hip-rotation\n"
    )


def advice(bot, *said):
    """The lines of the report between the group's heading and its outcome."""
    lines = report(bot, said).splitlines()
    return lines[lines.index("", 1) + 2 : next(place for place, line in enumerate(lines) if " × " in line)]


def test_a_report_without_bad_needs_no_encoder():
    assert report(None, [given("good", "x", entry="gone")]) == (
        "Bad or unanswered: 0 questions in 0 groups\n\nGood: 1 reply\n  1 × was answered with gone\n"
    )


def test_k24_after_a_false_alarm_the_question_is_a_look_alike(bot):
    question = "both legs are tired and my back hurts"
    assert bot.ask(question).id == "cauda-equina"
    assert advice(bot, given("bad", question, "urgent", "cauda-equina")) == [
        "  For the look_alikes of cauda-equina, if that was a false alarm:",
        f"  - {question}",
    ]


def test_k24_what_asks_what_a_warning_sign_does_is_no_look_alike(bot):
    question = "my saddle area has gone numb since my back went"
    assert question in {text for entry in bot.index.entries() if entry.kind == "urgent" for text in entry.phrasings}
    (heading, reason) = advice(bot, given("bad", f"{question}!", "urgent", "cauda-equina"))
    assert heading == "  Nothing to paste:"
    assert reason.startswith(f"    the alarm may be right: '{question}!' asks what '{question}' does in 'cauda-equina'")


def test_k24_an_alarm_that_is_none_any_more(bot):
    assert advice(bot, given("bad", "hip", "urgent", "leg-clot")) == [
        "  Nothing to paste:",
        "    'hip' raises no alarm any more",
    ]


def test_k24_a_right_entry_that_was_bad_gets_no_alternate(bot):
    for question in ("How long should I hold a stretch?", "how long should I hold it when I stretch"):
        assert advice(bot, given("bad", question, "answer", "how-long-hold")) == [
            "  Nothing to paste:",
            f"    '{question}' is answered with how-long-hold: mend that, or write the entry it lacks",
        ]


def test_k24_what_would_collide_is_not_advised(bot, monkeypatch):
    """What `flexbot check` would say of the advised line decides; each line it warns of is left out."""
    monkeypatch.setattr("chatbot.checking.duplicates.COLLISION", -2.0)  # everything is nearer to something else
    (heading, reason) = advice(bot, given("bad", "hip", "clarify"))
    assert heading == "  Nothing to paste:"
    assert reason.startswith("    in hip-rotation, 'hip' is nearer to '")


def test_a_line_to_paste_is_yaml(bot):
    import yaml

    lines = advice(bot, given("bad", "hip: #1?", "clarify"), given("bad", "hip", "clarify"))
    assert yaml.safe_load("\n".join(line for line in lines if line.startswith("  - "))) == ["hip: #1?", "hip"]
