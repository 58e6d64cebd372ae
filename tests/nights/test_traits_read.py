"""Every planted trait is read rightly: what the nights keep of the notices that carry it.

The facts of each (title, dates, 文号 …) are held by test_sample_facts.py; here stands what else
the trait asks for. That the trait is in the archives' bytes is tests/samples/test_traits.py.
"""

import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from crawler.address import canonical
from samples.notices import Image, SampleNotice, load
from tests.nights.nightly_runs import ROOT, Dump

Record = dict[str, Any]
TRAITS = tomllib.loads((ROOT / "samples/traits.toml").read_text("utf-8"))["trait"]
NOTICES = {notice.key: notice for notice in load()}
MOJIBAKE = re.compile("[\ufffd\u0080-\u009f]|锟斤拷|[ÃÂ][\u0080-\u00bf]|鐨勯|銆")


class Kept:
    """What is kept of one sample notice."""

    def __init__(self, tables: Dump, notice: SampleNotice) -> None:
        self.tables, self.sample = tables, notice
        self.address = canonical(notice.url)
        self.key = f"{notice.source} {self.address}"

    def _of(self, table: str) -> list[Record]:
        return self.tables.get(table, [])

    @property
    def notice(self) -> Record:
        (found,) = [
            x
            for x in self._of("Notice")
            if (x["source"], x["address"]) == (self.sample.source, self.address)
        ]
        return found

    @property
    def is_kept(self) -> bool:
        return any(
            (x["source"], x["address"]) == (self.sample.source, self.address)
            for x in self._of("Notice")
        )

    @property
    def revisions(self) -> list[Record]:
        mine = [x for x in self._of("Revision") if x["notice"] == self.key]
        return sorted(mine, key=lambda x: int(x["number"]))

    @property
    def text(self) -> str:
        return str(self.revisions[-1]["text"])

    @property
    def html(self) -> str:
        return str(self.revisions[-1]["html"])

    @property
    def files(self) -> list[Record]:
        mine = f"{self.key} #{self.revisions[-1]['number']}"
        return [x for x in self._of("Attachment") if x["revision"] == mine]

    @property
    def problems(self) -> set[str]:
        return {x["code"] for x in self._of("Problem") if x["notice"] == self.key}

    @property
    def rows(self) -> list[Record]:
        mine = f"{self.sample.source}/"
        return [
            x
            for x in self._of("Row")
            if x["address"] == self.address and str(x["column"]).startswith(mine)
        ]


def readable(kept: Kept) -> None:
    words = [kept.notice["title"], kept.text, *(row["title"] for row in kept.rows)]
    assert not any(MOJIBAKE.search(str(word)) for word in words)
    first = re.sub(r"\s", "", kept.sample.paragraphs[0])
    assert first in re.sub(r"\s", "", kept.text)


def whole_title(kept: Kept) -> None:
    assert {_folded(row["title"]) for row in kept.rows} == {_folded(kept.sample.title)}


def row_dated(kept: Kept) -> None:
    assert {row["date"] for row in kept.rows} == {kept.sample.day.isoformat()}


def not_asked_for(kept: Kept) -> None:
    assert {row["state"] for row in kept.rows} == {"unwanted"}
    assert all(row["pinned"] for row in kept.rows)
    assert not kept.is_kept


def link_only(kept: Kept) -> None:
    assert {row["state"] for row in kept.rows} == {"external"}
    assert not kept.is_kept


def file_is_the_notice(kept: Kept) -> None:
    assert re.sub(r"\s", "", kept.sample.paragraphs[1]) in re.sub(r"\s", "", kept.text)
    (file,) = kept.files
    assert (file["address"], file["media_type"]) == (kept.address, "application/pdf")
    assert file["sha256"]


def text_elsewhere(kept: Kept) -> None:
    assert "text.elsewhere" in kept.problems
    assert any(file["sha256"] for file in kept.files)


def file_has_the_text(kept: Kept) -> None:
    text_elsewhere(kept)
    assert any(len(file["text"]) > 20 for file in kept.files)


def images_are_kept(kept: Kept) -> None:
    text_elsewhere(kept)
    images = [file for file in kept.files if file["kind"] == "image"]
    assert len(images) == sum(isinstance(block, Image) for block in kept.sample.blocks)
    assert {image["media_type"] for image in images} <= {"image/png", "image/jpeg"}
    assert all(f"attachment:{image['address']}" in kept.html for image in images)


