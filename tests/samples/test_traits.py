"""Every trait of samples/traits.toml is really in the archives' bytes."""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from samples.build import HERE, LOOKS
from samples.notices import Image, SampleNotice, Table, load, old_rows
from samples.sites import COLUMNS, SITES
from tests.loopback import Archive, Recorded

TRAITS = tomllib.loads((HERE / "traits.toml").read_text("utf-8"))["trait"]
NOTICES = {notice.key: notice for notice in load()}
NUMBER = r"\w+[〔（(\[]20\d\d[〕）)\]]\w*\d+号"


@dataclass
class Case:
    """One notice in the archive of the first night its row stands in."""

    notice: SampleNotice
    archives: dict[int, Archive]

    @property
    def archive(self) -> Archive:
        return self.archives[min(self.notice.nights)]

    @property
    def page(self) -> Recorded:
        """Its page, redirects followed; that of night 2 when it failed in night 1."""
        archive = self.archives[2] if self.notice.fails_night1 else self.archive
        answer = archive.responses[self.notice.url]
        while answer.status in {301, 302}:
            answer = archive.responses[answer.header("Location")]
        return answer

    @property
    def root(self) -> html.HtmlElement:
        charset = "gb18030" if "gbk-labelled-utf8" in self.notice.traits else "utf-8"
        return html.fromstring(self.page.body.decode(charset))

    @property
    def text(self) -> str:
        return re.sub(r"\s", "", self.root.text_content())

    @property
    def anchors(self) -> list[tuple[str, html.HtmlElement]]:
        """Every list answer of its column that names its address, with the row's element."""
        column = COLUMNS[self.notice.source, self.notice.columns[0]]
        return row_elements(self.archive, column.url, column.ident, self.notice.url)


def row_elements(
    archive: Archive, list_url: str, ident: str, url: str
) -> list[tuple[str, html.HtmlElement]]:
    """(list address, anchor) for each anchor to `url` in the column's answers."""
    found: list[tuple[str, html.HtmlElement]] = []
    folder = list_url.rpartition("/")[0] + "/"
    for answer in archive.responses.values():
        ours = answer.url == list_url or (ident and ident in answer.url)
        if answer.status != 200 or not ours:
            continue
        text = answer.body.decode()
        if text.startswith('{"success"'):
            text = json.loads(text)["data"]["html"]
        text = re.sub(r"<\?xml.*?\?>|<!\[CDATA\[|\]\]>", "", text).replace(
            '<script type="text/xml">', "<div>"
        )
        anchors = html.fromstring(text).iter("a")
        found += [(answer.url, a) for a in anchors if urljoin(folder, a.get("href", "")) == url]
    return found


def label(page: Recorded) -> str:
    """The charset that header and meta declare."""
    told = page.header("Content-Type") + page.body[:1500].decode("latin-1")
    return ",".join(re.findall(r"charset=[\"']?([\w-]+)", told)).lower()


def gbk_labelled_utf8(case: Case) -> None:
    case.page.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        case.page.body.decode("utf-8")
    assert "utf-8" in label(case.page)
    assert "gb" not in label(case.page)


def utf8_labelled_gbk(case: Case) -> None:
    case.page.body.decode("utf-8")
    assert "gb" in label(case.page)
    assert "utf-8" not in label(case.page)


def cut_row_title(case: Case) -> None:
    assert case.anchors
    for _, anchor in case.anchors:
        shown = (anchor.text_content() or "").strip()
        titled = anchor.get("title") or anchor.xpath(".//@title")[0]
        assert shown.endswith("…")
        assert titled == case.notice.title
        assert len(shown) < len(titled)


def date_only_in_address(case: Case) -> None:
    for _, anchor in case.anchors:
        assert not re.search(r"\d{2}-\d{2}", anchor.getparent().text_content())
    assert re.search(r"/(t|P0)20190[89]\d\d", case.notice.url)


