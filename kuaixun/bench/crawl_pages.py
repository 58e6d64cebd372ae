"""The invented site that `kuaixun bench crawl` reads: list pages and notices of about 46 KB."""

import datetime as dt
from dataclasses import dataclass
from random import Random

SIZE = 46 * 1024  # bytes of a notice page, at least; few exceed it by more than a paragraph
ROWS = 20  # a list page
LIST = "/tzgg/"
NEWEST = dt.date(2026, 3, 30)  # the day of the first notice; each day has some
PER_DAY = 8

_PLACES = ("东河", "西岭", "南浦", "北原", "临江", "安平", "永丰", "青石", "白沙", "云台", "长桥")
_TRADES = (
    "装备制造",
    "轻工纺织",
    "新型材料",
    "电子元件",
    "食品加工",
    "工业设计",
    "节能环保",
    "船舶配套",
)
_DEEDS = ("项目申报", "企业培育", "标准编制", "设备更新", "能效诊断", "人才培训", "示范推广")
_OPENINGS = ("为进一步推动", "根据年度计划，", "围绕重点任务，", "结合各地实际，", "按照统一部署，")
_ACTORS = ("各有关单位", "主管部门", "申报企业", "评审专家", "承办机构", "各区县", "行业协会")
_VERBS = (
    "应当认真组织",
    "须按期完成",
    "要及时报送",
    "可自愿参加",
    "负责审核",
    "协助做好",
    "逐项核对",
)
_THINGS = (
    *(
        "材料的收集与整理",
        "现场核查",
        "进度统计",
        "资金使用情况说明",
        "技术改造清单",
        "产品检测报告",
    ),
    *("信用承诺书", "年度总结", "风险排查", "数据上报", "经验交流", "后续跟踪"),
)
_TAILS = ("并对真实性负责", "确保不漏一项", "如有变化另行告知", "结果向社会公开", "以纸质件为准")
_MARKS = "一二三四五六七八九十"
_WORD_STYLE = (
    "margin:0cm 0cm 0pt;text-indent:32pt;line-height:28pt;text-align:justify;"
    "text-justify:inter-ideograph;mso-char-indent-count:2.0;layout-grid-mode:char"
)
_FONT = "font-family:仿宋_GB2312;font-size:16pt;mso-bidi-font-family:宋体;mso-font-kerning:0pt"


@dataclass(frozen=True, slots=True)
class Page:
    """One invented notice."""

    number: int
    path: str
    title: str
    day: dt.date


