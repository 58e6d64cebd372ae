"""What of the sample nights is one document, and what is not."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

from store.likeness import Face, alike
from tests.nights.nightly_runs import Dump

NUMBER = "工信厅节函〔2019〕205号"


def families(kept: Dump) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for notice in kept["Notice"]:
        found[notice["family"]].append(notice)
    return found


def test_the_reposts_of_the_ministrys_notice_are_one_family_and_no_others(kept: Dump) -> None:
    ((name, members),) = [pair for pair in families(kept).items() if len(pair[1]) > 1]
    assert {one["source"] for one in members} == {"miit", "shandong_gxt", "chongqing_jjxxw"}
    assert {one["doc_number"] for one in members} == {NUMBER}
    (family,) = [one for one in kept["Family"] if one["name"] == name]
    assert family["origin"].startswith("miit ")
    for one in members:
        is_origin = one["source"] == "miit"
        assert one["joined_by"] == (
            "" if is_origin else f"文号、发文机关相同，标题相近（{NUMBER}）"
        )
        assert one["joined_how"] == ("" if is_origin else "number")
        assert one["joined_to"] == (None if is_origin else family["origin"])


def faces(kept: Dump) -> dict[str, Face]:
    """Every notice of the nights with its newest text, by what it is called."""
    newest = {x["notice"]: x for x in sorted(kept["Revision"], key=lambda x: int(x["number"]))}
    found = {}
    for told in kept["Notice"]:
        name = f"{told['source']} {told['address']}"
        written = told["written"] and dt.date.fromisoformat(told["written"])
        found[name] = Face(
            told["title"],
            told["doc_number"],
            tuple(told["issuers"]),
            written,
            partial(str, newest[name]["text"]),
            told["source"],
        )
    return found


def test_no_two_others_are_alike_even_if_they_met(kept: Dump) -> None:
    own = {name: members for members in families(kept).values() for name in _names(members)}
    found = faces(kept)
    for one, other in combinations(found, 2):
        assert bool(alike(found[one], found[other])) == (other in _names(own[one]))


def test_two_years_versions_of_a_call_are_two_documents(kept: Dump) -> None:
    """Every notice of 2019 beside what it was the year before, without numbers and dates to tell
    them by."""
    yearly = [x for x in faces(kept).values() if "2019" in x.title and "2019" in x.read()]
    assert len(yearly) > 20
    for now in yearly:
        undated = replace(now, doc_number="", written=None, source="")
        then = replace(
            undated,
            title=now.title.replace("2019", "2018"),
            read=partial(str, now.read().replace("2019", "2018")),
        )
        assert not alike(undated, then)
        assert not alike(replace(undated, title="有关工作的通知"), replace(then, title=now.title))


def _names(members: list[dict[str, Any]]) -> set[str]:
    return {f"{x['source']} {x['address']}" for x in members}


def test_every_text_is_signed(kept: Dump) -> None:
    signed = {one["notice"]: one for one in kept["Signature"]}
    assert len(signed) == len(kept["Notice"])
    texts = {one["notice"] for one in kept["Revision"] if one["text"]}
    assert {name for name, one in signed.items() if one["hashes"]} == texts
