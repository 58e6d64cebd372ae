"""`kuaixun bench reading`: figures and times, ours and rivals', over a folder of checked pages."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kuaixun.bench.rivals
from kuaixun.__main__ import cli
from kuaixun.bench.reading import load
from kuaixun.bench.reading_measure import LARGE, Page, Reader, measure
from kuaixun.bench.rivals import RIVALS, Rival
from kuaixun.bench.score import FIGURES

BODY = [
    "各县（区）水务局：",
    "为做好汛期湖泊巡查，现将有关事项通知如下，请各单位结合实际认真组织落实并按时报送情况。",
    "一、巡查范围为全市常年水面一平方公里以上的湖泊，由所在县（区）水务局负责组织实施。",
    "二、各单位每周巡查不少于两次，发现问题及时处理，并在月底前汇总报送至市水务局。",
    "大湖市水务局",
    "2020年3月2日",
]
TITLE = "关于开展汛期湖泊巡查工作的通知"
NOTICE = f"""<html><head><title>{TITLE}_大湖市水务局</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/tz/">通知公告</a></div>
<h1>{TITLE}</h1><p>发布时间：2020-03-02 来源：大湖市水务局</p>
<div>{"".join(f"<p>{line}</p>" for line in BODY)}</div>
<div>网站地图 联系我们</div></body></html>"""
ROWS = "".join(
    f'<li><a href="./t2020030{n}_{n}.html">关于第{n}批湖泊巡查情况的通报</a>'
    f"<span>2020-03-0{n}</span></li>"
    for n in range(1, 9)
)
LIST = f"<html><body><h2>通知公告</h2><ul>{ROWS}</ul></body></html>"
PAGES = [
    ("1", "www.lake.gov.cn", "http://www.lake.gov.cn/tz/t20200302_9.html", NOTICE),
    ("2", "www.hill.gov.cn", "http://www.hill.gov.cn/tz/index.html", LIST),
    ("3", "www.sand.gov.cn", None, "<html><body><script>x()</script></body></html>"),
]
GOLD: list[dict[str, Any]] = [
    {
        "id": "1",
        "title": TITLE,
        "published": "2020-03-02",
        "doc_number": None,
        "issuers": ["大湖市水务局"],
        "period": None,
        "attachments": [],
        "body_text": "\n".join(BODY),
        "page_kind": "notice",
    },
    {
        "id": "2",
        "page_kind": "list",
        "rows": [
            {
                "title": f"关于第{n}批湖泊巡查情况的通报",
                "href": f"http://www.hill.gov.cn/tz/t2020030{n}_{n}.html",
                "date": f"2020-03-0{n}",
            }
            for n in range(1, 9)
        ],
    },
    {"id": "3", "page_kind": "shell", "rows": []},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    manifest = []
    for id_, host, url, page in PAGES:
        (tmp_path / f"{id_}.html").write_text(page, "utf-8")
        manifest.append({"id": id_, "file": f"{id_}.html", "host": host, "url": url})
    write(tmp_path / "manifest.jsonl", manifest)
    write(tmp_path / "gold.jsonl", GOLD)
    return tmp_path


def write(file: Path, records: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")


def run(folder: Path, *words: str, code: int = 0) -> Result:
    arguments = ["bench", "reading", "--pages", str(folder), *words]
    ran = CliRunner().invoke(cli, arguments)
    assert ran.exit_code == code, ran.output
    return ran


def told(folder: Path, *words: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(folder, "--generic", "--json", *words).stdout)
    return result


def test_figures_and_times_of_ours_and_of_a_rival(folder: Path) -> None:
    all_ = told(folder, "--against", "resiliparse", "--passes", "2")
    assert (all_["pages"], all_["hosts"], all_["passes"]) == (2, 2, 2)  # the shell is left out
    ours, rival = all_["readers"]["kuaixun"], all_["readers"]["resiliparse"]
    right = {"mean": 100, "by_host": 100, "right": 1, "pages": 1, "hosts": 1}
    assert ours["figures"]["title"] == right
    assert ours["figures"]["rows"] == ours["figures"]["row_date"] == right
    assert "written" not in ours["figures"]  # no page's answers have it
    assert rival["figures"].keys() == {"title", "body", "body_p", "body_r"}
    assert rival["figures"]["body_r"]["mean"] > 90
    assert rival["ms"]["list"] is None
    for times in (ours["ms"]["notice"], ours["ms"]["list"], rival["ms"]["notice"]):
        assert times["pages"] == 1
        assert 0 < times["median"] == times["p95"]
        assert times["worst_a_mb"] is None  # both pages are small
    assert ours["of_trafilatura"] is None


def test_with_the_sources_selectors_a_page_of_no_source_is_read_generically(folder: Path) -> None:
    ran = run(folder, "--against", "none", "--passes", "1", "--json")
    figures = json.loads(ran.stdout)["readers"]["kuaixun"]["figures"]
    assert {figures[name]["mean"] for name in ("title", "published", "issuers", "rows")} == {100}


# .ci/run installs them all for a run of this file, and says so
HERE = [one for one in RIVALS.values() if one.version() or os.environ.get("KUAIXUN_RIVALS")]


@pytest.mark.parametrize("rival", HERE, ids=lambda rival: rival.package)
def test_every_rival_installed_reads_a_page(rival: Rival) -> None:
    assert rival.version()
    reading = rival.load()(NOTICE, PAGES[0][2] or "")
    assert "巡查范围为全市常年水面" in reading["body_text"]
    assert ("title" in reading) == ("title" in rival.figures)
    assert ("published" in reading) == ("published" in rival.figures)


def test_the_table_and_markdown_have_a_line_a_figure(folder: Path) -> None:
    table = run(folder, "--generic", "--against", "resiliparse", "--passes", "1").stdout
    markdown = run(
        folder, "--generic", "--against", "resiliparse", "--passes", "1", "--markdown"
    ).stdout
    for word in ("title", "no_number", "rows", "row_date", "notice ms, median", "resiliparse"):
        assert word in table
        assert word in markdown
    assert "| published | 1, 1 | 100.00 | 1 | 100.00 | — |" in markdown
    assert markdown.startswith("`kuaixun bench reading --pages DIR --generic --against resiliparse")
    assert "2 pages of 2 hosts" in markdown
    assert "one pass" in markdown


def test_a_narrow_terminal_gets_blocks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kuaixun.bench.reading_table as table

    monkeypatch.setattr(table, "narrow", lambda console: True)
    said = run(folder, "--generic", "--against", "none", "--passes", "1").stdout
    assert "pages, hosts 1, 1; kuaixun 100.00; right 1; by host 100.00" in said


def test_the_worst_pages_are_named_with_what_was_read(folder: Path) -> None:
    wrong = [GOLD[0] | {"title": "关于汛期的通知", "doc_number": "湖水〔2020〕7号"}, *GOLD[1:]]
    write(folder / "gold.jsonl", wrong)
    said = run(folder, "--generic", "--against", "none", "--passes", "1", "--worst", "1").stdout
    assert f"0.000  1  www.lake.gov.cn  read '{TITLE}', right is '关于汛期的通知'" in said
    assert "right is '湖水〔2020〕7号'" in said
    worst = told(folder, "--against", "none", "--passes", "1", "--worst", "1")["worst"]
    assert worst["title"] == [{"id": "1", "host": "www.lake.gov.cn", "score": 0.0}]
    assert worst["rows"] == []


def absent() -> dict[str, Rival]:
    gone = replace(RIVALS["resiliparse"], package="kuaixun-no-such-package")
    return {"gone": gone, "resiliparse": RIVALS["resiliparse"]}


def test_a_rival_that_is_not_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kuaixun.bench.rivals, "RIVALS", absent())
    ran = run(folder, "--generic", "--passes", "1", "--json")
    assert "left out: gone" in ran.stderr
    assert "requirements-rivals.lock" in ran.stderr
    assert json.loads(ran.stdout)["readers"].keys() == {"kuaixun", "resiliparse"}
    asked = run(folder, "--against", "gone", code=2)
    assert "gone is not installed" in asked.stderr
    assert "requirements-rivals.lock" in asked.stderr


def test_a_rival_nobody_knows(folder: Path) -> None:
    assert "known are trafilatura, gne" in run(folder, "--against", "goose", code=2).stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gold.jsonl", None, "has no gold.jsonl"),
        ("manifest.jsonl", None, "has no manifest.jsonl"),
        ("gold.jsonl", "", "has no answers"),
        ("gold.jsonl", '{"id": "9"}', "'9' is not in manifest.jsonl"),
        ("gold.jsonl", '{"id": "1"}\nnonsense', "line 2"),
        ("gold.jsonl", '{"title": "x"}', "line 1: it has no id"),
        ("gold.jsonl", "[]", "line 1: it is no JSON object"),
        ("gold.jsonl", '{"id": "1"}\n{"id": 1}', "line 2: the answers of '1' stand further up"),
        (
            "gold.jsonl",
            '{"id": "2", "rows": [{"title": "x"}]}',
            "line 1: rows[1].href is not there",
        ),
        ("gold.jsonl", '{"id": "2", "rows": {}}', "rows must be a list, not {}"),
        ("gold.jsonl", '{"id": "1", "issuers": "x"}', "issuers must be a list, not 'x'"),
        ("gold.jsonl", '{"id": "1", "issuers": [1]}', "issuers[1] must be text, not 1"),
        ("gold.jsonl", '{"id": "1", "attachments": ["a"]}', "attachments[1] must be an object"),
        ("gold.jsonl", '{"id": "1", "period": "x"}', "period must be an object, not 'x'"),
        ("gold.jsonl", '{"id": "1", "published": "2.3."}', "published must begin with a day"),
        ("gold.jsonl", '{"id": "1", "accept": {"title": "x"}}', "accept.title must be a list"),
        ("gold.jsonl", '{"id": "3", "page_kind": "shell"}', "but for pages that scripts fill"),
        ("1.html", None, "the page '1' cannot be read"),
        ("manifest.jsonl", '{"id": "1"}', "line 1: it names no file"),
    ],
)
def test_a_folder_that_is_not_whole(
    folder: Path, name: str, content: str | None, said: str
) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, "utf-8")
    ran = run(folder, "--generic", code=2)
    assert said in ran.stderr.replace("\n", "")
    assert "Remedy:" in ran.stderr


def test_json_and_markdown_exclude_each_other(folder: Path) -> None:
    assert "either" in run(folder, "--json", "--markdown", code=2).stderr


def page(id_: str, host: str, size: int = 10) -> Page:
    gold = {
        "id": id_,
        "title": "湖",
        "doc_number": "湖水〔2020〕7号",
        "body_text": "湖水上涨请注意",
    }
    return Page(id_, host, f"http://{host}/{id_}.html", b"x" * size, gold)


def test_every_host_weighs_the_same_by_host() -> None:
    pages = [page("1", "lake"), page("2", "lake"), page("3", "lake"), page("4", "hill")]

    def read(body: bytes, url: str) -> dict[str, Any]:
        return {"title": "湖" if "lake" in url else "山"}

    [result] = measure(pages, [Reader("one", "1", read)], 1)
    figure = result.figure("title")
    assert figure
    assert (figure.mean, figure.by_host) == (75, 50)
    assert (figure.right, figure.pages, figure.hosts) == (3, 4, 2)
    assert [mark.page.id for mark in result.worst("title", 9)] == ["4"]


def test_a_reader_s_fault_is_a_page_unread_and_is_kept() -> None:
    def read(body: bytes, url: str) -> dict[str, Any]:
        if url.endswith("2.html"):
            raise ValueError("deep")
        return {"title": "湖"}

    [result] = measure([page("1", "lake"), page("2", "hill")], [Reader("one", "1", read)], 2)
    assert result.faults == {"2": "ValueError: deep"}
    figure = result.figure("title")
    assert figure
    assert figure.mean == 50


def test_a_fault_of_ours_is_told_and_ends_in_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kuaixun.bench.reading as bench

    def read(body: bytes, url: str) -> dict[str, Any]:
        raise RecursionError("nested")

    monkeypatch.setattr(bench, "_ours", lambda generic: Reader("kuaixun", "1", read))
    ran = run(folder, "--generic", "--against", "none", "--passes", "1", code=1)
    assert "kuaixun on page 1: RecursionError: nested" in ran.stderr


def test_readers_take_turns_and_lists_are_only_for_those_that_read_them(folder: Path) -> None:
    turns: list[str] = []

    def reader(name: str, lists: bool) -> Reader:
        def read(body: bytes, url: str) -> dict[str, Any]:
            turns.append(f"{name} {url.rpartition('/')[2]}")
            return {}

        return Reader(name, "1", read, reads_lists=lists)

    passes: list[int] = []
    measure(load(folder), [reader("a", True), reader("b", False)], 2, passes.append)
    assert turns[:3] == ["a t20200302_9.html", "b t20200302_9.html", "a index.html"]
    assert len(turns) == 6
    assert passes == [0, 1]


def test_a_large_page_tells_what_a_megabyte_costs() -> None:
    def read(body: bytes, url: str) -> dict[str, Any]:
        return {"title": str(sum(body))}

    pages = [page("1", "lake"), page("2", "hill", LARGE)]
    [result] = measure(pages, [Reader("one", "1", read)], 3)
    times = result.times(pages)
    assert times
    assert times.pages == 2
    assert times.worst_a_mb
    assert times.worst_a_mb == pytest.approx(times.p95 / LARGE * 1e6)


def test_the_rivals_lock_pins_all_by_hash_and_covers_the_group() -> None:
    root = Path(__file__).resolve().parents[2]
    lines = (root / "requirements-rivals.lock").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert len(pins) >= len(RIVALS)
    hashed = re.findall(r"^\S+==\S+ \\\n +--hash=sha256:[0-9a-f]{64}", "\n".join(lines), re.M)
    assert len(hashed) == len(pins)
    assert not any("://" in line or "index-url" in line for line in lines)
    names = {pin.partition("==")[0] for pin in pins}
    assert RIVALS.keys() - names == {"resiliparse"}  # it is a dependency already
    main = (root / "requirements.lock").read_text("utf-8").splitlines()
    versions = {line.partition("==")[0]: line for line in main if "==" in line}
    both = {pin: versions[name] for pin in pins if (name := pin.partition("==")[0]) in versions}
    assert "lxml" in {pin.partition("==")[0] for pin in both}
    assert {pin: line for pin, line in both.items() if line != pin} == {}


def test_the_page_on_reading_explains_every_figure_and_holds_the_table() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "reading.md").read_text("utf-8")
    before, table = text.split("<!-- table: begin.")
    table, _ = table.split("<!-- table: end -->")
    _, _, told = before.partition("| figure | what counts |")
    explained = {
        name for cells in re.findall(r"^\| ([^|]+) \|", told, re.M) for name in cells.split(", ")
    }
    assert FIGURES.keys() - explained == set()
    assert re.findall(r"^\| (\w+) \| \d", table, re.M) == list(FIGURES)
    assert "kuaixun bench reading --pages DIR --generic --against" in table
    assert all(f" {rival} |" in table for rival in RIVALS)
