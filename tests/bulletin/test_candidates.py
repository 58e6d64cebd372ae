"""Candidates as XLSX, CSV and JSON lines: read back, nothing runs, nothing is lost."""

import csv
import dataclasses
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from bulletin.candidates import CELL_LIMIT, Candidate, _csv_cell, write_csv, write_jsonl, write_xlsx

BEIJING = dt.timezone(dt.timedelta(hours=8))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", "\x00=1"]


@pytest.fixture
def candidates() -> list[Candidate]:
    full = Candidate(
        source="jia_gxj",
        agency="甲市工业和信息化局",
        region="甲市",
        title="关于申报示范企业的通知",
        edited_title="甲市关于申报示范企业的通知",
        doc_number="甲工信〔2019〕5号",
        issuers=["甲市工业和信息化局", "甲市财政局"],
        published=dt.datetime(2019, 9, 10, 16, 20, tzinfo=BEIJING),
        written=dt.date(2019, 9, 9),
        opens=dt.date(2019, 9, 10),
        closes=dt.datetime(2019, 10, 11, 18, 0, tzinfo=BEIJING),
        section="申报通知",
        kind="申报通知",
        topics=["绿色制造", "资金"],
        url="http://www.example.cn/a.html?b=1&c=“2”",
        attachments=["申报表.doc", "汇总表.xls"],
        family_size=3,
        problems=["附件打不开"],
        text="各区：\n请申报。",
    )
    bare = Candidate("yi", "乙", "", "𬭛㐂〇😀", written=dt.date(1899, 1, 1), url="javascript:x")
    return [full, bare]


def opened(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_xlsx_has_typed_cells_links_filters_and_a_frozen_head(
    candidates: list[Candidate], made: dt.datetime, tmp_path: Path
) -> None:
    path = tmp_path / "c.xlsx"
    write_xlsx(candidates, path, made=made)
    sheet = opened(path)
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert row["标题"].value == "甲市关于申报示范企业的通知"
    assert row["原标题"].value == "关于申报示范企业的通知"
    assert str(row["发布时间"].value) == "2019-09-10 16:20:00"
    assert str(row["成文日期"].value) == "2019-09-09 00:00:00"
    assert row["成文日期"].number_format == "yyyy-mm-dd"
    assert str(row["截止"].value) == "2019-10-11 18:00:00"
    assert row["同文数"].value == 3
    assert row["链接"].hyperlink is not None
    assert row["链接"].value == candidates[0].url
    assert row["正文"].value == "各区：\n请申报。"
    second = dict(zip(head, sheet[3], strict=True))
    assert second["链接"].hyperlink is None
    assert second["链接"].value == "javascript:x"
    assert second["成文日期"].value == "1899-01-01"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(3, len(head)).coordinate}"
    assert sheet.column_dimensions["B"].width > 40


def test_the_same_candidates_give_the_same_bytes(
    candidates: list[Candidate], made: dt.datetime, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_xlsx(candidates, tmp_path / f"{name}.xlsx", made=made)
        write_csv(candidates, tmp_path / f"{name}.csv")
        write_jsonl(candidates, tmp_path / f"{name}.jsonl")
    for kind in ("xlsx", "csv", "jsonl"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_csv_opens_in_excel(candidates: list[Candidate], tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    write_csv(candidates, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["发布时间"] == "2019-09-10 16:20"
    assert rows[0]["开始"] == "2019-09-10"
    assert rows[0]["附件"] == "申报表.doc\n汇总表.xls"
    assert rows[1]["原标题"] == "𬭛㐂〇😀"


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_is_a_formula(formula: str, made: dt.datetime, tmp_path: Path) -> None:
    candidate = Candidate(formula, formula, formula, formula, text=formula, url=formula)
    write_csv([candidate], tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["原标题"].startswith("'")
    write_xlsx([candidate], tmp_path / "c.xlsx", made=made)
    sheet = opened(tmp_path / "c.xlsx")
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s", "n"}


@given(st.text(st.characters()))
@settings(derandomize=True)
def test_no_csv_cell_begins_like_a_formula(text: str) -> None:
    cell = _csv_cell(text)
    assert not cell.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r"))
    cell.encode()


def test_a_text_longer_than_a_cell_is_cut_and_whole_in_json(
    made: dt.datetime, tmp_path: Path
) -> None:
    candidate = Candidate("a", "甲", "", "题", text="文😀" * 20_000)
    write_xlsx([candidate], tmp_path / "c.xlsx", made=made)
    sheet = opened(tmp_path / "c.xlsx")
    value = str(sheet[2][-1].value)
    assert len(value.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert value.endswith("（全文见 JSON）")
    write_jsonl([candidate], tmp_path / "c.jsonl")
    (line,) = (tmp_path / "c.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["text"] == candidate.text


def test_json_lines_hold_every_field(candidates: list[Candidate], tmp_path: Path) -> None:
    candidates[1] = dataclasses.replace(candidates[1], text="甲\ud800\x00乙")
    write_jsonl(candidates, tmp_path / "c.jsonl")
    lines = (tmp_path / "c.jsonl").read_text("utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert first["published"] == "2019-09-10T16:20:00+08:00"
    assert first["issuers"] == ["甲市工业和信息化局", "甲市财政局"]
    assert second["text"] == "甲乙"
    assert second["published"] is None
