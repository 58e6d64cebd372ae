"""A reading of one page as people read it: Chinese, every fact with where it stood."""

import datetime as dt
import difflib
from typing import Any

from crawler.notice import Attachment, AttachmentKind, Notice, Part, PartKind, Period, Row
from crawler.reading.page_kind import Kind
from kuaixun.console import narrow, out, print_block, shown
from kuaixun.nightly import table_of
from kuaixun.read_page import FACTS, Difference, Reading

_FACTS = {
    "title": "标题",
    "published": "发布时间",
    "written": "成文日期",
    "doc_number": "文号",
    "issuers": "发文机关",
    "index_number": "索引号",
    "period": "期限",
    "attachments": "附件",
    "text": "正文",
    "rows": "行",
}
_KINDS = {
    Kind.LIST: "列表",
    Kind.NOTICE: "通知",
    Kind.SHELL: "空壳（内容由脚本填充）",
    Kind.CHALLENGE: "验证页",
    Kind.LOGIN: "登录页",
    Kind.ERROR: "错误页",
    Kind.REDIRECT: "转到别处的页面",
    Kind.EMPTY: "空白页或没有行的列表",
    Kind.CHANNEL: "频道页（有几个栏目）",
    Kind.FILE: "文件",
}
_PARTS = {
    PartKind.TITLE: "标题",
    PartKind.LETTERHEAD: "版头",
    PartKind.NUMBER: "文号",
    PartKind.ADDRESSEE: "主送",
    PartKind.HEADING: "小标题",
    PartKind.PARAGRAPH: "段落",
    PartKind.ITEM: "条目",
    PartKind.TABLE: "表格",
    PartKind.IMAGE: "图片",
    PartKind.SIGNATURE: "署名",
    PartKind.WRITTEN: "成文日期",
    PartKind.ATTACHMENTS: "附件说明",
    PartKind.ANNEX: "附件标识",
}
# the readers' words for where a fact stood -> what an editor calls it; longer ones first
_PLACES = (
    ("above info line", "发布信息行之上"),
    ("title and page", "网页标题和页面"),
    ("after title, siblings", "标题之后的各段"),
    ("after title", "标题之后"),
    ("after body", "正文之后"),
    ("attachment", "附件名"),
    ("signature", "落款"),
    ("selector", "选择器"),
    ("approval", "批准语"),
    ("heading", "页面大标题"),
    ("address", "网页地址"),
    ("density", "文字最密处"),
    ("generic", "通用识别"),
    ("comment", "注释里"),
    ("script", "脚本里"),
    ("source", "来源栏"),
    ("header", "响应头"),
    ("cdata", "CDATA"),
    ("label", "带标签的行"),
    ("bytes", "字节本身"),
    ("order", "令的版头"),
    ("table", "信息公开表"),
    ("title", "标题"),
    ("json", "JSON"),
    ("meta", "页面声明"),
    ("page", "标题旁"),
    ("body", "正文"),
    ("file", "文件正文"),
    ("html", "网页片段"),
    ("row", "列表的行"),
)
_SHORTEST = 40  # characters that an outline shows of a part
_DIFFERENCES = 12  # lines of two texts, or rows of two lists, that are told


def print_reading(reading: Reading, *, asked_generic: bool = False) -> None:
    """Print kind, facts or rows, problems, and where source and generic readers disagree."""
    kind = reading.kind
    out.print(f"[bold]{_KINDS[kind.kind]}[/]：{shown(kind.reason)}", soft_wrap=True)
    out.print(shown(reading.url), soft_wrap=True)
    out.print(_read_by(reading, asked_generic), soft_wrap=True)
    if kind.target:
        out.print(f"转到：{shown(kind.target)}", soft_wrap=True)
    if reading.notice:
        _print_notice(reading.notice)
    elif reading.rows is not None:
        _print_rows(reading.rows)
        if reading.encoding:
            out.print(f"编码：{reading.encoding}；编码依据：{_place(reading.charset) or '—'}")
    else:
        out.print("没有可读的事实。")
    problems = [*reading.problems, *(reading.notice.problems if reading.notice else ())]
    for problem in problems:
        out.print(f"[yellow]![/] {shown(problem.detail)}（{problem.code}）", soft_wrap=True)
    if reading.source and (reading.notice or reading.rows is not None):
        missed = any(problem.code == "selector.empty" for problem in problems)
        notice = reading.notice
        read = bool(reading.rows or (notice and (notice.title or notice.text)))
        _print_differences(reading.differences, missed, read)


def _read_by(reading: Reading, asked_generic: bool) -> str:
    if reading.source:
        column = f"，栏目 {shown(reading.column)}" if reading.rows is not None else ""
        return f"来源 {reading.source} 的选择器{column}；通用识别作对照"
    return "通用识别" if asked_generic else "没有哪个来源有这个网站；用通用识别"


def _print_notice(notice: Notice) -> None:
    grid = table_of()
    grid.add_column("事实", no_wrap=True)
    grid.add_column("内容", overflow="fold", ratio=1)
    grid.add_column("依据", overflow="fold", max_width=28)
    for fact in FACTS:
        value = getattr(notice, fact)
        where = _place(notice.evidence.get(fact, "")) if value else ""
        words = shown(_words(value))
        if narrow(out):
            print_block(out, (f"[bold]{_FACTS[fact]}[/]", words), where and f"（{where}）")
        else:
            grid.add_row(_FACTS[fact], words, where)
    if not narrow(out):
        out.print(grid)
    charset = _place(notice.evidence.get("charset", ""))
    body = f"正文 {len(notice.text)} 字（{_place(notice.evidence.get('body', '')) or '没有'}）"
    out.print(f"{body}；编码依据：{charset or '—'}", soft_wrap=True)
    _print_parts(notice)
    files = [x for x in notice.attachments if x.kind is AttachmentKind.FILE]
    if files:
        where = _place(notice.evidence.get("attachments", ""))
        out.print(f"[bold]附件[/] {len(files)} 个（{where}）")
        _print_files(files)
    images = [x for x in notice.attachments if x.kind is AttachmentKind.IMAGE]
    if images:
        out.print(f"[bold]图片[/] {len(images)} 幅（正文）")
        _print_files(images)


