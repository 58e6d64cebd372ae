"""Until when: 申报截止, 公示期, 征求意见, 填报时间, with the sentence that says so.

Only what a text says in so many words: a range or a last day beside a word for handing in or
being on display. Nothing is counted from working days or from a day of publication.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from crawler.notice import Period
from crawler.reading.dates import in_figures
from crawler.reading.fact import period_words as words

_FOLD = str.maketrans(
    "０１２３４５６７８９：∶︰．—–－−‐‑─━ー﹣～〜∼", "0123456789:::.----------~~~", "[]【】［］"
)
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]")
_CLOCK = (
    r"(?:\s*(?P<{p}half>上午|下午|晚上?|中午)?\s*(?P<{p}hour>[01]?\d|2[0-4])\s*(?::|时|点)"
    r"\s*(?P<{p}minute>[0-5]\d|半)?\s*(?:分|[时点]|:[0-5]\d)?整?)?"
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
    rf"(?<![\d.])(?:从|自)?\s*{_ONE}\s*(?:起|开始)?\s*[，,]?\s*"
    rf"(?:[-~]?[至到]|-+|~+|―+|一{{1,2}}(?=\s?\d)|(?P<end>[^\d。]{{0,8}}(?:结束|截止|终止)(?:时间|日期)\s*[:为是]?))\s*{_TWO}"
)
_BEGINS = re.compile(r"^.{0,10}(?:开始|起始)(?:时间|日期)\s*[:：]")
_ENDS = re.compile(r"^.{0,10}(?:结束|截止|终止)(?:时间|日期)\s*[:：]")
_LEAD = re.compile(
    r"(?:截止|截至|止于|不得?晚于|不迟于)[^\d。；]{0,8}$"
    r"|(?:公示|征集|征求意见|报名|申报|受理|反馈)(?:期|时间)?(?:至|到)\s*$"
)
_FROM_NOW = re.compile(
    r"[自从]?(?:即日|本?(?:通知|公告|通告|公示|文件)?(?:发布|公布|印发|下发|发出|刊登|公告|公示)之日)"
    r"起?(?:开始)?[，,]?\s*(?:至|到|-)\s*$"
)
_CHANGED = r"(?:延长|延期|延后|延迟|顺延|推迟|更正|变更|调整|修改|更改|改)(?:至|到|为)"
_PUT_OFF = re.compile(rf"{_CHANGED}\s*:?\s*$")
_SUPERSEDED = re.compile(rf"^[^\d]{{0,20}}{_CHANGED}[^\d]{{0,16}}\d")
_UNTIL = re.compile(
    rf"(?<![\d.]){_ONE}\s*(?:（含[^（）]{{0,4}}）|\(含[^()]{{0,4}}\)"
    r"|（[^（）。]{1,24}）(?=[之以]?前|截|为?止)|\([^()。]{1,24}\)(?=[之以]?前|截|为?止))?"
    r"\s*(?:[上下]午)?(?:下班)?日?"
    r"(?:(?:准时|自动|正式|统一)(?=截|结|关|停))?"
    r"(?P<tail>之前|以前|前(?!后|[期后]|海)|截止|截稿|为止|止|结束|关闭|停止|内)?"
)
_CLOSED = frozenset(("截止", "截稿", "为止", "止", "结束", "关闭", "停止"))
_MORE = re.compile(
    r"^[^。；\d]{0,6}(?:截止|截至)[^\d]{0,6}"
    r"(?:(?P<chalf>上午|下午|晚上?)?\s*(?P<chour>[01]?\d|2[0-4])\s*[:时点]\s*(?P<cminute>[0-5]\d)?)"
)
_NEXT_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_OPENED = re.compile(
    rf"(?<![\d.]){_ONE}\s*(?:起|开始|起开始)?"
    r"(?:(?:正式|统一|集中|网上|线上)?(?:受理|接收|接受|开放|开通|填报|申报|报名|征集|启动))"
)
_REMARK = re.compile(
    r"(?<=时间|期限|日期|截止|截至)\s{0,2}[（(][^（()）\d]{0,30}[)）](?=\s{0,2}[:为是]?\s{0,2}\d)"
)
_LABEL = re.compile(
    r"([一-鿿]{2,14}?(?:时间|期限|时限|日期|期间|截止|截至|公示期|期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$"
)
# 公 示 期
_APART = re.compile(r"(?<![一-鿿]{2})(?<=[一-鿿])[ \u3000]+(?=[一-鿿](?![一-鿿]))")
# 时间：, with nothing before it: what for is what the title says
_BARE = re.compile(
    r"^\s*((?:开始|起始|起止|起讫)?(?:时间|期限|时限|日期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$"
)
_HEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]?)?\s*"
    r"([一-鿿]{0,12}?(?:时间|期限|时限|日期))(?:要求|安排|节点|[及、和].{0,12})?\s*[:：]?$"
)
_COLUMN = re.compile(
    r"^(?:[一-鿿]{0,8}(?:截止|申报|报名|填报|受理|报送|提交|反馈|征集|公示)[一-鿿]{0,4}"
    r"(?:时间|日期|期限|时限)|[一-鿿]{0,6}截止|截止[一-鿿]{0,4})$"
)
_SENTENCES = re.compile(r"[^。；;！？]+[。；;！？]?")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*")
_DATED = re.compile(r"\d\s?[年月/.-]\s?\d")  # what every day has
# what a paragraph on days, or their heading, has: a figure, 月, 时间, 期限, 时限, 日期
_TIMELY = re.compile(r"[\d月间限期](?:(?<=[\d月])|(?<=时间)|(?<=[期时]限)|(?<=日期))")
_LINKED = re.compile(r"[至到~―一-]\s*\d|(?:结束|截止|终止)(?:时间|日期)")  # what every range has
_FIGURE = re.compile(r"\d(?<![\d.]\d)\d{0,3}\s*[年月/.-]")  # how every day begins
# 本月25日, 明年1月10日: told from the day of writing
_TOLD_MONTH = re.compile(r"[本这下]个?月\s?(?=(?:3[01]|[12]\d|0?[1-9])\s?[日号])")
_TOLD_YEAR = re.compile(r"[今本明去]年\s?(?=(?:1[0-2]|0?[1-9])\s?月)")
_YEARS_ON = {"今": 0, "本": 0, "明": 1, "去": -1}
_IS_END = re.compile(r"截止|截至|结束")
_PLAIN_RANGE = 4  # the score of a range without a label of its own
_MOST_DATED = 500  # sentences with a day that are looked at
_LONGEST = 2000  # characters looked at in one sentence
_MOST = 20  # dates looked at in one sentence
_NEAR = 3  # so many paragraphs a heading reaches, itself among them
_BACK, _FORTH = dt.timedelta(days=60), dt.timedelta(days=400)


@dataclass(slots=True)
class _Candidate:
    score: int
    period: Period
    firm: bool = False  # its own words call it the end, or ask for it
    ours: bool = False  # handed to who writes

    def beats(self, other: "_Candidate | None", changes: bool = False) -> bool:
        """Whether it says more than `other`, which stands before it; an hour breaks a tie."""
        if other is None or (changes and self.score == other.score):
            return True
        mine, its = self.period, other.period
        exact = (mine.opens_time or mine.closes_time) and not (its.opens_time or its.closes_time)
        return self.score > other.score or (self.score == other.score and bool(exact))

    def follows(self, other: "_Candidate", changes: bool) -> bool:
        """Whether it goes before `other`, which stands before it in one sentence: who reads hands
        in by the first day, and others hand on, unless the writer asks for the last one only."""
        if self.score != other.score:
            return self.score > other.score
        mine, its = self.period.closes, other.period.closes
        later = mine is not None and its is not None and mine >= its
        return later and (changes or (self.ours and not other.firm))


@dataclass(frozen=True, slots=True)
class _Context:
    """What the sentence at hand does not say itself."""

    day: dt.date | None
    heading: str = ""  # of the paragraphs right above, when it is one for handing in
    answers: bool = False  # the title lets readers answer
    calls: bool = False  # the title is a call of any sort, not an event
    changes: bool = False  # the title puts a day off: the later of two is the new one


def read_period(paragraphs: list[str], day: dt.date | None, title: str = "") -> Period | None:
    """The period a notice states, or None. `day` is when it was written or published: it gives the
    year where the text has none, and no period lies far from it. `title` tells what a bare
    时间： is for."""
    best: _Candidate | None = None
    calls = bool(
        words.WHAT_FOR.search(title) or words.ASKED_FOR.search(title)
    ) and not words.OCCASION.search(title)
    plain_context = _Context(day, "", bool(words.ASKED_FOR.search(title)), calls)
    plain_context = replace(plain_context, changes=bool(words.CHANGES.search(title)))
    context = plain_context
    heading_at = -_NEAR
    dated = 0
    for number, paragraph in enumerate(paragraphs):
        if not _TIMELY.search(paragraph):
            continue
        plain = _folded(paragraph, day)
        if len(plain) <= 30 and (match := _HEADING.match(plain.strip())):
            meant = words.WHAT_FOR.search(match[1]) or (calls and match[1] in ("时间", "期限"))
            context = replace(plain_context, heading=match[1] if meant else "")
            heading_at = number
            continue
        if not ("月" in plain or re.search(r"\d[-./]\d", plain)):
            continue
        if _BEGINS.match(paragraph) and number + 1 < len(paragraphs):
            following = paragraphs[number + 1]
            paragraph = f"{paragraph} {following}" if _ENDS.match(following) else paragraph
        near = context if number - heading_at < _NEAR else plain_context
        told = ""  # what the paragraph has said so far
        for part in _SENTENCES.finditer(paragraph):
            sentence = _folded(part[0], day)
            told += sentence[:_LONGEST]
            if not _DATED.search(sentence):
                continue
            dated += 1
            if dated > _MOST_DATED:
                break
            found = _in_sentence(sentence[:_LONGEST], near)
            if found is not None and found.beats(best, context.changes):
                if (
                    best
                    and found.period.opens is None
                    and found.period.closes == best.period.closes
                ):
                    found.period.opens = best.period.opens
                    found.period.opens_time = best.period.opens_time
                if found.period.opens is None:
                    _add_opening(found.period, told, day)
                found.period.sentence = part[0].strip()
                best = found
    found = _in_table(paragraphs, plain_context)
    if found is not None and found.beats(best):
        best = found
    if best is None and "截" in title and (best := _last_day(_folded(title, day), plain_context)):
        best.period.sentence = title
    return best.period if best else None


def with_opening(period: Period | None, boxed: Period | None) -> Period | None:
    """The period of a text with the opening that a box beside it states for the same last day;
    the box's own period where the text has none."""
    if period is None or boxed is None:
        return period or boxed
    if period.opens is None and boxed.closes == period.closes:
        period.opens, period.opens_time = boxed.opens, boxed.opens_time
        period.closes_time = period.closes_time or boxed.closes_time
    return period


