"""Families by likeness of the bodies: keys in the database, reasons, what editors hear of it."""

import datetime as dt
import json
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.notice import Attachment, Notice
from store import families, models, statements
from store.dump import dump
from store.families import MAYBE_HANDLED
from store.nights import column_of
from store.replaced import Added, additions
from store.reviews import decide
from store.save import Saved, save
from tests.store.test_store_likeness_bodies import BODY, TEMPLATE, TITLE

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
OTHER_TITLE = "工信部征集节水装备（2019）"
AGENCIES = {
    "miit": "工业和信息化部",
    "shandong_gxt": "山东省工业和信息化厅",
    "chongqing_jjxxw": "重庆市经济和信息化委员会",
}


@pytest.fixture(autouse=True)
def sources() -> None:
    for name, agency in AGENCIES.items():
        column_of(name, "通知")
        models.Source.objects.filter(name=name).update(
            agency=agency, region="000000" if name == "miit" else "370000"
        )


@pytest.fixture
def copy(notice: Make) -> Make:
    """A notice without a number as it stands at one of the sources."""

    def make(source: str, text: str = BODY, title: str = TITLE, **more: Any) -> Notice:
        address = f"https://{source}.gov.cn/{more.pop('page', 1)}.html"
        day = more.pop("day", "2019-09-10")
        facts = {
            "source": source,
            "url": address,
            "address": address,
            "title": title,
            "text": text,
            "published": dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"),
        }
        made: Notice = notice(**(facts | more))
        return made

    return make


def kept(one: Notice) -> models.Notice:
    return models.Notice.objects.get(source__name=one.source, address=one.address)


def reasons() -> dict[str, list[str | None]]:
    rows = models.Notice.objects.values_list(
        "source__name", "joined_by", "joined_how", "joined_to__source__name"
    )
    return {source: [*told] for source, *told in rows}


def test_a_repost_under_a_title_of_its_own_joins_by_its_body(copy: Make) -> None:
    save(copy("miit", issuers=["工业和信息化部办公厅"]), NIGHT)
    save(copy("shandong_gxt", title=OTHER_TITLE), NIGHT)
    assert models.Family.objects.count() == 1
    assert reasons()["shandong_gxt"] == ["正文相同，标题不同", "text", "miit"]
    assert reasons()["miit"] == ["", "", None]


def test_the_origin_is_explained(copy: Make) -> None:
    said = []
    for source, more in (
        ("shandong_gxt", {}),
        ("chongqing_jjxxw", {"day": "2019-09-09"}),
        ("miit", {"issuers": ["工业和信息化部办公厅"], "day": "2019-09-12"}),
    ):
        save(copy(source, **more), NIGHT)
        said.append(families.origin_reason(models.Family.objects.get().pk))
    assert said == [
        "家族中只有这一份",
        "没有采到发文机关自己的网站，刊登最早（2019-09-09）",
        "发文机关自己的网站（工业和信息化部）",
    ]
    assert families.origin_reason(0) == ""


def test_a_member_is_told_against_the_origin_whoever_came_first(copy: Make) -> None:
    save(copy("shandong_gxt", day="2019-09-11"), NIGHT)
    save(copy("chongqing_jjxxw", day="2019-09-10"), NIGHT)
    assert reasons()["shandong_gxt"][2] == "chongqing_jjxxw"
    save(copy("miit", issuers=["工业和信息化部"], day="2019-09-12"), NIGHT)
    assert {told[2] for told in reasons().values()} == {"miit", None}


def test_a_member_unlike_the_origin_is_told_against_the_first_it_is_like(copy: Make) -> None:
    """Each adds a little to the one before; the ends are no copies of each other."""
    texts = [BODY, BODY + "一" * 60, BODY + "一" * 120, BODY + "一" * 180]
    sources = [*AGENCIES, "mee"]
    for place in (2, 0, 3, 1):
        save(copy(sources[place], texts[place], day=f"2019-09-0{place + 1}"), NIGHT)
    assert models.Family.objects.count() == 1
    told = {source: to for source, (_, _, to) in reasons().items()}
    assert told["miit"] is None
    assert told["mee"] not in (None, "miit")


