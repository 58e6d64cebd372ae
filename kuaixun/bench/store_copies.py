"""How the sites of `kuaixun bench store` print a document: the issuer's own page, and reposts."""

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from kuaixun.bench import store_words as words
from kuaixun.bench.store_documents import Document
from kuaixun.bench.store_words import Agency

_BRACKETS = ("〔{}〕", "[{}]", "（{}）", "【{}】", "({})")
Draw = Callable[[str, float], bool]  # whether something is done, by chance; it is noted
_CUT = (0.7, 0.97)  # of a text, what is left of one that is cut off


@dataclass(frozen=True, slots=True)
class Copy:
    """A page that prints a document."""

    agency: Agency  # whose site it is
    title: str
    number: str  # in the one form; "": the page tells none
    printed: str
    issuers: tuple[str, ...]
    published: dt.date
    written: dt.date | None
    text: str
    changes: tuple[str, ...] = ()  # what was done to the document, to be shown


def own(rng: random.Random, document: Document) -> Copy:
    """The issuer's own page."""
    lines = list(document.lines)
    if document.number and rng.random() < 0.5:
        lines = [f"{document.agency.name}文件", document.number, document.title, *lines]
    late = dt.timedelta(days=rng.choice((0, 0, 1, 2, 5)))
    return Copy(
        document.agency,
        document.title,
        document.number,
        document.number,
        (document.agency.name,),
        document.day + late,
        document.day if document.signed else None,
        "\n".join(lines),
    )


def repost(rng: random.Random, document: Document, agency: Agency) -> Copy:
    """The same document at another site, as that site prints it."""
    changes: list[str] = []

    def is_so(what: str, chance: float) -> bool:
        if rng.random() < chance:
            changes.append(what)
            return True
        return False

    lines, number, printed = list(document.lines), document.number, document.number
    if document.signed and is_so("no signature", 0.2):
        lines = lines[:-2]
    if document.attachments and is_so("no attachments", 0.3):
        lines = [line for line in lines if not line.startswith("附件：")]
    if number and is_so("no number", 0.4):
        number = printed = ""
    elif number:
        printed = re.sub(r"〔(\d+)〕", lambda m: rng.choice(_BRACKETS).format(m[1]), number)
        if is_so("number above the text", 0.4):
            lines = [printed, *lines]
    if is_so("title above the text", 0.3):
        lines = [document.title, *lines]
    if is_so("letterhead", 0.15):
        lines = [f"{document.agency.name}文件", *lines]
    text = _printed(rng, lines, is_so)
    return Copy(
        agency,
        _title(rng, document, is_so),
        number,
        printed,
        () if is_so("no issuer", 0.35) else (document.agency.name,),
        document.day + dt.timedelta(days=rng.choice((0, 1, 1, 2, 3, 5, 8, 14, 30))),
        None if not document.signed or is_so("no day", 0.4) else document.day,
        text,
        tuple(changes),
    )


def _printed(rng: random.Random, lines: list[str], is_so: Draw) -> str:
    """The lines as a site prints them."""
    text = "\n".join(lines)
    if is_so("days in numerals", 0.15):
        text = words.in_numerals(text)
    if is_so("other punctuation", 0.3):
        text = text.replace("，", ",").replace("；", ";").replace("（", "(").replace("）", ")")
    if is_so("full-width digits", 0.08):
        text = text.translate({ord(str(i)): chr(0xFF10 + i) for i in range(10)})
    if is_so("spaces", 0.25):
        text = text.replace("\n", "\n　　").replace("、", "、 ").replace("年", " 年 ")
    if is_so("one paragraph", 0.05):
        text = text.replace("\n", "")
    if len(text) > 600 and is_so("cut off", 0.12):
        text = text[: int(len(text) * rng.uniform(*_CUT))]
    if is_so("head of the site", 0.3):
        day = f"2019-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {rng.randint(8, 17)}:30"
        source = rng.choice(("本站", "办公室", "规划处", "政策法规处"))
        read = rng.randint(10, 9999)
        text = f"发布时间：{day} 来源：{source} 浏览次数：{read} 字体：大 中 小\n{text}"
    if is_so("foot of the site", 0.3):
        text += f"\n责任编辑：{words.person(rng)}\n【打印本页】【关闭窗口】\n扫一扫在手机打开当前页"
    if is_so("neighbours of the site", 0.1):
        text += f"\n上一篇：关于{words.topic(rng)}的通知\n下一篇：关于{words.topic(rng)}的公示"
    return text


def _title(rng: random.Random, document: Document, is_so: Draw) -> str:
    title = document.title
    if title.startswith("关于") and is_so("agency before the title", 0.3):
        title = f"{document.agency.name}{title}"
    elif title.startswith("关于") and is_so("no 关于", 0.06):
        title = title.removeprefix("关于")
    if is_so("mark before the title", 0.08):
        title = rng.choice(("【转载】", "[转发]", "【通知公告】", "转载：")) + title
    elif document.number and is_so("number behind the title", 0.08):
        title = f"{title}（{document.number}）"
    if is_so("spaces in the title", 0.06):
        title = f"{title[:8]} {title[8:]}"
    return title
