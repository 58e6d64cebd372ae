"""What the nights keep of every sample notice is what its page says."""

from functools import cache
from typing import Any

import pytest

from crawler.address import canonical
from samples.notices import SampleNotice, load
from tests.nights.nightly_runs import Dump

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


def test_every_notice_is_kept_and_no_other(kept: Dump) -> None:
    wanted = {(x.source, canonical(x.url)): x.key for x in NOTICES.values()}
    there = {(x["source"], x["address"]): x["title"] for x in kept["Notice"]}
    assert sorted(wanted[k] for k in wanted.keys() - there.keys()) == []
    assert sorted(there[k] for k in there.keys() - wanted.keys()) == []


@pytest.mark.parametrize("key", sorted(NOTICES))
def test_facts(key: str, kept: Dump) -> None:
    notice = NOTICES[key]
    assert _kept_facts(_by_address(kept)[notice.source, canonical(notice.url)], kept) == _facts(
        notice
    )


def _facts(notice: SampleNotice) -> dict[str, Any]:
    number = _folded(notice.doc_number or "")
    return {
        "title": _folded(notice.title),
        "published": notice.published.isoformat()[:10],
        "written": notice.written and notice.written.isoformat(),
        "doc_number": "" if number == "无" else number.translate(_BRACKETS),
        "issuers": list(notice.issuers),
        "opens": notice.opens and notice.opens.isoformat(),
        "closes": notice.closes and notice.closes.isoformat(),
        "closes_time": notice.closes_time or None,
        "kind": notice.kind,
        "attachments": [_folded(x.name) for x in notice.attachments],
    }


def _kept_facts(record: dict[str, Any], kept: Dump) -> dict[str, Any]:
    time = record["closes_time"]
    return {
        "title": _folded(record["title"]),
        "published": (record["published"] or "")[:10],
        "written": record["written"],
        "doc_number": _folded(record["doc_number"]),
        "issuers": record["issuers"],
        "opens": record["opens"],
        "closes": record["closes"],
        "closes_time": time and time[:5],
        "kind": record["kind"],
        "attachments": _names(record, kept),
    }


_BRACKETS = str.maketrans("（）()[]【】", "〔〕〔〕〔〕〔〕")


def _folded(text: str) -> str:
    return "".join(text.split())
