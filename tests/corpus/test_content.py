"""The shipped corpus keeps what it promises."""

import json
import re
from collections import Counter

import pytest

from chatbot import settings
from chatbot.answering.answer_parts import answer_part
from chatbot.checking.readability import grade
from chatbot.checking.red_flags import check_red_flags
from chatbot.checking.style import check_texts
from chatbot.checking.torn_items import check_lists
from chatbot.corpus.corpus import Corpus
from chatbot.corpus.fields import FIELDS, PROSE
from chatbot.corpus.reader import read_corpus
from chatbot.corpus.yaml_nodes import load
from chatbot.records import COMMANDS, TURNS
from chatbot.shell.commands import registry
from chatbot.text.cleaning import normalise
from tests.conftest import PROJECT

_COMMAND = re.compile(rf"`/|`{settings.APP}|Ctrl-")
FOLDER = PROJECT / "corpus"
EVALUATION = PROJECT / "tests" / "evaluation"
# What the first sketch of this bot answered, and what it offered with the first of these.
SHOWPIECE = "loosen-lower-back"
MODEL_QUESTIONS = {
    SHOWPIECE: "What stretch can I do to loosen up my lower back?",
    "improve-ankle-flexibility": "How can I improve ankle flexibility?",
    "benefits-of-flexibility-training": "What are the benefits of flexibility training?",
    "around-the-world-jump": "What kind of flexibility do I need to do for an around the world jump?",
    "massage-for-flexibility": "Can massage help improve my flexibility?",
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(FOLDER)


def test_what_only_the_shell_knows_stands_only_in_what_is_said_there(corpus):
    told = [entry.id for entry in corpus.entries if any(_COMMAND.search(answer.text) for answer in entry.answers)]
    assert told == []
    of_the_shell = {entry.id: entry.in_shell for entry in corpus.entries if entry.in_shell}
    assert len(of_the_shell) > 20
    named = {name for text in of_the_shell.values() for name in re.findall(r"`/(\w+)", text)}
    assert named <= {command.name for command in registry()}


def test_there_is_nothing_to_mend(corpus):
    # On the day of the last review: that answers grow old is for `flexbot check` to say, not for a test.
    today = max(entry.reviewed for entry in corpus.entries if entry.reviewed)
    assert list(map(str, corpus.problems)) == []
    assert list(map(str, check_texts(corpus, today))) == []
    assert list(map(str, check_lists(corpus))) == []
    assert list(map(str, check_red_flags(corpus))) == []


def test_every_warning_sign_has_a_red_flag(corpus):
    assert {flag.sign for flag in corpus.red_flags} == {entry.id for entry in corpus.entries if entry.kind == "urgent"}


def test_k27_no_condition_is_torn_at_a_comma(corpus):
    """Sentences stand an item a line, where no comma can divide them; ids and the items of doses have none."""
    for path in FOLDER.glob("*/*.md"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^(?!(?:related|figures|dose):)\w+: *\[", text, flags=re.MULTILINE), path
    entries = {entry.id: entry for entry in corpus.entries}
    assert "a calf that is swollen, warm or painful" in entries["knee-replacement-bend"].avoid_if
    assert "wound redness, discharge or fever" in entries["knee-replacement-bend"].avoid_if
    assert "tingling, numbness or weakness in the leg" in entries["hamstrings-always-tight"].avoid_if
    items = {item for entry in corpus.entries for item in entry.avoid_if}
    assert {item for item in items if re.match(r"(?:and|or|but|unless|for)\b|warm or painful", item)} == set()


def test_every_item_of_avoid_if_means_a_condition_or_none(corpus):
    items = {item for entry in corpus.entries for item in entry.avoid_if}
    meant = {item for row in corpus.conditions.rows for item in row.avoid_if}
    none = corpus.conditions.none
    assert items - meant - none == set()
    assert (meant | none) - items == set()  # what no entry has any more
    assert meant & none == set()


def test_every_condition_is_named_leads_somewhere_and_is_said_and_unsaid(corpus):
    rows, messages = corpus.conditions.rows, corpus.conditions.messages
    kinds = {entry.id: entry.kind for entry in corpus.entries}
    assert {kinds[row.entry] for row in rows if row.entry} == {"answer"}
    told = {(message.condition, message.said) for message in messages}
    assert {(row.id, said) for row in rows for said in (True, False)} - told == set()


def test_every_command_is_asked_for_by_small_talk(corpus):
    assert {entry.command for entry in corpus.entries if entry.command} == set(COMMANDS)


def test_k29_the_guide_tells_what_is_so(bot):
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "the fit takes too long" not in guide
    key, fields = re.search(r"--json` has the same as `(\w+)`, each with its (.+?);", guide).groups()
    reply = bot.ask("how long should I hold a stretch").to_dict()
    assert set(re.findall(r"`(\w+)`", fields)) <= set(reply[key][0])
    table = re.search(r"^\| field \| meaning \|\n.*?\n\n", guide, flags=re.MULTILINE | re.DOTALL)[0]
    assert set(re.findall(r"^\| `(\w+)`", table, flags=re.MULTILINE)) == set(FIELDS)


def test_k27_the_guide_shows_lists_of_sentences_an_item_a_line():
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```markdown\n---\n(.*?)\n---\n", guide, flags=re.DOTALL)[1]
    assert [item.value for item in load(example, PROSE).items["avoid_if"].items] == [
        "a calf strain in the last few days",
        "one calf that is swollen, or warm and painful",
    ]


def test_the_map_and_the_entries_agree(corpus):
    listed = {}
    topic = ""
    for line in (FOLDER / "MAP.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            topic = line.removeprefix("## ")
        elif found := re.fullmatch(r"- ([a-z0-9-]+): (.+)", line):
            assert found[1] not in listed
            listed[found[1]] = (topic, found[2])
    assert {entry_id: at for entry_id, (at, _) in listed.items()} == {entry.id: entry.topic for entry in corpus.entries}
    # Signs and small talk are listed by what they are about; answers by the question itself.
    answers = {entry.id: entry.question for entry in corpus.entries if entry.kind == "answer"}
    assert {entry_id: listed[entry_id][1] for entry_id in answers} == answers


def test_how_much_there_is(corpus):
    kinds = [entry.kind for entry in corpus.entries]
    assert kinds.count("answer") >= 350
    assert kinds.count("urgent") >= 25
    assert kinds.count("small-talk") >= 15
    assert sum(len(entry.answers) >= 2 for entry in corpus.entries) >= 80


def test_each_sign_is_put_in_many_ways_and_says_what_to_do(corpus):
    urgent = [entry for entry in corpus.entries if entry.kind == "urgent"]
    assert {entry.id for entry in urgent if len(entry.alternate_questions) < 12} == set()
    assert {entry.id for entry in urgent if not entry.care or not entry.look_alikes} == set()
    numbers = re.compile(r"\b(?:911|999|112|111|000)\b")
    assert {entry.id for entry in urgent if any(numbers.search(answer.text) for answer in entry.answers)} == set()


def test_reading_grades(corpus):
    grades = [grade(answer.text) for entry in corpus.entries for answer in entry.answers]
    assert sum(found <= 8 for found in grades) >= 0.95 * len(grades)
    assert max(grades) <= 10


def test_the_model_questions(corpus):
    entries = {entry.id: entry for entry in corpus.entries}
    assert {entry_id: entries[entry_id].question for entry_id in MODEL_QUESTIONS} == MODEL_QUESTIONS
    assert entries[SHOWPIECE].related[:4] == tuple(MODEL_QUESTIONS)[1:]


def test_to_hold_a_chair_is_no_dose(corpus):
    (answer, *_) = next(entry.answers for entry in corpus.entries if entry.id == "hip-flexor-stretch")
    dose = next(part for part in corpus.parts if part.name == "dose")
    assert "Hold a chair" in answer.text
    shown = answer_part(answer, dose, corpus.parts)
    assert shown is not None
    assert "20 to 30 seconds" in shown.text
    assert "Hold a chair" not in shown.text


def test_every_source_is_cited_verified_and_says_what_it_found(corpus):
    cited = {source.id for entry in corpus.entries for answer in entry.answers for source in answer.sources}
    assert cited == set(corpus.sources)
    assert {source.id for source in corpus.sources.values() if not source.verified or not source.finding} == set()


# Trial questions. What they say is worth something only where they stand nowhere else.


def once(questions):
    """Questions as compared with others, each with how it was written. Fails when one stands twice."""
    found = {}
    for question in questions:
        assert found.setdefault(normalise(question), question) is question
    return found


def test_trial_questions_are_asked_once_and_many_have_no_answer(corpus):
    alone = [trial for trial in corpus.trials if not trial.after]
    assert "" not in once(trial.query for trial in alone)
    # As many of each kind as a build asks for, and more.
    unanswerable = sum(not trial.expected for trial in alone)
    assert min(unanswerable, len(alone) - unanswerable) >= 200
    # Warning signs are screened for before anything is ranked: one is asked about only where it stands before.
    signs = {entry.id for entry in corpus.entries if entry.kind == "urgent"}
    assert {trial.query for trial in corpus.trials if signs & set(trial.expected) - {trial.after}} == set()
    kinds = {entry.id: entry.kind for entry in corpus.entries}
    assert {kinds[expected] for trial in corpus.trials for expected in trial.expected} <= {
        "answer",
        "small-talk",
        "urgent",
    }


def test_the_same_may_be_said_after_another_answer_but_not_twice_after_one(corpus):
    told = [(normalise(trial.query), trial.after) for trial in corpus.trials if trial.after]
    assert len(told) >= 1000
    assert {each for each in told if told.count(each) > 1} == set()


def test_trial_messages_of_conversations_tell_each_kind_of_turn_and_each_part(corpus):
    told = [trial for trial in corpus.trials if trial.after]
    assert {trial.query for trial in told if not trial.turn} == set()
    # As many of each as a fit asks for, and more.
    assert min(sum(trial.turn == turn for trial in told) for turn in TURNS) >= 100
    assert min(sum(trial.part == part.name for trial in told) for part in corpus.parts) >= 30
    # Who asks about a part, or again about the same, is answered by the same entry.
    stays = [trial for trial in told if trial.turn in ("part", "same")]
    assert {trial.query for trial in stays if trial.after not in trial.expected} == set()


def test_exchanges_teach_of_answers_and_none_is_a_trial_message(corpus):
    kinds = {entry.id: entry.kind for entry in corpus.entries}
    told = [(normalise(each.query), each.after) for each in corpus.exchanges]
    assert len(told) >= 3000
    assert {each for each, count in Counter(told).items() if count > 1} == set()
    assert {kinds[entry] for each in corpus.exchanges for entry in (each.after, *each.expected)} == {"answer"}
    assert {normalise(trial.query) for trial in corpus.trials} & {query for query, _ in told} == set()


def test_no_trial_question_and_no_exchange_is_one_of_the_evaluation(corpus):
    asked = {normalise(each.query): each.query for each in (*corpus.trials, *corpus.exchanges)}
    lines = [line for path in EVALUATION.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 1000
    evaluated = {
        normalise(fields[name]) for fields in map(json.loads, lines) for name in ("query", "first") if name in fields
    }
    assert {asked[each] for each in asked.keys() & evaluated} == set()


def test_the_sets_for_measuring_expect_entries_that_there_are(corpus):
    kinds = {entry.id: entry.kind for entry in corpus.entries}
    for path in EVALUATION.glob("*.jsonl"):
        for fields in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            assert fields.keys() & {"expected", "expected_kind"}, (path.name, fields)
            assert fields.get("expected_kind", "urgent") in ("urgent", "not-urgent"), (path.name, fields)
            expected = fields.get("expected", [])
            parts = expected if expected and isinstance(expected[0], list) else [expected]
            ids = {entry for part in (*parts, fields.get("first_expected", [])) for entry in part}
            assert ids <= kinds.keys(), (path.name, fields)


def test_no_trial_question_is_a_phrasing_or_a_look_alike_or_about_other_things(corpus):
    asked = {normalise(trial.query): trial.query for trial in corpus.trials}
    matched = {text for entry in corpus.entries for text in (*entry.phrasings, *entry.look_alikes)}
    matched.update(settings.out_of_scope_path().read_text(encoding="utf-8").splitlines())
    assert {asked[each] for each in asked.keys() & set(map(normalise, matched))} == set()
