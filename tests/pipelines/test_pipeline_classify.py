"""classify: the shipped rules, the reasons they give, the regions, and the words for mistakes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.notice import Notice, NoticeKind, Retry
from pipelines import rules
from pipelines.classify import Classify
from pipelines.regions import region_at_start
from pipelines.rules import RulesError


def run(crawler: Any, item: Any) -> Any:
    return Classify.from_crawler(crawler).process_item(item)


@pytest.mark.parametrize(
    ("title", "kind", "section"),
    [
        ("关于印发《某市绿色工厂评价办法》的通知", "政策文件", "绿色制造"),
        ("关于印发《某市技术改造若干措施》的通知", "政策文件", "政策文件"),
        ("关于进一步优化营商环境的意见", "政策文件", "政策文件"),
        ("关于组织申报2020年度示范企业的通知", "申报通知", "申报通知"),
        ("关于推荐绿色设计产品的通知", "申报通知", "绿色制造"),
        ("关于征求《某某管理办法（征求意见稿）》意见的函", "征求意见", ""),
        ("《某市绿色工厂评价办法》政策解读", "解读", ""),
        ("一图读懂《某某规划》", "解读", ""),
        ("关于张某等同志职务任免的通知", "人事", ""),
        ("直属单位拟任干部任前公示", "人事", ""),
        ("某平台运维项目公开招标公告", "招标", ""),
        ("关于2019年中秋节放假安排的通知", "放假", ""),
        ("关于召开全市工业运行调度会的通知", "会议", ""),
        ("第二批示范名单公示", "公示", ""),
        ("关于上半年工业运行情况的通报", "通报", ""),
        ("关于命名第二批示范园区的决定", "通报", ""),
        ("关于授予某公司质量标杆称号的决定", "通报", ""),
        ("关于废止《某某办法》的决定", "政策文件", "政策文件"),
        ("奖补办法改了，您需要知道的三件事", "解读", ""),
        ("某局关于废止部分文件的公告", "公告", ""),
        ("转发省厅关于申报省级新产品的通知", "转发", "申报通知"),
        ("关于系统停机维护的提醒", "其他通知", ""),
    ],
)
def test_the_shipped_rules(
    crawler: Any, notice: Callable[..., Notice], title: str, kind: str, section: str
) -> None:
    it = run(crawler, notice(title=title))
    assert (it.kind, it.section) == (NoticeKind(kind), section)
    assert it.reasons["kind"]
    assert it.reasons["section"]


def test_every_suggestion_has_its_reason(crawler: Any, notice: Callable[..., Notice]) -> None:
    it = run(crawler, notice(title="关于申报绿色工厂的通知", text="绿色制造，绿色工厂；绿色工厂。"))
    assert it.reasons["kind"] == "标题含“申报”"
    assert it.reasons["section"] == "标题含“绿色工厂”"
    assert it.topics == ["绿色制造"]
    assert it.reasons["topics"] == "绿色制造：标题含“绿色”"
    assert it.reasons["region"] == "来源所在地区"


def test_the_text_decides_where_the_title_says_nothing(
    crawler: Any, notice: Callable[..., Notice]
) -> None:
    it = run(
        crawler, notice(title="关于有关工作的通知", text="申报条件：略。申报材料：略。申报程序")
    )
    assert it.kind is NoticeKind.CALL
    assert it.reasons["kind"] == "正文含“申报条件” 3 处"


@pytest.mark.parametrize(
    ("title", "issuers", "code", "reason"),
    [
        ("关于填报台账的通知", [], "340600", "来源所在地区"),
        ("安徽省经济和信息化厅关于填报台账的通知", [], "340000", "标题以“安徽省”开头"),
        ("《2019年度山东省某名单》公示", [], "370000", "标题以“山东省”开头"),
        ("山东省青岛市某某公示", [], "370200", "标题以“山东省青岛市”开头"),
        ("吉林市某某公示", [], "220200", "标题以“吉林市”开头"),
        ("宁夏回族自治区工业绿色发展方案", [], "640000", "标题以“宁夏回族自治区”开头"),
        ("深圳关于某事的通知", [], "440300", "标题以“深圳”开头"),
        ("河北区某某公示", [], "340600", "来源所在地区"),
        ("工业和信息化部办公厅关于某事的通知", [], "000000", "标题以“工业和信息化部”开头"),
        ("关于某事的通知", ["生态环境部办公厅"], "000000", "发文机关以“生态环境部”开头"),
        ("关于某事的通知", ["合肥市财政局", "安徽省财政厅"], "340100", "发文机关以“合肥市”开头"),
        ("转发安徽省经济和信息化厅通知", [], "340600", "来源所在地区"),
    ],
)
def test_regions(
    crawler: Any,
    notice: Callable[..., Notice],
    title: str,
    issuers: list[str],
    code: str,
    reason: str,
) -> None:
    it = run(crawler, notice(title=title, issuers=issuers))
    assert (it.region, it.reasons["region"]) == (code, reason)


def test_the_region_table_is_whole() -> None:
    lines = Path(rules.RULES).with_name("regions.csv").read_text("utf-8").splitlines()[1:]
    codes = [line.split(",")[0] for line in lines]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert sum(code.endswith("0000") for code in codes) == 35  # 34 and the whole country
    prefectures = [c for c in codes if c.endswith("00") and not c.endswith("0000")]
    assert len(prefectures) == 333
    for name in ("大连市", "宁波市", "厦门市", "青岛市", "深圳市", "延边州", "济源市"):
        assert region_at_start(f"{name}某局")[0] not in ("", "000000")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('\n[[kind]]\nname = "公示"\ntitel = ["公示"]\n', 4, "“titel”不认识"),
        ('[[kind]]\nname = "公式"\ntitle = ["公示"]\n', 2, "没有“公式”这个类别"),
        ('[[kind]]\ntitle = ["公示"]\n', 1, "没有名称"),
        ('[[kind]]\nname = "公示"\ntitle = "公示"\n', 3, "要写成一列词"),
        ('[[kind]]\nname = "公示"\n', 2, "没有条件"),
        ('[[kind]]\nname = "公示"\ntitle = ["公示"]\nkinds = ["公告"]\n', 4, "不能用 kinds"),
        ('[[topic]]\nname = "节水"\ntext = ["节水"]\ntimes = 0\n', 4, "1 以上的整数"),
        ('[[topic]]\nname = "节水"\ntitle = ["…"]\n', 3, "只有“…”"),
        ('[[topic]]\nname = "甲"\nends = ["丁"]\n[[topic]]\nname = "丙"\nkinds = ["乙"]', 6, "乙"),
        ('[kind]\nname = "公示"\n', 1, "两层方括号"),
        ('[[kinds]]\nname = "公示"\n', 1, "不认识“kinds”"),
        ("[region]\nnational = 3\n", 2, "要写成一列词"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_rules_is_named_with_line_and_remedy(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(RulesError) as mistake:
        rules.load(write(tmp_path, text))
    assert f"第 {line} 行" in str(mistake.value)
    assert words in str(mistake.value)


def test_broken_toml_and_wrong_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"写法有误.*line 2"):
        rules.load(write(tmp_path, "[[kind]]\nname = “公示”\n"))
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes('[[kind]]\nname = "公示"\n'.encode("gbk"))
    with pytest.raises(RulesError, match="UTF-8"):
        rules.load(gbk)
    with pytest.raises(RulesError, match="读不到"):
        rules.load(tmp_path / "nowhere.toml")


def test_an_office_brings_its_own_rules(
    make_crawler: Callable[..., Any], notice: Callable[..., Notice], tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        '[[kind]]\nname = "公告"\nends = ["函"]\n'
        '[[section]]\nname = "本所专栏"\ntitle = ["水…台账"]\nnot_title = ["废止"]\n'
        '[[topic]]\nname = "栏目"\ncolumn = ["公告"]\nkinds = ["公告"]\n',
    )
    it = run(make_crawler(RULES=str(path)), notice(title="关于节水用量台账的复函》"))
    assert (it.kind, it.section, it.topics) == (NoticeKind.ANNOUNCEMENT, "本所专栏", ["栏目"])
    assert it.reasons["kind"] == "标题结尾是“函”"
    assert it.reasons["section"] == "标题含“水用量台账”"
    none = run(make_crawler(RULES=str(path)), notice(title="关于废止节水台账办法的事"))
    assert (none.kind, none.section, none.topics) == (NoticeKind.OTHER, "", [])


def test_other_items_pass_classify(crawler: Any, attachment: Callable[..., Any]) -> None:
    retry = Retry("huaibei_jxj", "https://x/", attachment())
    assert run(crawler, retry) is retry
