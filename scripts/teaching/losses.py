"""What is wanted of the vectors of a batch, and how far they are from it."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

from scripts.teaching.lesson import Batch

PROXY_SCALE, SMOOTHING = 20.0, 0.05
_TEMPERATURE = 0.07
_RED_FLAG_SCALE = 10.0


def loss_of(vectors: torch.Tensor, batch: Batch, proxies: torch.Tensor, planes: torch.nn.Linear) -> torch.Tensor:
    """How far the vectors of a batch are from what they should be."""
    owned = batch.entries >= 0
    logits = PROXY_SCALE * vectors @ normalize(proxies, dim=1).T
    near_proxies = cross_entropy(logits[owned], batch.entries[owned], label_smoothing=SMOOTHING)
    near_none = out_of_scope_loss(logits[batch.out_of_scope])
    red_flags = red_flag_loss(planes, vectors, batch.urgent, batch.caution, batch.tellable)
    return near_proxies + _contrast(vectors[owned], batch.entries[owned]) + near_none / 2 + 2 * red_flags


def out_of_scope_loss(logits: torch.Tensor) -> torch.Tensor:
    """How far what is said of out-of-scope texts, shape (texts, entries), is from speaking for no entry more than for
    others."""
    return -torch.log_softmax(logits, dim=1).mean() - torch.log(torch.tensor(logits.shape[1]))


def red_flag_loss(
    planes: torch.nn.Linear,
    vectors: torch.Tensor,
    urgent: torch.Tensor,
    caution: torch.Tensor,
    tellable: torch.Tensor | None = None,
) -> torch.Tensor:
    """How far texts are from their sides of the planes; for a caution only those of which it is `tellable`."""
    is_sign, may_be_sign = planes(_RED_FLAG_SCALE * vectors).T
    told = slice(None) if tellable is None else tellable
    of_caution = binary_cross_entropy_with_logits(may_be_sign[told], caution[told])
    return binary_cross_entropy_with_logits(is_sign, urgent) + of_caution


def _contrast(vectors: torch.Tensor, entries: torch.Tensor) -> torch.Tensor:
    """The cross-entropy of finding the other texts of a text's entry among all others."""
    itself = torch.eye(len(vectors), dtype=torch.bool)
    log_likelihood = torch.log_softmax((vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -torch.inf), dim=1)
    partners = (entries[:, None] == entries[None]) & ~itself
    found = log_likelihood.masked_fill(~partners, 0.0).sum(dim=1) / partners.sum(dim=1).clamp(min=1)
    return -found[partners.any(dim=1)].mean()
