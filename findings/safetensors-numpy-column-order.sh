#!/bin/sh
# safetensors 0.8.0 (https://pypi.org/project/safetensors/0.8.0/) with numpy 2.4.6: `safetensors.numpy.save_file` and
# `save` write an array that is stored column by column with its numbers in the wrong places. There is no error and no
# warning; the shape and the dtype come back right, and so does the size of the file.
#
# "Tensors need to be contiguous and dense", says the documentation. Such an array is: its memory has no gap, and
# `flags.f_contiguous` and `flags.forc` are true. Release 0.7.0 writes it rightly, as `np.save` does. Seen with 0.8.0:
#
# 1. A matrix of 1,000 by 32 as `np.asfortranarray` gives it: 2 of its 32,000 numbers come back in their place, the
#    first and the last. Of 1,000 embeddings none is nearest to itself any more.
# 2. The like comes from places that do not show it: `np.load` of a file saved column by column, or a projection that is
#    worked out as `(directions @ embeddings.T).T`. Both are contiguous, and both come back wrong.
# 3. The first columns of a matrix, `embeddings[:, :16]`, as one cuts embeddings shorter: what comes back are the whole
#    vectors of the first 500 rows. This one has gaps, so the documentation excludes it, but nothing refuses it.
#
# What to do instead: `np.ascontiguousarray(array)` on whatever is saved. It copies nothing where all is well.
#
# Exits with 0 while that is so, with 1 when one of these has changed. Needs Python 3.11 or newer and PyPI.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    safetensors==0.8.0 numpy==2.4.6
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/before" --no-deps \
    safetensors==0.7.0

cat > "$folder/try.py" <<'PYTHON'
import sys
import warnings
from pathlib import Path

import numpy as np
import safetensors
from safetensors.numpy import load, load_file, save, save_file

folder, good, wrong = Path(sys.argv[1]), sys.argv[2] == "good", []
warnings.simplefilter("error")
print(f"safetensors {safetensors.__version__}")


def seen(what, true):
    print("as before:" if true else "CHANGED:", what)
    if not true:
        wrong.append(what)


def again(array):
    save_file({"array": array}, folder / "array.safetensors")
    back = load_file(folder / "array.safetensors")["array"]
    assert back.shape == array.shape and back.dtype == array.dtype
    assert np.array_equal(back, load(save({"array": array}))["array"])
    return back


rows = np.arange(32000, dtype=np.float32).reshape(1000, 32) / 32000
columns = np.asfortranarray(rows)
seen("both arrays are contiguous and equal", rows.flags.forc and columns.flags.forc and np.array_equal(rows, columns))
seen("row by row all is well", np.array_equal(again(rows), rows))

back = again(columns)
kept = int((back == columns).sum())
print(f"{kept} of {columns.size} numbers are in their place")
if good:
    seen("column by column all is well", kept == columns.size)
    sys.exit(bool(wrong))
seen("column by column two numbers are in their place", kept == 2 and back[0, 0] == 0 and back[-1, -1] == rows[-1, -1])
seen("they are the same numbers in another order", np.array_equal(np.sort(back.ravel()), rows.ravel()))

embeddings = np.random.default_rng(0).standard_normal((1000, 32)).astype(np.float32)
columns = np.asfortranarray(embeddings)
back = again(columns)
themselves = int((((back[:, None] - embeddings[None]) ** 2).sum(axis=2).argmin(axis=1) == np.arange(1000)).sum())
print(f"{themselves} of 1000 embeddings are nearest to themselves")
seen("of 1,000 embeddings none is nearest to itself", themselves == 0)

np.save(folder / "array.npy", columns)
loaded = np.load(folder / "array.npy")
seen("np.save and np.load keep them", np.array_equal(loaded, embeddings))
seen("what np.load gave comes back wrong", loaded.flags.forc and not np.array_equal(again(loaded), loaded))

shorter = (np.eye(16, 32, dtype=np.float32) @ embeddings.T).T
seen("a transposed product is contiguous", shorter.flags.forc and np.array_equal(shorter, embeddings[:, :16]))
seen("it comes back wrong", not np.array_equal(again(shorter), shorter))

first = again(embeddings[:, :16])
seen("of the first columns come back whole rows", np.array_equal(first.reshape(500, 32), embeddings[:500]))

for array in (columns, loaded, shorter, embeddings[:, :16]):
    seen("np.ascontiguousarray makes it right", np.array_equal(again(np.ascontiguousarray(array)), array))
sys.exit(bool(wrong))
PYTHON

PYTHONPATH="$folder/before:$folder/packages" "${PYTHON:-python3}" "$folder/try.py" "$folder" good
PYTHONPATH="$folder/packages" "${PYTHON:-python3}" "$folder/try.py" "$folder" bad