def test_the_bands_follow_the_newest_text(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    before = set(models.Band.objects.values_list("key", flat=True))
    save(copy("miit", BODY.replace("节水", "节能")), NIGHT)
    after = set(models.Band.objects.values_list("key", flat=True))
    signature = models.Signature.objects.get()
    assert sorted(after) == families.unpack(bytes(signature.bands))
    assert len(after) == 16
    assert after != before
    save(copy("miit", ""), NIGHT)
    assert models.Band.objects.count() == 0
    assert bytes(models.Signature.objects.get().hashes) == b""


def test_a_revision_that_is_like_nothing_any_more_stays_and_says_so(copy: Make) -> None:
    save(copy("miit", issuers=["工业和信息化部"]), NIGHT)
    save(copy("shandong_gxt"), NIGHT)
    assert save(copy("shandong_gxt", "全文已移至新栏目。" * 30), NIGHT) is Saved.REVISED
    assert models.Family.objects.count() == 1
    assert reasons()["shandong_gxt"][0] == "改版前：标题相同，正文相同"
    save(copy("shandong_gxt"), NIGHT)
    assert reasons()["shandong_gxt"][0] == "标题相同，正文相同"


def test_a_revised_origin_does_not_tear_its_family(copy: Make) -> None:
    save(copy("miit", issuers=["工业和信息化部"]), NIGHT)
    save(copy("shandong_gxt"), NIGHT)
    save(copy("miit", BODY.replace("10月25日", "10月26日"), issuers=["工业和信息化部"]), NIGHT)
    assert models.Family.objects.count() == 1
    assert str(reasons()["shandong_gxt"][0]).startswith("改版前：")


@pytest.mark.parametrize(
    ("state", "title", "count"),
    [("candidate", OTHER_TITLE, 1), ("none", OTHER_TITLE, 0), ("candidate", TITLE, 0)],
)
def test_a_join_by_likeness_alone_to_a_decided_family_is_told_once(
    copy: Make, state: str, title: str, count: int
) -> None:
    save(copy("miit"), NIGHT)
    decide("miit", copy("miit").address, "candidate", who="chen")
    if state == "none":
        decide("miit", copy("miit").address, "none", who="chen")
    for text in (BODY, BODY + "（此件公开发布）"):
        save(copy("shandong_gxt", text, title), NIGHT)
    assert models.Family.objects.count() == 1
    told = models.ReviewEvent.objects.filter(what=MAYBE_HANDLED)
    assert told.count() == count
    assert models.Review.objects.get().state == state
    for event in told:
        assert event.after["address"] == copy("shandong_gxt").address
        assert event.after["reason"] == "正文相同，标题不同"


def test_two_columns_of_one_source(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    save(copy("miit", page=2, column="要闻"), NIGHT)
    assert models.Family.objects.count() == 1
    save(copy("miit", f"{BODY}（修订）", page=3, column="要闻"), NIGHT)
    assert models.Family.objects.count() == 2


@pytest.mark.parametrize(("sha", "count"), [("a" * 64, 1), ("b" * 64, 2)])
def test_two_columns_with_files(copy: Make, sha: str, count: int) -> None:
    for page, told in ((1, "a" * 64), (2, sha)):
        url = f"https://miit.gov.cn/{page}/1.pdf"
        file = Attachment(url, url, "附件", sha256=told)
        save(copy("miit", page=page, attachments=[file]), NIGHT)
    assert models.Family.objects.count() == count


def test_a_series_of_one_template_reads_few_texts(
    copy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    read: list[int] = []
    real = statements.text_of

    def counted(key: int) -> str:
        read.append(key)
        return real(key)

    monkeypatch.setattr(statements, "text_of", counted)
    for page in range(60):
        day = dt.date(2019, 1, 1) + dt.timedelta(days=7 * page)
        until = day + dt.timedelta(days=7)
        company = "".join(chance.choice("蓝海长江机电科技明华东方建材") for _ in range(4))
        told = (
            company,
            f"年产{chance.randint(10, 900)}万吨涂料",
            f"{day.year}年{day.month}月{day.day}日至{until.year}年{until.month}月{until.day}日",
            str(chance.randint(1000, 9999)),
        )
        source = chance.choice(sorted(AGENCIES))
        save(copy(source, TEMPLATE.format(*told), "环评文件拟审批公示", page=page), NIGHT)
    assert models.Family.objects.count() == 60
    assert len(read) <= 10


def test_sixty_reposts_are_one_family_and_each_is_compared_with_two_at_most(
    copy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(*bodies: str) -> Added | None:
        asked.append(1)
        return additions(*bodies)

    monkeypatch.setattr("store.likeness.additions", counted)
    for page in range(60):
        save(copy(f"site{page}", f"来源：第{page + 100}号网站。{BODY}", f"{TITLE}"), NIGHT)
    assert models.Family.objects.count() == 1
    assert len(asked) <= 2 * 60, "the likeliest, and the origin"
    before = len(asked)
    save(copy("shandong_gxt", BODY.replace("10月25日", "10月26日")), NIGHT)
    assert models.Family.objects.count() == 2
    assert len(asked) == before, "the days tell"


# What sites may make of a document, of another year's, and of what is about it.
variants = st.builds(
    lambda title, body, before, after: (title, before + body + after),
    st.sampled_from(
        [
            TITLE,
            f"[转载]{TITLE}",
            TITLE.removeprefix("工业和信息化部办公厅"),
            OTHER_TITLE,
            TITLE.replace("2019", "2018"),
            f"{TITLE}（第二批）",
            f"{TITLE}解读",
            f"转发{TITLE}",
        ]
    ),
    st.sampled_from(
        [
            BODY,
            BODY[:-19],
            BODY[: len(BODY) * 9 // 10],
            BODY.replace("10月25日", "10月26日"),
            BODY.replace("温书言", "贺知远"),
            BODY.replace("2019", "2018"),
        ]
    ),
    st.sampled_from(["", "信息来源：某网站。", "各市工信局：现转发给你们，请认真组织落实。"]),
    st.sampled_from(["", "（此件公开发布）", "一二三四五六七八九十" * 8]),
)
spreads = st.lists(
    st.tuples(
        st.sampled_from(sorted(AGENCIES)),
        variants,
        st.sampled_from(["", "工信厅节函〔2019〕205号", "鲁工信节〔2019〕31号"]),
        st.sampled_from(["2019-09-09", "2019-09-10"]),
    ),
    min_size=2,
    max_size=6,
)


def saved(notices: list[Notice]) -> dict[str, Any]:
    """What is kept after these were saved in this order; then all is taken back."""
    with transaction.atomic():
        for one in notices:
            save(one, NIGHT)
        told = dump()
        transaction.set_rollback(True)
    return told


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_no_order_of_arrival_makes_other_families(copy: Make, data: st.DataObject) -> None:
    made = [
        copy(source, text, title, doc_number=number, day=day, page=page)
        for page, (source, (title, text), number, day) in enumerate(data.draw(spreads))
    ]
    shuffled = data.draw(st.permutations(made))
    assert saved(made) == saved(shuffled)


WRITER = """
import datetime as dt, sys
import store
store.migrate()
from crawler.notice import Notice, content_hash
from store.save import save
from tests.store.test_store_likeness_bodies import BODY, TITLE
who = int(sys.argv[1])
for number in range(who, 50, 2):
    address = f"https://site{number}.gov.cn/1.html"
    made = Notice(
        source=f"site{number}", column="通知", url=address, address=address, title=TITLE,
        text=f"{BODY}责任编辑：第{number + 100}号", html="", record="x", reader="1",
    )
    made.content_hash = content_hash(made)
    save(made, dt.date(2019, 9, 11))
"""
READER = """
import json, store
store.migrate()
from store import models
print(json.dumps([models.Notice.objects.count(), models.Family.objects.count()]))
"""


def test_fifty_copies_saved_at_once_are_one_family(own_process: dict[str, str]) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(who)], env=own_process)
        for who in range(2)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    done = subprocess.run(
        [sys.executable, "-c", READER], env=own_process, capture_output=True, check=True
    )
    assert json.loads(done.stdout) == [50, 1]
