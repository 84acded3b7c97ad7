"""What a build encodes, keeps, writes and leaves alone. Counts are worked out by hand from the test corpus."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot import Chatbot, settings
from chatbot.arrays import NONE
from chatbot.building.build import BuildReport, build
from chatbot.encoding import export
from chatbot.encoding.export import _packaged_weights
from chatbot.encoding.spec import EncoderSpec
from chatbot.errors import CorpusError, EncoderError, IndexBusy
from chatbot.index.index import Index
from chatbot.index.manifest import Counts, SearchSpec
from chatbot.index.store import open_store
from chatbot.index.writer import writing
from chatbot.matching.matcher import MATCHER_VERSION
from chatbot.matching.points import ANSWER, CAUTION, LOOK_ALIKE, SIGN
from tests.builders import put, put_lines
from tests.conftest import (
    ANSWERS,
    CORPUS,
    ENTRIES,
    ENTRY_IDS,
    LOOK_ALIKES,
    OUT_OF_SCOPE,
    PHRASINGS,
    SHORT_ANSWERS,
    rewrite_manifest,
)
from tests.fakes import WordEncoder

pytestmark = pytest.mark.usefixtures("quick_builds")

POINTS = PHRASINGS + SHORT_ANSWERS + LOOK_ALIKES  # 67 + 6 + 6 = 79
ALL = POINTS + len(OUT_OF_SCOPE)


def counts(report):
    return report.entries, report.phrasings, report.encoded, report.kept, report.changed


def state(folder):
    """Every file of a folder with its content and times."""
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir() if path.name != ".lock"
    }


@pytest.fixture
def folder(corpus, tmp_path):
    """An index of the corpus by the word encoder."""
    build(corpus, tmp_path / "words", encoder=WordEncoder())
    return tmp_path / "words"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_first_build_encodes_everything(corpus, tmp_path):
    encoder = WordEncoder()
    report = build(corpus, tmp_path / "new", encoder=encoder)
    assert counts(report) == (ENTRIES, PHRASINGS, ALL, 0, True)
    assert ALL == 83
    assert len(encoder.seen) == ALL
    assert encoder.seen[0] == "How long should I hold a stretch?"
    assert encoder.seen[-4:] == [*OUT_OF_SCOPE]
    # Answers are encoded as plain words.
    assert "Thirty seconds a stretch is enough for most people." in encoder.seen


@pytest.mark.parametrize(
    ("file", "old", "new", "encoded"),
    [
        ("dose/how-long-hold.md", "stretch duration", "length of a stretch", ["length of a stretch"]),
        ("dose/how-long-hold.md", "  - stretch duration\n", "", []),
        (
            "dose/how-long-hold.md",
            "most people",
            "nearly everyone",
            ["Thirty seconds a stretch is enough for nearly everyone."],
        ),
        ("dose/how-long-hold.md", "[@bandy-1994-stretch-time]", "[@behm-2016-review]", []),
        ("dose/how-long-hold.md", "2026-11-22", "2026-11-23", []),
        ("urgent/leg-clot.md", "calf cramp at night", "calf cramp in bed", ["calf cramp in bed"]),
        ("disclaimer.md", "may differ", "may differ much", []),
        ("sources.yaml", "Bandy & Irion", "Bandy and Irion", []),
    ],
)
def test_only_what_changed_is_encoded(folder, corpus, file, old, new, encoded):
    edit(corpus / file, old, new)
    encoder = WordEncoder()
    report = build(corpus, folder, encoder=encoder)
    assert encoder.seen == encoded
    removed = new == ""
    # Where no text of a point changed, the fit is kept, and only the points are looked up.
    needed = ALL - removed
    assert counts(report) == (ENTRIES, PHRASINGS - removed, len(encoded), needed - len(encoded), True)


def test_a_fit_on_the_same_is_kept_without_reading_its_trial_questions(corpus, tmp_path, monkeypatch):
    trials = corpus / "trial-questions.jsonl"
    trials.write_text('{"query": "so stiff", "expected": ["greeting"]}\n{"query": "so tight", "expected": []}\n')
    folder = tmp_path / "words"
    build(corpus, folder, encoder=WordEncoder())
    before = open_store(folder)
    with monkeypatch.context() as patch:
        patch.setattr("chatbot.building.training_set.read_message", None)
        edit(corpus / "dose" / "how-long-hold.md", "2026-11-22", "2026-11-23")
        build(corpus, folder, encoder=WordEncoder())
        kept = open_store(folder)
        # Its manifest and all of its arrays, with the vectors of out-of-scope and labelled questions.
        assert kept.manifest.matcher == before.manifest.matcher
        kinds = [f"{name}-vectors{keys}" for name in ("out-of-scope", "labelled") for keys in ("", "-keys")]
        names = {name for name in before.files if name.startswith("matcher-")} | set(kinds)
        assert len(names) == 14 + 4
        for name in names:
            assert kept.files[name] == before.files[name]
        assert [len(kept.array(f"{name}-vectors")) for name in ("out-of-scope", "labelled")] == [4, 2]
        edit(trials, "so tight", "so tight too")
        with pytest.raises(TypeError, match="not callable"):
            build(corpus, folder, encoder=WordEncoder())
    # What was kept serves the next fit.
    encoder = WordEncoder()
    build(corpus, folder, encoder=encoder)
    assert encoder.seen == ["so tight too"]
    assert open_store(folder).manifest.matcher.fitted_on != before.manifest.matcher.fitted_on


def test_a_calibration_holds_until_more_than_a_few_points_changed(folder, corpus, monkeypatch):
    before = open_store(folder)
    alternates = "alternate_questions:\n"
    monkeypatch.setattr("chatbot.building.drift._MOST", 2.5 / ALL)
    with monkeypatch.context() as patch:
        patch.setattr("chatbot.building.matcher.fit", None)
        for changed in (1, 2):
            edit(corpus / "dose" / "how-long-hold.md", alternates, f"{alternates}  - zebra number {changed}\n")
            build(corpus, folder, encoder=WordEncoder())
            kept = open_store(folder)
            matcher, calibrated = kept.manifest.matcher, before.manifest.matcher
            assert matcher.calibration == replace(calibrated.calibration, changed=changed)
            assert (matcher.weights, matcher.thresholds) == (calibrated.weights, calibrated.thresholds)
            assert matcher.fitted_on != calibrated.fitted_on
            # All else is of the points as they are, and what a later fit needs is there.
            starts = [len(store.array("matcher-lexical-starts")) for store in (before, kept)]
            assert starts == [starts[0], starts[0] + changed]
            assert kept.files.keys() == before.files.keys()
        found = Chatbot.load(folder, encoder=WordEncoder()).match("zebra number 2")
        assert found[0].id == "how-long-hold"
        edit(corpus / "dose" / "how-long-hold.md", alternates, f"{alternates}  - zebra number 3\n")
        with pytest.raises(TypeError, match="not callable"):
            build(corpus, folder, encoder=WordEncoder())
    build(corpus, folder, encoder=WordEncoder())
    assert open_store(folder).manifest.matcher.calibration.changed == 0


AFTER = '{"query": "%s", "expected": [%s], "after": "pigeon-pose"%s}\n'
PART = "- part: dose\n  title: how long\n  words: [seconds]\n"
CONDITION = "- condition: surgery\n  said: had surgery\n  names: [surgery]\n  avoid_if: [%s]\n"


def test_what_was_said_after_answers_is_encoded_and_kept(folder, corpus):
    lines = [AFTER % ("how many seconds", '"pigeon-pose"', ', "turn": "part", "part": "dose"'), AFTER % ("no", "", "")]
    put(corpus / "parts.yaml", PART)
    put(corpus / "trial-questions.jsonl", "".join(lines))
    question = "Is pigeon pose safe for my knees?"
    encoder = WordEncoder()
    report = build(corpus, folder, encoder=encoder)
    assert encoder.seen == [
        "how many seconds",
        "no",
        f"{question} how many seconds",
        f"{question} no",
        question,
    ]
    assert counts(report) == (ENTRIES, PHRASINGS, 5, ALL, True)
    before = open_store(folder)
    # With the fit these are kept as they are: nothing is encoded, and all counts as kept.
    edit(corpus / "dose" / "how-long-hold.md", "2026-11-22", "2026-11-23")
    encoder = WordEncoder()
    assert counts(build(corpus, folder, encoder=encoder)) == (ENTRIES, PHRASINGS, 0, ALL + 5, True)
    kept = open_store(folder)
    names = [name for name in before.files if name.startswith(("turn-", "matcher-turn-"))]
    assert len(names) == 3 * 2 + 2
    assert {name: kept.files[name] for name in names} == {name: before.files[name] for name in names}
    # Another message is a reason to fit anew, for which only it is encoded.
    put(corpus / "trial-questions.jsonl", "".join([*lines, AFTER % ("why", "", "")]))
    build(corpus, folder, encoder=encoder)
    assert encoder.seen == ["why", f"{question} why"]
    assert open_store(folder).array("matcher-turn-kinds").tolist() == [0, 4, 4]
    assert open_store(folder).array("matcher-turn-parts").tolist() == [0, NONE, NONE]


def fitted_on(folder):
    return open_store(folder).manifest.matcher.fitted_on


def test_tables_are_written_and_another_table_is_another_fit(folder, corpus):
    prints = [fitted_on(folder)]
    put(corpus / "conditions.yaml", CONDITION % "recent back surgery")
    build(corpus, folder, encoder=WordEncoder())
    prints.append(fitted_on(folder))
    index = Index.open(folder, WordEncoder())
    back = index.rows["loosen-lower-back"]
    assert [row for row in range(ENTRIES) if index.entry(row).not_for] == [back]
    assert index.entry(back).not_for == ("surgery",)
    assert index.conditions.told("had surgery last week").said == {"surgery": "last week"}  # as none teaches otherwise
    # An entry that people ask for who have it is for them.
    edit(corpus / "lower-back" / "loosen-lower-back.md", "question: ", "question: Surgery and then ")
    build(corpus, folder, encoder=WordEncoder())
    assert Index.open(folder, WordEncoder()).entry(back).not_for == ()
    edit(corpus / "lower-back" / "loosen-lower-back.md", "question: Surgery and then ", "question: ")
    message = '{"message": "my mum had surgery", "condition": "surgery", "said": false}\n'
    put(corpus / "condition-messages.jsonl", message)
    build(corpus, folder, encoder=WordEncoder())
    prints.append(fitted_on(folder))
    assert Index.open(folder, WordEncoder()).conditions.told("my mum had surgery").said == {}
    put(corpus / "parts.yaml", PART)
    build(corpus, folder, encoder=WordEncoder())
    prints.append(fitted_on(folder))
    assert [part.name for part in Index.open(folder, WordEncoder()).parts] == ["dose"]
    assert len(set(prints)) == 4


def test_an_entry_that_goes_to_another_topic_is_ranked_as_one_of_that(tmp_path):
    def make(topic):
        lines = [
            {"id": each, "question": f"{each}?", "answer": "So.", "topic": "x"} for each in ("one", "two", "three")
        ]
        put_lines(tmp_path / "faq.jsonl", lines[0], lines[1] | {"topic": topic}, lines[2])
        build(tmp_path / "faq.jsonl", tmp_path / "words", encoder=WordEncoder())
        return open_store(tmp_path / "words").array("matcher-topics").tolist()

    assert [make("x"), make("y")] == [[0, 0, 0], [0, 1, 0]]


def test_items_that_mean_no_condition_are_no_reason_to_fit_anew(folder, corpus):
    put(corpus / "conditions.yaml", CONDITION % "recent back surgery")
    build(corpus, folder, encoder=WordEncoder())
    before = fitted_on(folder)
    put(corpus / "no-conditions.yaml", "- why: it is felt now\n  avoid_if: [pain that runs below the knee]\n")
    build(corpus, folder, encoder=WordEncoder())
    assert fitted_on(folder) == before
    # Nor are other items that mean a condition: nobody asks by these.
    put(corpus / "conditions.yaml", CONDITION % "'recent back surgery', 'pain that runs below the knee'")
    put(corpus / "no-conditions.yaml", "")
    build(corpus, folder, encoder=WordEncoder())
    assert fitted_on(folder) == before


def test_messages_are_encoded_and_what_they_are_is_written(folder, corpus):
    lines = "red and warm\nlook_alikes:\nwarm in the sun\ncautions:\na bit warm\n"
    put(corpus / "urgent" / "leg-clot.messages.txt", lines)
    encoder = WordEncoder()
    report = build(corpus, folder, encoder=encoder)
    assert encoder.seen == ["red and warm", "warm in the sun", "a bit warm"]
    assert counts(report) == (ENTRIES, PHRASINGS + 1, 3, ALL, True)
    points = Index.open(folder, WordEncoder()).points
    clot = ENTRY_IDS.index("leg-clot")
    # 55 harmless phrasings and 12 of signs, with the message, the last of these; short answers, all harmless;
    # look-alikes of the first sign and of the second with the message, and what may be the second.
    wanted = [*[ANSWER] * 55, *[SIGN] * 13, *[ANSWER] * SHORT_ANSWERS, *[LOOK_ALIKE] * (LOOK_ALIKES + 1), CAUTION]
    assert points.kinds.tolist() == wanted
    assert points.entry_of[PHRASINGS] == points.entry_of[-1] == clot
    assert points.entry_of[-LOOK_ALIKES - 2 : -1].tolist() == [NONE] * (LOOK_ALIKES + 1)


@pytest.mark.parametrize("name", ["", "look_alikes:\n", "cautions:\n"])
def test_a_word_that_messages_often_use_is_right(folder, corpus, name):
    lines = "".join(f"a sort of nettlerash number {number}\n" for number in range(40))
    put(corpus / "urgent" / "leg-clot.messages.txt", name + lines)
    assert Index.open(folder, WordEncoder()).corrector.correct("netlerash").text == "netlerash"
    build(corpus, folder, encoder=WordEncoder())
    assert Index.open(folder, WordEncoder()).corrector.correct("netlerash").text == "nettlerash"


def test_vectors_belong_to_their_texts_after_an_edit(folder, corpus):
    edit(corpus / "dose" / "how-often-stretch.md", "stretching frequency", "times in a week")
    (corpus / "hips" / "hip-rotation.md").unlink()
    shutil.move(corpus / "dose" / "stretch-before-run.md", corpus / "hips" / "before-run.md")
    encoder = WordEncoder()
    report = build(corpus, folder, encoder=encoder)
    assert encoder.seen == ["times in a week"]
    assert counts(report) == (11, PHRASINGS - 6, 1, ALL - 6 - 1, True)
    index = Index.open(folder, WordEncoder())
    assert np.array_equal(index.vectors, WordEncoder().encode(list(index.phrasings)))
    owners = [index.entry(row) for row in index.phrasing_entry.tolist()]
    assert all(text in entry.phrasings for text, entry in zip(index.phrasings, owners, strict=True))


def without_times(manifest):
    return replace(
        manifest,
        created="",
        files={name: replace(record, mtime=0, ctime=0) for name, record in manifest.files.items()},
    )


def test_a_rebuilt_index_equals_a_fresh_one(folder, corpus, tmp_path):
    edit(corpus / "dose" / "how-long-hold.md", "stretch duration", "length of a stretch")
    build(corpus, folder, encoder=WordEncoder())
    build(corpus, tmp_path / "fresh", encoder=WordEncoder())
    kept, fresh = open_store(folder), open_store(tmp_path / "fresh")
    assert {name: record.sha256 for name, record in kept.files.items()} == {
        name: record.sha256 for name, record in fresh.files.items()
    }
    assert without_times(kept.manifest) == without_times(fresh.manifest)


@pytest.fixture
def large(corpus, tmp_path, monkeypatch):
    """An index of the corpus, of which 79 points are taken for many."""
    monkeypatch.setattr("chatbot.building.searching.FLAT_UP_TO", POINTS - 1)
    build(corpus, tmp_path / "large", encoder=WordEncoder())
    return tmp_path / "large"


def test_many_points_get_an_inverted_file_and_the_answers_stay(folder, large):
    store, flat = open_store(large), open_store(folder)
    # 4 * sqrt(79) = 35 lists, cut to a power of two.
    assert store.manifest.matcher.search.kind == "IVF32,SQ8"
    assert store.manifest.matcher.search.probes in (8, 16, 32)
    assert flat.manifest.matcher.search == SearchSpec(kind="flat", probes=0, recall=1.0)
    assert set(store.files) == {*flat.files, "matcher-search"}
    with_file, without = (Chatbot(Index.open(place, WordEncoder())) for place in (large, folder))
    for entry in without.index.entries():
        first, wanted = (bot.match(entry.question, k=1)[0] for bot in (with_file, without))
        assert first.id == wanted.id


def test_a_search_that_begins_with_a_projection_is_kept_and_answers_alike(corpus, tmp_path, monkeypatch):
    build(corpus, tmp_path / "flat", encoder=WordEncoder(256))
    monkeypatch.setattr("chatbot.matching.neighbours.PROJECTED_FROM", POINTS)
    build(corpus, tmp_path / "projected", encoder=WordEncoder(256))
    store, flat = open_store(tmp_path / "projected"), open_store(tmp_path / "flat")
    assert store.manifest.matcher.search == SearchSpec(kind="projected", probes=0, recall=1.0)
    assert set(store.files) == {*flat.files, "matcher-search-directions", "matcher-search-coordinates"}
    begun, full = (Chatbot(Index.open(place.folder, WordEncoder(256))) for place in (store, flat))
    for entry in full.index.entries():
        assert begun.ask(entry.question) == full.ask(entry.question)


def test_an_inverted_file_is_kept_and_written_as_the_fit_is(large, corpus, tmp_path):
    before = open_store(large).files["matcher-search"]
    edit(corpus / "dose" / "how-long-hold.md", "2026-11-22", "2026-11-23")
    build(corpus, large, encoder=WordEncoder())
    assert open_store(large).files["matcher-search"] == before
    edit(corpus / "dose" / "how-long-hold.md", "stretch duration", "length of a stretch")
    build(corpus, large, encoder=WordEncoder())
    after = open_store(large).files["matcher-search"]
    assert after.sha256 != before.sha256
    build(corpus, tmp_path / "fresh", encoder=WordEncoder())
    assert open_store(tmp_path / "fresh").files["matcher-search"].sha256 == after.sha256
    assert Chatbot(Index.open(large, WordEncoder())).match("length of a stretch")[0].id == "how-long-hold"


def test_an_index_that_was_opened_before_a_build_answers_after_it(large, corpus):
    bot = Chatbot(Index.open(large, WordEncoder()))
    edit(corpus / "dose" / "how-long-hold.md", "stretch duration", "length of a stretch")
    build(corpus, large, encoder=WordEncoder())
    assert bot.match("stretch duration")[0].phrasing == "stretch duration"


def test_another_encoder_keeps_nothing(folder, corpus):
    report = build(corpus, folder, encoder=WordEncoder(256))
    assert (report.encoded, report.kept) == (ALL, 0)
    assert Index.open(folder).vectors.shape == (PHRASINGS, 256)


def test_full_encodes_everything_again(folder, corpus):
    report = build(corpus, folder, encoder=WordEncoder(), full=True)
    assert (report.encoded, report.kept) == (ALL, 0)


@pytest.mark.parametrize(("version", "words"), [(MATCHER_VERSION, [1, 2]), (MATCHER_VERSION - 1, [3])])
@pytest.mark.parametrize("dimension", [512, 256])
def test_which_words_are_right_is_kept_from_the_same_version_alone(
    folder, corpus, monkeypatch, version, words, dimension
):
    """Whatever the encoder is."""
    monkeypatch.setattr("chatbot.building.build.english_words", lambda: np.array([3], dtype=np.uint64))
    rewrite_manifest(folder, lambda content: content["matcher"].update(version=version))
    edit(corpus / "hips" / "pigeon-pose.md", "pigeon", "dove")
    build(corpus, folder, encoder=WordEncoder(dimension))
    assert open_store(folder).array("english-words").tolist() == words


def test_a_corpus_with_errors_leaves_the_old_index(folder, corpus):
    before = state(folder)
    (corpus / "hips" / "Bad.md").write_text("x")
    (corpus / "hips" / "pigeon-pose.md").write_text("---\nquestion: x\nkind: y\n---\n## A\n\nText.\n")
    with pytest.raises(CorpusError) as caught:
        build(corpus, folder, encoder=WordEncoder())
    assert len(caught.value.problems) == 2
    assert state(folder) == before
    bot = Chatbot(Index.open(folder, WordEncoder()))
    assert bot.match("is pigeon pose safe for my knees")[0].id == "pigeon-pose"


def test_an_encoder_that_fails_leaves_the_old_index(folder, corpus):
    class Broken(WordEncoder):
        def encode(self, texts, progress=None):
            raise EncoderError("broken")

    before = state(folder)
    with pytest.raises(EncoderError):
        build(corpus, folder, encoder=Broken(), full=True)
    assert state(folder) == before


def test_two_builds_at_once(folder, corpus):
    with writing(folder), pytest.raises(IndexBusy, match="another build is writing"):
        build(corpus, folder, encoder=WordEncoder(), full=True)


def test_a_damaged_index_is_built_anew(folder, corpus):
    store = open_store(folder)
    put(store.path("vectors"), b"damaged")
    report = build(corpus, folder, encoder=WordEncoder())
    assert (report.encoded, report.kept) == (ALL, 0)
    assert Index.open(folder).counts == {"entries": ENTRIES, "phrasings": PHRASINGS, "answers": ANSWERS}


def test_progress_tells_each_stage_to_its_end(corpus, tmp_path):
    told = []
    build(corpus, tmp_path / "new", encoder=WordEncoder(), progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] != "fitting"] == [("phrasings", POINTS, POINTS), ("out-of-scope", 4, 4)]
    # 55 harmless phrasings without their entries, 4 other questions, the 55 without their points.
    assert told[2:] == [("fitting", done, 114) for done in (0, 55, 55 + 4, 55 + 4 + 55)]


def test_every_stage_can_be_shown():
    from chatbot.terminal.progress import STAGES

    assert {"model", "tuning", "phrasings", "out-of-scope", "fitting"} <= set(STAGES)


def test_the_manifest_says_what_is_in_it(folder, corpus):
    manifest = open_store(folder).manifest
    assert manifest.counts == Counts(entries=12, phrasings=67, answers=13)
    assert manifest.topics == ("dose", "hips", "lower-back")
    assert manifest.encoder == EncoderSpec("WordEncoder", 512)
    assert manifest.corpus.path == str(corpus)
    assert len(manifest.corpus.files) == 14
    assert manifest.corpus.files["disclaimer.md"].size == (corpus / "disclaimer.md").stat().st_size
    assert manifest.disclaimer.startswith("These answers come from various sources")
    assert set(manifest.entries) == {path.stem for path in corpus.glob("*/*.md")}


def test_a_report_in_words():
    assert str(BuildReport(1200, 45678, 3, 99999, 1.26, True)) == (
        "Built the index: 1,200 entries, 45,678 phrasings; encoded 3 texts, kept 99,999 (1.3 s)."
    )
    assert str(BuildReport(1200, 45678, 0, 0, 0.0, False)) == "Up to date: 1,200 entries, 45,678 phrasings."


def test_a_disk_that_is_full_leaves_the_old_index(folder, corpus, python):
    before = open_store(folder).revision
    program = f"""
