"""What another reading changes, in words: old and new beside each other, long texts as a diff."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from rich.markup import escape

from store.reread import Change

LABELS = {
    "title": "标题",
    "text": "正文",
    "html": "版式",
    "doc_number": "文号",
    "doc_number_printed": "文号（原样）",
    "issuers": "发文机关",
    "index_number": "索引号",
    "published": "发布时间",
    "written": "成文日期",
    "period": "起止日期",
    "evidence": "出处",
    "parts": "正文结构",
    "attachments": "附件",
    "citations": "引用的文号",
    "kind": "类别",
    "section": "版块",
    "topics": "主题",
    "region": "地区",
    "reasons": "分类理由",
    "problems": "待看的问题",
    "family": "转载家族",
}
AROUND = 16  # characters told beside a difference within a line
LONGEST = 160  # characters of an old or new value that are told; --json tells all
LINES = 30  # lines of a diff that are told

_REMOVED, _ADDED = "red", "green"


def label(field: str) -> str:
    return LABELS.get(field, field)


def told(change: Change) -> Iterator[str]:
    """The change in lines of rich's markup."""
    head = f"[bold]{label(change.field)}[/]"
    if change.field == "family":
        yield f"{head}：{escape(change.new)}"
    elif change.field in ("text", "html"):
        yield head
        yield from _diff(change.old, change.new)
    elif change.field in ("attachments", "problems"):
        yield head
        yield from _of_lists(change)
    elif isinstance(change.old, dict) and isinstance(change.new, dict):
        yield from (f"{head} {line}" for line in _of_dicts(change.old, change.new))
    elif change.field == "parts":
        yield f"{head}：{len(change.old or [])} 段 → {len(change.new or [])} 段"
    else:
        yield f"{head}：{_paint(_REMOVED, _value(change.old))} → " + _paint(
            _ADDED, _value(change.new)
        )


def _of_dicts(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            a, b = _value(old.get(name)), _value(new.get(name))
            yield f"{escape(name)}：{_paint(_REMOVED, a)} → {_paint(_ADDED, b)}"


def _of_lists(change: Change) -> Iterator[str]:
    """Files by their address, problems by their code and words: gone, new, and named otherwise."""
    files = change.field == "attachments"
    name_of, rest = ("name", "address") if files else ("detail", "code")

    def key(one: dict[str, str]) -> tuple[str, ...]:
        return (one["address"],) if files else (one["code"], one["detail"])

    old, new = {key(x): x for x in change.old}, {key(x): x for x in change.new}
    for where, one in old.items():
        if where not in new:
            yield _paint(_REMOVED, f"- {one[name_of]}  {one[rest]}")
        elif one[name_of] != new[where][name_of]:
            yield f"改名 {_paint(_REMOVED, one[name_of])} → {_paint(_ADDED, new[where][name_of])}"
        elif one != new[where]:
            yield f"{escape(one[name_of])}：地址或种类有变  {escape(new[where][rest])}"
    for where, one in new.items():
        if where not in old:
            yield _paint(_ADDED, f"+ {one[name_of]}  {one[rest]}")
    if [x for x in old if x in new] != [x for x in new if x in old]:
        yield "次序有变"


def _diff(old: str, new: str) -> Iterator[str]:
    """A unified diff without context; of one line against one line, what differs within it."""
    found = list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0))[2:]
    block: list[str] = []
    out: list[str] = []
    for line in [*found, "@@"]:
        if line.startswith("@@"):
            out += _block(block)
            block = []
            if line != "@@":
                out.append(f"[dim]{escape(line)}[/]")
        else:
            block.append(line)
    yield from out[:LINES]
    if len(out) > LINES:
        yield f"[dim]… 还有 {len(out) - LINES} 行，--json 给出全部[/]"


def _block(lines: list[str]) -> Iterator[str]:
    if [line[0] for line in lines] == ["-", "+"]:
        yield _within(lines[0][1:], lines[1][1:])
        return
    for line in lines:
        yield _paint(_REMOVED if line[0] == "-" else _ADDED, line[0] + _short(line[1:]))


def _within(old: str, new: str) -> str:
    """One line against another: the differing middle of each, and a few words around it."""
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    most -= start
    end = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    before, after = old[:start], old[len(old) - end :]
    lead = ("…" if len(before) > AROUND else "") + before[-AROUND:]
    tail = after[:AROUND] + ("…" if len(after) > AROUND else "")
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    marked = f"[-{_short(gone)}-]" if gone else ""
    added = f"{{+{_short(come)}+}}" if come else ""
    return escape(lead) + _paint(_REMOVED, marked) + _paint(_ADDED, added) + escape(tail)


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "（无）"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _short("、".join(value))
    if isinstance(value, dict):
        return _short("，".join(f"{name} {one}" for name, one in value.items() if one))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（{len(text)} 字）"


def _paint(colour: str, text: str) -> str:
    return f"[{colour}]{escape(text)}[/]" if text else ""
