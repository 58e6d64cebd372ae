"""Whole nights by replay, through the command, in processes of their own."""

import os
import signal
from pathlib import Path

import pytest

from nightly.lock import only_one
from tests.nightly.night_world import Site, World

TITLES = {
    18: "关于开展绿色工厂推荐工作的通知",
    17: "关于组织申报技术改造项目的通知",
    16: "关于举办质量管理培训班的通知",
}
SLOW = """
    async def start(self):
        import asyncio
        await asyncio.sleep(60)
        yield None
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_two_nights(world: World) -> None:
    """Every kind of source on one night, the same night again, and the night after."""
    for name in ("good", "walled", "silent", "empty"):
        world.source(name)
    world.source("crashing", "    def rows(self, response):\n        return {}['rows']\n")
    world.source("resting", "    enabled = False\n")
    (world.folder / "someones_spiders" / "torn.py").write_text("class Torn(:\n")
    sites = {
        "good": Site(TITLES, etag='"1"', gone={16}),
        "walled": Site(TITLES, status=412),
        "empty": Site({}),
        "crashing": Site(TITLES),
    }
    first = world.archive("2026-03-19", **sites)

    ran = world.night(first)
    assert ran.code == 1
    assert ran.json["night"] == "2026-03-19"
    assert ran.json["ending"] == "finished"
    told = {name: line["verdict"] for name, line in ran.outcomes.items()}
    assert told == {
        "good": "ok",
        "walled": "blocked",
        "silent": "unreachable",
        "empty": "broken",
        "crashing": "failed",
        "torn": "failed",
    }
    order = [line["verdict"] for line in ran.json["outcomes"]]
    assert order == ["failed", "failed", "blocked", "unreachable", "broken", "ok"]
    assert all(line["why"] for line in ran.json["outcomes"])
    assert "KeyError" in ran.outcomes["crashing"]["why"]
    assert "SyntaxError" in ran.outcomes["torn"]["why"]
    good = ran.outcomes["good"]
    assert (good["new"], good["rows"], good["requests"]) == (2, 3, 6)  # the 503 twice more
    assert "1 条没取到（网站出错（503））" in good["why"]
    assert "Spider closed" in Path(ran.json["log"]).read_text(encoding="utf-8")
    assert "scrapy" not in ran.err

    before = world.dump()
    again = world.night(first)
    assert again.outcomes["good"]["not_modified"] == 1
    assert again.outcomes["good"]["new"] == 2
    assert again.outcomes["good"]["why"] == good["why"]
    assert world.dump() == before

    # 304 for the list, and the page that failed is there now
    second = world.archive("2026-03-20", good=Site(TITLES, etag='"1"'))
    after = world.night(second, "--source", "good")
    assert after.code == 0
    assert after.outcomes["good"]["new"] == 1
    assert after.outcomes["good"]["not_modified"] == 1

    third = world.night(
        world.archive("2026-03-21", good=Site(TITLES, etag='"1"')), "--source", "good"
    )
    assert third.outcomes["good"]["verdict"] == "unchanged"

    past = world.night(first)
    assert past.code == 2
    assert "nights go forward" in past.err
    assert not past.out

    health = world.run("health", "--json")
    assert health.code == 1
    sources = {source["name"]: source for source in health.json["sources"]}
    assert sources["good"]["well"]
    assert sources["good"]["columns"][0]["month"] == 3
    assert sources["good"]["columns"][0]["age"] == "最近一夜"
    assert not sources["walled"]["well"]  # the last night did not come to it
    assert sources["resting"]["well"]
    assert health.json["sources"][-1]["well"]
    table = world.run("health").out
    assert max(map(len, table.splitlines())) <= 120
    assert "未读" in table
    assert "停用" in table


def test_all_well_is_0_and_the_table_fits(world: World) -> None:
    world.source("good")
    ran = world.run("nightly", "--archive", str(world.archive("2026-03-19", good=Site(TITLES))))
    assert ran.code == 0
    assert "新 3 条，共读 3 行" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 120
    assert "1/1 good: 正常 1" in ran.err


def test_killed_between_two_sources_loses_nothing(world: World) -> None:
    world.source("a_good")
    world.source("b_slow", SLOW)
    archive = world.archive("2026-03-19", a_good=Site(TITLES), b_slow=Site(TITLES))
    with world.start("nightly", "--archive", str(archive), NIGHTLY_CRAWLERS=1) as process:
        assert process.stderr
        line = process.stderr.readline()
        process.kill()
    assert line == "1/2 a_good: 正常 1\n"
    killed = world.run("health", "--json").json
    assert killed["state"] == "unfinished"
    columns = {s["name"]: s["columns"][0] for s in killed["sources"]}
    assert columns["a_good"]["verdict"] == "ok"
    assert columns["b_slow"]["verdict"] is None

    world.source("b_slow")
    ran = world.night(archive)
    assert ran.code == 0
    assert {n: (o["verdict"], o["new"]) for n, o in ran.outcomes.items()} == {
        "a_good": ("ok", 3),
        "b_slow": ("ok", 3),
    }


@pytest.mark.skipif(os.name == "nt", reason="signals: a POSIX system")
def test_interrupted_says_what_is_left(world: World) -> None:
    world.source("a_good")
    world.source("b_slow", SLOW)
    archive = world.archive("2026-03-19", a_good=Site(TITLES))
    command = ("nightly", "--archive", str(archive), "--json")
    with world.start(*command, NIGHTLY_CRAWLERS=1) as process:
        assert process.stderr
        line = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert line == "1/2 a_good: 正常 1\n"
    assert process.returncode == 130
    assert '"unread": ["b_slow"]' in out
    assert "收下新通知 3 条" in err
    assert "没读到：b_slow" in err


def test_a_full_disk_is_4_and_says_what_is_kept(world: World) -> None:
    world.source("good")
    archive = world.archive("2026-03-19", good=Site(TITLES))
    full = world.night(archive, NIGHTLY_MIN_FREE=1 << 60)
    assert full.code == 4
    assert "收下新通知 0 条" in full.err
    assert "没读到：good" in full.err
    assert world.night(archive).code == 0


def test_a_damaged_archive_is_told(world: World) -> None:
    world.source("good")
    archive = world.archive("2026-03-19", good=Site(TITLES))
    whole = world.night(archive)
    assert whole.json["archive_damaged"] == 0
    assert "损坏" not in whole.err
    content = bytearray(archive.read_bytes())
    content[-400:-300] = bytes(100)  # in the last record, a notice's page
    archive.write_bytes(content)
    ran = world.night(archive)
    damaged = ran.json["archive_damaged"]
    assert 100 <= damaged < len(content) / 2
    assert f"有 {damaged} 个字节已损坏" in ran.err
    narrow = world.run("nightly", "--archive", str(archive)).out
    assert "good" in narrow


def test_refusals_say_what_to_do(world: World) -> None:
    world.source("good")
    archive = world.archive("2026-03-19", good=Site(TITLES))
    unknown = world.night(archive, "--source", "goood")
    assert unknown.code == 2
    assert "there are: good" in unknown.err
    nobody = world.run("nightly")
    assert nobody.code == 2
    assert "KUAIXUN_CONTACT" in nobody.err
    assert "联系方式" in nobody.err
    with only_one(world.folder / "data"):
        other = world.night(archive)
    assert other.code == 3
    assert str(os.getpid()) in other.err
    assert "Traceback" not in unknown.err + nobody.err + other.err