def _folded(text: str, day: dt.date | None) -> str:
    # most have little to fold, which `translate` does not know
    plain = _FOLDED.sub(_fold_one, in_figures(text))
    if day is not None:
        plain = _with_figures(plain, day)
    return _REMARK.sub("", plain) if "（" in plain or "(" in plain else plain


def _with_figures(text: str, day: dt.date) -> str:
    """The months and years that are told from the day of writing, in figures; not those of a
    rule for every month."""
    if "年" in text:
        text = _TOLD_YEAR.sub(lambda x: f"{day.year + _YEARS_ON[x[0][0]]}年", text)
    if "月" in text and _TOLD_MONTH.search(text) and not words.EVERY_MONTH.search(text):
        following = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        months = {"下": following}
        text = _TOLD_MONTH.sub(
            lambda x: "{0.year}年{0.month}月".format(months.get(x[0][0], day)), text
        )
    return text


def _fold_one(match: re.Match[str]) -> str:
    return match[0].translate(_FOLD)


def _in_sentence(sentence: str, context: _Context) -> _Candidate | None:
    """The range a sentence states, else the last of its last days."""
    if "行" in sentence or "期" in sentence:
        sentence = words.LATER.sub("", sentence)
    span = _range(sentence, context)
    if span is not None and span.score > _PLAIN_RANGE:
        return span
    day = _last_day(sentence, context)
    return span if span and (day is None or day.score <= span.score) else day


