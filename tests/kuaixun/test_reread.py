"""`kuaixun reread`: stored pages read anew, told, written, and nothing of the editors' touched."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.archive import Archive
from crawler.clock import BEIJING
from crawler.notice import Attachment, Notice, Retry, RowState
from crawler.reading.notice import Selectors
from kuaixun.__main__ import cli
from nightly.lock import only_one
from store import files, models
from store.families import Move
from store.issues import Pick, make
from store.memory import Memory
from store.models import ReviewState
from store.nights import column_of, current, taken_in
from store.reread import BARRED, Difference, rewrite
from store.reviews import decide
from store.save import save, save_retry
from tests.kuaixun.reread_sources import Hill, Sea

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 3, 1)
NOW = dt.datetime.combine(NIGHT, dt.time(23), BEIJING)
FORM = "https://sea.gov.cn/t/form.doc"
PARAGRAPHS = (
    "各沿海市海洋局：",
    "为做好今年的渔港岸线普查，现将有关事项通知如下，请各单位认真组织落实。",
    "一、普查范围为全部在用渔港，包括码头、锚地和护岸，不含军用岸线。",
    "二、请于2026年4月15日前报送普查表，逾期不再受理，联系电话另行通知。",
)
PAGE = """<html><head><meta charset="utf-8"><title>{title}</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/t/">通知</a></div>
<h1>{title}</h1><h2>{second}</h2><p class="info">发布时间：2026-02-27 来源：海洋局</p>
<div class="body">{body}</div></body></html>"""


def page(title: str, number: str = "", body: str = "", second: str = "", files: str = "") -> bytes:
    lines = [number, *PARAGRAPHS, body, "海洋局", "2026年2月26日"]
    text = "".join(f"<p>{line}</p>" for line in lines if line) + files
    return PAGE.format(title=title, second=second, body=text).encode()


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Archive:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.DATA = tmp_path
    monkeypatch.setattr("settings.WARC_DIR", str(tmp_path / "warc"))
    monkeypatch.setattr("settings.SPIDER_MODULES", ["tests.kuaixun.reread_sources"])
    return Archive(tmp_path / "warc", NIGHT, NOW)


@pytest.fixture
def keep(archive: Archive) -> Callable[..., models.Notice]:
    """Keeps a page under a wrong title and text, as an older reader might have read it."""

    def kept(number: int, body: bytes, source: str = "sea", **more: Any) -> models.Notice:
        url = f"https://{source}.gov.cn/t/{number}.{more.pop('ending', 'html')}"
        record = archive.write(url, 200, {}, body, file=more.pop("by_hash", False))
        row_title = more.pop("row_title", "")
        facts = {"title": f"误读 {number}", "text": "误读的正文", "reader": "0", **more}
        notice = Notice(source, "通知", url, url, row_title=row_title, record=record, **facts)
        save(notice, more.get("night", NIGHT))
        row = {"state": RowState.KEPT, "arrival": "night", "night": current(NIGHT)}
        found = models.Notice.objects.get(source__name=source, address=url)
        models.Row.objects.create(
            column=column_of(source, "通知"), url=url, address=url, title=row_title, **row
        )
        models.Row.objects.filter(address=url).update(notice=found)
        return found

    return kept


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, ["reread", *words], catch_exceptions=False)
    assert ran.exit_code == code, ran.output
    return ran


def lines(*words: str, code: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *told, last = map(json.loads, run(*words, "--json", code=code).stdout.splitlines())
    return told, last["summary"]


def fields(*words: str) -> set[str]:
    told, _ = lines(*words)
    return {change["field"] for one in told for change in one["changes"]}


def newest(notice: models.Notice) -> models.Revision:
    return notice.revisions.latest("number")


def test_what_would_change_is_told_and_nothing_written(keep: Any) -> None:
    notice = keep(1, page("关于渔港普查的通知", "海渔〔2026〕3号"))
    told, summary = lines()
    (one,) = told
    assert (one["became"], one["source"], one["revision"]) == ("changed", "sea", 1)
    changes = {change["field"]: (change["old"], change["new"]) for change in one["changes"]}
    assert changes["title"] == ("误读 1", "关于渔港普查的通知")
    assert changes["doc_number"] == ("", "海渔〔2026〕3号")
    assert changes["period"][1]["closes"] == "2026-04-15"
    assert PARAGRAPHS[1] in changes["text"][1]
    assert (summary["changed"], summary["applied"], summary["fields"]["title"]) == (1, False, 1)
    notice.refresh_from_db()
    assert (notice.title, newest(notice).text) == ("误读 1", "误读的正文")
    told_to_people = run().stdout
    for words in ("标题：误读 1 → 关于渔港普查的通知", "@@ -1 +1,", "会变 1 个", "--apply"):
        assert words in told_to_people


def test_apply_writes_to_the_same_revision_once(keep: Any) -> None:
    notice = keep(1, page("关于渔港普查的通知", "海渔〔2026〕3号"))
    _, summary = lines("--apply")
    assert (summary["changed"], summary["applied"]) == (1, True)
    notice.refresh_from_db()
    revision = newest(notice)
    assert revision.number == 1
    assert notice.title == revision.title == "关于渔港普查的通知"
    assert (notice.doc_number, notice.closes) == ("海渔〔2026〕3号", dt.date(2026, 4, 15))
    assert notice.number_key == "海渔20263号|文件"
    assert revision.facts["evidence"]["title"] == "selector"
    assert revision.reader != "0"
    assert lines("--apply") == ([], summary | {"changed": 0, "unchanged": 1, "fields": {}})


def test_a_night_finds_what_was_reread_unchanged(keep: Any) -> None:
    notice = keep(1, page("关于渔港普查的通知"))
    run("--apply")
    revision = newest(notice)
    models.Revision.objects.update(content_hash="old", reader="0")
    told, summary = lines("--apply")
    assert (told, summary["stamped"], summary["unchanged"]) == ([], 1, 1)
    assert newest(notice).content_hash == revision.content_hash


def test_a_source_with_other_selectors(keep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = keep(1, page("频道名称和栏目", second="关于渔港普查的通知"))
    keep(2, page("关于山路的通知"), "hill")
    run("--apply")
    monkeypatch.setattr(Sea, "selectors", Selectors(title="h2"))
    assert "title" in fields("--source", "sea")
    assert fields("--source", "hill") == set()
    run("--apply")
    notice.refresh_from_db()
    assert notice.title == "关于渔港普查的通知"


def test_only_one_night(keep: Any) -> None:
    keep(1, page("关于渔港普查的通知"))
    keep(2, page("关于航标的通知"))
    later = current(NIGHT + dt.timedelta(days=1))
    models.Revision.objects.filter(notice__url__endswith="/2.html").update(night=later)
    told, summary = lines("--night", "2026-03-02")
    assert [one["address"][-6:] for one in told] == ["2.html"]
    assert summary["revisions"] == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--source", "lake"), "of a source lake.\nRemedy: There are: sea"),
        (("--night", "2020-01-01"), "The newest night that kept a page is 2026-03-01"),
        (("--night", "heute"), "heute"),
    ],
)
def test_wrong_use(keep: Any, words: tuple[str, ...], why: str) -> None:
    keep(1, page("关于渔港普查的通知"))
    assert why in run(*words, code=2).stderr


def test_nothing_to_read_is_said(archive: Archive) -> None:
    assert "Nothing is kept yet" in run(code=2).stderr


def test_a_running_night_is_left_alone(keep: Any, tmp_path: Path) -> None:
    notice = keep(1, page("关于渔港普查的通知"))
    with only_one(tmp_path):
        assert "running" in run("--apply", code=3).stderr
        assert fields() > {"title"}
    notice.refresh_from_db()
    assert notice.title == "误读 1"


def test_what_editors_wrote_and_decided_stays(keep: Any) -> None:
    notice = keep(1, page("关于渔港普查的通知", "海渔〔2026〕3号"))
    place = ("sea", notice.address)
    decide(*place, ReviewState.CANDIDATE, "政策文件", "编辑的标题", "wang")
    make("(2026) 0301 期", {}, [Pick(*place, "政策文件")])
    models.Review.objects.update(text="编辑的正文")
    models.Entry.objects.update(text="排好的正文")
    tables = (models.Review, models.ReviewEvent, models.Issue, models.Entry, models.Family)
    before = [list(table.objects.values()) for table in tables]
    run("--apply")
    assert [list(table.objects.values()) for table in tables] == before
    notice.refresh_from_db()
    assert notice.title == "关于渔港普查的通知"


def test_an_older_revision_keeps_to_itself(keep: Any, archive: Archive) -> None:
    notice = keep(1, page("关于渔港普查的通知"))
    second = archive.write(notice.url, 200, {}, page("关于渔港普查的补充说明", body="延期。"))
    title = "今天的标题"
    save(Notice("sea", "通知", notice.url, notice.url, title, record=second), NIGHT)
    told, _ = lines("--apply")
    assert [one["revision"] for one in told] == [1, 2]
    old, new = notice.revisions.order_by("number")
    assert (old.title, new.title) == ("关于渔港普查的通知", "关于渔港普查的补充说明")
    assert "延期。" in new.text
    assert "延期。" not in old.text
    notice.refresh_from_db()
    assert notice.title == new.title
    assert "kind" not in {c["field"] for c in told[0]["changes"]}


def test_what_the_list_said_of_an_older_revision_is_not_made_up(
    keep: Any, archive: Archive
) -> None:
    """It was kept before lists were: of the newest today's list is taken, of the older none."""
    notice = keep(1, page("关于渔港普查的通知"))
    second = archive.write(notice.url, 200, {}, page("关于渔港普查的补充说明"))
    save(Notice("sea", "通知", notice.url, notice.url, "今天的标题", record=second), NIGHT)
    for revision in notice.revisions.all():
        del revision.facts["row"]
        revision.save()
    models.Row.objects.update(title="列表今天的标题")
    run("--apply")
    old, new = notice.revisions.order_by("number")
    assert "row" not in old.facts
    assert new.facts["row"]["title"] == "列表今天的标题"


