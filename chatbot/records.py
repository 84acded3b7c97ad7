"""The nouns of the chatbot, as frozen records. They hold data and do nothing else."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

Kind = Literal["answer", "urgent", "small-talk", "all-clear"]
Care = Literal["emergency", "same-day", "routine"]
# What small talk may ask a conversation to do.
Command = Literal["again", "back", "more", "forget", "about", "unsay"]
Severity = Literal["error", "warning"]
# Who has a condition that a message names, where it says so.
Whose = Literal["writer", "another", "nobody"]
# What a message after an answer does: it asks about a part of it, or something else of the same entry; about something
# that leans on it but is another matter; about something new; or it asks nothing that the corpus knows.
Turn = Literal["part", "same", "changed", "new", "aside"]
TURNS: tuple[Turn, ...] = ("part", "same", "changed", "new", "aside")

# An all-clear entry holds what people say once a warning sign was seen to; it is small talk otherwise.
KINDS: tuple[Kind, ...] = ("answer", "urgent", "small-talk", "all-clear")
CARES: tuple[Care, ...] = ("emergency", "same-day", "routine")
WHOSE: tuple[Whose, ...] = ("writer", "another", "nobody")
COMMANDS: tuple[Command, ...] = ("again", "back", "more", "forget", "about", "unsay")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the corpus: where it is, what it is and what to do about it."""

    file: str
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        prefix = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {prefix}{self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that an answer cites. `verified` is true when someone checked it against its record."""

    id: str
    title: str
    authors: str = ""
    year: str = ""
    container: str = ""
    doi: str = ""
    url: str = ""
    type: str = ""
    finding: str = ""
    verified: bool = False

    @property
    def link(self) -> str:
        """Where to read it: the DOI's address where there is one, else the page's."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True)
class Answer:
    """One viewpoint's text (Markdown, with `[@id]` citations), what it cites and who should not follow it."""

    viewpoint: str
    text: str
    sources: tuple[Source, ...] = ()
    avoid_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn movement: what it is called, and what it shows, in words for who does not see it."""

    id: str
    title: str
    alt: str


Span = tuple[int, int]  # from the least to the most


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a movement an answer recommends, as it is `written`: for how many seconds, or `breaths`, it is held
    (neither: it is moved), how many `times` in each of some `rounds`, the seconds of `rest` after each, whether on
    `each_side`, and how `often`. What the answer does not say is None, or empty."""

    written: tuple[str, ...]
    hold: Span | None = None
    breaths: Span | None = None
    times: Span | None = None
    rounds: Span | None = None
    rest: Span | None = None
    each_side: bool = False
    often: str = ""


@dataclass(frozen=True, slots=True)
class Messages:
    """What people write who want an entry's answer, beside its alternate questions; also what sounds like a warning
    sign and is none (`look_alikes`) or may be one (`cautions`), and what sounds like the questions of an answer and is
    answered by no entry (`unanswered`)."""

    phrasings: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answers. An index keeps its entries without their `messages`, which only teach."""

    id: str
    question: str
    answers: tuple[Answer, ...]
    alternate_questions: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    avoid_if: tuple[str, ...] = ()
    reviewed: date | None = None
    kind: Kind = "answer"
    care: Care | None = None
    caution: str = ""
    topic: str = ""
    command: Command | None = None  # of small talk
    in_shell: str = ""  # of small talk: what else to say in the shell, where commands can be typed
    figures: tuple[str, ...] = ()  # the ids of those that show its movements
    dose: Dose | None = None  # of the one movement that it teaches
    height: float | None = None  # of the pelvis above the floor where its first figure begins, in metres
    not_for: tuple[str, ...] = ()  # the ids of the conditions that its `avoid_if` means
    messages: Messages = Messages()

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question, its alternates and its messages: everything a user's words are matched with."""
        return (self.question, *self.alternate_questions, *self.messages.phrasings)


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning sign that a message may be about, by its urgent entry: what would make it one and what to do then
    (`text`), and how urgent that is (`care`)."""

    id: str
    question: str
    care: Care
    text: str

    @property
    def see(self) -> str:
        """The pointer to the entry, for whoever wants to read on."""
        return f"See: {self.question}"


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question that people asked, with the ids of the entries that should answer it (none: it has no answer here),
    and of the entry that was shown before (`after`), where it was asked in a conversation; then also the kind of `turn`
    that it is, and the `part` of the answer that it asks about."""

    query: str
    expected: tuple[str, ...]
    after: str | None = None
    turn: Turn | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part that answers have, by its `name`, and what replies call it (`title`). It is told by how a paragraph or its
    bold words begin (`leads`), by words of which one stands in a sentence, or by being a numbered list or cited. It
    `warns` where it says when to stop."""

    name: str
    title: str
    leads: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    numbered: bool = False
    cited: bool = False
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What someone may have, by its `id`: how it follows "you" in a sentence (`said`: "have a new hip"), the entry that
    is for these people (None: none is), how they name it (`names`, see corpus/README.md), the items of `avoid_if` that
    mean it, and the ids of the more general ones that it `includes`."""

    id: str
    said: str
    entry: str | None = None
    names: tuple[str, ...] = ()
    avoid_if: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsuited:
    """An answer that is not for someone, by its entry's id and question, and why: what they said that they have, each
    as it follows "you" (`because`), and what `another` has for whom they ask, each as it follows "they"."""

    id: str
    question: str
    because: tuple[str, ...]
    another: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionMessage:
    """A message that names a condition, by its id, and whether it counts for what is asked (`said`); `whose`: that
    it is somebody else's for whom the writer asks ("another"), or that the writer says not to have it ("nobody")."""

    text: str
    condition: str
    said: bool
    whose: Whose = "writer"


@dataclass(frozen=True, slots=True)
class RelatedQuestion:
    """An entry offered with a reply: its question, a viewpoint and the first words of that answer.

    `hint` tells it apart where something else in the reply reads alike; else it is empty.
    """

    id: str
    question: str
    viewpoint: str
    preview: str
    topic: str = ""
    hint: str = ""

    @property
    def label(self) -> str:
        """What to show of it in a list, where no two labels are the same."""
        return f"{self.question} ({self.hint})" if self.hint else self.question

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "label": self.label}


@dataclass(frozen=True, slots=True)
class Match:
    """An entry ranked for a query: its score, the probability that it is right and the phrasing that matched.

    `in_scope` is the probability that the corpus covers the query at all; `evidence` is what `confidence` was made
    from, each as its name and value. `Chatbot.entry(id)` shows the entry itself.
    """

    id: str
    question: str
    kind: Kind
    score: float
    confidence: float
    in_scope: float
    phrasing: str
    evidence: tuple[tuple[str, float], ...] = ()


_IN_CONVERSATION = 0.6


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities from which the bot answers (of the first match being right), asks what was meant (of the
    question being in scope at all), takes a message for urgent, and adds a caution (of it being about a sign)."""

    answer: float
    clarify: float
    urgent: float
    caution: float

    @property
    def in_conversation(self) -> "Thresholds":
        """Those for a message after an answer. How likely it asks for each entry, and for none, is told together there:
        the first is shown where it is likelier than all others by a half, a list where one is likelier than none."""
        return replace(self, answer=_IN_CONVERSATION, clarify=0.5)

    def __post_init__(self) -> None:
        if not all(0 <= threshold <= 1 for threshold in (self.answer, self.clarify, self.urgent, self.caution)):
            raise ValueError("are no probabilities")


# What a long job tells whoever waits: (done, total), and of a build with its stage before them.
Progress = Callable[[int, int], None]
StageProgress = Callable[[str, int, int], None]
