"""An issue with the structure of a real one: three sections, nine notices, texts of like length."""

import datetime as dt
import random

import pytest

from bulletin import layout
from bulletin.blocks import read
from bulletin.issue import Entry, House, Issue

MADE = dt.datetime(2019, 9, 12, 2, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))

_SUBJECTS = ["企业", "园区", "项目", "平台", "机构", "设备", "产品", "数据", "人才", "资金", "标准"]
_VERBS = ["建立", "完善", "核对", "登记", "改造", "评估", "公开", "保存", "汇总", "培育", "检查"]
_OBJECTS = ["台账", "清单", "方案", "档案", "指标", "流程", "制度", "名录", "报告", "机制"]

# section, title, doc number, sub-headed parts, sentences a part, attachments
_NOTICES = [
    ("政策文件", "关于改进环境监管服务帮助企业绿色发展的意见", "", 20, 8, []),
    ("绿色制造", "关于印发《某自治区工业绿色行动方案（2019-2022年）》的通知", "", 0, 2, ["方案"]),
    ("绿色制造", "某市关于第二批绿色制造示范名单的公示", "", 0, 8, ["示范名单.doc"]),
    ("绿色制造", "关于印发某市绿色工厂评价办法的通知", "某经信〔2019〕79号", 20, 3, ["评价报告"]),
    (
        "申报通知",
        "关于组织申报2019年消费品工业示范城市的通知",
        "工信函〔2019〕191号",
        8,
        6,
        ["申报表", "实施方案（参考大纲）"],
    ),
    ("申报通知", "某市关于2019年度技术中心评价工作的通知", "", 6, 5, ["名单", "征集表", "说明"]),
    ("申报通知", "某省关于推荐新一代人工智能开放平台的通知", "", 3, 4, ["建设指引"]),
    (
        "申报通知",
        "关于推荐2020年度服务型制造示范企业的通知",
        "某工信产（2019）146号",
        14,
        6,
        ["申报书模版", "汇总表", "绩效表", "自评表"],
    ),
    ("申报通知", "某市科技创新委员会关于发布研究开发资助指南的通知", "", 0, 6, ["申请指南"]),
]
_NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 to 39 as a Chinese numeral."""
    tens, ones = divmod(number, 10)
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}" + (
        _NUMERALS[ones - 1] if ones else ""
    )


def _sentences(dice: random.Random, count: int) -> str:
    return "".join(
        f"{dice.choice(_SUBJECTS)}应当{dice.choice(_VERBS)}{dice.choice(_OBJECTS)}，"
        f"并{dice.choice(_VERBS)}{dice.choice(_SUBJECTS)}{dice.choice(_OBJECTS)}"
        f"共{dice.randint(2, 99)}项。"
        for _ in range(count)
    )


def body(seed: int, parts: int, sentences: int, attachments: list[str]) -> str:
    """A notice's body as sanitised HTML."""
    dice = random.Random(seed)
    lines = ["各区县主管部门，各有关企业：", _sentences(dice, sentences)]
    for part in range(1, parts + 1):
        if part % 4 == 1:
            lines.append(f"{numeral(part // 4 + 1)}、{dice.choice(_VERBS)}{dice.choice(_OBJECTS)}")
        lines.append(f"（{numeral(part)}）{dice.choice(_VERBS)}{dice.choice(_SUBJECTS)}")
        lines.append(_sentences(dice, sentences))
    if len(attachments) == 1:
        lines.append(f"附件：{attachments[0]}")
    elif attachments:
        lines += ["附件：", *(f"{n}. {name}" for n, name in enumerate(attachments, 1))]
    lines += ["某省经济和信息化厅", "2019年9月9日"]
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.fixture
def house() -> House:
    return House(
        firm="北京某某科技有限公司",
        phone="55500000",
        website="www.example.cn",
        running_footer="北京某某科技有限公司 电话：55500000 欢迎咨询 网址：www.example.cn",
        closing=[
            "更多消息，请登录网站 www.example.cn 查询。",
            "欢迎来电。",
            "联系电话：010-55500000",
        ],
        sections=["政策文件", "绿色制造", "申报通知"],
    )


@pytest.fixture
def issue(house: House) -> Issue:
    entries = [
        Entry(
            section,
            title,
            read(body(seed, parts, sentences, attachments), attachments=attachments),
            number,
            list(attachments),
            f"http://www.example.cn/art/2019/9/9/art_{seed}.html",
        )
        for seed, (section, title, number, parts, sentences, attachments) in enumerate(_NOTICES)
    ]
    return Issue("(2019) 0902 期", 2019, 9, 2, house, entries)


@pytest.fixture
def made() -> dt.datetime:
    return MADE


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without LibreOffice: fast, and the page numbers stay open."""
    monkeypatch.setattr(layout, "find_soffice", lambda: None)


@pytest.fixture
def office() -> None:
    """Skips where LibreOffice is not installed."""
    if layout.find_soffice() is None:
        pytest.skip("LibreOffice is not installed: package libreoffice-writer")
