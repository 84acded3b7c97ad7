"""What a build will do, decided before it does anything: which encoder it uses, and what it keeps of the old index."""

import json
from dataclasses import dataclass

from chatbot import settings
from chatbot.building.embeddings import text_key
from chatbot.building.training_set import PointTexts, fingerprint, questions_fingerprint
from chatbot.corpus.corpus import Corpus
from chatbot.encoding.encoder import Encoder
from chatbot.encoding.spec import EncoderSpec
from chatbot.index.manifest import ChosenModel, Manifest
from chatbot.matching.matcher import MATCHER_VERSION


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build; see `build.build`."""

    model: str | None = None
    full: bool = False
    tune: bool = False
    encoder: Encoder | None = None

    def is_met_by(self, spec: EncoderSpec, tuned_on: str = "") -> bool:
        """Whether the encoder of an index is the one asked for: any where none is, else that model, tuned on this."""
        if not self.model and not self.tune:
            return spec.is_exported
        return spec.is_exported and self.model in (None, spec.model) and spec.tuned_on == tuned_on


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the encoder comes from, and what is kept of the index before.

    The encoder is `given`; or else `model` is exported, with the corpus's adapter where `adapter` is not empty and
    tuned where `tuned_on` is not; or else it is kept. A matcher is kept that was fitted on the same as it would be
    now, which `fitted_on` stands for. Its calibration may be kept that rests on the same questions, which
    `calibrated_on` stands for.
    """

    given: Encoder | None
    model: str | None
    adapter: str
    tuned_on: str
    fitted_on: str
    calibrated_on: str
    keep_vectors: bool
    keep_matcher: bool
    may_keep_calibration: bool
    keep_english_words: bool

    @classmethod
    def of(
        cls, request: Request, old: Manifest | None, chosen: ChosenModel | None, corpus: Corpus, points: PointTexts
    ) -> "Plan":
        """The plan for `corpus`, whose points are `points`, where `old` is the manifest of an index that is whole, and
        `chosen` the model of one that may not be."""
        old = None if request.full else old
        given = request.encoder
        tune = request.tune or (request.model is None and chosen is not None and chosen.tuned)
        tuned_on = text_key(json.dumps([entry.phrasings for entry in corpus.entries])).hex() if tune else ""
        fitted_on, calibrated_on = fingerprint(corpus, points), questions_fingerprint(corpus)
        model = request.model or (chosen.name if chosen else settings.MODEL)
        adapter = corpus.adapter if model == settings.MODEL else ""
        if given:
            same_encoder = old is not None and old.encoder == given_spec(given)
        else:
            same_encoder = (
                old is not None
                and request.is_met_by(old.encoder, tuned_on)
                and old.encoder.adapter == (corpus.adapter if old.encoder.model == settings.MODEL else "")
            )
        return cls(
            given=given,
            model=None if given or same_encoder else model,
            adapter=adapter,
            tuned_on=tuned_on,
            fitted_on=fitted_on,
            calibrated_on=calibrated_on,
            # Vectors are those of one encoder, and a fit rests on vectors; which words are English does not.
            keep_vectors=same_encoder,
            keep_matcher=same_encoder and old is not None and old.matcher.fitted_on == fitted_on,
            may_keep_calibration=same_encoder and old is not None and old.matcher.calibration.on == calibrated_on,
            keep_english_words=old is not None and old.matcher.version == MATCHER_VERSION,
        )


def given_spec(encoder: Encoder) -> EncoderSpec:
    """What is known of an encoder that a program gives."""
    return EncoderSpec(type(encoder).__name__, encoder.dimension)
