"""`kuaixun bench store`: the invented truth is consistent, and a small store is measured whole."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from kuaixun.bench.store_corpus import Planted, stories

HERE = Path(__file__).resolve().parent.parent.parent


def planted(count: int = 200) -> list[Planted]:
    return [one for story in stories(7, 0, count) for one in story]


def bench(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kuaixun", "bench", "store", *words],
        cwd=HERE,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_seed_invents_the_same() -> None:
    assert planted() == planted()
    parts = [one for first in range(0, 200, 50) for s in stories(7, first, first + 50) for one in s]
    assert parts == planted(), "however many are made at a time"
    assert planted() != [one for story in stories(8, 0, 200) for one in story]


def test_an_address_is_of_one_notice_and_what_is_about_comes_after() -> None:
    seen: set[str] = set()
    documents: set[int] = set()
    for one in planted():
        assert (one.address in seen) == one.revises
        assert not one.about or one.about in documents
        seen.add(one.address)
        documents.add(one.document)


def test_no_two_documents_are_printed_alike() -> None:
    printed: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in planted(600):
        printed[one.copy.title, one.copy.text].add(one.document)
    assert all(len(documents) == 1 for documents in printed.values())


def test_every_sort_of_story_is_there_and_texts_are_of_all_lengths() -> None:
    notices = planted(600)
    assert {one.story for one in notices} == {
        *("lone", "reposted", "yearly", "batches", "months", "permits"),
        *("appointments", "drafts", "holidays", "columns"),
    }
    lengths = sorted(len(one.copy.text) for one in notices)
    assert lengths[0] < 300
    assert lengths[-1] > 6000


def test_a_small_store_is_built_saved_and_judged() -> None:
    done = bench("--notices", "400", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["notices"] >= 400
    assert told["saved"] >= 50
    assert told["pairs"]["right"] > 50
    assert told["pairs"]["wrong"] <= told["pairs"]["right"] / 100
    assert told["pairs"]["missed"] <= told["pairs"]["right"] / 20
    assert told["links"]["right"]
    assert told["join_ms"]["max"] >= told["join_ms"]["p95"] >= told["join_ms"]["p50"] > 0


def test_a_database_that_holds_something_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite3"
    first = bench("--notices", "100", "--database", f"sqlite:///{kept}")
    assert first.returncode == 0, first.stderr
    assert "precision" in first.stdout
    again = bench("--notices", "100", "--database", f"sqlite:///{kept}")
    assert again.returncode == 2
    assert "holds something already" in again.stderr
