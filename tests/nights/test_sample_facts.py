"""What the nights keep of every sample notice is what its page says."""

import json
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from crawler.address import canonical
from samples.notices import SampleNotice, load
from tests.nights.nightly_runs import ROOT, Dump

OLDEST = "2019-08-28"  # what is older on a first night is not wanted
OUT_OF_REACH = {"shenzhen_stic", "huaibei_jxj"}  # in the second night


def _expected() -> dict[str, SampleNotice]:
    """Every notice whose page could be had, in its last state, by key."""
    found = {}
    for night in (1, 2):
        for notice in load(night):
            first = min(notice.nights)
            old = first == 1 and notice.day.isoformat() < OLDEST
            out = night == 2 and notice.source in OUT_OF_REACH
            if not (notice.external or old or out):
                found[notice.key] = notice
    return found


NOTICES = _expected()


Facts = dict[tuple[str, str], dict[str, Any]]  # by source and address


@pytest.fixture(scope="module")
def facts(kept: Dump) -> Facts:
    names: defaultdict[str, list[str]] = defaultdict(list)
    newest = {
        x["notice"]: f"{x['notice']} #{x['number']}"
        for x in sorted(kept["Revision"], key=lambda x: x["number"])
    }
    for file in kept["Attachment"]:
        notice = file["revision"].rpartition(" #")[0]
        if (
            file["kind"] == "file"
            and newest[notice] == file["revision"]
            and not notice.endswith(
                f" {file['address']}"
            )  # a row that leads to a file is that file
        ):
            names[notice].append(_folded(file["name"]))
    found: Facts = {}
    for x in kept["Notice"]:
        found[x["source"], x["address"]] = {
            "title": _folded(x["title"]),
            "published": (x["published"] or "")[:10],
            "written": x["written"],
            "doc_number": _folded(x["doc_number"]),
            "issuers": x["issuers"],
            "opens": x["opens"],
            "closes": x["closes"],
            "closes_time": (x["closes_time"] or "")[:5],
            "kind": x["kind"],
            "attachments": sorted(names[f"{x['source']} {x['address']}"]),
        }
    return found


def test_every_notice_is_kept_and_no_other(kept: Dump) -> None:
    wanted = {(x.source, canonical(x.url)): x.key for x in NOTICES.values()}
    there = {(x["source"], x["address"]): x["title"] for x in kept["Notice"]}
    assert sorted(wanted[k] for k in wanted.keys() - there.keys()) == []
    assert sorted(there[k] for k in there.keys() - wanted.keys()) == []


@pytest.mark.parametrize("key", sorted(NOTICES))
def test_facts(key: str, facts: Facts) -> None:
    notice = NOTICES[key]
    found, told = facts[notice.source, canonical(notice.url)], _told(notice)
    wrong = [
        f"{name}: {found[name]!r}, not {told[name]!r}" for name in told if found[name] != told[name]
    ]
    assert not wrong, f"{key}\n" + "\n".join(wrong)


def _told(notice: SampleNotice) -> dict[str, Any]:
    number = _folded(notice.doc_number or "")
    return {
        "title": _folded(notice.title),
        "published": notice.published.isoformat()[:10],
        "written": notice.written and notice.written.isoformat(),
        "doc_number": "" if number == "无" else number.translate(_BRACKETS),
        "issuers": list(notice.issuers),
        "opens": notice.opens and notice.opens.isoformat(),
        "closes": notice.closes and notice.closes.isoformat(),
        "closes_time": notice.closes_time.replace("24:00", "23:59"),  # no clock shows the former
        "kind": notice.kind,
        "attachments": sorted(_folded(x.name) for x in notice.attachments),
    }


_BRACKETS = str.maketrans("（）()[]【】", "〔〕〔〕〔〕〔〕")


def _folded(text: str) -> str:
    return "".join(text.split())


def test_the_seed_issue(facts: Facts, shared: Path) -> None:
    """The notices of the printed issue, its order, its sections and its titles."""
    issue = json.loads((shared / "seed/issue-2019-0902.json").read_text("utf-8"))
    picks = tomllib.loads((ROOT / "samples/decisions.toml").read_text("utf-8"))["entry"]
    printed = [(x["source"], x["category"], x["bulletin_title"]) for x in issue["notices"]]
    assert [(x["source"], x["section"], x["title"]) for x in picks] == printed
    for pick, told in zip(picks, issue["notices"], strict=True):
        found = facts[pick["source"], canonical(pick["address"])]
        period = told["period"] or {"opens": None, "closes": None}
        wanted = {
            "written": told["written"],
            "doc_number": _folded(told["doc_number"] or "").translate(_BRACKETS),
            "issuers": told["issuers"],
            "opens": period["opens"] and period["opens"][:10],
            "closes": period["closes"] and period["closes"][:10],
            "attachments": sorted(_folded(name) for name in told["attachments"]),
        }
        if told["published"]:
            wanted["published"] = told["published"]
        assert {name: found[name] for name in wanted} == wanted, told["source"]