def _range(sentence: str, context: _Context) -> _Candidate | None:
    if not _LINKED.search(sentence):
        return None
    heading, rule = context.heading, words.RULE.search(sentence)
    event = rule or words.EVENT.search(sentence)
    for match in islice(_RANGE.finditer(sentence), _MOST):
        label = _label(_before(sentence, match), context)
        stated = bool(words.WHAT_FOR.search(label) or (context.calls and _BARE.match(label)))
        purpose = heading or _purpose(_about(sentence, match), context)
        weak = bool(label and not stated and words.LABELLED_FOR.search(label))
        if not (purpose or stated or weak):
            continue
        if event and not (stated or weak or words.WHAT_FOR.search(heading)):
            continue
        after = sentence[match.end() : match.end() + 40]
        if words.CLOSED_DOORS.match(after) or (not stated and words.BEFALLS.match(after)):
            continue
        if match["end"] and (_IS_END.search(label) or context.changes):
            continue  # two last days
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
        more = _MORE.match(after.lstrip("（( "))
        if more and period.closes_time is None:
            period.closes_time = _time(more, "c")
        score = _PLAIN_RANGE + 3 * (stated or bool(heading))
        return _Candidate(score - _of_another(_clause(_before(sentence, match)), context), period)
    return None


def _about(sentence: str, match: re.Match[str]) -> str:
    """What a sentence says of a range: all up to the clause with the next day."""
    following = _NEXT_DAY.search(sentence, match.end())
    if following is None:
        return sentence
    return sentence[: max(match.end(), sentence.rfind("，", 0, following.start()))]