def test_a_cut_leaves_whole_revisions(keep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keep(1, page("关于渔港普查的通知"))
    second = keep(2, page("关于航标维护的通知"))
    tables = (models.Revision, models.Notice, models.Attachment, models.Problem)
    before = [list(table.objects.values()) for table in tables]

    def rejoin(notice: models.Notice, _: Any) -> Move:
        if notice.pk == second.pk:
            raise OSError("cut")
        return Move()

    monkeypatch.setattr("store.families.rejoin", rejoin)
    with pytest.raises(OSError, match="cut"):
        run("--apply", "--source", "sea")
    after = [list(table.objects.values()) for table in tables]
    about = {"id": first.pk, "notice_id": first.pk}
    for old, new in zip(before, after, strict=True):
        changed = [one for one in new if one not in old]
        assert all(one.get("notice_id", one["id"]) == first.pk for one in changed), about
    assert newest(first).title == "关于渔港普查的通知"
    assert newest(second).title == "误读 2"


def test_what_was_done_until_an_interruption_is_told(
    keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(1, page("关于山路的通知"), "hill")
    notice = keep(2, page("关于渔港普查的通知"))

    def interrupted(*_: Any) -> Notice:
        raise KeyboardInterrupt

    monkeypatch.setattr(Sea, "notice", interrupted)
    _, summary = lines("--apply", code=130)
    assert (summary["complete"], summary["changed"]) == (False, 1)
    assert "中途停下" in run(code=130).stdout
    assert newest(notice).title == "误读 2"


def test_one_that_is_removed_meanwhile_is_left_out(
    keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(1, page("关于渔港普查的通知"))

    def removed(key: int, notice: Notice) -> Difference:
        models.Revision.objects.filter(pk=key).delete()
        return rewrite(key, notice)

    monkeypatch.setattr("store.reread.rewrite", removed)
    told, summary = lines("--apply")
    assert (told, summary["read"], summary["complete"]) == ([], 0, True)


class TestTheRecord:
    """It must be the notice's own page."""

    OTHER = "https://sea.gov.cn/t/9.html"

    def led(self, keep: Any, archive: Archive) -> models.Notice:
        """A notice whose page was recorded at another address than its list names."""
        notice: models.Notice = keep(1, page("关于渔港普查的通知"))
        record = archive.write(self.OTHER, 200, {}, page("关于航标的通知"))
        notice.revisions.update(record=record)
        return notice

    def test_another_notices_page_is_not_written(self, keep: Any, archive: Archive) -> None:
        notice = self.led(keep, archive)
        keep(9, page("关于航标的通知"))
        told, summary = lines("--apply", code=1)
        assert told[0]["became"] == "no-record"
        assert f"另一页：{self.OTHER}" in told[0]["why"]
        assert summary["changed"] == 1
        assert newest(notice).title == "误读 1"

    def test_where_the_site_led_on_to_is_its_own(self, keep: Any, archive: Archive) -> None:
        notice = self.led(keep, archive)
        run("--apply")
        assert newest(notice).title == "关于航标的通知"

    def test_two_lists_may_lead_to_one_page(self, keep: Any, archive: Archive) -> None:
        notice = self.led(keep, archive)
        keep(9, page("关于航标的通知"))
        models.Notice.objects.filter(pk=notice.pk).update(url=self.OTHER)
        run("--apply")
        assert newest(notice).title == "关于航标的通知"

    def test_a_file_that_no_list_names_is_an_attachment(self, keep: Any, archive: Archive) -> None:
        notice = keep(1, page("关于渔港普查的通知"))
        files.put(b"PK\x03\x04 no table")
        record = archive.write(FORM, 200, {}, b"PK\x03\x04 no table", file=True)
        notice.revisions.update(record=record)
        assert lines(code=1)[1]["unread"]["no-record"] == 1


def attachments(notice: models.Notice) -> list[tuple[str, str]]:
    listed = newest(notice).attachments.order_by("position")
    return [(file.name, file.sha256) for file in listed]


def retries() -> list[Retry]:
    tomorrow = NOW + dt.timedelta(days=1)
    return asyncio.run(Memory(tomorrow).retries("sea"))


LINK = f'<p>附件：<a href="{FORM}">渔港普查表</a></p>'


@pytest.mark.django_db(transaction=True)
def test_a_newly_found_file_is_fetched_by_the_next_night(keep: Any) -> None:
    notice = keep(1, page("关于渔港普查的通知", files=LINK))
    run("--apply")
    assert attachments(notice) == [("渔港普查表", "")]
    assert notice.problem_set.filter(code="attachment.missing", url=FORM).exists()
    (retry,) = retries()
    assert (retry.notice_address, retry.attachment.url) == (notice.address, FORM)
    assert lines("--apply")[0] == []
    retry.attachment.problem, retry.attachment.sha256 = "", files.put(b"table")
    save_retry(retry, NIGHT + dt.timedelta(days=1))
    assert attachments(notice) == [("渔港普查表", files.put(b"table"))]
    assert not notice.problem_set.filter(code__startswith="attachment").exists()
    assert lines("--apply")[0] == []
    assert retries() == []


def kept_file(name: str = "渔港普查表", address: str = FORM, **more: Any) -> Attachment:
    return Attachment(address, address, name, sha256=files.put(address.encode()), **more)


def test_a_file_that_is_not_listed_any_more_is_put_by(
    keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "https://sea.gov.cn/t/list.xls"
    both = [kept_file("名单", other, text="单位甲"), kept_file()]
    notice = keep(1, page("关于渔港普查的通知", files=LINK), attachments=both)
    sha256 = files.put(other.encode())
    told = run("--apply").stdout
    assert f"- 名单  {other}" in told
    assert attachments(notice) == [("渔港普查表", files.put(FORM.encode()))]
    (away,) = newest(notice).facts["unlisted"]
    assert (away["sha256"], away["text"]) == (sha256, "单位甲")
    assert lines("--apply")[0] == []
    # a reader that finds it again gives it back with its file
    page_of = Sea.notice

    def finds(spider: Sea, *asked: Any) -> Notice:
        read = page_of(spider, *asked)
        read.attachments.append(Attachment(other, other, "名单"))
        return read

    monkeypatch.setattr(Sea, "notice", finds)
    run("--apply")
    assert attachments(notice)[1] == ("名单", sha256)
    assert newest(notice).attachments.get(sha256=sha256).text == "单位甲"
    assert "unlisted" not in newest(notice).facts


def test_the_name_that_the_download_gave_stays(keep: Any) -> None:
    link = f'<p><a href="{FORM}">点击下载</a></p>'
    notice = keep(1, page("关于渔港普查的通知", files=link), attachments=[kept_file("普查表.doc")])
    run("--apply")
    assert [name for name, _ in attachments(notice)] == ["普查表.doc"]


@pytest.mark.parametrize("by_hash", [False, True])
def test_a_notice_that_is_a_file(keep: Any, by_hash: bool) -> None:
    document = b"PK\x03\x04 no table"
    title = "渔港普查表"
    row = {"row_title": title, "ending": "doc", "by_hash": by_hash}
    notice = keep(1, document, **row)
    if by_hash:
        (told,), summary = lines(code=1)
        assert (told["became"], summary["unread"]["no-record"]) == ("no-record", 1)
        files.put(document)
    run("--apply")
    notice.refresh_from_db()
    assert notice.title == title
    assert newest(notice).facts["evidence"]["text"] == "file"
    assert [name for name, _ in attachments(notice)] == [f"{title}.doc"]
    assert lines("--apply")[0] == []


def test_pages_that_cannot_be_read_are_named(keep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(1, page("关于渔港普查的通知"))
    gone = keep(2, page("关于航标的通知"))
    newest(gone).delete()
    lost = keep(3, page("关于灯塔的通知"))
    models.Revision.objects.filter(notice=lost).update(record="2020-01-01.warc.gz#7")
    error = "<html><title>404</title><body>您访问的页面不存在</body></html>"
    keep(4, error.encode())
    keep(5, page("关于湖泊的通知"), "lake")
    keep(6, page("关于山路的通知"), "hill")

    def fails(*_: Any) -> Notice:
        raise ZeroDivisionError("no slope")

    monkeypatch.setattr(Hill, "notice", fails)
    told, summary = lines("--apply", code=1)
    became = {one["address"]: (one["became"], one.get("why", "")) for one in told}
    short = {address.rsplit("/")[-1][0]: found for address, found in became.items()}
    assert {number: found[0] for number, found in short.items()} == {
        "1": "changed",
        "3": "no-record",
        "4": "no-notice",
        "5": "no-source",
        "6": "fault",
    }
    assert "2020-01-01.warc.gz#7" in short["3"][1]
    assert "no slope" in short["6"][1]
    assert summary["read"] == 1
    assert summary["unread"] == {"no-source": 1, "no-record": 1, "no-notice": 1, "fault": 1}
    assert newest(lost).title == "误读 3"
    assert "来源已不在 1 个" in run("--apply", code=1).stdout


def test_a_reader_that_lacks_a_file_of_its_own_is_at_fault(
    keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(1, page("关于渔港普查的通知"))

    def fails(*_: Any) -> Notice:
        raise FileNotFoundError("names.txt")

    monkeypatch.setattr(Sea, "notice", fails)
    assert lines(code=1)[1]["unread"]["fault"] == 1


def test_a_source_that_was_taken_out_is_no_fault(keep: Any) -> None:
    keep(1, page("关于湖泊的通知"), "lake")
    assert "spiders/ 里已没有来源 lake" in run().stdout


def test_a_page_that_was_taken_in_is_read_generically(keep: Any) -> None:
    notice = keep(1, page("关于湖泊的通知", files=LINK), "lake")
    taken_in("lake")
    run("--apply")
    notice.refresh_from_db()
    assert notice.title == "关于湖泊的通知"
    assert not notice.problem_set.filter(code__startswith="attachment").exists()
    assert lines("--apply")[0] == []


def test_the_list_of_that_night_is_read_with_the_page(keep: Any) -> None:
    """Of a page that says no title the list's is taken, as it was when the page was read."""
    document = b"PK\x03\x04 no table"
    notice = keep(1, document, ending="doc", row_title="渔港普查表")
    run("--apply")
    models.Row.objects.update(title="渔港普查表（修订）")
    assert lines()[0] == []
    facts = newest(notice).facts
    del facts["row"]  # as an older revision, that has not kept it
    models.Revision.objects.update(facts=facts)
    assert "title" in fields()


def test_the_clock_is_that_of_the_record(keep: Any) -> None:
    """Three weeks ahead of that night is in doubt for ever, however much later it is read."""
    notice = keep(
        1, page("关于渔港普查的通知").replace("2026年2月26日".encode(), "2026年3月22日".encode())
    )
    run("--apply")
    assert notice.problem_set.filter(code="date.ahead").exists()


class TestFamilies:
    """Two pages of one document; the older reader took another's 文号 for that of the second."""

    NUMBER = "海渔〔2026〕3号"

    def two(self, keep: Any, title: str) -> tuple[models.Notice, models.Notice]:
        """The first is read well; the second is `title`, misread as if it were the first."""
        whole = page("关于渔港普查的通知", self.NUMBER)
        first = keep(1, whole)
        run("--apply")
        first.refresh_from_db()
        misread = {"doc_number": self.NUMBER, "issuers": first.issuers, "title": first.title}
        second = keep(2, page(title, "海渔〔2026〕8号"), "hill", **misread)
        second.refresh_from_db()
        first.refresh_from_db()
        assert first.family_id == second.family_id
        return first, second

    def read(self, *notices: models.Notice) -> str:
        told = run("--apply").stdout
        for notice in notices:
            notice.refresh_from_db()
        return told

    def test_one_that_was_joined_by_a_misreading_leaves(self, keep: Any) -> None:
        first, second = self.two(keep, "关于山路维护的通知")
        told = run().stdout
        assert "离开" in told
        assert "转载家族是逐条" in told
        assert "离开" in self.read(first, second)
        assert first.family_id != second.family_id
        assert second.family.origin_id == second.pk
        assert first.family.origin_id == first.pk
        assert (first.joined_by, second.joined_by) == ("", "")

    def test_a_decided_family_stays_whole_and_that_is_told(self, keep: Any) -> None:
        first, second = self.two(keep, "关于山路维护的通知")
        decide("sea", first.address, ReviewState.REJECTED)
        events = models.ReviewEvent.objects.count()
        assert "编辑已经审过" in self.read(first, second)
        assert first.family_id == second.family_id
        assert second.doc_number == "海渔〔2026〕8号"
        assert models.ReviewEvent.objects.count() == events
        (problem,) = second.problem_set.filter(code=BARRED)
        assert "没有移动，请人工核对" in problem.detail
        models.Revision.objects.update(content_hash="old")
        assert lines("--apply")[0] == []
        assert second.problem_set.filter(code=BARRED).exists()

    def test_what_was_decided_on_a_family_that_merged_into_it_counts(self, keep: Any) -> None:
        first, second = self.two(keep, "关于山路维护的通知")
        merged = models.Family.objects.create(merged_into=first.family)
        models.Review.objects.create(family=merged, notice=first, state=ReviewState.LATER)
        assert "编辑已经审过" in self.read(first, second)
        assert first.family_id == second.family_id

    def test_a_bar_is_taken_back_when_the_others_are_read_again(self, keep: Any) -> None:
        """Both were misread alike: the first that is read again is alone until the other is."""
        misread = {
            "doc_number": "海渔〔2026〕8号",
            "issuers": ["海洋局"],
            "title": "关于山路的通知",
        }
        whole = page("关于渔港普查的通知", self.NUMBER)
        first, second = keep(1, whole, **misread), keep(2, whole, "hill", **misread)
        decide("sea", first.address, ReviewState.REJECTED)
        assert "没有移动" in self.read(first, second)
        assert first.family_id == second.family_id
        assert first.number_key == second.number_key == "海渔20263号|文件"
        assert not models.Problem.objects.filter(code=BARRED).exists()

    def test_it_leaves_but_brings_no_two_decided_ones_together(self, keep: Any) -> None:
        title = "关于山路维护的通知"
        _, second = self.two(keep, title)
        for number in (3, 4):
            other = keep(number, page(title, "海渔〔2026〕8号"))
            decide("sea", other.address, ReviewState.LATER)
        run("--apply", "--source", "sea")
        told = self.read(second)
        assert "离开“关于渔港普查的通知”的转载家族，自成一家" in told
        assert "没有合并，请人工核对" in told
        assert "没有移动" not in told
        assert second.family.notices.count() == 1
        assert second.problem_set.filter(code=BARRED).exists()

    def test_keys_that_alone_are_others_bring_it_home(self, keep: Any) -> None:
        whole = page("关于渔港普查的通知", self.NUMBER)
        first, second = keep(1, whole), keep(2, whole, "hill")
        run("--apply")
        alone = models.Family.objects.create(origin=second)
        keys = {"number_key": "old", "title_key": "old"}
        models.Notice.objects.filter(pk=second.pk).update(family=alone, **keys)
        told, summary = lines("--apply")
        assert [change["field"] for change in told[0]["changes"]] == ["family"]
        assert summary["fields"] == {"family": 1}
        for notice in (first, second):
            notice.refresh_from_db()
        assert first.family_id == second.family_id

    @pytest.mark.parametrize("decided", [(), ("sea",), ("sea", "hill")], ids=len)
    def test_two_that_turn_out_to_be_one_document(self, keep: Any, decided: Any) -> None:
        """They are joined as by a save, unless editors decided on both."""
        whole = page("关于渔港普查的通知", self.NUMBER)
        first, second = keep(1, whole), keep(2, whole, "hill")
        for notice in (first, second):
            if notice.source.name in decided:
                decide(notice.source.name, notice.address, ReviewState.LATER)
        told = self.read(first, second)
        assert (first.family_id == second.family_id) is (len(decided) < 2)
        assert ("合为一家" in told) is (len(decided) < 2)
        assert ("编辑已经审过" in told) is (len(decided) == 2)
        assert models.Review.objects.count() == len(decided)
        if decided:
            assert first.family.review.state == ReviewState.LATER
