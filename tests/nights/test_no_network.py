"""A live night where no name can be resolved: all is said in words, and nothing is lost."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.nights.nightly_runs import Dump, difference, dump, run

WORDS = ("-m", "kuaixun", "nightly", "--without-contact", "--json")


def _namespace() -> tuple[str, ...]:
    """The command that runs another where there is no network at all; () where that is not
    permitted."""
    within = ("unshare", "--user", "--map-root-user", "--net")
    try:
        done = subprocess.run([*within, "true"], capture_output=True)
    except FileNotFoundError:
        return ()
    return within if done.returncode == 0 else ()


class Night:
    """A third, live night after the two sample nights."""

    def __init__(self, folder: Path) -> None:
        within = _namespace()
        # Where there is no namespace the resolver knows no name: no site is asked either way.
        env = {} if within else {"SCRAPY_SETTINGS_MODULE": "tests.nights.unresolved_settings"}
        done = run(folder, *WORDS, env=env, expect=1, within=within)
        self.told, self.warned = json.loads(done.stdout), done.stderr
        self.tables = dump(folder)


@pytest.fixture(scope="module")
def night(two_nights: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("offline") / "data"
    return Night(Path(shutil.copytree(two_nights, folder)))


def test_every_source_is_unreachable_and_says_why(night: Night) -> None:
    outcomes = night.told["outcomes"]
    assert len(outcomes) == 41
    assert {x["verdict"] for x in outcomes} == {"unreachable"}
    whys = {x["why"].partition("；")[0] for x in outcomes}
    assert whys == {"robots.txt 取不到：域名解析失败"}
    assert (night.told["exit"], night.told["notices"], night.told["unread"]) == (1, 0, [])


def test_the_missing_contact_is_named_first(night: Night) -> None:
    assert night.warned.startswith("没有设置联系方式")
    assert "KUAIXUN_CONTACT" in night.warned


def test_the_night_and_its_outcomes_are_recorded(night: Night, kept: Dump) -> None:
    dates = [x["date"] for x in night.tables["Night"]]
    assert len(dates) == 3
    recorded = [x for x in night.tables["Outcome"] if x["night"] == dates[-1]]
    assert len(recorded) == 41
    assert {x["verdict"] for x in recorded} == {"unreachable"}
    earlier = [x for x in night.tables["Outcome"] if x["night"] != dates[-1]]
    assert earlier == kept["Outcome"]


def test_nothing_that_was_kept_is_changed(night: Night, kept: Dump) -> None:
    """Notices, revisions, rows, validators, families, problems and files: all as they were."""
    assert difference(kept, night.tables, without=("Night", "Outcome")) == []


def test_it_ends_with_a_backup(night: Night) -> None:
    assert night.told["backup"]["problem"] == ""
    backup = Path(night.told["backup"]["folder"])
    assert (backup / "manifest.json").is_file()
    assert f"已备份到 {backup}" in night.warned
