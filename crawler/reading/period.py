"""Until when: 申报截止, 公示期, 征求意见, 填报时间, with the sentence that says so.

Only what a text says in so many words: a range or a last day beside a word for handing in or
being on display. Nothing is counted from working days or from a day of publication.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from itertools import islice

from crawler.notice import Period

_FOLD = str.maketrans("０１２３４５６７８９：．—–－−～〜﹣", "0123456789:.------~")
_CLOCK = (
    r"(?:\s*(?P<{p}half>上午|下午|晚上?|中午)?\s*(?P<{p}hour>[01]?\d|2[0-4])\s*(?::|时|点)"
    r"\s*(?P<{p}minute>[0-5]\d)?\s*分?)?"
)
_WEEKDAY = r"(?:\s*[（(](?:星期|周)[一二三四五六日天][）)])?"
_DAY = (
    r"(?:(?P<{p}y>(?:19|20)\d\d)\s*[年/.-]\s*)?(?P<{p}m>1[0-2]|0?[1-9])\s*[月/.-]\s*"
    r"(?P<{p}d>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?" + _WEEKDAY
)
_ONE = _DAY.format(p="a") + _CLOCK.format(p="a")
_TWO = (
    rf"(?:{_DAY.format(p='b')}|(?P<bday>3[01]|[12]\d|0?[1-9])\s*[日号]{_WEEKDAY})"
    + _CLOCK.format(p="b")
)
_RANGE = re.compile(
    rf"(?<![\d.])(?:从|自)?\s*{_ONE}\s*(?:起|开始)?\s*[，,]?\s*(?:至|到|-+|~+|―+)\s*{_TWO}"
)
_LEAD = re.compile(r"(?:截止|截至|止于|不得?晚于|不迟于)[^\d。；]{0,8}$")
_FROM_NOW = re.compile(
    r"[自从]?(?:即日|本?(?:通知|公告|通告|公示|文件)?(?:发布|公布|印发|下发|发出|刊登|公告|公示)之日)"
    r"起?(?:开始)?[，,]?\s*(?:至|到|-)\s*$"
)
_PUT_OFF = re.compile(r"(?:延长|延期|延后|延迟|顺延|推迟)(?:至|到)\s*$")
_UNTIL = re.compile(
    rf"(?<![\d.]){_ONE}\s*(?:（含[^（）]{{0,4}}）|\(含[^()]{{0,4}}\))?\s*(?:[上下]午)?(?:下班)?日?"
    r"(?P<tail>之前|以前|前(?!后|[期后]|海)|截止|为止|止|结束|关闭|停止|内)?"
)
_SYSTEM = re.compile(r"系统|平台|通道|入口")
_CLOSED = frozenset(("截止", "为止", "止", "结束", "关闭", "停止"))
_MORE = re.compile(
    r"^[^。；\d]{0,6}(?:截止|截至)[^\d]{0,6}"
    r"(?:(?P<chalf>上午|下午|晚上?)?\s*(?P<chour>[01]?\d|2[0-4])\s*[:时点]\s*(?P<cminute>[0-5]\d)?)"
)
_OPENED = re.compile(
    rf"(?<![\d.]){_ONE}\s*(?:起|开始|起开始)?"
    r"(?:(?:正式|统一|集中|网上|线上)?(?:受理|接收|接受|开放|开通|填报|申报|报名|征集|启动))"
)
_WHAT_FOR = re.compile(
    r"公示|公开征求|征求意见|征集|反馈|申报|报名|填报|受理|提交|报送|上报|推荐|申请|上传|登记"
    r"|系统开放|开放.{0,6}系统|报我|报至|送达|寄|投标|递交|竞买"
)
_ANSWER = re.compile(r"异议|意见|监督|反映|举报|期限|期为")
_ASKED_FOR = re.compile(r"公示|征求|征集|意见")  # a title by which readers may answer
_HANDING_IN = re.compile(
    r"报送|上报|报我|报至|报[省市国部]|书面报|报.{0,20}[处科司厅局部委办]|报.{0,20}邮箱|反馈|提交"
    r"|递交|投递|寄|发送|发[至到给往]|发.{0,4}邮件|发(?:\s*[A-Za-z0-9]|.{0,8}邮箱)|传真|回执"
    r"|送[至达交到]|来[函电信]|致[函电]|告诉|反映|举报|申报|申请|报名|填报|上传|推荐|提出|登记"
    r"|填写|告知|回复|函复"
)
_DONE = re.compile(
    r"^\s*(?:注册|成立|取得|出生|已|获得|建成|投产|颁布|发布|印发|实现|达到|基本|全面|入库|竣工"
    r"|完成(?!.{0,12}(?:申报|填报|提交|报送|推荐|上报|报名)))"
)
# whose day it is: what others promised, and what the agency itself will do
_OTHERS = re.compile(
    r"承诺|责令|限其|(?:我|本)[局厅部委办会院省市](?:[^，,]{0,6}[将拟][于在]?|于)\s*$"
)
_CLOSED_DOORS = re.compile(
    r"^\s*[，,]?\s*(?:[闭停][窗馆厅办业]|暂停|停止(?:办公|服务|受理|办理|营业)|放假|休[息假市]|调休)"
)
_RULE = re.compile(  # what lasts, recurs or was counted: never a time for handing in
    r"施行|有效期|执行期|实施期|任期|试用期|建设期|生效|废止|每年|首年|次年|翌年|当年"
    r"|^\s*第[一二三四五六七八九十百]+条|据.{0,4}统计|统计(?:数据?|显示|表明|时点|截)|累计|同比"
    r"|税收优惠|工期|放假|值班|出生"
)
_EVENT = re.compile(r"会期|举办|召开|会议时间|培训时间|考试|活动时间|营业")
_OCCASION = re.compile(r"会议|大会|召开|举办|大赛|培训|论坛|活动|展览|放假|安排")
_LABEL = re.compile(
    r"([一-鿿]{2,14}?(?:时间|期限|日期|期间|截止|截至|公示期|期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$"
)
# 公 示 期
_APART = re.compile(r"(?<![一-鿿]{2})(?<=[一-鿿])[ \u3000]+(?=[一-鿿](?![一-鿿]))")
# 时间：, with nothing before it: what for is what the title says
_BARE = re.compile(r"^\s*((?:时间|期限|时限|日期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$")
_HEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]?)?\s*"
    r"([一-鿿]{0,12}?(?:时间|期限|日期))(?:要求|安排|节点|及.{0,8})?\s*[:：]?$"
)
_COLUMN = re.compile(
    r"^(?:[一-鿿]{0,8}(?:截止|申报|报名|填报|受理|报送|提交|反馈|征集|公示)[一-鿿]{0,4}"
    r"(?:时间|日期|期限)|[一-鿿]{0,6}截止|截止[一-鿿]{0,4})$"
)
_SENTENCES = re.compile(r"[^。；;！？]+[。；;！？]?")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*")
_MOST = 20  # dates looked at in one sentence
_NEAR = 3  # so many paragraphs a heading reaches, itself among them
_BACK, _FORTH = dt.timedelta(days=60), dt.timedelta(days=400)


@dataclass(slots=True)
class _Candidate:
    score: int
    period: Period

    def beats(self, other: "_Candidate | None") -> bool:
        """Whether it says more than `other`, which stands before it; an hour breaks a tie."""
        if other is None:
            return True
        mine, its = self.period, other.period
        exact = (mine.opens_time or mine.closes_time) and not (its.opens_time or its.closes_time)
        return self.score > other.score or (self.score == other.score and bool(exact))


@dataclass(frozen=True, slots=True)
class _Context:
    """What the sentence at hand does not say itself."""

    day: dt.date | None
    heading: str = ""  # of the paragraphs right above, when it is one for handing in
    answers: bool = False  # the title lets readers answer
    calls: bool = False  # the title is a call of any sort, not an event


def read_period(paragraphs: list[str], day: dt.date | None, title: str = "") -> Period | None:
    """The period a notice states, or None. `day` is when it was written or published: it gives the
    year where the text has none, and no period lies far from it. `title` tells what a bare
    时间： is for."""
    best: _Candidate | None = None
    calls = bool(_WHAT_FOR.search(title) or _ASKED_FOR.search(title)) and not _OCCASION.search(
        title
    )
    plain_context = _Context(day, "", bool(_ASKED_FOR.search(title)), calls)
    context = plain_context
    heading_at = -_NEAR
    for number, paragraph in enumerate(paragraphs):
        plain = paragraph.translate(_FOLD)
        if len(plain) <= 30 and (match := _HEADING.match(plain.strip())):
            meant = _WHAT_FOR.search(match[1]) or (calls and match[1] in ("时间", "期限"))
            context = replace(plain_context, heading=match[1] if meant else "")
            heading_at = number
            continue
        if not ("月" in plain or re.search(r"\d[-./]\d", plain)):
            continue
        near = context if number - heading_at < _NEAR else plain_context
        for part in _SENTENCES.finditer(plain):
            found = _in_sentence(part[0], near)
            if found is not None and found.beats(best):
                if found.period.opens is None:
                    _add_opening(found.period, plain[: part.end()], day)
                found.period.sentence = paragraph[part.start() : part.end()].strip()
                best = found
    found = _in_table(paragraphs, plain_context)
    if found is not None and found.beats(best):
        best = found
    return best.period if best else None


def _in_sentence(sentence: str, context: _Context) -> _Candidate | None:
    """The range a sentence states, else the last of its last days."""
    return _range(sentence, context) or _last_day(sentence, context)


def _range(sentence: str, context: _Context) -> _Candidate | None:
    heading, rule = context.heading, _RULE.search(sentence)
    purpose = heading or _purpose(sentence, context)
    event = rule or _EVENT.search(sentence)
    for match in islice(_RANGE.finditer(sentence), _MOST):
        label = _label(_before(sentence, match), context)
        stated = bool(label and (_WHAT_FOR.search(label) or _BARE.match(label)))
        if not (purpose or stated) or (event and not (stated or _WHAT_FOR.search(heading))):
            continue
        if _CLOSED_DOORS.match(sentence[match.end() :]):
            continue
        opens, closes = _ends(match, context.day)
        if opens is None or closes is None:
            continue
        if not (stated or heading) and context.day is not None and closes < context.day:
            continue  # told of what is over
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
        return _Candidate(4 + 3 * (stated or bool(heading)), period)
    return None


def _last_day(sentence: str, context: _Context) -> _Candidate | None:
    best: _Candidate | None = None
    matches = list(islice(_UNTIL.finditer(sentence), _MOST))
    ends = [*(x.start() for x in matches[1:]), len(sentence)]
    for match, end in zip(matches, ends, strict=False):
        end = min(end, match.end() + 60)
        found = _until(sentence, match, sentence[match.end() : end], context)
        # of several, the last: what the first reader hands in, the second hands on
        if found is not None and (
            best is None or (found.score, found.period.closes) >= (best.score, best.period.closes)
        ):
            best = found
    return best


def _until(sentence: str, match: re.Match[str], after: str, context: _Context) -> _Candidate | None:
    before, tail = _before(sentence, match), match["tail"] or ""
    lead = _LEAD.search(before)
    told = _FROM_NOW.search(before) or _PUT_OFF.search(before)
    label = _label(before[: told.start()] if told else before, context)
    if not (tail or lead or told or label.endswith(("截止日期", "截止时间"))):
        return None
    heading = context.heading
    named = label if _WHAT_FOR.search(label) or _BARE.match(label) else ""
    if _RULE.search(sentence) and not (named or _WHAT_FOR.search(heading)):
        return None
    if _DONE.match(after.lstrip("，, ")) or _OTHERS.search(_clause(before)):
        return None
    closes = _day(match, "a", context.day)
    if closes is None:
        return None
    stated = bool(named or "截止" in label or heading)
    asked = tail not in ("", "内", *_CLOSED) and _HANDING_IN.search(after)
    late = context.day is None or closes >= context.day
    said = before + (after if told else re.split(r"[，,]", after)[0])
    # the system of a call closes when the call does
    system = context.calls and tail == "关闭" and _SYSTEM.search(before)
    over = late and bool(system or ((told or tail in _CLOSED) and _purpose(said, context)))
    if not (stated or asked or over or (lead and _WHAT_FOR.search(before[-24:]))):
        return None
    words = label or heading or _verb(after if asked else sentence)
    period = Period(None, closes, None, _time(match, "a"), words)
    return _Candidate(2 + 3 * (stated or bool(over and told)), period)


def _purpose(text: str, context: _Context) -> bool:
    return bool(_WHAT_FOR.search(text) or (context.answers and _ANSWER.search(text)))


def _add_opening(period: Period, paragraph: str, day: dt.date | None) -> None:
    """The day on which a paragraph says that handing in began: 9月6日起受理。"""
    for match in islice(_OPENED.finditer(paragraph), _MOST):
        opens = _day(match, "a", day)
        if opens is not None and period.closes is not None and opens < period.closes:
            period.opens, period.opens_time = opens, _time(match, "a")
            return


def _in_table(paragraphs: list[str], context: _Context) -> _Candidate | None:
    """The last day in a column that is headed 截止时间, when all rows say the same."""
    found: list[_Candidate] = []
    head: list[str] = []
    for paragraph in paragraphs:
        cells = paragraph.translate(_FOLD).split("\t")
        if len(cells) < 2:
            head = []
        elif any(_COLUMN.match(cell.strip()) for cell in cells):
            head = cells
        elif len(cells) == len(head):
            for name, cell in zip(head, cells, strict=True):
                candidate = _COLUMN.match(name.strip()) and _in_cell(name, cell, context)
                if candidate:
                    candidate.period.sentence = paragraph.replace("\t", " ")
                    found.append(candidate)
    days = {x.period.closes for x in found}
    return found[0] if len(days) == 1 else None


def _in_cell(name: str, cell: str, context: _Context) -> _Candidate | None:
    name = name.strip()
    if found := _in_sentence(f"{name}:{cell}", replace(context, heading=name)):
        return found
    match = _UNTIL.fullmatch(cell.strip())
    closes = _day(match, "a", context.day) if match else None
    if match is None or closes is None:
        return None
    return _Candidate(5, Period(None, closes, None, _time(match, "a"), name))


def _before(sentence: str, match: re.Match[str]) -> str:
    return sentence[max(0, match.start() - 60) : match.start()]


def _clause(before: str) -> str:
    return re.split(r"[，,。；;（(]", before)[-1].rstrip()


def _label(before: str, context: _Context) -> str:
    clause = _APART.sub("", _NUMBERING.sub("", _clause(before).strip()))
    if context.calls and (bare := _BARE.match(clause)):
        return bare[1]
    match = _LABEL.search(clause)
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
