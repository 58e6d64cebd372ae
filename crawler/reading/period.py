"""Until when: 申报截止, 公示期, 征求意见, 填报时间, with the sentence that says so.

Only what a text says in so many words: a range or a last day beside a word for handing in or
being on display. Nothing is counted from working days or from a day of publication.
"""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import islice

from crawler.notice import Period

_FOLD = str.maketrans("０１２３４５６７８９：．—–－−～〜﹣", "0123456789:.------~")
_CLOCK = (
    r"(?:\s*(?P<{p}half>上午|下午|晚上?|中午)?\s*(?P<{p}hour>[01]?\d|2[0-4])\s*(?::|时|点)"
    r"\s*(?P<{p}minute>[0-5]\d)?\s*分?)?"
)
_DAY = (
    r"(?:(?P<{p}y>(?:19|20)\d\d)\s*[年/.-]\s*)?(?P<{p}m>1[0-2]|0?[1-9])\s*[月/.-]\s*"
    r"(?P<{p}d>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?(?:\s*[（(](?:星期|周)[一二三四五六日天][）)])?"
)
_ONE = _DAY.format(p="a") + _CLOCK.format(p="a")
_TWO = rf"(?:{_DAY.format(p='b')}|(?P<bday>3[01]|[12]\d|0?[1-9])\s*[日号])" + _CLOCK.format(p="b")
_RANGE = re.compile(
    rf"(?<![\d.])(?:从|自)?\s*{_ONE}\s*(?:起|开始)?\s*[，,]?\s*(?:至|到|-+|~+|―+)\s*{_TWO}"
)
_LEAD = re.compile(r"(?:截止|截至|止于|不得?晚于|不迟于)[^\d。；]{0,8}$")
_UNTIL = re.compile(
    rf"(?<![\d.]){_ONE}\s*"
    r"(?P<tail>(?:（含）|\(含\))?\s*(?:之前|以前|前|止|截止|为止|内))?"
)
_MORE = re.compile(
    r"^[^。；\d]{0,6}(?:截止|截至)[^\d]{0,6}"
    r"(?:(?P<chalf>上午|下午|晚上?)?\s*(?P<chour>[01]?\d|2[0-4])\s*[:时点]\s*(?P<cminute>[0-5]\d)?)"
)
_WHAT_FOR = re.compile(
    r"公示|公开征求|征求意见|征集|反馈|申报|报名|填报|受理|提交|报送|上报|推荐|申请|上传|登记"
    r"|系统开放|开放.{0,6}系统|报我|报至|送达|寄|投标|递交|竞买"
)
_HANDING_IN = re.compile(
    r"报送|上报|报我|报至|报[省市国部]|书面报|报.{0,20}[处科司厅局部委办]|报.{0,20}邮箱|反馈|提交"
    r"|递交|寄|发送|发至|送[至达交]|申报|申请|报名|填报|上传|推荐|提出|登记|填写|告知|回复|函复"
)
_DONE = re.compile(
    r"^\s*(?:注册|成立|取得|出生|已|获得|建成|投产|颁布|发布|印发|实现|达到|基本|全面|入库|竣工"
    r"|完成(?!.{0,12}(?:申报|填报|提交|报送|推荐|上报|报名)))"
)
_RULE = re.compile(  # what lasts, recurs or was counted: never a time for handing in
    r"施行|有效期|执行期|实施期|任期|试用期|建设期|生效|废止|每年|首年|次年|翌年|当年"
    r"|^\s*第[一二三四五六七八九十百]+条|统计|累计|同比|税收优惠|工期|放假|值班|出生"
)
_EVENT = re.compile(r"会期|举办|召开|会议时间|培训时间|考试|活动时间|营业")
_LABEL = re.compile(
    r"([一-鿿]{2,14}?(?:时间|期限|日期|期间|截止|截至|公示期|期))\s*(?:为|是|从|自)?\s*[:：]?\s*$"
)
_HEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]?)?\s*"
    r"([一-鿿]{0,12}?(?:时间|期限|日期))(?:要求|安排|节点|及.{0,8})?\s*[:：]?$"
)
_SENTENCES = re.compile(r"[^。；;！？]+[。；;！？]?")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*")
_MOST = 20  # dates looked at in one sentence
_BACK, _FORTH = dt.timedelta(days=60), dt.timedelta(days=400)


@dataclass(slots=True)
class _Candidate:
    score: int
    period: Period


def read_period(paragraphs: list[str], day: dt.date | None) -> Period | None:
    """The period a notice states, or None. `day` is when it was written or published: it gives the
    year where the text has none, and no period lies far from it."""
    best: _Candidate | None = None
    heading = ""
    for number, paragraph in enumerate(paragraphs):
        plain = paragraph.translate(_FOLD)
        if len(plain) <= 30 and (match := _HEADING.match(plain.strip())):
            heading = match[1] if _WHAT_FOR.search(match[1]) else ""
            heading_at = number
            continue
        if not ("月" in plain or re.search(r"\d[-./]\d", plain)):
            continue
        near = heading if heading and number - heading_at <= 2 else ""
        for part in _SENTENCES.finditer(plain):
            found = _in_sentence(part[0], near, day)
            if found is not None and (best is None or found.score > best.score):
                found.period.sentence = paragraph[part.start() : part.end()].strip()
                best = found
    return best.period if best else None


