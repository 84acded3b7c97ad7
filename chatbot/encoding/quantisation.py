"""A model's weights in 8 bits, which takes less than half the time, in a file that a session maps into memory.

Weights have a scale for each column, fixed beforehand; activations one for each row (one token), taken when they come.
So the vector of a text does not depend on what is encoded with it, as it would with one scale for a whole batch.
Channels of activations that are always large are divided first, and the weights that meet them multiplied by as much
(Xiao et al., SmoothQuant, 2023).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot.encoding.encoder import import_onnxruntime
from chatbot.files import content_name, sha256_of

Array = npt.NDArray[np.float32]
# The constant matrices of a graph, by the name of what they are multiplied with and then by that of the product.
Weights = dict[str, dict[str, Array]]

_LARGEST, _ZERO_POINT = 127, 128  # of 8 bits: the largest number, and where quantised activations have 0
_RUNTIME = "com.microsoft"  # the domain of ONNX Runtime's own operators
_EXTERNAL_FROM = 1024  # bytes; what is smaller stays in the graph


def quantise_int8(graph: Path, target: Path, examples: Iterable[Mapping[str, npt.NDArray[Any]]]) -> None:
    """Write a copy of `graph`, an ONNX file, to `target` in which the weights of its products have 8 bits; `examples`
    are inputs such as the model will be given."""
    import onnx

    model = onnx.load(str(graph))
    weights = _weights(model)
    scales = _activation_scales(model, list(weights), examples)
    nodes, constants = _quantised(model.graph.node, weights, scales)
    read = {name for node in nodes for name in node.input}
    kept = [each for each in model.graph.initializer if each.name in read]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend([*kept, *constants])
    if _RUNTIME not in {each.domain for each in model.opset_import}:
        model.opset_import.append(onnx.helper.make_opsetid(_RUNTIME, 1))
    onnx.save(model, str(target))


def _weights(model: Any) -> Weights:
    from onnx import numpy_helper

    constant = {each.name: each for each in model.graph.initializer if len(each.dims) == 2}
    weights: Weights = {}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in constant:
            rows, matrix = node.input
            weights.setdefault(rows, {})[node.output[0]] = numpy_helper.to_array(constant[matrix])
    return weights


def _activation_scales(
    model: Any, names: Sequence[str], examples: Iterable[Mapping[str, npt.NDArray[Any]]]
) -> dict[str, Array]:
    """The root mean square of each channel of some inner tensors, by the tensors' names, each of shape (channels,)."""
    import onnx

    if not names:
        return {}
    onnxruntime = import_onnxruntime()
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    del probe.graph.output[:]
    probe.graph.output.extend([onnx.ValueInfoProto(name=name) for name in names])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=["CPUExecutionProvider"])
    observed = zip(*(session.run(names, dict(example)) for example in examples), strict=True)
    return {
        name: _root_mean_square([rows.reshape(-1, rows.shape[-1]) for rows in each])
        for name, each in zip(names, observed, strict=True)
    }


def _root_mean_square(rows: Sequence[Array]) -> Array:
    size: Array = np.sqrt(np.square(np.concatenate(rows)).mean(axis=0))
    return size


def _quantised(nodes: Iterable[Any], weights: Weights, scales: Mapping[str, Array]) -> tuple[list[Any], list[Any]]:
    """The nodes of a graph with its products in 8 bits, and the constants that these need."""
    from onnx import numpy_helper

    arrays: dict[str, npt.NDArray[Any]] = {
        "row-step": np.array(1 / _LARGEST, dtype=np.float32),
        "row-zero": np.array(_ZERO_POINT, dtype=np.uint8),
    }
    smoothing = {
        rows: _smoothing(scales[rows], np.concatenate(list(products.values()), axis=1))
        for rows, products in weights.items()
    }
    rows_of = {product: rows for rows, products in weights.items() for product in products}
    new: list[Any] = []
    for node in nodes:
        product = node.output[0]
        if product not in rows_of:
            new.append(node)
            continue
        rows = rows_of[product]
        if f"{rows}-smoothing" not in arrays:
            arrays[f"{rows}-smoothing"] = 1 / smoothing[rows]
            new += _quantise_rows(rows)
        whole, step = _quantised_columns(weights[rows][product] * smoothing[rows][:, None])
        arrays |= {f"{product}-weights": whole, f"{product}-step": step}
        new += _product(rows, product)
    return new, [numpy_helper.from_array(array, name) for name, array in arrays.items()]


def _smoothing(scales: Array, weights: Array) -> Array:
    """What to divide each channel by, and to multiply the weights with that meet it, shape (channels,), so that both
    are equally large."""
    largest = np.abs(weights).max(axis=1)
    smoothing: Array = np.sqrt(scales / np.where(largest > 0, largest, 1)).astype(np.float32)
    return np.where((smoothing > 0) & (largest > 0), smoothing, np.float32(1))


def _quantised_columns(weights: Array) -> tuple[npt.NDArray[np.int8], Array]:
    """Weights as whole numbers, and for each column what these are to be multiplied with.

    Processors without VNNI add the products of two neighbours in 16 bits, where 255 * 127 fits. So neighbours may not
    come to more together, either.
    """
    together = np.abs(weights[1:] + weights[:-1]).max(axis=0, initial=0)
    largest = np.maximum(np.abs(weights).max(axis=0), together)
    step = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
    return np.round(weights / step).astype(np.int8), step


def _quantise_rows(rows: str) -> list[Any]:
    """Nodes that smooth a tensor and quantise each of its rows: to `…-whole`, to be multiplied with `…-largest` and the
    row's step. A row of zeros has 0 for its largest number, and so stays one whatever it is divided to."""
    from onnx import helper

    return [
        helper.make_node("Mul", [rows, f"{rows}-smoothing"], [f"{rows}-smooth"]),
        helper.make_node("Abs", [f"{rows}-smooth"], [f"{rows}-size"]),
        helper.make_node("ReduceMax", [f"{rows}-size"], [f"{rows}-largest"], axes=[-1], keepdims=1),
        helper.make_node("Div", [f"{rows}-smooth", f"{rows}-largest"], [f"{rows}-share"]),
        helper.make_node("QuantizeLinear", [f"{rows}-share", "row-step", "row-zero"], [f"{rows}-whole"]),
    ]


def _product(rows: str, product: str) -> list[Any]:
    """Nodes that multiply quantised rows with quantised weights, in float32 again."""
    from onnx import helper

    factors = [f"{rows}-whole", f"{product}-weights", "row-step", f"{product}-step", "row-zero"]
    return [
        helper.make_node("MatMulIntegerToFloat", factors, [f"{product}-share"], domain=_RUNTIME),
        helper.make_node("Mul", [f"{product}-share", f"{rows}-largest"], [product]),
    ]


def externalise_weights(graph: Path, name: str) -> Path:
    """Move the weights of an ONNX file to a file beside it, which is returned.

    It is named by `name` and its own hash here, because the graph refers to it by that.
    """
    import onnx

    weights = graph.with_name(f"{name}.bin")
    onnx.save_model(
        onnx.load(str(graph)),
        str(graph),
        save_as_external_data=True,
        location=weights.name,
        size_threshold=_EXTERNAL_FROM,
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
