"""The invented words of `kuaixun bench store`: agencies, topics, the grammar of their notices."""

import datetime as dt
import random
import re
from dataclasses import dataclass


def _words(text: str) -> list[str]:
    return text.split()


_PROVINCES = _words(
    "云岭 澜川 沧原 北溟 东泽 青峦 白泉 松陵 赤岩 望海 锦溪 朔原 南渚 玉川 石梁 金沙坪 鹤洲 "
    "雁北 桂陵 川东"
)
_TOWNS = _words(
    "青陂 临澧河 长岭 安塘 新渡 平冈 龙坝 柳浦 丰台子 石鼓 东埠 嘉陵口 梅川 永靖 双桥 云台 "
    "广泽 泰兴坪 宁河湾 和顺 固城 高桥 兴圩 清渡 白沙 黄陂 大湾 金牛 凤台 桐山 乐溪 罗田 松口 "
    "南屏 普宁坝 海垦"
)
_OFFICES = _words(
    "工业和信息化厅|工信 生态环境厅|环 住房和城乡建设厅|建 交通运输厅|交 农业农村厅|农 "
    "商务厅|商 科学技术厅|科 发展和改革委员会|发改 市场监督管理局|市监 财政厅|财 "
    "自然资源厅|自然资 水利厅|水"
)
_MINISTRIES = _words(
    "国家节材管理总局|节材 装备制造部|装 城乡绿化部|绿 国家数据资源局|数据 产业协作部|产 "
    "国家计量监督局|计监 能源与矿务部|能 国家标准推进委员会|标推"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎"
)
_GIVEN = (
    "明华建国志强永文海峰晓东丽娟秀英伟刚卫平国庆春兰"
    "雪梅立新成林宏达少波思远亦凡启航若溪子墨景行知微"
)
_COMPANY = _words("恒 鑫 瑞 盛 远 达 泰 宏 华 康 隆 润 博 晟 捷 信 安 宇 凯 诚 佳 源 联 科 创")
_TRADE = _words(
    "新材料 环保科技 机械制造 建材 生物科技 电子 化工 能源 智能装备 食品 纺织 包装 物流 水泥 "
    "陶瓷 铸造 医药 农业开发"
)

_FIELD = _words(
    "节水 绿色建材 智能制造 再生资源 中小企业 工业互联网 新能源汽车 危险废物 装配式建筑 "
    "乡村道路 职业技能 数字农业 冷链物流 社区养老 专利转化 清洁生产 煤矿安全 水土保持 公共数据 "
    "对外贸易 科技特派员 非遗保护 固体废物 老旧小区 森林防火 农产品质量 海洋渔业 轨道交通 "
    "民用爆破 碳排放 大气污染 饮用水源 高新技术 绿色工厂 首台套 特色小镇 标准化 计量检定 "
    "电梯安全 食品追溯"
)
_THING = _words(
    "试点示范 重点项目 专项资金 评价指标 管理办法 实施细则 技术装备 典型案例 公共服务平台 "
    "产业园区 示范企业 推广目录 监督检查 统计报表 标准体系 创新中心 领军人才 培训基地 信息系统 "
    "应急预案 考核工作 信用评价 资质认定 行动计划"
)
_ACT = _words(
    "完善 健全 推进 落实 规范 强化 统筹 细化 优化 提升 督促 指导 支持 引导 核查 评估 梳理 公开 "
    "压实 衔接"
)
_OBJECT = _words(
    "工作机制 台账资料 责任清单 申报程序 现场核查 资金拨付 数据报送 部门协同 风险排查 信息公开 "
    "政策衔接 项目储备 技术改造 人员培训 考核办法 绩效目标 隐患整改 质量追溯 标准宣贯 档案管理 "
    "群众监督 联络员制度 动态调整 年度评估 进度安排 专家评审 区域布局 配套设施 用地保障 "
    "金融支持 品牌建设 示范带动 分类管理 日常巡查 系统填报 结果应用"
)
_WHO = _words(
    "各级主管部门 项目单位 申报主体 县区人民政府 行业协会 运营机构 第三方机构 牵头单位 "
    "有关企业 园区管理机构 专家组 乡镇和街道 监管人员 承办单位 检测机构 高等院校 科研院所 "
    "建设单位"
)
_HOW = _words(
    "按月 逐项 分批 及时 依法 严格 稳步 全面 定期 从严 因地制宜 先行 按程序 会同有关方面 "
    "结合实际 在规定时限内 以问题为导向 对照清单 实事求是 集中力量"
)
_AIM = _words(
    "确保任务按期完成 避免重复建设 做到数据真实准确 切实减轻企业负担 防止流于形式 "
    "形成可复制的经验 提高资金使用效益 保障群众合法权益 推动产业转型升级 不得层层加码 "
    "杜绝弄虚作假 为后续工作打好基础 实现全过程可追溯 促进区域协调发展 不断提高服务水平 "
    "守住安全底线"
)
_SENTENCES = (
    "{who}要{how}{act}{object}，{act2}{object2}，{aim}。",
    "{act}{field}{object}，由{who}{how}{act2}{object2}，{aim}。",
    "对{field}领域的{object}，{who}应当{how}{act}，并于每季度末前{act2}{object2}。",
    "{who}在{act}{object}时，应同步{act2}{object2}；未能{how}完成的，须书面说明原因。",
    "鼓励{who}围绕{field}{thing}，{how}{act}{object}，{aim}。",
    "涉及{object}的事项，{who}须{how}报送，{who2}负责{act2}{object2}。",
    "到{year}年底，{field}{thing}覆盖率达到{percent}%以上，{object}基本{act}到位。",
    "每个{field}项目补助不超过{money}万元，{who}应{how}{act}{object}，{aim}。",
    "{who}会同{who2}建立{field}{object}清单，{how}{act2}{object2}。",
    "因{object}不到位造成损失的，由{who}{how}追究责任，{aim}。",
)
_HEADINGS = _words(
    "总体要求 主要任务 工作目标 申报条件 组织实施 保障措施 材料要求 时间安排 监督管理 支持方式 "
    "职责分工 有关要求 适用范围 评审程序 附则"
)
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented agency, which has a site of its own: `source` is the site's name."""

    name: str
    short: str  # in its 文号
    source: str
    region: str
    level: str