def _in_sentence(sentence: str, heading: str, day: dt.date | None) -> _Candidate | None:
    rule, purpose = _RULE.search(sentence), heading or _WHAT_FOR.search(sentence)
    event = rule or _EVENT.search(sentence)
    for match in islice(_RANGE.finditer(sentence), _MOST):
        label = _label(_before(sentence, match))
        if not purpose or (event and not _WHAT_FOR.search(label or heading)):
            continue
        opens, closes = _ends(match, day)
        if opens is None or closes is None:
            continue
        period = Period(
            opens,
            closes,
            _time(match, "a"),
            _time(match, "b"),
            label or heading or _verb(sentence),
        )
        more = _MORE.match(sentence[match.end() : match.end() + 40].lstrip("（( "))
        if more and period.closes_time is None:
            period.closes_time = _time(more, "c")
        labelled = bool(label and _WHAT_FOR.search(label)) or bool(heading)
        exact = period.opens_time is not None or period.closes_time is not None
        return _Candidate(4 + 3 * labelled + exact, period)
    for match in islice(_UNTIL.finditer(sentence), _MOST):
        before, after = _before(sentence, match), sentence[match.end() : match.end() + 60]
        lead = _LEAD.search(before)
        label = _label(before)
        if not (match["tail"] or lead or label.endswith(("截止日期", "截止时间"))):
            continue
        if rule and not _WHAT_FOR.search(label or heading):
            continue
        if _DONE.match(after.lstrip("，, ")):
            continue
        stated = bool(label and (_WHAT_FOR.search(label) or "截止" in label)) or bool(heading)
        asked = match["tail"] and match["tail"] != "内" and _HANDING_IN.search(after)
        if not (stated or asked or (lead and _WHAT_FOR.search(before[-24:]))):
            continue
        closes = _day(match, "a", day)
        if closes is None:
            continue
        period = Period(
            None,
            closes,
            None,
            _time(match, "a"),
            label or heading or _verb(after if asked else sentence),
        )
        return _Candidate(2 + 3 * stated + (period.closes_time is not None), period)
    return None


def _before(sentence: str, match: re.Match[str]) -> str:
    return sentence[max(0, match.start() - 60) : match.start()]


def _label(before: str) -> str:
    clause = re.split(r"[，,。；;（(]", before)[-1].rstrip()
    match = _LABEL.search(_NUMBERING.sub("", clause.strip()))
    return re.sub(r"(?<=[间期])(?:截止|截至)$", "", match[1]) if match else ""


def _verb(text: str) -> str:
    """The label of a last day that has none: by the plainest word for handing in."""
    plain = re.sub(r"《[^《》]*》|“[^“”]*”", "", text)
    for words in (
        r"报送|上报|提交|递交|反馈|寄送|送达",
        r"报我|报至|书面报|报[省市国部]|报.{0,20}[处科司厅局部委办]",
        r"填报|报名|推荐|申请|申报|公示|征求意见|征集|回复",
    ):
        if match := re.search(words, plain):
            word = "报送" if match[0].startswith("报") and match[0] != "报名" else match[0]
            return f"{'报送' if word == '书面报' else word}截止"
    return "截止"


def _ends(match: re.Match[str], day: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    opens = _day(match, "a", day)
    if opens is None:
        return None, None
    try:
        if match["bday"]:
            closes = opens.replace(day=int(match["bday"]))
        else:
            year = int(match["by"]) if match["by"] else opens.year
            closes = dt.date(year, int(match["bm"]), int(match["bd"]))
            if closes < opens and not match["by"]:
                closes = closes.replace(year=year + 1)
    except ValueError:
        return None, None
    if not opens <= closes <= opens + _FORTH:
        return None, None
    return opens, closes


def _day(match: re.Match[str], prefix: str, day: dt.date | None) -> dt.date | None:
    year, month, number = match[f"{prefix}y"], match[f"{prefix}m"], match[f"{prefix}d"]
    try:
        if year:
            stated = dt.date(int(year), int(month), int(number))
        elif day is None or "月" not in match[0]:
            return None
        else:
            stated = dt.date(day.year, int(month), int(number))
            if stated < day - _BACK:
                stated = stated.replace(year=day.year + 1)
    except ValueError:
        return None
    if day is not None and not day - _BACK <= stated <= day + _FORTH:
        return None
    return stated


def _time(match: re.Match[str], prefix: str) -> dt.time | None:
    groups = match.groupdict()
    hour = groups.get(f"{prefix}hour")
    if not hour:
        return None
    figure = int(hour)
    if groups.get(f"{prefix}half") in ("下午", "晚", "晚上") and figure < 12:
        figure += 12
    if figure == 24:
        return dt.time(23, 59)  # the end of that day, not the start of the next
    return dt.time(figure, int(groups.get(f"{prefix}minute") or 0))
