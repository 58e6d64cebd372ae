"""What the second night asks for, what it keeps, and what it says of each source."""

from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urljoin

from crawler.address import canonical
from samples.notices import load
from tests.loopback import read_warc
from tests.nights.conftest import Live
from tests.nights.nightly_runs import SECOND, Dump, difference, dump, replay

NIGHT = "2019-09-12"
ADDRESS = {notice.key: canonical(notice.url) for notice in load()}
REVISED = f"beijing_jxj {ADDRESS['beijing_jxj/revised']}"


def _lists(tables: Dump) -> dict[str, str]:
    """List addresses as they are asked for, and their columns."""
    return {x["url"]: f"{x['source']}/{x['name']}" for x in tables["Column"]}


def test_one_list_request_a_column(live: Live) -> None:
    lists = _lists(live.tables)
    asked = Counter(lists[x.url] for x in live.asked[2] if x.url in lists)
    refused = {"huaibei_jxj/通知公告"}  # not even its robots.txt could be had
    assert asked == {column: 1 for column in lists.values() if column not in refused}


def test_nothing_else_is_asked_but_what_is_new_revised_or_was_missing(live: Live) -> None:
    lists, whence = _lists(live.tables), _redirects()
    asked = Counter(
        whence.get(canonical(x.url), canonical(x.url))
        for x in live.asked[2]
        if x.url not in lists and x.status not in (301, 302)
    )
    robots = {address for address in asked if address.endswith("/robots.txt")}
    assets = {address for address in asked if address.endswith((".js", ".css"))}  # of a browser
    pages = {x["address"] for x in live.tables["Notice"] if x["night"] == NIGHT}
    pages.add(ADDRESS["beijing_jxj/revised"])
    tonight = {
        f"{x['notice']} #{x['number']}" for x in live.tables["Revision"] if x["night"] == NIGHT
    }
    files = {
        x["address"]
        for x in live.tables["Attachment"]
        if x["revision"] in tonight or x["tried"] == NIGHT
    }
    assert set(asked) - robots - assets == pages | files
    assert {asked[address] for address in robots | pages} == {1}


def _redirects() -> dict[str, str]:
    """Where redirects of the second night lead -> where they start, in canonical form."""
    return {
        canonical(urljoin(url, answer.header("Location"))): canonical(url)
        for url, answer in read_warc(SECOND).responses.items()
        if answer.status in (301, 302)
    }


def test_no_known_notice_is_asked_for_again(live: Live) -> None:
    known = {x["address"] for x in live.tables["Notice"] if x["night"] != NIGHT}
    asked = {canonical(x.url) for x in live.asked[2]}
    assert len(known) > 100
    assert known & asked == {ADDRESS["beijing_jxj/revised"]}  # its row has another date


def test_exactly_one_notice_is_revised(kept: Dump) -> None:
    revisions = defaultdict(list)
    for revision in sorted(kept["Revision"], key=lambda x: x["number"]):
        revisions[revision["notice"]].append(revision)
    assert [notice for notice, states in revisions.items() if len(states) > 1] == [REVISED]
    before, after = revisions[REVISED]
    assert (before["night"], after["night"]) == ("2019-09-11", NIGHT)
    closes = [x["facts"]["period"]["closes"] for x in (before, after)]
    assert closes == ["2019-09-20", "2019-09-26"]
    assert "9月20日" in before["text"]
    assert "9月26日" in after["text"]
    notice = next(x for x in kept["Notice"] if REVISED.endswith(x["address"]))
    assert (notice["night"], notice["closes"]) == ("2019-09-11", "2019-09-26")


def test_the_page_that_failed_is_kept(kept: Dump) -> None:
    address = ADDRESS["chongqing_jjxxw/chejian"]
    notice = next(x for x in kept["Notice"] if x["address"] == address)
    assert (notice["night"], notice["arrival"]) == (NIGHT, "baseline")  # listed on the first
    row = next(x for x in kept["Row"] if x["address"] == address)
    assert (row["state"], row["night"]) == ("kept", "2019-09-11")
    whys = [x["why"] for x in kept["Outcome"] if x["column"] == "chongqing_jjxxw/公示公告"]
    assert sum("1 条没取到（网站出错（503）），下一夜再取" in why for why in whys) == 1


def test_no_row_is_left_waiting(kept: Dump) -> None:
    assert [x["address"] for x in kept["Row"] if x["state"] == "waiting"] == []


def test_what_went_wrong_has_its_name(kept: Dump) -> None:
    named = defaultdict(list)
    for outcome in kept["Outcome"]:
        if outcome["night"] == NIGHT and outcome["verdict"] not in ("ok", "unchanged"):
            named[outcome["column"].split("/")[0]].append(outcome)
    verdicts = {source: Counter(x["verdict"] for x in found) for source, found in named.items()}
    assert verdicts == {
        "ningxia_gxt": {"drift": 3},
        "shenzhen_stic": {"blocked": 4},
        "huaibei_jxj": {"unreachable": 1},
    }
    for source, words in {
        "ningxia_gxt": "列表改版，选择器读不到行；已用通用识别读出",
        "shenzhen_stic": "瑞数 412",
        "huaibei_jxj": "robots.txt 取不到：连接被拒绝",
    }.items():
        assert [words in x["why"] for x in named[source]] == [True] * len(named[source])


def test_the_first_night_went_well(kept: Dump) -> None:
    verdicts = Counter(x["verdict"] for x in kept["Outcome"] if x["night"] == "2019-09-11")
    assert verdicts == {"ok": 41}


def test_every_outcome_says_why(kept: Dump) -> None:
    assert [x for x in kept["Outcome"] if not x["why"]] == []


def test_the_second_night_again_changes_nothing(copied: Path, kept: Dump) -> None:
    told = replay(copied, SECOND, expect=1)
    assert difference(kept, dump(copied)) == []
    assert "列表有变" in told
