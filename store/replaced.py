"""How two near-same texts differ: by what one adds, or by what stands in the place of another."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_ISLAND = 5  # letters in common between two changes that are still one
_LONGEST = 30_000  # letters; of longer texts the ends are compared
_HEAD = 20  # letters of a beginning
_TRIVIAL = [set(x) for x in ("的地得", "它他她", "做作", "帐账", "像象", "零〇", "于於")]
_FOOT = 120  # letters at the head or the end of a page that may be its site's
_SITE = re.compile(
    r"来源|编辑|责编|供稿|作者|发布(?:时间|日期|机构|单位)|日期|浏览|阅读|点击|字体|字号|打印|关闭|分享"
    r"|扫一扫|上一篇|下一篇|附件|下载|相关链接|公众号|主办|承办|版权"
)
# furniture that is nothing else: with it a page ends whose text was cut off
_SURELY_SITE = re.compile(r"责任编辑|责编|打印|关闭|分享|扫一扫|浏览次数|字体|字号|上一篇|下一篇")
_LABEL = re.compile(
    r"(?:发布|更新)(?:时间|日期|于)|来源|编辑|责编|供稿|作者|浏览|阅读|点击|审核|校对"
)
_NEAR = 8  # letters between such a label and what differs


@dataclass(frozen=True)
class Added:
    """What each of two texts says beside the other."""

    one: list[str]
    other: list[str]
    head: tuple[int, int]  # letters that each adds where the other begins
    likeness: float  # the letters in common as a share of all


def additions(one: str, other: str) -> Added | None:
    """What each says beside the other; None when something stands in the place of something
    else. Symmetric. Texts are as `store.particulars.comparable` makes them."""
    if (len(one), one) > (len(other), other):  # an alignment may depend on who is first
        turned = additions(other, one)
        return turned and Added(turned.other, turned.one, turned.head[::-1], turned.likeness)
    mine, yours = _trimmed(one), _trimmed(other)
    added: tuple[list[str], list[str]] = ([], [])
    head, extra = (0, 0), 0
    for change in _changes(mine, yours):
        a, b, c, d = change.place
        run, instead = mine[a:b], yours[c:d]
        if change.here and change.there:
            site = _is_site(mine, yours, change.place)
            if not (site or _is_trivial(run, instead)):
                return None
        if min(a, c) < _HEAD:
            head = head[0] + change.here, head[1] + change.there
        added[0].append(run)
        added[1].append(instead)
        extra += change.here + change.there
    both = len(mine) + len(yours)
    common = (both - extra) / 2
    return Added(*added, head, common / (both - common) if both else 0.0)


def _trimmed(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return text[:half] + text[-half:]


@dataclass(slots=True)
class _Change:
    place: tuple[int, int, int, int]  # from, to in the one; from, to in the other
    here: int  # letters that the one has there and the other has not
    there: int


def _changes(one: str, other: str) -> list[_Change]:
    """Where they differ; changes that stand close together are one."""
    hint = max(64, len(one) // 50)  # much faster where the two are near
    merged: list[_Change] = []
    for op in Levenshtein.opcodes(one, other, score_hint=hint):
        if op.tag == "equal":
            continue
        here, there = op.src_end - op.src_start, op.dest_end - op.dest_start
        if merged and op.src_start - merged[-1].place[1] < _ISLAND:
            last = merged[-1]
            last.place = (last.place[0], op.src_end, last.place[2], op.dest_end)
            last.here, last.there = last.here + here, last.there + there
        else:
            place = (op.src_start, op.src_end, op.dest_start, op.dest_end)
            merged.append(_Change(place, here, there))
    return merged


def _is_trivial(run: str, instead: str) -> bool:
    if run.lower() == instead.lower():
        return True
    return len(run) == len(instead) == 1 and any({run, instead} <= same for same in _TRIVIAL)


def _is_site(one: str, other: str, place: tuple[int, int, int, int]) -> bool:
    """Whether it is the site's furniture that differs there, at the head or the end of the two."""
    a, b, c, d = place
    left = (len(one) - b, len(other) - d)
    if max(b - a, d - c) > _FOOT:
        short = min(one[a:b], other[c:d], key=len)
        at_end = left == (0, 0) and a != 0 != c
        return at_end and len(short) <= _FOOT and bool(_SURELY_SITE.search(short))
    if (a == c == 0 or left == (0, 0)) and (_SITE.search(one[a:b]) or _SITE.search(other[c:d])):
        return True
    if max(b, d) > _FOOT and max(left) > _FOOT:
        return False
    return all(_LABEL.search(text[max(at - _NEAR, 0) : at]) for text, at in ((one, a), (other, c)))
