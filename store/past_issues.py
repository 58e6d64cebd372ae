"""Issues that were printed before there was this store, taken over so that it knows what ran.

An entry whose notice is kept is linked with that notice's family, which is `published` from then
on; one whose notice was never collected stands alone, with all that was printed. It is linked when
the same issue is imported again; until then `store.published` knows it all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from store import entry_keys, families, reviews, statements, tombstones
from store.fit import key
from store.issues import Number, family_of
from store.likeness import alike
from store.lookup import at
from store.models import Entry, Issue, Notice, Strength
from store.watch import IMPORTED

_TITLE = "bulletin_title"
_SHOWN = 30  # characters of a value in a difference
_LABELS = {
    "publisher": "公司",
    "title": "刊名",
    "phone": "电话",
    "website": "网址",
    "running_footer": "页脚",
    "closing": "结束语",
    "sections": "版块",
    "contents_pages": "目录页码",
    "category": "版块",
    _TITLE: "标题",
    "source": "来源",
    "url": "链接",
    "region": "地区",
    "doc_number": "文号",
    "issuers": "发文机关",
    "written": "成文日期",
    "published": "发布日期",
    "period": "期限",
    "attachments": "附件",
    "paragraphs": "正文",
}


@dataclass(frozen=True, slots=True)
class PastEntry:
    """A notice as a past issue printed it."""

    section: str
    title: str
    printed: dict[str, Any]  # the file's own words; with `bulletin_title` and `paragraphs`
    address: str = ""  # canonical; "": not told
    doc_number: str = ""  # in the one form


@dataclass(frozen=True, slots=True)
class PastIssue:
    """An issue that was printed."""

    number: Number
    house: dict[str, Any]
    entries: list[PastEntry]


@dataclass(slots=True)
class Kept:
    """What became of a past issue."""

    number: str
    result: str  # new, unchanged or replaced
    linked: int = 0  # entries that are of a kept family now and were not before
    alone: list[str] = field(default_factory=list)  # titles of those of which no notice is kept
    twice: list[str] = field(default_factory=list)  # titles of those whose family has another entry


class Differs(RuntimeError):
    """An issue of that number is kept and is not the same."""

    def __init__(self, number: str, differences: list[str], made_here: bool) -> None:
        super().__init__(number)
        self.number = number
        self.differences = differences  # Chinese
        self.made_here = made_here  # by editors, not imported


class Edited(RuntimeError):
    """Entries that the new issue has not hold text that editors wrote; names their titles."""

    def __init__(self, number: str, titles: list[str]) -> None:
        super().__init__(number)
        self.number, self.titles = number, titles


@transaction.atomic
def keep(past: PastIssue, *, replace: bool = False) -> Kept:
    """Keep the issue as it was printed. The same again changes nothing, but links entries whose
    notices were collected since.

    Raises Differs when another issue of that number is kept, unless `replace`: then it becomes this
    one; texts and titles that editors wrote into its entries stay. Raises Edited, writing nothing,
    when such a text would be lost."""
    families.lock()
    number = str(past.number)
    issue = Issue.objects.filter(number=number).first()
    if issue is None:
        issue = Issue.objects.create(number=number, house=past.house, **_parts(past.number))
        return _write(issue, past, [], Kept(number, "new"))
    old = list(issue.entries.select_related("family").order_by("position"))
    if differences := _differences(issue, old, past):
        if not replace:
            made_here = not any(entry.printed for entry in old)
            raise Differs(number, differences, made_here)
        Issue.objects.filter(pk=issue.pk).update(house=past.house)
        return _write(issue, past, old, Kept(number, "replaced"))
    kept = Kept(number, "unchanged")
    _link(old, kept)
    _tell_alone(old, kept)
    return kept


def _parts(number: Number) -> dict[str, int]:
    return {"year": number.year, "month": number.month, "running": number.running}


def _write(issue: Issue, past: PastIssue, old: Sequence[Entry], kept: Kept) -> Kept:
    """The entries in place of the old ones, with what editors made of these."""
    pairs = _paired(old, past.entries)
    lost = [entry for entry in old if entry not in pairs.values() and entry.text]
    if lost:
        raise Edited(kept.number, [entry.title for entry in lost])
    entries = []
    for position, one in enumerate(past.entries, start=1):
        entry = Entry(
            issue=issue,
            section=one.section,
            position=position,
            title=one.title,
            printed=one.printed,
            address=key(one.address) if one.address else "",
            doc_number=one.doc_number,
        )
        if before := pairs.get(position):
            entry.text = before.text
            entry.family, entry.notice = before.family, before.notice
            if before.printed and before.title != before.printed[_TITLE]:
                entry.title = before.title  # an editor's
        entries.append(entry)
    bands = [entry_keys.sign(entry) for entry in entries]
    issue.entries.all().delete()
    entry_keys.keep(entries, bands)
    _link(entries, kept)
    for entry in entries:
        before = pairs.get(entry.position)
        if before and before.notice and not before.printed:
            _publish(entry, number=kept.number)  # until now an issue that was only being made
    _tell_alone(entries, kept)
    for family in {family_of(entry) for entry in old} - {family_of(entry) for entry in entries}:
        if family:
            reviews.withdraw(family, kept.number, IMPORTED)
    return kept


def _tell_alone(entries: Iterable[Entry], kept: Kept) -> None:
    kept.alone = [
        entry.title
        for entry in entries
        if entry.family_id is None and entry.title not in kept.twice
    ]


def _paired(old: Iterable[Entry], new: Sequence[PastEntry]) -> dict[int, Entry]:
    """Position among the new -> the old entry that is the same: by address, then title."""
    left = list(old)
    found: dict[int, Entry] = {}
    for same in (_same_address, _same_title):
        for position, one in enumerate(new, start=1):
            if position not in found:
                twin = next((entry for entry in left if same(entry, one)), None)
                if twin:
                    found[position] = twin
                    left.remove(twin)
    return found


def _same_address(entry: Entry, one: PastEntry) -> bool:
    return bool(one.address) and entry.address == key(one.address)


def _same_title(entry: Entry, one: PastEntry) -> bool:
    return one.title in (entry.title, entry.printed.get(_TITLE))


def _link(entries: Sequence[Entry], kept: Kept) -> None:
    """Give entries without a family that of their notice, which is published then."""
    taken = {family_of(entry) for entry in entries if entry.family_id}
    for entry in entries:
        notice = _notice_of(entry) if entry.family_id is None else None
        if notice is None:
            continue
        if notice.family_id in taken:
            kept.twice.append(entry.title)
            continue
        taken.add(notice.family_id)
        entry.family_id, entry.notice = notice.family_id, notice
        entry.save(update_fields=["family", "notice"])
        kept.linked += 1
        _publish(entry, kept.number)


def _publish(entry: Entry, number: str) -> None:
    if entry.notice:
        title = entry.title if entry.title != entry.notice.title else ""
        reviews.publish(entry.notice, number, entry.section, title, IMPORTED)


def _notice_of(entry: Entry) -> Notice | None:
    """The kept notice that was printed: at its address, of its own source before others; else the
    one that has its 文号 or title and is the same document."""
    if entry.address and not tombstones.stands_anywhere(entry.address):
        own = entry.printed.get("source")
        found = sorted(at(entry.address), key=lambda n: (n.source.name != own, n.source.name))
        if found:
            return found[0]
    face = entry_keys.printed_face(entry)
    met = statements.candidates(face.number_key, face.meeting_title, [], face.written, 0)
    ranked = []
    for candidate in met:
        other = families.member(candidate.notice)
        reason = alike(face, other.face)
        if reason and reason.how in (Strength.NUMBER, Strength.TITLE):
            ranked.append((list(Strength).index(reason.how), other.precedence, other.pk))
    return Notice.objects.get(pk=min(ranked)[-1]) if ranked else None


def _differences(issue: Issue, old: Sequence[Entry], past: PastIssue) -> list[str]:
    """What the new issue would change of the kept one, in Chinese; [] when nothing."""
    kept = {name: said for name, said in issue.house.items() if name != "number"}
    said = [*_of_words("", kept, past.house)]
    pairs = _paired(old, past.entries)
    for position, one in enumerate(past.entries, start=1):
        entry = pairs.get(position)
        if entry is None:
            said.append(f"第 {position} 条《{one.title}》：原来没有")
            continue
        where = f"第 {position} 条《{one.title}》："
        if entry.position != position:
            said.append(f"{where}原来是第 {entry.position} 条")
        if not entry.printed:
            if (entry.section, entry.title) != (one.section, one.title):
                said.append(f"{where}原来是 [{entry.section}]《{entry.title}》")
            said.append(f"{where}原来是编辑在本系统里编的，没有印刷稿")
            continue
        said += _of_words(where, entry.printed, one.printed)
    there = pairs.values()
    said += [f"原第 {e.position} 条《{e.title}》：文件里没有" for e in old if e not in there]
    return said


def _of_words(where: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        label = _LABELS.get(name, name)
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for place, (one, other) in enumerate(zip(before, after, strict=True), start=1):
                if one != other:
                    yield f"{where}{label}第 {place} 项 {_apart(one, other)}"
        else:
            yield f"{where}{label} {_apart(before, after)}"


def _apart(before: Any, after: Any) -> str:
    """Both values from where they begin to differ."""
    one, other = _plain(before), _plain(after)
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, same - 10) if max(len(one), len(other)) > _SHOWN else 0
    return f"“{_cut(one, start)}” → “{_cut(other, start)}”"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} 项"
    if isinstance(value, dict):
        return "、".join(f"{name} {said}" for name, said in value.items())
    return "" if value is None else str(value)


def _cut(text: str, start: int) -> str:
    end = start + _SHOWN
    return ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
