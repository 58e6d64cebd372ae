"""What one sentence says of a period: the range or the last day it names, and what for."""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import islice

from crawler.notice import Period
from crawler.reading.fact import period_words as words
from crawler.reading.fact.period_days import (
    MORE,
    OPENED,
    UNTIL,
    day_in,
    days_in,
    last_days,
    ranges,
    time_in,
)

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
_CLOSED = frozenset(("截止", "截稿", "为止", "止", "结束", "关闭", "停止"))
_NEXT_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_LABEL = re.compile(
    r"([一-鿿]{2,14}?(?:时间|期限|时限|日期|期间|截止|截至|公示期|期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$"
)
# 公 示 期
_APART = re.compile(r"(?<![一-鿿]{2})(?<=[一-鿿])[ \u3000]+(?=[一-鿿](?![一-鿿]))")
# 时间：, with nothing before it: what for is what the title says
_BARE = re.compile(
    r"^\s*((?:开始|起始|起止|起讫)?(?:时间|期限|时限|日期))\s*(?:为|是|从|自|到|至)?\s*[:：]?\s*$"
)
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]\s*")
_LINKED = re.compile(r"[至到~―一-]\s*\d|(?:结束|截止|终止)(?:时间|日期)")  # what every range has
_IS_END = re.compile(r"截止|截至|结束")
_PLAIN_RANGE = 4  # the score of a range without a label of its own
_MOST = 20  # dates looked at in one sentence


@dataclass(slots=True)
class Candidate:
    """A period that a sentence states, and how plainly it says so."""

    score: int
    period: Period
    firm: bool = False  # its own words call it the end, or ask for it
    ours: bool = False  # handed to who writes

    def beats(self, other: "Candidate | None", changes: bool = False) -> bool:
        """Whether it says more than `other`, which stands before it; an hour breaks a tie."""
        if other is None or (changes and self.score == other.score):
            return True
        mine, its = self.period, other.period
        exact = (mine.opens_time or mine.closes_time) and not (its.opens_time or its.closes_time)
        return self.score > other.score or (self.score == other.score and bool(exact))

    def follows(self, other: "Candidate", changes: bool) -> bool:
        """Whether it goes before `other`, which stands before it in one sentence: who reads hands
        in by the first day, and others hand on, unless the writer asks for the last one only."""
        if self.score != other.score:
            return self.score > other.score
        mine, its = self.period.closes, other.period.closes
        later = mine is not None and its is not None and mine >= its
        return later and (changes or (self.ours and not other.firm))


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentence at hand does not say itself."""

    day: dt.date | None
    heading: str = ""  # of the paragraphs right above, when it is one for handing in
    answers: bool = False  # the title lets readers answer
    calls: bool = False  # the title is a call of any sort, not an event
    changes: bool = False  # the title puts a day off: the later of two is the new one


def in_sentence(sentence: str, context: Context) -> Candidate | None:
    """The range a sentence states, else the last of its last days."""
    if "另" in sentence or "再行" in sentence or "择期" in sentence:
        sentence = words.LATER.sub("", sentence)
    span = _range(sentence, context)
    if span is not None and span.score > _PLAIN_RANGE:
        return span
    day = last_day(sentence, context)
    return span if span and (day is None or day.score <= span.score) else day


def _range(sentence: str, context: Context) -> Candidate | None:
    if not _LINKED.search(sentence):
        return None
    heading, event = context.heading, None
    for match in islice(ranges(sentence), _MOST):
        label = _label(_before(sentence, match), context)
        stated = bool(words.WHAT_FOR.search(label) or (context.calls and _BARE.match(label)))
        purpose = heading or _purpose(_about(sentence, match), context)
        weak = bool(label and not stated and words.LABELLED_FOR.search(label))
        if not (purpose or stated or weak):
            continue
        event = event if event is not None else _tells_event(sentence)
        if event and not (stated or weak or words.WHAT_FOR.search(heading)):
            continue
        after = sentence[match.end() : match.end() + 40]
        if words.CLOSED_DOORS.match(after) or (not stated and words.BEFALLS.match(after)):
            continue
        if match["end"] and (_IS_END.search(label) or context.changes):
            continue  # two last days
        opens, closes = days_in(match, context.day)
        if opens is None or closes is None:
            continue
        if not (stated or heading) and context.day is not None and closes < context.day:
            continue  # told of what is over
        period = Period(
            opens,
            closes,
            time_in(match, "a"),
            time_in(match, "b"),
            label or heading or _verb(sentence),
        )
        more = MORE.match(after.lstrip("（( "))
        if more and period.closes_time is None:
            period.closes_time = time_in(more, "c")
        score = _PLAIN_RANGE + 3 * (stated or bool(heading))
        return Candidate(score - _of_another(_clause(_before(sentence, match)), context), period)
    return None


def _tells_event(sentence: str) -> bool:
    return bool(words.RULE.search(sentence) or words.EVENT.search(sentence))


def _about(sentence: str, match: re.Match[str]) -> str:
    """What a sentence says of a range: all up to the clause with the next day."""
    following = _NEXT_DAY.search(sentence, match.end())
    if following is None:
        return sentence
    return sentence[: max(match.end(), sentence.rfind("，", 0, following.start()))]


def last_day(sentence: str, context: Context) -> Candidate | None:
    """The last of the last days that a sentence names, or the one that goes before it."""
    best: Candidate | None = None
    matches = list(islice(last_days(sentence), _MOST))
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
    new = UNTIL.match(rest)
    closes = day_in(new, "a", day) if new else None
    if new is not None and closes is not None:
        period.closes, period.closes_time = closes, time_in(new, "a")


def _until(
    sentence: str, match: re.Match[str], after: str, context: Context, rule: bool
) -> Candidate | None:
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
    closes = day_in(match, "a", context.day)
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
    period = Period(None, closes, None, time_in(match, "a"), called)
    score = 2 + 3 * (stated or bool(over and told))
    firm = bool(named) or "请" in clause
    ours = bool(words.TO_US.search(after))
    return Candidate(score - _of_another(clause, context), period, firm, ours)


def _purpose(text: str, context: Context) -> bool:
    return bool(words.WHAT_FOR.search(text) or (context.answers and words.ANSWER.search(text)))


def _of_another(clause: str, context: Context) -> int:
    """What a day loses that is another agency's: any day of the notice's own goes before it."""
    return 6 if not context.heading and words.ABOVE.search(clause) else 0


def add_opening(period: Period, paragraph: str, day: dt.date | None) -> None:
    """The day on which a paragraph says that handing in began: 9月6日起受理。"""
    for match in islice(OPENED.finditer(paragraph), _MOST):
        opens = day_in(match, "a", day)
        if opens is not None and period.closes is not None and opens < period.closes:
            period.opens, period.opens_time = opens, time_in(match, "a")
            return


def _before(sentence: str, match: re.Match[str]) -> str:
    return sentence[max(0, match.start() - 60) : match.start()]


def _clause(before: str) -> str:
    return re.split(r"[，,。；;（(]", before)[-1].rstrip()


def _label(before: str, context: Context) -> str:
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
