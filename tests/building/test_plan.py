"""What a build will do: each case of an encoder, and what is kept of the index before."""

from dataclasses import replace

import pytest

from chatbot import settings
from chatbot.building.plan import Plan, Request
from chatbot.building.training_set import fingerprint, point_texts, questions_fingerprint
from chatbot.corpus.reader import read_corpus
from chatbot.encoding.spec import ENCODER_FILES, EncoderSpec
from chatbot.index.manifest import Calibration, ChosenModel, MatcherSpec, SearchSpec, StoredFile
from chatbot.matching.follow_ups import FOLLOW_UPS
from chatbot.matching.follow_ups import SIGNALS as FOLLOW_UP_SIGNALS
from chatbot.matching.matcher import MATCHER_VERSION, SIGNALS
from chatbot.matching.screen import ALL_MODELS
from chatbot.records import Thresholds
from tests.conftest import CORPUS
from tests.fakes import WordEncoder, manifest

MODEL = "someone/model"
FILES = {name: StoredFile(f"{name}-0123456789abcdef.bin", "", 1, 2, 3) for name in ENCODER_FILES}
EXPORTED = EncoderSpec(MODEL, 512, max_tokens=256)
GIVEN = EncoderSpec("WordEncoder", 512)


@pytest.fixture(scope="module")
def material():
    """The corpus, and its points."""
    corpus = read_corpus(CORPUS)
    return corpus, point_texts(corpus.entries)


@pytest.fixture
def old(material):
    """What makes the manifest of an index of that corpus, of some encoder and version of the matcher."""

    now, asked = fingerprint(*material), questions_fingerprint(material[0])

    def make(encoder=EXPORTED, version=MATCHER_VERSION, fitted_on=now, calibrated_on=asked):
        sizes = {name: len(signals) for name, signals in SIGNALS.items()} | dict.fromkeys(ALL_MODELS, 2)
        weights = {name: (0.0,) * (size + 1) for name, size in sizes.items()}
        weights[FOLLOW_UPS] = (0.0,) * len(FOLLOW_UP_SIGNALS)
        matcher = MatcherSpec(
            version,
            fitted_on,
            Calibration(calibrated_on, 0),
            weights,
            Thresholds(0.5, 0.5, 0.5, 0.5),
            SearchSpec("flat", 0, 1.0),
            {},
        )
        return manifest(FILES if encoder.is_exported else {}, encoder=encoder, matcher=matcher)

    return make


def plan(material, request, old=None, chosen=None):
    """The plan without what every plan of this corpus has."""
    made = Plan.of(request, old, chosen, *material)
    assert made.fitted_on == fingerprint(*material)
    assert made.calibrated_on == questions_fingerprint(material[0])
    kept = [name for name in ("vectors", "matcher", "english_words") if getattr(made, f"keep_{name}")]
    kept += ["calibration"] if made.may_keep_calibration else []
    return made.model, bool(made.tuned_on), kept


ALL = ["vectors", "matcher", "english_words", "calibration"]


def test_a_first_build(material):
    assert plan(material, Request()) == (settings.MODEL, False, [])
    assert plan(material, Request(model=MODEL)) == (MODEL, False, [])
    assert plan(material, Request(tune=True)) == (settings.MODEL, True, [])
    assert plan(material, Request(encoder=WordEncoder())) == (None, False, [])


def test_what_is_kept_of_an_index(material, old):
    chosen = ChosenModel(MODEL, tuned=False)
    assert plan(material, Request(), old(), chosen) == (None, False, ALL)
    assert plan(material, Request(model=MODEL), old(), chosen) == (None, False, ALL)
    other = old(fitted_on="other")
    assert plan(material, Request(), other, chosen) == (None, False, ["vectors", "english_words", "calibration"])
    other = old(fitted_on="other", calibrated_on="other")
    assert plan(material, Request(), other, chosen) == (None, False, ["vectors", "english_words"])
    other = old(version=0, fitted_on="", calibrated_on="")
    assert plan(material, Request(), other, chosen) == (None, False, ["vectors"])


def test_of_another_encoder_only_what_no_encoder_touches(material, old):
    chosen = ChosenModel(MODEL, tuned=False)
    words = ["english_words"]
    assert plan(material, Request(model="another/model"), old(), chosen) == ("another/model", False, words)
    assert plan(material, Request(tune=True), old(), chosen) == (MODEL, True, words)
    assert plan(material, Request(encoder=WordEncoder()), old(), chosen) == (None, False, words)
    assert plan(material, Request(encoder=WordEncoder(256)), old(GIVEN)) == (None, False, words)
    assert plan(material, Request(), old(GIVEN)) == (settings.MODEL, False, words)


def test_an_encoder_that_is_given_again(material, old):
    assert plan(material, Request(encoder=WordEncoder()), old(GIVEN)) == (None, False, ALL)


def test_a_full_build_keeps_the_model_and_nothing_else(material, old):
    assert plan(material, Request(full=True), old(), ChosenModel(MODEL, tuned=False)) == (MODEL, False, [])
    assert plan(material, Request(full=True), old(), ChosenModel(MODEL, tuned=True)) == (MODEL, True, [])
    assert plan(material, Request(full=True, encoder=WordEncoder()), old(GIVEN)) == (None, False, [])


def test_a_damaged_index_leaves_its_model(material):
    assert plan(material, Request(), None, ChosenModel(MODEL, tuned=False)) == (MODEL, False, [])
    assert plan(material, Request(), None, ChosenModel(MODEL, tuned=True)) == (MODEL, True, [])


def test_a_tuned_encoder(material, old):
    chosen = ChosenModel(MODEL, tuned=True)
    tuned_on = Plan.of(Request(tune=True), None, None, *material).tuned_on
    same, other = (old(replace(EXPORTED, tuned_on=key)) for key in (tuned_on, "other"))
    assert plan(material, Request(tune=True), same, chosen)[0] is None
    assert plan(material, Request(tune=True), other, chosen) == (MODEL, True, ["english_words"])
    # Where nothing is asked, it is kept whatever it was tuned on; the model by its name is the model as it comes.
    assert plan(material, Request(), other, chosen)[0] is None
    assert plan(material, Request(model=MODEL), same, chosen) == (MODEL, False, ["english_words"])
    assert plan(material, Request(model=MODEL, tune=True), same, chosen)[0] is None


def with_adapter(material):
    corpus, points = material
    return replace(corpus, adapter="aa"), points


def test_the_default_model_with_another_adapter_is_brought_in_anew(material, old):
    chosen = ChosenModel(settings.MODEL, tuned=False)
    default = replace(EXPORTED, model=settings.MODEL)
    taught = with_adapter(material)
    assert Plan.of(Request(), old(replace(default, adapter="aa")), chosen, *taught).model is None
    for adapter in ("", "bb"):
        for request in (Request(), Request(model=settings.MODEL)):
            made = Plan.of(request, old(replace(default, adapter=adapter)), chosen, *taught)
            assert (made.model, made.adapter, made.keep_vectors) == (settings.MODEL, "aa", False)


def test_another_model_has_no_adapter(material, old):
    made = Plan.of(Request(), old(), ChosenModel(MODEL, tuned=False), *with_adapter(material))
    assert (made.model, made.adapter) == (None, "")
    made = Plan.of(Request(model="another/model"), old(), ChosenModel(MODEL, tuned=False), *with_adapter(material))
    assert (made.model, made.adapter) == ("another/model", "")
