"""Keeping notices: new, revised, the same; whoever else writes, whatever is killed."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Arrival, Attachment, NoticeKind, Period, Problem
from store import models
from store.dump import dump
from store.nights import column_of, current
from store.reviews import decide
from store.save import Saved, known, rehash, save, unchanged

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT, NEXT = dt.date(2019, 9, 11), dt.date(2019, 9, 12)
PAGE = "https://www.mee.gov.cn/a/1.html"


def annex(number: int = 1, **more: Any) -> Attachment:
    address = f"https://www.mee.gov.cn/a/{number}.pdf"
    return Attachment(address, address, f"附表{number}", **more)


def waiting_row(number: int = 1, column: str = "通知") -> models.Row:
    address = f"https://www.mee.gov.cn/a/{number}.html"
    return models.Row.objects.create(
        column=column_of("mee", column),
        night=current(NIGHT),
        url=address,
        address=address,
        title="关于第1件事的通知",
        state="waiting",
        arrival="night",
        reason="超时",
    )


def test_every_field_is_kept(notice: Make) -> None:
    period = Period(
        opens=dt.date(2019, 9, 16),
        closes=dt.date(2019, 10, 25),
        closes_time=dt.time(17, 30),
        label="报送截止",
        sentence="请于2019年10月25日17:30前报送。",
    )
    made = notice(
        1,
        written=dt.date(2019, 9, 6),
        doc_number="环办科财函〔2019〕72号",
        doc_number_printed="环办科财函[2019]72号",
        issuers=["生态环境部办公厅", "工业和信息化部办公厅"],
        index_number="000014672/2019-00551",
        period=period,
        kind=NoticeKind.CALL,
        section="申报通知",
        topics=["节能"],
        region="000000",
        reasons={"kind": "标题里有“申报”"},
        arrival=Arrival.BASELINE,
        evidence={"title": "meta"},
        attachments=[annex(1, sha256="a" * 64, size=5), annex(2, problem="服务器返回 404")],
    )
    assert save(made, NIGHT) is Saved.NEW
    kept = models.Notice.objects.get()
    for name in (
        *("title", "url", "address", "published", "written", "doc_number", "doc_number_printed"),
        *("issuers", "index_number", "kind", "section", "topics", "region", "reasons", "arrival"),
    ):
        assert getattr(kept, name) == getattr(made, name), name
    assert (kept.opens, kept.opens_time) == (period.opens, None)
    assert (kept.closes, kept.closes_time) == (period.closes, period.closes_time)
    assert (kept.period_label, kept.period_sentence) == (period.label, period.sentence)
    assert (kept.night.date, kept.column.name, kept.source.name) == (NIGHT, "通知", "mee")
    revision = kept.revisions.get()
    assert (revision.number, revision.content_hash) == (1, made.content_hash)
    assert (revision.record, revision.reader) == (made.record, "1")
    assert (revision.html, revision.text, revision.title) == (made.html, made.text, made.title)
    assert revision.facts["evidence"] == {"title": "meta"}
    assert revision.facts["period"]["closes"] == "2019-10-25"
    files = revision.attachments.order_by("position")
    assert [(a.position, a.name, a.sha256, a.tries) for a in files] == [
        (0, "附表1", "a" * 64, 0),
        (1, "附表2", "", 1),
    ]


def test_a_naive_moment_is_beijing_time(notice: Make) -> None:
    save(notice(1, published=dt.datetime(2019, 9, 10, 8)), NIGHT)  # noqa: DTZ001
    assert models.Notice.objects.get().published == dt.datetime(2019, 9, 10, 0, tzinfo=dt.UTC)


def test_what_a_database_would_refuse_is_made_fit(notice: Make) -> None:
    made = notice(1, doc_number="号" * 300, issuers=["部\x00"])
    made.text = "正\x00文\ud800"
    save(made, NIGHT)
    kept = models.Notice.objects.get()
    assert (kept.revisions.get().text, len(kept.doc_number), kept.issuers) == (
        "正文?",
        200,
        ["部"],
    )


def test_its_rows_at_the_source_are_kept(notice: Make) -> None:
    waiting_row(1)
    waiting_row(1, "公示")
    other = waiting_row(2)
    save(notice(1), NIGHT)
    kept = models.Notice.objects.get()
    assert set(
        models.Row.objects.exclude(pk=other.pk).values_list("state", "reason", "notice")
    ) == {("kept", "", kept.pk)}
    other.refresh_from_db()
    assert other.state == "waiting"


def test_the_same_again_changes_nothing(notice: Make) -> None:
    made = notice(1, attachments=[annex(problem="超时")], problems=[Problem("date.ahead", "晚")])
    save(made, NIGHT)
    before = dump()
    assert save(made, NIGHT) is Saved.SAME
    assert dump() == before


def test_the_same_at_another_column_stays_with_its_first(notice: Make) -> None:
    save(notice(1), NIGHT)
    waiting_row(1, "公示")
    assert save(notice(1, column="公示"), NEXT) is Saved.SAME
    assert models.Notice.objects.get().column.name == "通知"
    assert models.Row.objects.get().state == "kept"


def test_a_file_that_was_missing_is_filled_in(notice: Make) -> None:
    save(notice(1, attachments=[annex(1, problem="超时"), annex(2, sha256="b" * 64)]), NIGHT)
    came = notice(1, attachments=[annex(1, sha256="a" * 64, size=9), annex(2, sha256="c" * 64)])
    assert save(came, NEXT) is Saved.SAME
    files = models.Attachment.objects.order_by("position")
    assert [(a.sha256[0], a.size, a.problem) for a in files] == [("a", 9, ""), ("b", 0, "")]
    assert models.Problem.objects.count() == 0


def test_other_content_is_a_revision(notice: Make) -> None:
    save(notice(1, doc_number="环办〔2019〕1号", problems=[Problem("date.ahead", "晚")]), NIGHT)
    assert save(notice(1, title="关于第1件事的通知（更新）"), NEXT) is Saved.REVISED
    kept = models.Notice.objects.get()
    assert (kept.title, kept.doc_number) == ("关于第1件事的通知（更新）", "")
    assert kept.night.date == NIGHT
    assert [(r.number, r.night.date) for r in kept.revisions.order_by("number")] == [
        (1, NIGHT),
        (2, NEXT),
    ]
    assert models.Problem.objects.count() == 0
    # and back again: what counts is the newest
    assert save(notice(1, doc_number="环办〔2019〕1号"), NEXT) is Saved.REVISED


def test_a_revision_keeps_the_file_that_could_not_be_had_again(notice: Make) -> None:
    kept = annex(1, sha256="a" * 64, size=9, media_type="application/pdf", text="表")
    gone = annex(3, sha256="c" * 64, size=7)
    save(notice(1, attachments=[kept, annex(2, problem="超时"), gone]), NIGHT)
    late = [annex(1, problem="超时"), annex(2, problem="超时"), annex(4, problem="超时")]
    told = [Problem("attachment.broken", f"附件“{a.name}”没有取到：超时") for a in late]
    made = notice(1, text="期限改为下月。", attachments=late, problems=told)
    assert save(made, NEXT) is Saved.REVISED
    assert made.attachments[0].problem == "超时"  # what came of the night is not rewritten
    files = models.Attachment.objects.filter(revision__number=2).order_by("position")
    assert [(a.sha256[:1], a.size, a.media_type, a.text, a.problem, a.tries) for a in files] == [
        ("a", 9, "application/pdf", "表", "", 0),
        ("", 0, "", "", "超时", 1),
        ("", 0, "", "", "超时", 1),
    ]
    found = models.Problem.objects.order_by("url").values_list("code", "detail", "url")
    assert list(found) == [
        (
            "attachment.stale",
            "附件“附表1”今晚没有取到（超时），沿用上一版本的文件",
            late[0].url,
        ),
        ("attachment.broken", "附件“附表2”没有取到：超时", late[1].url),
        ("attachment.broken", "附件“附表4”没有取到：超时", late[2].url),
    ]
    # still there one revision on, and once it came the problem is over
    save(notice(1, text="期限改为年底。", attachments=late), NEXT)
    assert models.Attachment.objects.get(revision__number=3, position=0).sha256 == "a" * 64
    came = notice(1, text="又改。", attachments=[annex(1, sha256="d" * 64, size=1)])
    save(came, NEXT)
    assert models.Problem.objects.count() == 0


def test_problems_follow_the_newest_revision_and_keep_their_night(notice: Make) -> None:
    stays, goes, comes = Problem("a", "留"), Problem("b", "去"), Problem("c", "来")
    save(notice(1, problems=[stays, goes]), NIGHT)
    save(notice(1, text="改了。", problems=[stays, comes]), NEXT)
    found = models.Problem.objects.order_by("code").values_list("detail", "night__date")
    assert list(found) == [("留", NIGHT), ("来", NEXT)]


def test_a_missing_file_is_one_problem_whoever_tells_it(notice: Make) -> None:
    broken = annex(problem="服务器返回 404")
    save(notice(1, attachments=[broken]), NIGHT)
    told = Problem("attachment.broken", "附件“附表1”取不到：服务器返回 404")
    save(notice(2, attachments=[broken], problems=[told]), NIGHT)
    found = models.Problem.objects.order_by("notice__address").values_list("detail", "url")
    assert list(found) == [
        ("附表1：服务器返回 404", broken.url),
        (told.detail, broken.url),
    ]


def test_the_reader_asks_what_is_known(notice: Make) -> None:
    assert known("mee", PAGE) is None
    made = notice(1)
    save(made, NIGHT)
    assert known("mee", PAGE) == (made.content_hash, "1", made.record)
    assert known("miit", PAGE) is None
    rehash("mee", PAGE, "f" * 64, "2")
    assert known("mee", PAGE) == ("f" * 64, "2", made.record)
    assert models.Revision.objects.count() == 1


def test_a_page_found_unchanged_waits_no_more(notice: Make) -> None:
    save(notice(1), NIGHT)
    waiting_row(1)
    unchanged("mee", PAGE)
    assert models.Row.objects.get().state == "kept"


@pytest.mark.parametrize(
    "call", [lambda: unchanged("mee", PAGE), lambda: rehash("mee", PAGE, "", "")]
)
def test_what_is_not_kept_cannot_be_told_of(call: Callable[[], None]) -> None:
    with pytest.raises(LookupError, match=r"a/1\.html"):
        call()


def test_a_crawl_never_changes_a_decision_and_says_once_that_a_notice_changed(
    notice: Make,
) -> None:
    save(notice(1), NIGHT)
    decide("mee", PAGE, "candidate", "政策文件", "新标题", "chen")
    before = models.Review.objects.values().get()
    for _ in range(2):
        save(notice(1, text="期限改为下月。"), NEXT)
    assert models.Review.objects.values().get() == before
    events = models.ReviewEvent.objects.order_by("pk")
    assert [event.what for event in events] == ["decided", "revised"]
    assert events[1].after == {"source": "mee", "address": PAGE, "revision": 2}


@pytest.mark.parametrize("state", [None, "none"])
def test_an_undecided_family_is_not_reopened(notice: Make, state: str | None) -> None:
    save(notice(1), NIGHT)
    if state:
        decide("mee", PAGE, state, "政策文件")
    save(notice(1, text="期限改为下月。"), NEXT)
    assert not models.ReviewEvent.objects.filter(what="revised").exists()


@pytest.mark.parametrize("at", ["store.problems.note", "store.families.join"])
def test_a_save_that_fails_half_way_leaves_nothing(
    notice: Make, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    waiting_row(1)
    before = dump()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(at, fail)
        with pytest.raises(OSError, match="disk full"):
            save(notice(1, problems=[Problem("a", "甲")]), NEXT)
    assert models.Notice.objects.count() == models.Family.objects.count() == 0
    assert dump()["Row"] == before["Row"]


WRITER = """
import datetime as dt, json, sys
import store
store.migrate()
from crawler.notice import Notice, content_hash
from store.save import save
who, total = int(sys.argv[1]), int(sys.argv[2])
for number in range(total):
    address = f"https://www.mee.gov.cn/a/{number}.html"
    made = Notice(
        source="mee", column="通知", url=address, address=address,
        title=f"关于第{number % 5}件事的通知", doc_number=f"环办〔2019〕{number % 5}号",
        issuers=["生态环境部"], text=f"第{number % 5}件事。", record="a#1", reader="1",
    )
    made.content_hash = content_hash(made)
    save(made, dt.date(2019, 9, 11))
    made.text += f"改过，第{who}号写。" if number % 3 == 0 else ""
    made.content_hash = content_hash(made)
    save(made, dt.date(2019, 9, 11))
"""
READER = """
import json, store
store.migrate()
from django.db import connection
from store import models
from store.dump import dump
print(json.dumps({
    "notices": models.Notice.objects.count(),
    "families": models.Family.objects.count(),
    "nights": models.Night.objects.count(),
    "members": sorted(f.notices.count() for f in models.Family.objects.all()),
    "numbers": [
        sorted(n.revisions.values_list("number", flat=True)) for n in models.Notice.objects.all()
    ],
}))
"""


def test_two_processes_save_the_same_notices(own_process: dict[str, str]) -> None:
    env = own_process
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(who), "30"], env=env)
        for who in range(2)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    done = subprocess.run([sys.executable, "-c", READER], env=env, capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert (told["notices"], told["nights"]) == (30, 1)
    assert told["members"] == [6] * 5
    for numbers in told["numbers"]:
        assert numbers == list(range(1, len(numbers) + 1))
