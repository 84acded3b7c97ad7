#!/bin/sh
# onnx 1.23.2 (https://pypi.org/project/onnx/1.23.2/): `onnx.save(model, path, save_as_external_data=True)` takes the
# weights out of the model that it is given, and then saves that model elsewhere without weights and without an error.
# Its documentation says that it "saves the ModelProto to the specified path", and nothing of a change of the model.
#
# The model has one embedding table of 16,384 bytes. Seen:
#
# 1. The first save writes `m.onnx` and the table as `m.data`. Afterwards the model in memory has 168 bytes of 16,507.
# 2. The same call for another folder succeeds and writes `m.onnx` of 168 bytes, but no `m.data`: what is there cannot
#    be loaded. Saving it as one file, without external data, succeeds as well, and again writes 168 bytes.
# 3. A newly made model that is saved over the first is added to the end of `m.data`: 32,768 bytes after the second
#    save, 49,152 after the third, of which only the last 16,384 are used. The function underneath,
#    `convert_model_to_external_data`, documents a FileExistsError "if a file already exists in location", which is
#    relative to the model; but it looks for it in the current folder, and raises only where the two are the same.
#
# What to do instead: save a copy (`copy.deepcopy(model)`), or load anew what was saved, and delete `m.data` before.
#
# Exits with 0 while that is so, with 1 when one of these has changed. Needs Python 3.11 or newer and PyPI.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    onnx==1.23.2 numpy==2.4.6 protobuf==7.36.2

cat > "$folder/try.py" <<'PYTHON'
import copy
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder, wrong = Path(sys.argv[1]), []
warnings.simplefilter("error")
elsewhere = folder / "elsewhere"
for name in ("one", "two", "three", "elsewhere"):
    (folder / name).mkdir()
os.chdir(elsewhere)


def seen(what, true):
    print("as before:" if true else "CHANGED:", what)
    if not true:
        wrong.append(what)


def made(least):
    table = np.arange(least, least + 4096, dtype=np.float32).reshape(1024, 4)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "token"], ["embedding"])],
        "lookup",
        [helper.make_tensor_value_info("token", TensorProto.INT64, [None])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [None, 4])],
        [numpy_helper.from_array(table, "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)


def saved(model, where):
    onnx.save(model, folder / where / "m.onnx", save_as_external_data=True, location="m.data")
    return sorted((file.name, file.stat().st_size) for file in (folder / where).iterdir())


def least(where):
    return numpy_helper.to_array(onnx.load(folder / where / "m.onnx").graph.initializer[0])[0, 0]


model = made(0)
before = model.ByteSize()
files = saved(model, "one")
print(f"saved {files}, the model has {model.ByteSize()} bytes of {before}")
seen("the first save writes the table", files == [("m.data", 16384), ("m.onnx", 168)] and least("one") == 0)
seen("it takes the table out of the model", before == 16507 and model.ByteSize() == 168)

files = saved(model, "two")
print(f"saved again {files}")
seen("the second save writes no table, and says nothing", files == [("m.onnx", 168)])
try:
    onnx.load(folder / "two/m.onnx")
    seen("it cannot be loaded", False)
except onnx.checker.ValidationError as error:
    print(error)
    seen("it cannot be loaded", True)
onnx.save(model, elsewhere / "single.onnx")
seen("nor is the table in a single file", (elsewhere / "single.onnx").stat().st_size == 168)

for number, size in ((1, 32768), (2, 49152)):
    files = saved(made(number), "one")
    print(f"saved over it {files}")
    seen("saving over it adds to the file", dict(files)["m.data"] == size and least("one") == number)
os.chdir(folder / "one")
try:
    saved(made(3), "one")
    seen("in the current folder it is an error", False)
except FileExistsError as error:
    print(f"FileExistsError: {error}")
    seen("in the current folder it is an error", True)
os.chdir(elsewhere)

model = made(4)
saved(copy.deepcopy(model), "three")
(folder / "two/m.onnx").unlink()
files = saved(copy.deepcopy(model), "two")
seen("saving a copy leaves the model as it was", dict(files)["m.data"] == 16384 and least("two") == 4)
sys.exit(bool(wrong))
PYTHON

PYTHONPATH="$folder/packages" "${PYTHON:-python3}" "$folder/try.py" "$folder"