def page(number: int) -> Page:
    """The notice of that number; the same one every time."""
    random = Random(number)  # noqa: S311
    day = NEWEST - dt.timedelta(days=number // PER_DAY)
    title = (
        f"{random.choice(_PLACES)}市工业和信息化局关于开展{day.year}年度第{number + 1}批"
        f"{random.choice(_TRADES)}{random.choice(_DEEDS)}工作的通知"
    )
    return Page(number, f"/tzgg/{day:%Y%m}/t{day:%Y%m%d}_{100000 + number}.html", title, day)


def list_html(first: int, pages: int) -> str:
    """The list page that begins with the notice `first` of `pages`, with a link to the next."""
    shown = [page(number) for number in range(first, min(first + ROWS, pages))]
    rows = "\n".join(
        f'<li><a href="{one.path}" title="{one.title}">{one.title}</a><span>{one.day}</span></li>'
        for one in shown
    )
    following = first + ROWS
    link = f'<a class="next" href="{LIST}?from={following}">下一页</a>' if following < pages else ""
    return _frame(
        "通知公告", "", f'<div class="main"><ul class="list">\n{rows}\n</ul><p>{link}</p></div>'
    )


def notice_html(number: int) -> str:
    """The page of a notice: navigation, sidebar, editor's box with headings and a table, footer."""
    one, random = page(number), Random(number + 0.5)  # noqa: S311
    paragraphs = [f"<p>{random.choice(_ACTORS)}：</p>"]
    head = _frame(one.title, _declared(one), "{}")
    place = one.title[: one.title.index("关于")]
    closing = (
        f'<p style="text-align:right">{place}</p><p style="text-align:right">'
        f"{one.day.year}年{one.day.month}月{one.day.day}日</p>"
    )
    table, size, section = _table(random), 0, 0
    box = (
        f'<div class="content"><h1 class="title">{one.title}</h1>'
        f'<div class="info">发布时间：<span class="date">{one.day} 09:{number % 60:02}</span> '
        f"来源：{place} 【字体：大 中 小】 打印 关闭</div>"
        f'<p class="wh">{place[0]}工信发〔{one.day.year}〕{number + 1}号</p>'
        '<div class="editor">{}</div><p class="after">上一篇：没有了 下一篇：没有了</p></div>'
    )
    spare = SIZE - len((head + box + closing + table).encode())
    while size < spare:
        if len(paragraphs) % 6 == 1:
            section += 1
            text = f"{_MARKS[(section - 1) % 10]}、{random.choice(_THINGS)}"
        else:
            text = "".join(_sentence(random) for _ in range(random.randint(1, 4)))
        paragraphs.append(
            f'<p class="MsoNormal" style="{_WORD_STYLE}"><span style="{_FONT}">{text}</span></p>'
        )
        size += len(paragraphs[-1].encode())
    paragraphs.insert(len(paragraphs) // 2, table)
    return head.replace("{}", box.replace("{}", "\n".join(paragraphs) + closing))


def _sentence(random: Random) -> str:
    parts = (_OPENINGS, _ACTORS, _VERBS, _THINGS, _TAILS)
    opening, actor, verb, thing, tail = (random.choice(words) for words in parts)
    return f"{opening}{actor}{verb}{thing}，{tail}。"


def _table(random: Random) -> str:
    lines = [("序号", "单位", "内容", "联系电话")]
    for number in range(1, 13):
        firm = f"{random.choice(_PLACES)}{random.choice(_TRADES)}有限公司"
        phone = f"0000-{random.randrange(10**7):07}"
        lines.append((str(number), firm, random.choice(_THINGS), phone))
    style = "border:solid windowtext 1pt;padding:0cm 5.4pt"
    cells = ("".join(f'<td style="{style}"><p>{cell}</p></td>' for cell in line) for line in lines)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>"


def _declared(one: Page) -> str:
    return (
        f'<meta name="ArticleTitle" content="{one.title}">'
        f'<meta name="PubDate" content="{one.day} 09:{one.number % 60:02}">'
    )


def _frame(title: str, declared: str, main: str) -> str:
    """What every page of the site carries around its own part."""
    menu = "".join(
        f'<li><a href="/zt{n}/" target="_blank">{trade}</a><ul>'
        + "".join(f'<li><a href="/zt{n}/{m}/">{deed}</a></li>' for m, deed in enumerate(_DEEDS[:4]))
        + "</ul></li>"
        for n, trade in enumerate(_TRADES)
    )
    side = "".join(
        f'<li><a href="/rd/{n}.html">{place}市{_TRADES[n % 8]}工作简讯</a></li>'
        for n, place in enumerate(_PLACES)
    )
    style = "".join(
        f".c{n}{{float:left;width:{n}px;margin:0 auto;color:#333;line-height:24px}}\n"
        for n in range(90)
    )
    script = "".join(
        f"function show{n}(id){{var e=document.getElementById(id);if(e)e.style.display='block';}}\n"
        for n in range(70)
    )
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{title}</title>{declared}<style>{style}</style><script>{script}</script></head>"
        '<body><div class="top"><a href="/">首页</a> <a href="/login/">登录</a></div>'
        f'<div class="nav"><ul>{menu}</ul></div><div class="path">当前位置：首页 &gt; 通知</div>'
        f'{main}<div class="side"><h3>工作简讯</h3><ul>{side}</ul></div>'
        '<div class="footer"><p>主办：某市工业和信息化局</p><p>网站标识码：0000000000</p></div>'
        "</body></html>"
    )
