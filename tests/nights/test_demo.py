"""`kuaixun demo`: two nights, an editor's picks, the exports and the bulletin."""

import csv
import json
import time
import tomllib
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from openpyxl import load_workbook

from crawler.address import canonical
from tests.nights.nightly_runs import ROOT, Dump, difference, dump, kuaixun

PICKS = tomllib.loads((ROOT / "samples/decisions.toml").read_text("utf-8"))
ENTRIES = PICKS["entry"]


class Demo:
    """The folder after `kuaixun demo`, and after it was run once more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = kuaixun(folder, "demo", "--folder", str(folder))
        self.once = dump(folder)
        began = time.monotonic()
        self.json = json.loads(kuaixun(folder, "demo", "--json", "--folder", str(folder)))
        self.seconds = time.monotonic() - began  # of the second time
        self.twice = dump(folder)
        self.docx = Document(str(folder / "kuaixun-2019-0902.docx"))
        self.lines = [x.text for x in self.docx.paragraphs]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo"))


def test_it_writes_everything_and_says_where(demo: Demo) -> None:
    for name in (
        "kuaixun.sqlite3",
        "candidates.xlsx",
        "candidates.csv",
        "candidates.jsonl",
        "kuaixun-2019-0902.docx",
    ):
        assert (demo.folder / name).stat().st_size > 1000, name
        assert name in demo.told


def test_as_json_it_is_one_object(demo: Demo) -> None:
    assert demo.json["candidates"] == len(ENTRIES)
    assert demo.json["notices"] == len(demo.twice["Notice"])
    assert all(Path(path).is_file() for path in demo.json["written"])
    assert len(demo.json["written"]) == 5


def test_candidates_stand_in_the_order_of_the_sections(demo: Demo) -> None:
    lines = (demo.folder / "candidates.jsonl").read_text("utf-8").splitlines()
    order = PICKS["issue"]["sections"]
    sections = [order.index(json.loads(line)["section"]) for line in lines]
    assert sections == sorted(sections)
    assert len(set(sections)) == len(order)


def test_again_is_quick_and_changes_no_row(demo: Demo) -> None:
    assert demo.seconds < 15
    assert difference(demo.once, demo.twice) == []


def test_the_nights_are_those_of_the_command(demo: Demo, kept: Dump) -> None:
    decided = ("Review", "ReviewEvent", "Issue", "Entry")
    assert difference(kept, demo.once, without=decided) == []


def test_the_picks_stand_in_the_issue(demo: Demo) -> None:
    entries = sorted(demo.once["Entry"], key=lambda x: x["position"])
    assert [(x["section"], x["title"]) for x in entries] == [
        (x["section"], x["title"]) for x in ENTRIES
    ]
    assert {x["who"] for x in demo.once["ReviewEvent"]} == {"samples/decisions.toml"}


def test_the_bulletin_has_the_entries_in_order_under_their_sections(demo: Demo) -> None:
    wanted, section = [], ""
    for entry in ENTRIES:
        if entry["section"] != section:
            section = entry["section"]
            wanted.append(section)
        wanted.append(_bare(entry["title"]))
    lines = [_bare(line.partition("\t")[0]) for line in demo.lines]  # without page numbers
    assert [line for line in lines if line in wanted] == wanted * 2  # the contents, then the body


def _bare(text: str) -> str:
    return "".join(text.split()).strip("[]")


def test_the_bulletin_prints_numbers_and_links(demo: Demo) -> None:
    numbers = {x["address"]: x["doc_number_printed"] for x in demo.once["Notice"]}
    text = "\n".join(demo.lines)
    printed = [n for n in (numbers[canonical(entry["address"])] for entry in ENTRIES) if n]
    assert len(printed) >= 3
    assert [number for number in printed if number not in text] == []
    links = {
        canonical(x.target_ref)
        for x in demo.docx.part.rels.values()
        if x.reltype == RELATIONSHIP_TYPE.HYPERLINK
    }
    assert {canonical(x["address"]) for x in ENTRIES} <= links


def test_the_bulletin_has_its_house_lines(demo: Demo) -> None:
    house = PICKS["issue"]
    text = "\n".join(demo.lines)
    assert house["number"] in text
    for line in house["closing"]:
        assert line in text
    footers = {p.text for s in demo.docx.sections for p in s.footer.paragraphs}
    assert any(house["running_footer"] in footer for footer in footers)


def test_the_candidates_open_right_in_a_spreadsheet(demo: Demo) -> None:
    raw = (demo.folder / "candidates.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (demo.folder / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    lines = (demo.folder / "candidates.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    sheet = load_workbook(demo.folder / "candidates.xlsx").worksheets[0]
    assert len(rows) - 1 == len(records) == len(list(sheet.iter_rows())) - 1 == len(ENTRIES)
    assert any("服务型制造" in cell for row in rows for cell in row)
