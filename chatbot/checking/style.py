"""The corpus's checks beyond its format: is it written as it should be, for the people who read the answers.

The rules of writing (reading grade, length, promises, alternate questions, related questions, sources, review) hold
for a corpus that keeps `sources.yaml`: they are about answers that rest on evidence. Someone's own frequent questions,
without sources, are held to the rules of form only. `corpus/README.md` lists every check.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from chatbot.checking.readability import count_words, grade
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.fields import ParsedAnswer, ParsedEntry
from chatbot.records import Answer, Entry, Problem, Severity
from chatbot.text.cleaning import normalise
from chatbot.text.reading import plain_text, read_answer

EASY_GRADE, HARDEST_GRADE = 8.0, 10.0
FEWEST_WORDS, MOST_WORDS = 90, 250
FEWEST_ALTERNATES = {"answer": 8, "urgent": 12, "small-talk": 0, "all-clear": 0}
FEWEST_RELATED = 4
REVIEWED_WITHIN = timedelta(days=2 * 365)

# Words that promise a cure, unless the sentence denies it before: "no stretch cures it".
_PROMISES = (
    r"cur(?:e[sd]?|ing)|guarantee[sd]?|miracles?|miraculous(?:ly)?|permanent(?:ly)?|heals|eliminates?|100 ?% effective"
    r"|(?:always|sure to) (?:works?|helps?)|works? for everyone|never fails?|instant(?:ly)? (?:relief|relieves)"
    r"|(?:fix(?:es)?|gone|cured) (?:it )?(?:for good|forever)"
)
_PROMISE = re.compile(rf"\b(?:{_PROMISES})\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:no|not|nor|never|neither|none|nothing|cannot|without|unlikely|whether|\w+n['’]t)\b[^.!?;]*$", re.IGNORECASE
)


def check_texts(corpus: Corpus, today: date) -> list[Problem]:
    """What is wrong with the texts of `corpus` besides what `read_corpus` found, in its order."""
    problems = [problem for entry in corpus.entries for problem in _check_form(corpus, entry)]
    if "sources.yaml" in corpus.files:
        problems += [problem for entry in corpus.entries for problem in _EntryCheck(corpus, entry, today).run()]
        problems += _check_sources(corpus)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _check_form(corpus: Corpus, entry: Entry) -> Iterator[Problem]:
    parsed = corpus.parsed[entry.id]
    seen = {normalise(entry.question)}
    for phrasing, file, line in parsed.phrasings():
        words = normalise(phrasing)
        if words in seen:
            message = f"the phrasing {phrasing!r} stands twice in this entry; remove one"
            yield corpus.problem(file, line, message, "warning")
        seen.add(words)


def _check_sources(corpus: Corpus) -> Iterator[Problem]:
    cited = {source.id: source for entry in corpus.entries for answer in entry.answers for source in answer.sources}
    rows = {flag.source for flag in corpus.red_flags} & corpus.sources.keys()
    cited |= {source_id: corpus.sources[source_id] for source_id in sorted(rows)}
    for source in cited.values():
        if not source.verified:
            message = f"the source {source.id!r} is cited but not verified; check it against its record"
            yield corpus.problem("sources.yaml", corpus.source_lines[source.id], message, "error")


def _shown(written: ParsedAnswer) -> str:
    return read_answer(written.text).markdown


class _EntryCheck:
    """The rules of writing for one entry."""

    def __init__(self, corpus: Corpus, entry: Entry, today: date) -> None:
        self.corpus = corpus
        self.entry = entry
        self.parsed: ParsedEntry = corpus.parsed[entry.id]
        self.today = today

    def run(self) -> Iterator[Problem]:
        for answer in self.entry.answers:
            yield from self._answer(answer)
        yield from self._alternates()
        if self.entry.kind == "answer" and len(self.entry.related) < FEWEST_RELATED:
            message = f"{len(self.entry.related)} related questions; name {FEWEST_RELATED} or more to go on with"
            yield self._problem(self.parsed.field_line("related"), message)
        if self.entry.kind in ("answer", "urgent"):
            yield from self._evidence()

    def _problem(self, line: int, message: str, severity: Severity = "warning") -> Problem:
        return self.corpus.problem(self.parsed.file, line, message, severity)

    def _answer(self, answer: Answer) -> Iterator[Problem]:
        line = next(written.line for written in self.parsed.answers if _shown(written) == answer.text)
        name = f"the answer of {answer.viewpoint!r}"
        if (found := grade(answer.text)) > EASY_GRADE:
            message = f"{name} reads at grade {found:.1f}; shorten sentences and words, to {EASY_GRADE:g} or below"
            yield self._problem(line, message, "error" if found > HARDEST_GRADE else "warning")
        words = count_words(answer.text)
        if self.entry.kind == "answer" and not FEWEST_WORDS <= words <= MOST_WORDS:
            yield self._problem(line, f"{name} has {words} words; write {FEWEST_WORDS} to {MOST_WORDS}")
        text = plain_text(answer.text)
        for promise in _PROMISE.finditer(text):
            if not _DENIAL.search(text, 0, promise.start()):
                message = f"{name} says {promise[0]!r}, which promises a cure; say how much it helps, and whom"
                yield self._problem(line, message)

    def _alternates(self) -> Iterator[Problem]:
        number, fewest = len(self.entry.alternate_questions), FEWEST_ALTERNATES[self.entry.kind]
        if number < fewest:
            message = f"{number} alternate questions; write {fewest} or more, as people ask"
            yield self._problem(self.parsed.field_line("alternate_questions"), message)

    def _evidence(self) -> Iterator[Problem]:
        if not any(answer.sources for answer in self.entry.answers):
            yield self._problem(self.parsed.line, "no source; cite what the answers rest on, as `[@id]`")
        reviewed = self.entry.reviewed
        if reviewed is None:
            message = "no 'reviewed'; check the entry against its sources and write the day, as 2026-11-22"
            yield self._problem(self.parsed.field_line("reviewed"), message)
        elif self.today - reviewed > REVIEWED_WITHIN:
            message = f"last reviewed {reviewed}, over two years ago; check it against its sources and write the day"
            yield self._problem(self.parsed.field_line("reviewed"), message)
