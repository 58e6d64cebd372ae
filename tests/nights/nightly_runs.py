"""Runs of the command in processes of their own, and what they left in their data folder."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = (ROOT / f"samples/2019-09-{day}.warc.gz" for day in (11, 12))

Dump = dict[str, list[dict[str, Any]]]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This process's environment with a data folder of its own and nothing else of ours in it."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    return own | {"KUAIXUN_DATA": str(folder), "COLUMNS": "200"} | more


def kuaixun(
    folder: Path, *words: str, env: Mapping[str, str] | None = None, expect: int = 0
) -> str:
    """Run `kuaixun WORDS` on the data folder; returns stdout. Asserts the exit code `expect`."""
    return run(folder, "-m", "kuaixun", *words, env=env, expect=expect).stdout


def run(
    folder: Path,
    *words: str,
    env: Mapping[str, str] | None = None,
    expect: int = 0,
    within: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run Python with `words` at the project's root, inside the command `within` if given."""
    done = subprocess.run(
        [*within, sys.executable, *words],
        cwd=ROOT,
        env=environment(folder, **(env or {})),
        capture_output=True,
        encoding="utf-8",
        timeout=100,
    )
    told = f"{' '.join(words)} ended with {done.returncode}, not {expect}"
    assert done.returncode == expect, f"{told}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


def replay(folder: Path, archive: Path, expect: int) -> str:
    """One sample night from its archive; returns the table."""
    return kuaixun(folder, "nightly", "--archive", str(archive), expect=expect)


def dump(folder: Path, env: Mapping[str, str] | None = None) -> Dump:
    """What `kuaixun db dump` tells of the folder: records by table."""
    tables: Dump = {}
    for line in kuaixun(folder, "db", "dump", env=env).splitlines():
        record = json.loads(line)
        tables.setdefault(record.pop("table"), []).append(record)
    return tables


def query(folder: Path, sql: str, *values: str) -> list[dict[str, Any]]:
    """The records that `sql` selects from the folder's database, read only."""
    path = (folder / "kuaixun.sqlite3").as_uri() + "?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(record) for record in database.execute(sql, values)]


def difference(left: Dump, right: Dump, without: tuple[str, ...] = ()) -> list[str]:
    """Every record that only one of two dumps holds, `without` these tables; [] for equal ones.
    One line a record that both hold with other values: the fields that differ."""
    found = []
    for table in sorted({*left, *right} - {*without}):
        here = [json.dumps(r, ensure_ascii=False, sort_keys=True) for r in left.get(table, [])]
        there = [json.dumps(r, ensure_ascii=False, sort_keys=True) for r in right.get(table, [])]
        only = [[r for r in x if r not in y] for x, y in ((here, there), (there, here))]
        if len(here) != len(there):
            found.append(f"{table}: {len(here)} records here, {len(there)} there")
        for one, other in zip(*only, strict=False):
            a, b = json.loads(one), json.loads(other)
            fields = {k: (a.get(k), b.get(k)) for k in {*a, *b} if a.get(k) != b.get(k)}
            found.append(f"{table} {fields}")
        for side, records in zip("<>", only, strict=True):
            found += [f"{table} {side} {r}" for r in records[min(map(len, only)) :]]
    return found
