"""A past issue is imported whole or not at all, whatever is killed, however full the disk is."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL: a POSIX system")

# The command, in a process that dies at its Nth statement that writes, or at its commit.
KILLED = """
import os, signal, sys
import store
store.migrate()
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

point, number = sys.argv[1], int(sys.argv[2])
count = 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def counted(execute, sql, params, many, context):
    global count
    if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
        count += 1
        if point == "statement" and count == number:
            die()
    return execute(sql, params, many, context)

commit = BaseDatabaseWrapper.commit

def committed(self):
    if point == "before-commit":
        die()
    commit(self)
    if point == "after-commit":
        die()

BaseDatabaseWrapper.commit = committed
connection.execute_wrappers.append(counted)
sys.argv = ["kuaixun", "issue", "import", *sys.argv[3:]]
from kuaixun.__main__ import main
try:
    main()
finally:
    print("statements:", count)
"""
# The same on a disk that has room for so many more pages of the database.
FULL = """
import sys
import store
store.migrate()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA page_count")
    pages = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA max_page_count = {pages + int(sys.argv[1])}")
sys.argv = ["kuaixun", "issue", "import", *sys.argv[2:]]
from kuaixun.__main__ import main
main()
"""


def issue(path: Path, text: str) -> str:
    notices = [
        {
            "bulletin_title": f"关于印发某省第{number}号规划的通知",
            "category": "政策文件",
            "url": f"https://gxt.gov.cn/{number}.html",
            "paragraphs": [f"{text}{number}。" * 40],
        }
        for number in range(3)
    ]
    told = {"publisher": "某公司", "number": "(2019) 0902 期", "categories": ["政策文件"]}
    path.write_text(json.dumps(told | {"notices": notices}), encoding="utf-8")
    return str(path)


def run(env: dict[str, str], code: str, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def dump(env: dict[str, str]) -> dict[str, Any]:
    code = """
import json, store
store.migrate()
from store.models import EntryBand
from store.queries import dump
print(json.dumps(dump() | {"bands": EntryBand.objects.count()}))
"""
    ran = run(env, code)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_a_killed_import_leaves_what_was_there_and_is_finished_by_another(
    own_process: dict[str, str], tmp_path: Path
) -> None:
    first, second = issue(tmp_path / "1.json", "旧"), issue(tmp_path / "2.json", "新")
    whole = run(own_process, KILLED, "never", "0", first)
    assert whole.returncode == 0, whole.stderr
    statements = int(whole.stdout.rpartition("statements:")[2])
    assert statements >= 3
    before = dump(own_process)

    replacing = [second, "--replace"]
    for point, number in (
        ("statement", 2),
        ("statement", statements),
        ("before-commit", 0),
    ):
        killed = run(own_process, KILLED, point, str(number), *replacing)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert dump(own_process) == before
    assert run(own_process, KILLED, "after-commit", "0", *replacing).returncode == -signal.SIGKILL
    after = dump(own_process)
    assert after != before
    again = run(own_process, KILLED, "never", "0", second)
    assert "没有变化" in again.stdout
    assert dump(own_process) == after


@pytest.mark.sqlite  # the page limit is SQLite's
def test_a_full_disk_is_named_and_leaves_nothing(
    own_process: dict[str, str], tmp_path: Path
) -> None:
    path = issue(tmp_path / "1.json", "旧" * 500)
    empty = dump(own_process)
    for pages in (0, 2):
        ran = run(own_process, FULL, str(pages), path)
        assert ran.returncode == 4, ran.stderr
        assert "disk is full" in ran.stderr
        assert dump(own_process) == empty
    assert run(own_process, FULL, "1000", path).returncode == 0
    with sqlite3.connect(tmp_path / "kuaixun.sqlite3") as database:
        assert database.execute("SELECT COUNT(*) FROM store_entry").fetchone() == (3,)
