"""A message that is word for word a phrasing of an entry is answered with that entry, however near others are."""

from chatbot.answering.responder import _known_first
from chatbot.records import Match


def match(entry_id, phrasing, confidence):
    return Match(entry_id, f"{entry_id}?", "answer", 0.5, confidence, 0.5, phrasing, ())


def test_what_is_known_word_for_word_comes_first_and_is_sure():
    near, known, far = match("a", "tight hips?", 0.6), match("b", "Why are hips tight?", 0.4), match("c", "hips", 0.1)
    found = _known_first("why are HIPS tight", [near, known, far])
    assert [(each.id, each.confidence) for each in found] == [("b", 1.0), ("a", 0.6), ("c", 0.1)]


def test_nothing_changes_where_no_phrasing_is_the_same():
    matches = [match("a", "tight hips?", 0.6), match("b", "?", 0.4)]
    assert _known_first("tight hip", matches) == matches
    assert _known_first("!", matches) == matches


def test_every_question_of_a_corpus_is_answered_with_its_entry(bot):
    for entry in bot.entries():
        reply = bot.ask(entry.question)
        assert (reply.id, reply.confidence) == (entry.id, 1.0)