def _print_files(files: list[Attachment]) -> None:
    for file in files:
        out.print(f"  {shown(file.name)}  [dim]{shown(file.url)}[/]", soft_wrap=True)


def _print_parts(notice: Notice) -> None:
    """An outline: headings and what is no running text by their words, the rest by its number."""
    if not notice.parts:
        return
    out.print("[bold]结构[/]")
    lines = notice.text.split("\n") if notice.text else []
    plain: list[Part] = []
    for part in [*notice.parts, None]:
        if part and part.kind in (PartKind.PARAGRAPH, PartKind.ITEM):
            plain.append(part)
            continue
        if plain:
            count = sum(len(line) for x in plain for line in lines[x.first : x.after])
            out.print(f"  [dim]{len(plain)} 段，{count} 字[/]")
            plain = []
        if part:
            out.print("  " + shown(_outlined(part, lines)), soft_wrap=True)


def _outlined(part: Part, lines: list[str]) -> str:
    name = _PARTS[part.kind] + (str(part.level) if part.level else "")
    if part.kind is PartKind.IMAGE:
        return f"{name}  {part.text or part.address}"
    if part.kind is PartKind.TABLE:
        return f"{name}  {part.after - part.first} 行"
    said = " / ".join(lines[part.first : part.after])
    indent = "  " * max(part.level - 1, 0) if part.kind is PartKind.HEADING else ""
    return f"{name}  {indent}{_cut(said)}"


def _print_rows(rows: list[Row]) -> None:
    out.print(f"[bold]{len(rows)} 行[/]")
    if not rows:
        return
    grid = table_of()
    grid.add_column("日期", no_wrap=True)
    grid.add_column("标题，地址", overflow="fold", ratio=1)
    grid.add_column("依据", no_wrap=True)
    for row in rows:
        day = row.date.isoformat() if row.date else "—"
        title = shown(row.title) + ("  [dim]置顶[/]" if row.pinned else "")
        where = _place(row.evidence)
        if narrow(out):
            print_block(out, (day, title), shown(row.url), f"（{where}）")
        else:
            grid.add_row(day, f"{title}\n[dim]{shown(row.url)}[/]", where)
    if not narrow(out):
        out.print(grid)


def _print_differences(differences: list[Difference], missed: bool, read: bool) -> None:
    if not differences:
        agree = "来源的选择器和通用识别一致。" if read else "来源的选择器和通用识别都没有读出内容。"
        out.print("[bold yellow]有选择器落空，由通用识别代读。[/]" if missed and read else agree)
        return
    out.print("[bold yellow]来源的选择器和通用识别不一致：[/]")
    for found in differences:
        out.print(f"  [bold]{_FACTS[found.fact]}[/]")
        one, other = _as_lines(found.own), _as_lines(found.generic)
        if max(len(one), len(other)) <= 1:
            for by, told in (("选择器", one), ("通用识别", other)):
                out.print(f"    {by}：{shown(''.join(told) or '—')}", soft_wrap=True)
            continue
        _print_lines(one, other)


def _print_lines(one: list[str], other: list[str]) -> None:
    compared = difflib.unified_diff(one, other, n=0, lineterm="")
    changed = [x for x in compared if not x.startswith(("---", "+++", "@@"))]
    for line in changed[:_DIFFERENCES]:
        by = "选择器" if line[0] == "-" else "通用识别"
        out.print(f"    只有{by}：{shown(_cut(line[1:]))}", soft_wrap=True)
    if len(changed) > _DIFFERENCES:
        out.print(f"    还有 {len(changed) - _DIFFERENCES} 处（全部见 --json）")


def _as_lines(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_words(x) for x in value]
    return _words(value).split("\n") if value else []


def _words(value: Any) -> str:
    """A fact in the words of an editor."""
    if isinstance(value, dt.datetime):
        return (
            value.strftime("%Y-%m-%d %H:%M") if value.time() != dt.time(0) else f"{value:%Y-%m-%d}"
        )
    if isinstance(value, Row):
        return f"{value.date or '—'}  {value.title}  {value.url}"
    if isinstance(value, Period):
        ends = (_moment(value.opens, value.opens_time), _moment(value.closes, value.closes_time))
        return f"{ends[0] or ''}–{ends[1] or ''}  {value.label}\n“{_cut(value.sentence, 120)}”"
    if isinstance(value, list):
        return "、".join(map(_words, value)) or "—"
    return str(value) if value else "—"


def _moment(day: dt.date | None, time: dt.time | None) -> str:
    return f"{day}{f' {time:%H:%M}' if time else ''}" if day else ""


def _place(where: str) -> str:
    """Where a fact stood, in an editor's words, as markup; what a page itself calls it stays."""
    told = []
    for piece in where.split(", ") if where != "after title, siblings" else [where]:
        for word, name in _PLACES:
            if piece == word or piece.startswith(f"{word} "):
                told.append(f"{name}{piece[len(word) :]}")
                break
        else:
            told.append(piece)
    return shown("，".join(told))


def _cut(text: str, most: int = _SHORTEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
