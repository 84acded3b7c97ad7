"""Weights in 8 bits, on graphs of one product whose every number is worked out by hand."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from chatbot.encoding.quantisation import quantise_int8

WEIGHTS = [[4.0, 1.0], [1.0, 2.0]]
# Channels that are usually 16 and a half large.
EXAMPLES = [{"x": np.array([[[16, 0.5], [-16, -0.5]]], dtype=np.float32)}]


def graph(path, *weights, operator="MatMul"):
    """A file with one product of `x`, or several, with constant matrices."""
    nodes = [helper.make_node(operator, ["x", f"w{at}"], [f"y{at}"]) for at in range(len(weights))]
    constants = [numpy_helper.from_array(np.array(each, dtype=np.float32), f"w{at}") for at, each in enumerate(weights)]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", "tokens", 2])
    y = [helper.make_tensor_value_info(f"y{at}", TensorProto.FLOAT, None) for at in range(len(weights))]
    made = helper.make_graph(nodes, "products", [x], y, constants)
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def rounded(folder, *weights, examples=EXAMPLES):
    """The rounded graph, and what runs it."""
    target = folder / "small.onnx"
    quantise_int8(graph(folder / "graph.onnx", *weights), target, examples)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    return onnx.load(str(target)), lambda x: session.run(None, {"x": np.array(x, dtype=np.float32)})


def constant(model, name):
    return next(numpy_helper.to_array(each) for each in model.graph.initializer if each.name == name)


def test_a_product_is_rounded_as_by_hand(tmp_path):
    model, run = rounded(tmp_path, WEIGHTS)
    # Channels are divided by the roots of 16 / 4 and 0.5 / 2, and the weights multiplied: 8 2 / 0.5 1.
    assert constant(model, "x-smoothing").tolist() == [0.5, 2]
    # 127 of each column is what its two come to, 8.5 and 3.
    assert constant(model, "y0-weights").tolist() == [[120, 85], [7, 42]]
    assert constant(model, "y0-weights").dtype == np.int8
    assert constant(model, "y0-step") == pytest.approx([8.5 / 127, 3 / 127])
    # 16 and 1 are 8 and 2 when smooth: 127 and 32 (31.75) of 127.
    wanted = [(127 * 120 + 32 * 7) / 127 * 8.5 / 127 * 8, (127 * 85 + 32 * 42) / 127 * 3 / 127 * 8]
    assert wanted == pytest.approx([65.20, 18.06], abs=0.01)  # where the exact product is 65 and 18
    assert run([[[16, 1]]])[0][0, 0] == pytest.approx(wanted)


def test_neighbours_do_not_overflow_16_bits(tmp_path):
    model, _ = rounded(tmp_path, [[1.0, -1.0, 1.0], [1.0, -0.9, -1.0]])
    weights = constant(model, "y0-weights").astype(int)
    assert np.abs(weights).max() == 127  # where signs differ, as 255 times each is less than both
    most, least = (255 * np.maximum(sign * weights, 0).sum(axis=0) for sign in (1, -1))
    assert max(most.max(), least.max()) <= 32_767


def test_a_row_does_not_depend_on_what_else_there_is(tmp_path):
    _, run = rounded(tmp_path, WEIGHTS)
    rows = np.random.default_rng(0).normal(size=(3, 4, 2)) * [16, 1]
    rows[1, 2] *= 1000
    together = run(rows)[0]
    for at in np.ndindex(3, 4):
        assert run(rows[at][None, None])[0][0, 0].tolist() == together[at].tolist()


def test_a_row_of_zeros_stays_one(tmp_path):
    _, run = rounded(tmp_path, WEIGHTS)
    assert run([[[0, 0], [16, 1]]])[0][0].tolist() == [[0, 0], run([[[16, 1]]])[0][0, 0].tolist()]


@pytest.mark.parametrize(
    ("weights", "examples", "x", "wanted"),
    [
        ([[0, 0], [1, 1]], EXAMPLES, [5, 1], [1, 1]),  # a channel that nothing comes of
        ([[1, 0], [1, 0]], EXAMPLES, [1, 1], [2, 0]),  # a column of zeros
        (WEIGHTS, [{"x": np.zeros((1, 1, 2), dtype=np.float32)}], [1, 1], [5, 3]),  # nothing is known of the channels
    ],
)
def test_zeros_are_no_exception(tmp_path, weights, examples, x, wanted):
    _, run = rounded(tmp_path, weights, examples=examples)
    assert run([[x]])[0][0, 0] == pytest.approx(wanted, abs=0.1)


def test_the_rows_of_several_products_are_rounded_once(tmp_path):
    model, run = rounded(tmp_path, WEIGHTS, [[2.0, 0.0], [0.0, 2.0]])
    kinds = [node.op_type for node in model.graph.node]
    assert (kinds.count("QuantizeLinear"), kinds.count("MatMulIntegerToFloat")) == (1, 2)
    first, second = run([[[16, 1]]])
    assert first[0, 0] == pytest.approx([65, 18], rel=0.02)
    assert second[0, 0] == pytest.approx([32, 2], rel=0.02)
    assert not {"w0", "w1"} & {each.name for each in model.graph.initializer}


def test_a_graph_without_products_stays_as_it_is(tmp_path):
    target = tmp_path / "small.onnx"
    source = graph(tmp_path / "graph.onnx", [[1.0, 2.0]], operator="Add")
    quantise_int8(source, target, EXAMPLES)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    assert session.run(None, {"x": np.ones((1, 1, 2), dtype=np.float32)})[0].tolist() == [[[2, 3]]]