def _last_day(sentence: str, context: _Context) -> _Candidate | None:
    best: _Candidate | None = None
    matches = list(islice(_last_days(sentence), _MOST))
    rule = bool(matches and words.RULE.search(sentence))
    ends = [*(x.start() for x in matches[1:]), len(sentence)]
    for match, end in zip(matches, ends, strict=False):
        end = min(end, match.end() + 60)
        found = _until(sentence, match, sentence[match.end() : end], context, rule)
        if found is not None and context.changes and not sentence[match.end() : end].strip():
            _take_new_day(found.period, sentence[end:], context.day)
        if found is not None and (best is None or found.follows(best, context.changes)):
            best = found
    return best


def _take_new_day(period: Period, rest: str, day: dt.date | None) -> None:
    """更正前 and 更正后 in one row: the day that follows upon the old one."""
    new = _UNTIL.match(rest)
    closes = _day(new, "a", day) if new else None
    if new is not None and closes is not None:
        period.closes, period.closes_time = closes, _time(new, "a")


def _last_days(sentence: str) -> Iterator[re.Match[str]]:
    """What `_UNTIL` finds, tried only where a figure stands."""
    at = 0
    while figure := _FIGURE.search(sentence, at):
        found = _UNTIL.match(sentence, figure.start())
        if found is not None:
            yield found
        at = found.end() if found is not None else figure.end()


def _until(
    sentence: str, match: re.Match[str], after: str, context: _Context, rule: bool
) -> _Candidate | None:
    before, tail = _before(sentence, match), match["tail"] or ""
    lead = _LEAD.search(before)
    told = _FROM_NOW.search(before) or _PUT_OFF.search(before)
    label = _label(before[: told.start()] if told else before, context)
    heading = context.heading
    alone = not before.strip() and not after.strip("（()） 。北京时间")  # all that its heading says
    called = heading if alone else label
    if not (tail or lead or told or called.endswith(("截止日期", "截止时间", "时限"))):
        return None
    bare = context.calls and _BARE.match(label)
    named = label if bare or words.WHAT_FOR.search(label) else ""
    clause = _clause(before).strip()
    if rule and not (named or words.WHAT_FOR.search(heading)):
        own = f"{sentence[: match.start()]}{re.split(r'[，,]', after)[0]}"
        if not words.REQUEST.search(clause) or words.RULE.search(own):
            return None
    if words.OTHERS.search(clause):
        return None
    if _SUPERSEDED.match(sentence[match.end() : match.end() + 40]):
        return None
    closes = _day(match, "a", context.day)
    if closes is None:
        return None
    late = context.day is None or closes >= context.day
    forfeit = words.FORFEIT.match(after) if late else None
    missed = bool(forfeit and words.HANDING_IN.search(forfeit[0]))
    whole = before.strip().rsplit("，", 1)[-1]
    if not missed and (
        words.DONE.match(after.lstrip("，, "))
        or words.HAD_DONE.match(after)
        or (words.TOLD_OF.match(whole) and words.DONE_BY.match(after.lstrip(")） ")))
    ):
        return None
    stated = bool(named or "截止" in label or heading)
    asked = bool(tail not in ("", "内", *_CLOSED) and words.HANDING_IN.search(after))
    if asked and not (late or heading or words.REQUEST.search(f"{clause}{after}")):
        asked = False  # it is told
    said = before + tail + (after if told else re.split(r"[，,]", after)[0])
    # the system of a call closes when the call does
    system = context.calls and tail == "关闭" and words.SYSTEM.search(before)
    meant = _purpose(said, context) or (_FROM_NOW.search(before) and context.calls)
    over = late and bool(system or ((told or tail in _CLOSED) and meant))
    if not (stated or asked or over or missed or (lead and words.WHAT_FOR.search(before[-24:]))):
        return None
    called = label or heading or _verb(after if asked or missed else sentence)
    period = Period(None, closes, None, _time(match, "a"), called)
    score = 2 + 3 * (stated or bool(over and told))
    firm = bool(named) or "请" in clause
    ours = bool(words.TO_US.search(after))
    return _Candidate(score - _of_another(clause, context), period, firm, ours)


def _purpose(text: str, context: _Context) -> bool:
    return bool(words.WHAT_FOR.search(text) or (context.answers and words.ANSWER.search(text)))


def _of_another(clause: str, context: _Context) -> int:
    """What a day loses that is another agency's: any day of the notice's own goes before it."""
    return 6 if not context.heading and words.ABOVE.search(clause) else 0


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
        if "\t" not in paragraph:
            head = []
            continue
        cells = _folded(paragraph, context.day).split("\t")
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
    for pattern in (
        r"报送|上报|提交|递交|反馈|寄送|送达",
        r"报我|报至|书面报|报[省市国部]|报.{0,20}[处科司厅局部委办]",
        r"填报|报名|推荐|申请|申报|公示|征求意见|征集|回复",
    ):
        if match := re.search(pattern, plain):
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
    minute = groups.get(f"{prefix}minute") or "0"
    return dt.time(figure, 30 if minute == "半" else int(minute))
