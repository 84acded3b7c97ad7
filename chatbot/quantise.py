"""A model's weights in 8 bits, which asks a processor for half the time, in a file that a session maps into memory.

Weights and what they are multiplied with are scaled in blocks along the row, so that the vector of a text does not
depend on what is encoded with it, as it would with one scale for a whole batch.
"""

import logging
from pathlib import Path
from typing import Any

from chatbot.durable import content_name, sha256_of

_BLOCK = 64  # numbers that share a scale
_COMPUTE_IN_8_BITS = 4  # ONNX Runtime's `accuracy_level`
_SMALL = 1024  # bytes; what is smaller stays in the graph


def in_8_bits(graph: Path, target: Path) -> None:
    """Write an ONNX file in which the weights of `graph`'s products have 8 bits, rounded to the nearest."""
    import onnx

    rounded = _import_quantiser()(
        onnx.load(str(graph)), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=_COMPUTE_IN_8_BITS
    )
    rounded.process()
    onnx.save(rounded.model.model, str(target))


def _import_quantiser() -> Any:
    """ONNX Runtime's quantiser, kept from setting up logging for the whole program, as it does when imported."""
    root, handler = logging.getLogger(), logging.NullHandler()
    root.addHandler(handler)
    try:
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    finally:
        root.removeHandler(handler)
    return MatMulNBitsQuantizer


def with_weights_beside(graph: Path, name: str) -> Path:
    """Move the weights of an ONNX file to a file beside it, which is returned.

    It is named by `name` and its own hash here, because the graph refers to it by that.
    """
    import onnx

    weights = graph.with_name(f"{name}.bin")
    onnx.save_model(
        onnx.load(str(graph)), str(graph), save_as_external_data=True, location=weights.name, size_threshold=_SMALL
    )
    named = weights.with_name(content_name(name, sha256_of(weights), weights.suffix))
    weights.rename(named)
    named.chmod(graph.stat().st_mode)  # onnx writes it for its owner alone
    model = onnx.load(str(graph), load_external_data=False)
    for tensor in model.graph.initializer:
        for item in tensor.external_data:
            if item.key == "location":
                item.value = named.name
    onnx.save(model, str(graph))
    return named
