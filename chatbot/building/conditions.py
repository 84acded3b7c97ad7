"""What people say of conditions -> the weights that tell who has them."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from chatbot.arrays import Vectors
from chatbot.matching.conditions import BUCKETS, Conditions, features
from chatbot.matching.logistic import Array, logistic
from chatbot.records import Condition, ConditionMessage, Entry

_NAMED_BY = 3  # phrasings of an entry: from so many on that name a condition it is for people who have it
_RIDGE = 0.1  # of the weights, beside the mean loss of a message times their number


def not_for(entry: Entry, finder: Conditions) -> tuple[str, ...]:
    """The ids of the conditions that an entry is not for by its `avoid_if`, but for those that people name who ask for
    it: then it is for them."""
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
    counts = _fit(conditions, messages, lambda message: message.said, nothing=True)
    said = [message for message in messages if message.said]
    unsaid = [message for message in messages if not message.said]
    another = _fit(conditions, said, lambda message: message.whose == "another", nothing=False)
    denied = _fit(conditions, unsaid, lambda message: message.whose == "nobody", nothing=False)
    return np.stack([counts, another, denied])


def _fit(
    conditions: Sequence[Condition],
    messages: Sequence[ConditionMessage],
    is_so: Callable[[ConditionMessage], bool],
    *,
    nothing: bool,
) -> Vectors:
    """The weights, shape (BUCKETS + 1,), of what holds for some messages: logistic regression with a Gaussian prior, on
    those whose condition is found in them; where it is in none, `nothing` holds for all."""
    rows = {condition.id: row for row, condition in enumerate(conditions)}
    finder = Conditions(conditions)
    found = [
        (features(mention, message.text), is_so(message))
        for message in messages
        for mention in finder.mentions(message.text)
        if mention.condition == rows[message.condition]
    ]
    if not found:
        return np.append(np.zeros(BUCKETS, dtype=np.float32), np.float32(1 if nothing else -1))
    places = [(row, bucket) for row, (buckets, _) in enumerate(found) for bucket in buckets]
    values = [value for buckets, _ in found for value in buckets.values()]
    design = csr_matrix((values, tuple(zip(*places, strict=True))), shape=(len(found), BUCKETS))
    design = hstack([design, np.ones((len(found), 1))]).tocsr()
    truth = np.array([said for _, said in found])

    def loss(weights: Array) -> tuple[float, Array]:
        """The negative log-likelihood, less the prior's, and its gradient."""
        margin = np.where(truth, 1, -1) * (design @ weights)
        slope = design.T @ (logistic(design @ weights) - truth)
        return float(np.logaddexp(0, -margin).sum() + _RIDGE * weights @ weights / 2), slope + _RIDGE * weights

    fitted: Vectors = minimize(loss, np.zeros(BUCKETS + 1), jac=True, method="L-BFGS-B").x.astype(np.float32)
    return fitted
