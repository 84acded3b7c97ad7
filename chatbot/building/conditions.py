"""What people say of conditions -> the weights that tell who has them."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from chatbot.arrays import Vectors
from chatbot.building.logistic import fit_many_features
from chatbot.matching.conditions import BUCKETS, Conditions, features
from chatbot.records import Condition, ConditionMessage, Entry

_NAMED_BY = 3  # phrasings of an entry: from so many on that name a condition it is for people who have it
_STRENGTH = 0.1  # of the prior, beside the loss of all messages


def not_for(entry: Entry, finder: Conditions) -> tuple[str, ...]:
    """The ids of the conditions that an entry is not for by its `avoid_if`, but for those that people name who ask for
    it: then it is for them."""
    if not entry.not_for:
        return ()
    asked = _named(entry.question, finder)
    named = Counter(condition for phrasing in entry.alternate_questions for condition in _named(phrasing, finder))
    named.update(asked)
    asked |= {condition for condition, count in named.items() if count >= _NAMED_BY}
    return tuple(each for each in entry.not_for if each not in asked)


def _named(text: str, finder: Conditions) -> set[str]:
    return {finder.conditions[mention.condition].id for mention in finder.mentions(text)}


def fit_conditions(conditions: Sequence[Condition], messages: Sequence[ConditionMessage]) -> Vectors:
    """The weights of `matching.conditions.features` for each of `TOLD`, shape (3, BUCKETS + 1), the intercept last: of
    what is said, of what is another's among that, and of what is denied among the rest. Without messages, whatever is
    named is said, and of the writer."""
    finder, found = Conditions(conditions), []
    for message in messages:
        for mention in finder.mentions(message.text):
            if mention.condition == finder.ids[message.condition]:
                found.append((message, features(mention, message.text)))
    said = [(message, buckets) for message, buckets in found if message.said]
    unsaid = [(message, buckets) for message, buckets in found if not message.said]
    counts = _fit([(buckets, message.said) for message, buckets in found], nothing=True)
    another = _fit([(buckets, message.whose == "another") for message, buckets in said], nothing=False)
    denied = _fit([(buckets, message.whose == "nobody") for message, buckets in unsaid], nothing=False)
    return np.stack([counts, another, denied])


def _fit(found: Sequence[tuple[Mapping[int, float], bool]], *, nothing: bool) -> Vectors:
    """The weights, shape (BUCKETS + 1,), that tell by their features which mentions something holds for: logistic
    regression with a Gaussian prior; without any, `nothing` holds for all."""
    from scipy.sparse import csr_matrix, hstack  # what needs no fit shall not wait for it

    weights = np.zeros(BUCKETS + 1, dtype=np.float32)
    if not found:
        weights[-1] = 1 if nothing else -1
        return weights
    columns = np.concatenate([np.fromiter(buckets, dtype=np.int64) for buckets, _ in found])
    values = np.concatenate([np.fromiter(buckets.values(), dtype=np.float64) for buckets, _ in found])
    rows = np.repeat(np.arange(len(found)), [len(buckets) for buckets, _ in found])
    used, place = np.unique(columns, return_inverse=True)  # the prior leaves all others at 0
    design = csr_matrix((values, (rows, place)), shape=(len(found), len(used)))
    design = hstack([design, np.ones((len(found), 1))]).tocsr()
    truth = np.array([holds for _, holds in found])

    weights[[*used, -1]] = fit_many_features(design, truth, np.ones(len(found)), _STRENGTH)
    return weights