import resource, signal, sys
from pathlib import Path
import numpy as np
import chatbot.building.build
from chatbot.errors import StorageError
from tests.fakes import WordEncoder
chatbot.building.build.english_words = lambda: np.array([1], dtype=np.uint64)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    chatbot.building.build.build(Path({str(corpus)!r}), Path({str(folder)!r}), encoder=WordEncoder(), full=True)
except StorageError as error:
    print(error)
"""
    done = python("-c", program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("cannot write ")
    assert done.stdout.endswith("; the index was not changed\n")
    assert len(done.stdout.splitlines()) == 1
    assert open_store(folder).revision == before
    assert not list(folder.glob(".tmp-*"))


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "topic": "\\ud800", "question": "Why?", "answer": "So."}',
        '{"id": "a", "question": "Why \\ud800?", "answer": "So \\ud800."}',
        '{"id": "a", "question": "Why?", "answers": [{"viewpoint": "\\ud800", "text": "So."}]}',
        '{"id": "a", "question": "Why?", "answer": "\\u0000\\u001b[2J So."}',
    ],
)
def test_lone_surrogates_and_control_characters_can_be_built_and_shown(tmp_path, line):
    (tmp_path / "faq.jsonl").write_text(line + "\n" + '{"id": "b", "question": "How?", "answer": "Thus."}\n')
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "new", encoder=WordEncoder())
    shown = bot.entry("a")
    for text in (str(shown), shown.to_markdown(), shown.to_json()):
        text.encode()
        assert "\x1b" not in text
        assert "\x00" not in text


def test_a_topic_whose_name_is_no_utf8(corpus, tmp_path):
    folder = os.fsencode(corpus) + b"/caf\xe9"
    Path(os.fsdecode(folder)).mkdir()
    shutil.copy(corpus / "hips" / "pigeon-pose.md", folder + b"/other-pose.md")
    bot = Chatbot.build(corpus, tmp_path / "new", encoder=WordEncoder())
    bot.ask("what is the capital of france").to_json().encode()


@pytest.mark.parametrize("entries", [1, 2, 3])
def test_a_tiny_corpus_answers_its_own_questions(tmp_path, entries):
    lines = ['{"id": "a", "question": "How do I touch my toes?", "answer": "Fold forward."}']
    lines += ['{"id": "b", "question": "Is yoga for men?", "answer": "It is for all."}'] * (entries > 1)
    lines += [
        '{"id": "c", "question": "When should I rest?", "alternate_questions": ["rest days"], "answer": "On Sunday."}'
    ] * (entries > 2)
    (tmp_path / "faq.jsonl").write_text("\n".join(lines))
    bot = Chatbot.build(tmp_path / "faq.jsonl", tmp_path / "new", encoder=WordEncoder())
    assert bot.match("how do i touch my toes")[0].id == "a"
    assert bot.match("is yoga for men")[0].id == ("b" if entries > 1 else "a")
    assert bot.ask("xyzzy").disclaimer


# With the real model.


def test_nothing_is_written_when_nothing_changed(index):
    before = state(index)
    report = build(CORPUS, index)
    assert counts(report) == (ENTRIES, PHRASINGS, 0, 0, False)
    assert state(index) == before


def test_an_index_is_brought_up_to_date_without_the_model(index, corpus, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    edit(corpus / "dose" / "how-long-hold.md", "stretch duration", "length of a stretch")
    report = build(corpus, index)
    # The out-of-scope questions are this module's few: 4 texts that the index did not have.
    assert counts(report) == (ENTRIES, PHRASINGS, 1 + 4, POINTS - 1, True)
    bot = Chatbot.load(index)
    assert bot.match("length of a stretch")[0].phrasing == "length of a stretch"
    assert bot.match("length of a stretch")[0].id == "how-long-hold"


def model_of(folder):
    return open_store(folder).manifest.encoder.model


def test_another_model_is_brought_in_and_everything_encoded_again(index):
    model = str(_packaged_weights())
    report = build(CORPUS, index, model=model)
    assert (report.encoded, report.kept) == (ALL, 0)
    assert model_of(index) == model
    again = build(CORPUS, index)
    assert again.changed is False  # the index's own model stays
    assert build(CORPUS, index, model=model).changed is False
    assert build(CORPUS, index, full=True).encoded == ALL
    assert model_of(index) == model


def lose_a_file(folder):
    open_store(folder).path("vectors").unlink()


def another_format(folder):
    rewrite_manifest(folder, lambda content: content.update(format=1, matcher="of another shape"))


def cut_the_manifest(folder):
    put(folder / "manifest.json", (folder / "manifest.json").read_bytes()[:-1])


@pytest.fixture
def brought_in(monkeypatch):
    """The models that builds bring in, with whether they are tuned. The builds end there."""
    models = []

    def refuse(name, _folder, _sentences, adapt):
        models.append((name, adapt is not None))
        raise EncoderError

    monkeypatch.setattr(export, "export", refuse)
    return models


@pytest.mark.parametrize("tuned_on", ["", "00"])
@pytest.mark.parametrize(
    ("harm", "full"),
    [(lambda folder: None, True), (lose_a_file, False), (lose_a_file, True), (another_format, False)],
)
def test_a_model_stays_until_another_is_named(index, brought_in, tuned_on, harm, full):
    rewrite_manifest(index, lambda content: content["encoder"].update(model="someone/model", tuned_on=tuned_on))
    harm(index)
    for options in ({}, {"model": "another/model"}):
        with pytest.raises(EncoderError):
            build(CORPUS, index, full=full, **options)
    assert brought_in == [("someone/model", bool(tuned_on)), ("another/model", False)]


def test_where_the_manifest_is_damaged_the_default_model_comes_in(index, brought_in):
    rewrite_manifest(index, lambda content: content["encoder"].update(model="someone/model"))
    cut_the_manifest(index)
    with pytest.raises(EncoderError):
        build(CORPUS, index)
    assert brought_in == [(settings.MODEL, False)]


def test_an_encoder_that_was_given_is_no_model_to_bring_in(folder, corpus, brought_in):
    with pytest.raises(EncoderError):
        build(corpus, folder)
    assert brought_in == [(settings.MODEL, False)]


def test_a_model_that_cannot_be_found_leaves_the_old_index(index, tmp_path):
    before = state(index)
    (tmp_path / "no-model").mkdir()
    with pytest.raises(EncoderError):
        build(CORPUS, index, model=str(tmp_path / "no-model"))
    assert state(index) == before
    assert Chatbot.load(index).ask("How long should I hold a stretch?").id == "how-long-hold"


def test_a_build_with_nothing_to_do_removes_what_died_after_a_commit(index):
    build(CORPUS, index)
    whole = {path.name for path in index.iterdir()}
    (index / "vectors-0123456789abcdef.npy").write_bytes(b"left")
    (index / ".tmp-left").mkdir()
    (index / "notes.txt").write_text("mine")
    assert build(CORPUS, index).changed is False
    assert {path.name for path in index.iterdir()} == whole | {"notes.txt", ".lock"}
