"""`kuaixun notice show`: all that is known of one notice."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from kuaixun.changes import change_as_json, change_in_words, visible
from kuaixun.console import out, print_json

if TYPE_CHECKING:
    from store.notice_line import NoticeLine
    from store.whole_notice import EventLine, WholeNotice

FACTS = {
    "doc_number_printed": "文号",
    "issuers": "发文机关",
    "published": "发布时间",
    "written": "成文日期",
    "opens": "开始",
    "closes": "截止",
    "kind": "类别",
    "section": "版块",
    "topics": "主题",
    "region": "地区",
}
_READ = {"doc_number_printed": "doc_number", "opens": "period", "closes": "period"}  # its evidence
_WORKED_OUT = ("kind", "section", "topics", "region")  # with a reason, not read from a place
EVENTS = {
    "decided": "审定",
    "revised": "通知有新版本",
    "gone": "网站撤下了页面",
    "back": "页面又有了",
    "maybe_handled": "可能已处理",
    "merged": "合并",
    "split": "拆分",
    "published": "登出",
    "withdrawn": "撤回登出",
}


@click.command(epilog="Exit codes: 0 told; 2 no such notice, or several sources keep one there.")
@click.argument("address")
@click.option("--source", default="", metavar="NAME", help="The notice of this source.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(address: str, source: str, as_json: bool) -> None:
    """Tell all that is known of the notice at ADDRESS.

    Its facts, each with where it was read; its family, with the reason for each member and for the
    origin; what it is linked to, what it cites and who cites it; its revisions, with what changed;
    what editors decided, and in which issues it ran.

    \b
    Examples:
      kuaixun notice show https://www.mee.gov.cn/a/1.html
      kuaixun notice show https://www.mee.gov.cn/a/1.html --json | jq .family.members
    """
    import store

    store.migrate()

    from kuaixun.notice.one import one_at
    from store.whole_notice import whole

    found = whole(one_at(address, source))
    if as_json:
        print_json(_as_json(found))
        return
    for line in _lines(found):
        out.print(line, soft_wrap=True)


def _as_json(found: "WholeNotice") -> dict[str, Any]:
    told = asdict(found)
    for revision, line in zip(told["revisions"], found.revisions, strict=True):
        revision["changes"] = [change_as_json(change) for change in line.changes]
    notice: dict[str, Any] = told.pop("told")
    plain: dict[str, Any] = _in_beijing(notice | told)
    return plain


def _in_beijing(value: Any) -> Any:
    """The value with the moments inside it as the sites tell them."""
    if isinstance(value, datetime):
        return _local(value).isoformat()
    if isinstance(value, dict):
        return {name: _in_beijing(one) for name, one in value.items()}
    return [_in_beijing(one) for one in value] if isinstance(value, list) else value


def _lines(found: "WholeNotice") -> Iterator[Text]:
    told = found.told
    yield Text(visible(told.title), style="bold")
    yield Text(f"{told.source}（{told.agency}）{told.column}  {told.url}", style="dim")
    if told.gone:
        yield Text(f"网站已撤下这一页：{_day(told.gone)} 起", style="red")
    yield from _facts(found)
    for file in told.attachments:
        problem = f"  {file.problem}" if file.problem else ""
        yield _line("附件", f"{file.name}（{file.size} 字节）{problem}")
    for words in told.problems:
        yield _line("待看", words, "yellow")
    yield from _family(found)
    yield from _around(found)
    yield from _history(found)


def _facts(found: "WholeNotice") -> Iterator[Text]:
    told = found.told
    for name, label in FACTS.items():
        value = getattr(told, name)
        if not value:
            continue
        said = "、".join(value) if isinstance(value, list) else _said(value)
        if name in ("opens", "closes") and (hour := getattr(told, f"{name}_time")):
            said += f" {hour:%H:%M}"
        where = (
            told.reasons.get(name, "")
            if name in _WORKED_OUT
            else _evidence(found.evidence.get(_READ.get(name, name)))
        )
        yield _line(label, said).append(f"  [{visible(where)}]" if where else "", style="dim")
    if told.period_sentence:
        yield Text(f"    {visible(told.period_sentence)}", style="dim")


def _evidence(said: object) -> str:
    return "、".join(map(str, said)) if isinstance(said, list) else str(said or "")


def _family(found: "WholeNotice") -> Iterator[Text]:
    family = found.family
    yield Text(f"转载家族 {family.family}（{len(family.members)} 条）", style="bold")
    for place, member in enumerate(family.members):
        mark = member.strength if place else "首发"
        line = Text(f"  {mark} {member.source}  ").append(visible(member.title))
        yield line.append(f"  {visible(member.address)}", style="dim")
        to = f"：与 {member.like}" if member.like else ""
        if member.reason and len(family.members) > 1:
            yield Text(f"      {visible(member.reason + to)}", style="dim")
    for review in family.set_aside:
        yield _line("并入前另有审定", f"{review.state}  {review.address}")


def _around(found: "WholeNotice") -> Iterator[Text]:
    """What it is linked to, cites, and is cited by."""
    linked = [("所关于的文件", found.links.about), ("关于它的", found.links.by)]
    for label, lines in linked:
        for link in lines:
            line = _line(label, str(link.kind.label)).append("  ")
            yield line.append_text(_notice(link.notice)).append(
                f"  [{visible(link.reason)}]", style="dim"
            )
    for cited in found.cites:
        line = _line("引用", cited.printed).append("  ")
        yield (
            line.append_text(_notice(cited.document))
            if cited.document
            else line.append("没有采到", style="dim")
        )
    for citing in found.cited_by:
        yield _line("被引用于", "").append_text(_notice(citing.notice))


def _history(found: "WholeNotice") -> Iterator[Text]:
    yield Text("版本", style="bold")
    for revision in found.revisions:
        yield Text(f"  第 {revision.number} 版  {revision.night} 夜  {revision.record}")
        for change in revision.changes:
            yield Text("    · ").append_text(change_in_words(change))
    if found.review:
        review = found.review
        yield Text("审阅", style="bold")
        words = [review.state.label, review.section, review.title]
        yield Text("  " + visible("  ".join(str(x) for x in words if x)))
    for entry in found.printed:
        where = f"{entry.issue}  {entry.section}  第 {entry.position} 条  {entry.title}"
        yield _line("登出", where).append(f"  [{entry.how}]", style="dim")
    for event in found.events:
        yield Text(f"  {_moment(event.at)}  {event.who or '—'}  {_event(event)}")


def _event(event: "EventLine") -> str:
    words = EVENTS.get(event.what, event.what)
    if event.what == "decided":
        from store.models import ReviewState

        state = event.after.get("state")
        words += f"为{ReviewState(state).label}" if state else ""
    if reason := event.after.get("reason"):
        words += f"（{reason}）"
    return visible(words)


def _line(label: str, said: str, style: str = "") -> Text:
    return Text(f"  {label}：").append(visible(said), style=style)


def _notice(notice: "NoticeLine") -> Text:
    return (
        Text(f"{notice.source}  ")
        .append(visible(notice.title))
        .append(f"  {visible(notice.address)}", style="dim")
    )


def _said(value: object) -> str:
    return _moment(value) if isinstance(value, datetime) else str(value)


def _moment(moment: datetime) -> str:
    return f"{_local(moment):%Y-%m-%d %H:%M}"


def _day(moment: datetime) -> str:
    return f"{_local(moment):%Y-%m-%d}"


def _local(moment: datetime) -> datetime:
    from django.utils import timezone

    return timezone.localtime(moment)