def _agencies() -> list[Agency]:
    found = []
    for at, one in enumerate(_MINISTRIES):
        name, short = one.split("|")
        found.append(Agency(name, short, f"bench_nation_{at}", "000000", "ministry"))
    for p, province in enumerate(_PROVINCES):
        for at, one in enumerate(_OFFICES):
            name, short = one.split("|")
            full, code = f"{province}省{name}", f"{11 + p}0000"
            found.append(Agency(full, province[0] + short, f"bench_p{p}_{at}", code, "province"))
    for t, town in enumerate(_TOWNS):
        code = f"{11 + t % len(_PROVINCES)}{1 + t:02}00"
        for at, one in enumerate(_OFFICES[:6]):
            name, short = one.split("|")
            full = f"{town}市{name.removesuffix('厅')}{'局' if name.endswith('厅') else ''}"
            found.append(Agency(full, town[0] + short, f"bench_t{t}_{at}", code, "city"))
    return found


AGENCIES = _agencies()
NATION = [one for one in AGENCIES if one.region == "000000"]


def person(rng: random.Random) -> str:
    """An invented name."""
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2, 2))))


def company(rng: random.Random) -> str:
    """An invented company."""
    own = "".join(rng.choices(_COMPANY, k=2))
    form = rng.choice(("有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司"))
    return f"{rng.choice(_TOWNS)}{own}{rng.choice(_TRADE)}{form}"


def phone(rng: random.Random) -> str:
    """A landline that nobody has."""
    return f"0{rng.randint(310, 990)}-{rng.randint(2000000, 8999999)}"


def topic(rng: random.Random) -> str:
    """What a document is about."""
    return rng.choice(_FIELD) + rng.choice(_THING)


def field(rng: random.Random) -> str:
    return rng.choice(_FIELD)


def heading(rng: random.Random) -> str:
    return rng.choice(_HEADINGS)


def sentence(rng: random.Random, about: str, year: int) -> str:
    """A sentence of a document about that field."""
    return rng.choice(_SENTENCES).format(
        who=rng.choice(_WHO),
        who2=rng.choice(_WHO),
        how=rng.choice(_HOW),
        act=rng.choice(_ACT),
        act2=rng.choice(_ACT),
        object=rng.choice(_OBJECT),
        object2=rng.choice(_OBJECT),
        aim=rng.choice(_AIM),
        thing=rng.choice(_THING),
        field=about if rng.random() < 0.6 else rng.choice(_FIELD),
        year=year + rng.randint(1, 5),
        percent=rng.randint(30, 98),
        money=rng.choice((10, 20, 30, 50, 80, 100, 150, 200, 300, 500)),
    )


def paragraph(rng: random.Random, about: str, year: int) -> str:
    return "".join(sentence(rng, about, year) for _ in range(rng.randint(1, 4)))


def number(agency: Agency, year: int, running: int) -> str:
    """A 文号 in the one form."""
    return f"{agency.short}发〔{year}〕{running}号"


def day(date: dt.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def in_numerals(text: str) -> str:
    """The text with its days in Chinese numerals."""
    return _DAY.sub(lambda m: f"{_year(m[1])}年{_count(int(m[2]))}月{_count(int(m[3]))}日", text)


def _year(digits: str) -> str:
    return "".join("〇一二三四五六七八九"[int(one)] for one in digits)


def _count(value: int) -> str:
    tens, ones = divmod(value, 10)
    lead = (NUMERALS[tens - 1] if tens > 1 else "") + "十" if tens else ""
    return lead + (NUMERALS[ones - 1] if ones else "")
