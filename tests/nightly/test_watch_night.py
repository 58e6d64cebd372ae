"""Kept pages asked for again, in whole nights through the command: live ones replay alike."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samples.files import docx
from tests.nightly.night_world import ROOT, Site, World

TITLES = {
    18: "关于开展绿色工厂推荐工作的通知",
    17: "关于组织申报技术改造项目的通知",
    16: "关于举办质量管理培训班的通知",
    15: "关于公布节水型企业名单的通知",
}
FILES = {
    16: docx([TITLES[16], "各有关单位：", "定于下月举办质量管理培训班，请派员参加。"], [["序号"]])
}
OLDER = """
import store
store.setup()
from store.models import Revision
Revision.objects.update(reader="0", content_hash="of another reader")
"""
DECIDE = """
import sys, store
store.setup()
from store.models import Notice
from store.reviews import decide
for notice in Notice.objects.select_related("source"):
    if notice.title in sys.argv[1:]:
        decide(notice.source.name, notice.address, "candidate", "申报通知", who="张编辑")
"""


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source after its first night; three of its notices are candidates."""
    folder = tmp_path_factory.mktemp("first") / "world"
    folder.mkdir()
    made = World(folder)
    made.source("good")
    first = Site(TITLES, etag='"1"', etags={18: '"a"', 17: '"b"'}, files=FILES)
    assert made.night(made.archive("2026-03-19", good=first)).code == 0
    run(made, DECIDE, *(TITLES[day] for day in (18, 17, 16)))
    return folder


def run(made: World, program: str, *words: str) -> None:
    """A few lines of Python over the world's store."""
    command = [sys.executable, "-c", program, *words]
    subprocess.run(command, cwd=ROOT, env=made.environment, check=True)


def copied(folder: Path, to: Path) -> World:
    """The world of that folder, to go on with."""
    shutil.copytree(folder, to)
    shutil.rmtree(to / "someones_spiders")
    made = World(to)
    made.source("good")
    return made


def test_an_older_reader_and_the_same_pages_make_no_revision(chosen: World) -> None:
    """A page and a file, kept by another reader and read again by today's, say what they said."""
    run(chosen, OLDER)
    same = Site(TITLES, etag='"2"', files=FILES)
    ran = chosen.night(chosen.archive("2026-03-20", good=same))
    told = ran.outcomes["good"]
    assert (told["watched"], told["revised"], told["vanished"]) == (3, 0, 0)
    revisions = records(chosen, "Revision")
    assert len(revisions) == len(TITLES)
    # those that were asked for are of today's reader again
    assert sum('"reader": "0"' in revision for revision in revisions) == len(TITLES) - 3
    assert not any('"what": "revised"' in event for event in records(chosen, "ReviewEvent"))


def records(made: World, table: str) -> list[str]:
    return [line for line in made.dump().splitlines() if f'"table": "{table}"' in line]


@pytest.fixture
def chosen(first_night: Path, tmp_path: Path) -> World:
    return copied(first_night, tmp_path / "one")


def test_what_changed_what_is_gone_and_what_is_the_same(
    chosen: World, first_night: Path, tmp_path: Path
) -> None:
    second = Site(
        {18: TITLES[18]},
        etag='"1"',  # 304: the list has not changed
        etags={18: '"a"', 17: '"c"'},
        unlisted={17: "关于再次组织申报技术改造项目的通知", 16: ""},
        missing={16},
        files={16: b""},
    )
    ran = chosen.night(chosen.archive("2026-03-20", good=second))
    assert ran.code == 0
    told = ran.outcomes["good"]
    assert (told["requests"], told["not_modified"]) == (4, 2)  # the list, and three pages
    assert (told["watched"], told["vanished"], told["revised"]) == (3, 1, 1)
    assert "改 1 条" in told["why"]
    assert "复查 3 页，撤下 1" in told["why"]
    events = records(chosen, "ReviewEvent")
    assert sorted(w for w in ("gone", "revised") if any(f'"what": "{w}"' in e for e in events)) == [
        "gone",
        "revised",
    ]

    # run again it is told alike, and a page that is gone is no news
    before = chosen.dump()
    again = chosen.night(chosen.archive("2026-03-20", good=second))
    assert again.outcomes["good"]["vanished"] == 1
    assert chosen.dump() == before

    # what that night wrote down, replayed by another office that chose the same
    other = copied(first_night, tmp_path / "other")
    archived = chosen.folder / "data/warc/2026-03-20.warc.gz"
    replayed = other.night(archived)
    assert replayed.outcomes["good"]["why"] == told["why"]
    assert replayed.outcomes["good"]["requests"] == told["requests"]
    assert other.dump() == before

    # and back again
    third = Site({18: TITLES[18]}, etag='"1"', unlisted={17: "另一通知", 16: ""}, files=FILES)
    back = chosen.night(chosen.archive("2026-03-21", good=third))
    assert back.outcomes["good"]["vanished"] == 0
    assert any('"what": "back"' in event for event in records(chosen, "ReviewEvent"))


def test_a_replay_that_does_not_hold_the_pages_is_silent(chosen: World) -> None:
    tables = ("Notice", "Revision", "Row", "ReviewEvent")
    before = [records(chosen, table) for table in tables]
    ran = chosen.night(chosen.archive("2026-03-20", good=Site({15: TITLES[15]}, etag='"1"')))
    told = ran.outcomes["good"]
    assert (told["requests"], told["watched"], told["vanished"]) == (1, 0, 0)
    assert (told["verdict"], told["why"]) == ("unchanged", "列表没有变化")
    assert [records(chosen, table) for table in tables] == before