def month_day_date(case: Case) -> None:
    shown = [re.sub(r"[^\d-]", "", a.getnext().text_content()) for _, a in case.anchors]
    assert shown == [f"{case.notice.day:%m-%d}"]


def pinned_old_row(case: Case) -> None:
    (_, anchor), *_ = case.anchors
    rows = anchor.xpath("ancestor::ul[1]/li")
    assert anchor.getparent() is rows[0]
    assert case.notice.day < dt.date(2019, 9, 11) - dt.timedelta(days=60)


def row_to_pdf(case: Case) -> None:
    assert case.anchors
    assert case.page.header("Content-Type") == "application/pdf"
    assert case.page.body.startswith(b"%PDF")


def external_row(case: Case) -> None:
    assert case.anchors
    assert urlsplit(case.notice.url).netloc != SITES[case.notice.source].host
    for archive in case.archives.values():
        assert case.notice.url not in archive.responses


def body_is_pdf(case: Case) -> None:
    place = LOOKS[case.notice.source](SITES[case.notice.source], []).file_url(case.notice, 1)
    assert case.archive.responses[place].body.startswith(b"%PDF")
    assert urlsplit(place).path.rpartition("/")[2] in case.page.body.decode()


def body_is_images(case: Case) -> None:
    images = [block for block in case.notice.blocks if isinstance(block, Image)]
    look = LOOKS[case.notice.source](SITES[case.notice.source], [])
    assert images
    assert len("".join(case.notice.paragraphs)) < 80
    for at in range(1, len(images) + 1):
        assert case.archive.responses[look.image_url(case.notice, at)].body.startswith(b"\x89PNG")


def merged_cells(case: Case) -> None:
    assert case.root.xpath("//td[@rowspan or @colspan]")


def nested_numbering(case: Case) -> None:
    forms = (r"[一二三四]、|第.条", r"（[一二三]）", r"\d[.．]", r"（\d）", "[①②]")
    text = "\n".join(case.notice.paragraphs)
    assert sum(bool(re.search(f"(?m)^(?:{form})", text)) for form in forms) >= 3


def list_of_names(case: Case) -> None:
    tables = [block for block in case.notice.blocks if isinstance(block, Table)]
    assert max(len(table.lines) for table in tables) > 10
    assert max(len(found.xpath(".//tr")) for found in case.root.iter("table")) > 10


def joint_signature(case: Case) -> None:
    assert len(case.notice.issuers) > 1
    last = [name[-4:] for name in case.notice.issuers]
    assert all(name in case.text for name in last)


def chinese_numeral_date(case: Case) -> None:
    assert re.search(r"二〇一九年[一二三四五六七八九十]+月[一二三四五六七八九十]+日", case.text)


def disagreeing_dates(case: Case) -> None:
    told = case.root.xpath('//meta[@name="PubDate"]/@content')
    assert told
    assert not told[0].startswith(f"{case.notice.published:%Y-%m-%d}")
    assert f"{case.notice.published:%Y-%m-%d}" in case.text


def _number_cell(case: Case) -> str:
    labels = ("文号", "发文字号")
    for cell in case.root.xpath("//td|//p|//label|//div"):
        if re.sub(r"[\s：\[\]　]", "", cell.text or "") in labels and cell.getnext() is not None:
            return str(cell.getnext().text_content()).strip()
    raise AssertionError(f"{case.notice.key}: no cell for the number")


def empty_number(case: Case) -> None:
    assert _number_cell(case) == ""


def number_none(case: Case) -> None:
    assert _number_cell(case) == "无"


def numbers_quoted(case: Case) -> None:
    own = case.notice.doc_number or ""
    quoted = set(re.findall(NUMBER, case.text)) - {own}
    assert len(quoted) > 1


def order_number(case: Case) -> None:
    assert re.search(r"令第\d+号", case.text)


def announcement_number(case: Case) -> None:
    assert re.search(r"公告|第\d+号", case.notice.title + (case.notice.doc_number or ""))
    assert re.search(r"20\d\d年第\d+号", case.text)


