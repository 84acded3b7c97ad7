#!/bin/sh
# sentence-transformers 6.2.0 (https://pypi.org/project/sentence-transformers/6.2.0/) with faiss-cpu 1.15.1:
# `semantic_search_faiss(..., corpus_precision="uint8")` misses three of four of the nearest neighbours, although the
# search is exact and rescoring is on, both as they come. Beside float32 and one bit a number ("ubinary"), "uint8" is
# all that it takes. The guide to embedding quantization praises "the great performance preservation of scalar
# embeddings", and of the two kinds of byte says only "we can choose either `uint8` or `int8`".
#
# Each of 100 queries has its 10 nearest among 2,000 unit vectors of 128 numbers. Of these 1,000 it finds:
#
#   1,000  as float32
#     252  as uint8, one byte a number
#     195  as uint8 with `rescore=False`; 515 with `rescore_multiplier=10`
#     410  as ubinary: an eighth of the memory, and better
#     999  when the same uint8 codes are turned back into numbers and searched by hand: the bytes are not at fault
#     999  as int8 with its sister `semantic_search_usearch`: the same 256 steps, but numbered from -128
#
# The reason: code 0 stands for the least number of a dimension, and about 128 for zero, but the codes go into
# `faiss.IndexFlatIP` as they are. So some 128 times the sum of a document's codes comes on top of each inner product,
# and documents with a high sum come up for every query: 243 different ones fill the 1,000 places, where there should
# be 795. Rescoring sorts only what was found that way. Nothing warns, as the ranges are those of the corpus throughout.
#
# What to do instead: `faiss.IndexScalarQuantizer` with QT_8bit and METRIC_INNER_PRODUCT, which is given float32 and
# keeps one byte a number (it finds 999), or `semantic_search_usearch` with "int8".
#
# Exits with 0 while that is so, with 1 when one of these has changed. Needs Python 3.11 or newer, PyPI, and room for
# torch in the temporary folder: 1.4 GB with a build for the CPU, more with one for a GPU. The vectors are made of whole
# numbers, so that each machine adds them up alike.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    sentence-transformers==6.2.0 torch==2.13.0 transformers==5.23.0 numpy==2.4.6 faiss-cpu==1.15.1 usearch==2.26.6

cat > "$folder/try.py" <<'PYTHON'
import logging
import sys

import faiss
import numpy as np
from sentence_transformers.util.quantization import (
    quantize_embeddings,
    semantic_search_faiss,
    semantic_search_usearch,
)

wrong, warnings = [], []


class Kept(logging.Handler):
    def emit(self, record):
        warnings.append(record.getMessage())


def seen(what, true):
    print("as before:" if true else "CHANGED:", what)
    if not true:
        wrong.append(what)


def ids(answer):
    return [[hit["corpus_id"] for hit in hits] for hits in answer[0]]


def right(found):
    return sum(len(set(these) & set(those)) for these, those in zip(nearest, found, strict=True))


def about(found, number):
    """A tie at the last place may fall differently elsewhere."""
    return abs(found - number) <= 5


# Each vector has the numbers 1 to 128, in an order and with signs of its own, so that all are equally long.
chance = np.random.default_rng(0)
numbers = np.arange(1, 129)
corpus = chance.permuted(np.tile(numbers, (2000, 1)), axis=1) * chance.choice([-1, 1], size=(2000, 128))
queries = corpus[:100].copy()
for query in queries:
    query[:48] = chance.permuted(query[:48]) * chance.choice([-1, 1], 48)
nearest = np.argsort(-(queries @ corpus.T), axis=1, kind="stable")[:, :10].tolist()
length = np.float32(np.sqrt((numbers**2).sum()))
corpus, queries = (corpus / length).astype(np.float32), (queries / length).astype(np.float32)

floats = ids(semantic_search_faiss(queries, corpus, rescore=False))
print(f"float32: {right(floats)} of 1000")
seen("as float32 it finds all", right(floats) == 1000)

logging.getLogger("sentence_transformers").addHandler(Kept())
codes = quantize_embeddings(corpus, "uint8", calibration_embeddings=corpus)
as_bytes = {"corpus_embeddings": codes, "corpus_precision": "uint8", "calibration_embeddings": corpus}
found = ids(semantic_search_faiss(queries, **as_bytes))
plain = ids(semantic_search_faiss(queries, rescore=False, **as_bytes))
more = ids(semantic_search_faiss(queries, rescore_multiplier=10, **as_bytes))
print(f"uint8: {right(found)}, without rescoring {right(plain)}, with a multiplier of 10 {right(more)}")
seen("as uint8 it finds a quarter", about(right(found), 252))
seen("without rescoring less", about(right(plain), 195))
seen("with five times the candidates half", about(right(more), 515))
seen("no warning says so", warnings == [])
different = [len({number for row in rows for number in row}) for rows in (plain, floats)]
print(f"{different[0]} different documents in 1000 places, as float32 {different[1]}")
seen("the same documents come up again and again", about(different[0], 243) and about(different[1], 795))

bits = ids(semantic_search_faiss(queries, quantize_embeddings(corpus, "ubinary"), corpus_precision="ubinary"))
print(f"ubinary: {right(bits)}")
seen("one bit a number finds more than one byte", about(right(bits), 410))

low, high = corpus.min(axis=0), corpus.max(axis=0)
back = codes * ((high - low) / 255) + low
by_hand = np.argsort(-(queries @ back.T), axis=1)[:, :10].tolist()
print(f"the same codes turned back into numbers: {right(by_hand)}")
seen("the codes themselves are good", about(right(by_hand), 999))

signed = quantize_embeddings(corpus, "int8", calibration_embeddings=corpus)
sister = ids(semantic_search_usearch(queries, signed, corpus_precision="int8", calibration_embeddings=corpus))
print(f"int8 with usearch: {right(sister)}")
seen("int8 with usearch is good", about(right(sister), 999))

index = faiss.IndexScalarQuantizer(128, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
index.train(corpus)
index.add(corpus)
instead = index.search(queries, 10)[1].tolist()
print(f"faiss.IndexScalarQuantizer: {right(instead)}")
seen("the scalar quantizer of faiss is good", about(right(instead), 999))
sys.exit(bool(wrong))
PYTHON

HF_HUB_OFFLINE=1 PYTHONPATH="$folder/packages" "${PYTHON:-python3}" "$folder/try.py"