def cells_are_merged(kept: Kept) -> None:
    assert re.search(r"(?:row|col)span", kept.html)


def numbering_is_kept(kept: Kept) -> None:
    lines = kept.text.split("\n")
    for mark in (r"一、", r"（一）", r"1[.．]", r"（1）"):
        stands = any(re.match(mark, paragraph) for paragraph in kept.sample.paragraphs)
        assert not stands or any(re.match(mark, line) for line in lines), mark


def table_is_whole(kept: Kept) -> None:
    (table,) = kept.sample.tables
    cells = [cell for line in table for cell in line if cell not in "^<"]
    assert all(cell in kept.html for cell in cells)


def several_issuers(kept: Kept) -> None:
    assert len(kept.notice["issuers"]) >= 2


def written_is_read(kept: Kept) -> None:
    assert kept.sample.written is not None
    assert kept.notice["written"] == kept.sample.written.isoformat()


def dates_disagree(kept: Kept) -> None:
    assert "date.disagree" in kept.problems


def no_number(kept: Kept) -> None:
    assert kept.notice["doc_number"] == kept.notice["doc_number_printed"] == ""


def own_number(kept: Kept) -> None:
    """Others' numbers stand in the text; the notice's is its own, or none."""
    wanted = _folded(kept.sample.doc_number or "")
    assert _folded(kept.notice["doc_number_printed"]) == wanted.replace("无", "")


def broken_file(kept: Kept) -> None:
    assert "attachment.broken" in kept.problems
    broken = [file for file in kept.files if file["problem"]]
    assert broken
    assert not any(file["sha256"] for file in broken)
    assert len(broken) == sum(a.kind in ("broken", "html-as-doc") for a in kept.sample.attachments)


def one_family(kept: Kept) -> None:
    members = [n for n in NOTICES.values() if n.family == kept.sample.family]
    assert len(members) >= 2
    families = {Kept(kept.tables, member).notice["family"] for member in members}
    assert len(families) == 1


def two_columns(kept: Kept) -> None:
    assert len(kept.rows) == len(kept.sample.columns) == 2
    assert {row["state"] for row in kept.rows} == {"kept"}


def family_of_its_own(kept: Kept) -> None:
    mine = [x for x in kept._of("Notice") if x["family"] == kept.notice["family"]]
    assert len(mine) == 1


def moved_deadline(kept: Kept) -> None:
    first, second = kept.revisions
    assert first["facts"] != second["facts"]
    before, after = set(first["text"].split("\n")), set(second["text"].split("\n"))
    assert len(after - before) == 1
    assert (kept.notice["closes"], kept.notice["closes_time"][:5]) == ("2019-09-26", "17:00")


def kept_in_the_second_night(kept: Kept) -> None:
    assert kept.notice["night"] == "2019-09-12"
    assert {row["night"] for row in kept.rows} == {"2019-09-11"}


CHECKS: dict[str, Callable[[Kept], None]] = {
    "gbk-labelled-utf8": readable,
    "utf8-labelled-gbk": readable,
    "cut-row-title": whole_title,
    "date-only-in-address": row_dated,
    "month-day-date": row_dated,
    "pinned-old-row": not_asked_for,
    "row-to-pdf": file_is_the_notice,
    "external-row": link_only,
    "body-is-pdf": file_has_the_text,
    "body-is-images": images_are_kept,
    "merged-cells": cells_are_merged,
    "nested-numbering": numbering_is_kept,
    "list-of-names": table_is_whole,
    "joint-signature": several_issuers,
    "chinese-numeral-date": written_is_read,
    "disagreeing-dates": dates_disagree,
    "empty-number": no_number,
    "number-none": no_number,
    "numbers-quoted": own_number,
    "令-number": own_number,
    "公告-number": own_number,
    "broken-attachment": broken_file,
    "html-named-doc": broken_file,
    "same-notice-two-sites": one_family,
    "same-notice-two-columns": two_columns,
    "reposted-notice": one_family,
    "forwarded": family_of_its_own,
    "interpretation": family_of_its_own,
    "ordinal-batches": family_of_its_own,
    "revised": moved_deadline,
    "failed-first-night": kept_in_the_second_night,
}


def _folded(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait["name"])
def test_read(trait: Record, kept: Dump) -> None:
    for key in trait["notices"]:
        CHECKS[trait["name"]](Kept(kept, NOTICES[key]))


def test_every_trait_is_read_by_a_test() -> None:
    assert {trait["name"] for trait in TRAITS} == CHECKS.keys()