def _files(case: Case, kind: str) -> list[Recorded]:
    look = LOOKS[case.notice.source](SITES[case.notice.source], [])
    return [
        case.archive.responses[look.file_url(case.notice, at)]
        for at, attachment in enumerate(case.notice.attachments, start=1)
        if attachment.kind == kind
    ]


def broken_attachment(case: Case) -> None:
    assert [answer.status for answer in _files(case, "broken")] == [404]


def html_named_doc(case: Case) -> None:
    (answer,) = _files(case, "html-as-doc")
    assert answer.status == 200
    assert answer.url.endswith(".doc")
    assert answer.body.startswith(b"<!DOCTYPE html>")


def same_notice_two_sites(case: Case) -> None:
    family = [n for n in NOTICES.values() if n.family == case.notice.family]
    assert case.notice.family
    assert len({n.source for n in family}) > 1


def same_notice_two_columns(case: Case) -> None:
    for name in case.notice.columns:
        column = COLUMNS[case.notice.source, name]
        assert row_elements(case.archive, column.url, column.ident, case.notice.url)
    assert len(case.notice.columns) > 1


def reposted_notice(case: Case) -> None:
    same_notice_two_sites(case)
    assert case.notice.source not in {"mee", "miit"}


def forwarded(case: Case) -> None:
    assert "转发" in case.notice.title
    assert set(re.findall(NUMBER, case.text)) - {case.notice.doc_number}


def interpretation(case: Case) -> None:
    assert case.notice.kind == "解读"
    assert re.sub(r"\s", "", case.notice.title) in case.text


def ordinal_batches(case: Case) -> None:
    bare = [re.sub("第[一二三四五]批", "", n.title) for n in TRAIT_NOTICES["ordinal-batches"]]
    assert bare.count(re.sub("第[一二三四五]批", "", case.notice.title)) == 2


def revised(case: Case) -> None:
    first, second = (case.archives[night].responses[case.notice.url].body for night in (1, 2))
    later = next(n for n in load(2) if n.key == case.notice.key)
    assert first != second
    assert case.notice.closes
    assert later.closes
    assert case.notice.closes < later.closes
    assert later.day > case.notice.day


def failed_first_night(case: Case) -> None:
    assert case.archives[1].responses[case.notice.url].status == 503
    assert case.archives[2].responses[case.notice.url].status == 200
    assert case.anchors


NAMES = {"令-number": order_number, "公告-number": announcement_number}
TRAIT_NOTICES = {trait["name"]: [NOTICES[key] for key in trait["notices"]] for trait in TRAITS}


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait["name"])
def test_planted(trait: dict[str, str | list[str]], archives: dict[int, Archive]) -> None:
    name = str(trait["name"])
    check: Callable[[Case], None] = NAMES.get(name) or globals()[name.replace("-", "_")]
    for notice in TRAIT_NOTICES[name]:
        check(Case(notice, archives))


def test_the_list_is_whole() -> None:
    planted = {(trait, key) for key, notice in NOTICES.items() for trait in notice.traits}
    listed = {(trait["name"], key) for trait in TRAITS for key in trait["notices"]}
    assert planted == listed


def test_each_trait_names_tests_that_are_there() -> None:
    for trait in TRAITS:
        for which in ("planted", "read"):
            path, name = trait[which].split("::")
            assert name.endswith(f"[{trait['name']}]")
            assert re.sub(r"\[.*", "", name) in (HERE.parent / path).read_text("utf-8")


def test_only_family_members_are_one_document() -> None:
    titles = [n for n in NOTICES.values() if not n.external]
    for one, other in combinations(titles, 2):
        if one.title == other.title:
            assert one.family
            assert one.family == other.family


def test_older_rows_repeat_no_notice() -> None:
    urls = {notice.url for notice in NOTICES.values()}
    assert not urls & {row.url for row in old_rows()}
    assert Path(HERE / "traits.toml").exists()
