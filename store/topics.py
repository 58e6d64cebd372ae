"""Which document a title names, and whether it is the document or something about it.

《关于推荐2019年节水装备的通知》解读 and 某部关于推荐2019年节水装备的通知 have one topic; the
first is about the second. Pure functions of titles: what is kept of them (`Notice.topic_key`)
needs a migration that makes it anew when they change.
"""

import hashlib
import re
import unicodedata

from store.models import LinkKind

KEY_MAX = 300  # characters
_LEAST = 5  # characters of a topic that says which document: 任前公示 does not
_LONGEST = 500  # characters of a title
_DEPTH = 4  # names within names: 转发《…关于印发《…》的通知》的通知

# What makes a title one about a document, which is linked to it and never joined with it.
_EXPLAINS = (
    r"(?:解读|图解)(?!工作|培训|会|活动|机制|制度|能力|员|专栏)|一图(?!书)|读懂|看懂"
    r"|(?<!知识)问答(?!活动|竞赛|比赛)|答问|答记者问|[一十百\d]问[一十百\d]*答|问题解答|起草说明|编制说明"
)
_ADDS = r"补充(?:通知|公告|通告|公示|说明)"
_CORRECTS = (
    r"更正|勘误|延长|延期|推迟|延迟|修改|变更|撤销|废止|失效"
    r"|调整(?=.{2,60}(?:时间|期限|日期)的?(?:通知|公告|通告|公示))"
)
_KINDS = (
    (LinkKind.EXPLAINS, re.compile(_EXPLAINS)),
    (LinkKind.CORRECTS, re.compile(r"更正|勘误")),
    (LinkKind.ADDS, re.compile(_ADDS)),
    (LinkKind.CORRECTS, re.compile(_CORRECTS)),
)
_ABOUT_MARK, _FORWARDS_MARK = "关于|", "转发|"  # no topic has the stroke

_DIGIT = "〇一二三四五六七八九"
_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_ORDINAL = re.compile(
    r"(?<=第)[一二三四五六七八九十]{1,3}(?=[批次号期届轮版])|(?<=之)[一二三四五六七八九十](?=\W|$)"
)
_TRIVIA = re.compile(r"[\W_的等]")
_FIGURES = re.compile(r"\d+")

_MARKS = str.maketrans("〈〉<>「」『』【】", "《》《》《》《》[]")
_ODD = re.compile("[〈〉<>「」『』【】]")
_NAMES = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
_SAYS = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(
    r"[(\[]?\s*[\u4e00-\u9fff]{2,16}\s*[〔\[(]\s*\d{4}\s*[〕\])]\s*第?\s*\d{1,5}\s*号\s*[)\]]?"
)
_LABEL = re.compile(
    r"^\s*(?:\[[^\]]{1,16}\]|(?:一图|一文|图说|图解|漫画|动漫|视频|专家|权威|政策|文件|图文|\d分钟)*"
    r"(?:读懂|看懂|解读|图解|图说|问答|更正|勘误|补充)"
    r"(?:通知|公告|说明)?(?=\s*[《:|丨—-]|之|[一-鿿\d]{5}))"
    r"(?:之[一二三四五六七八九十\d]+)?\s*[:|丨—-]*\s*"
)
_EXPLAINED = re.compile(
    r"(?:的?(?:政策|文件|图文|视频|专家|文字|权威|热点|常见|有关|相关|负责人|问题|就)*"
    r"(?:解读|图解|问答|答记者问|答问|起草说明|编制说明|读懂|看懂)(?:材料|文稿|稿|说明|版|本)?"
    r"(?:之?[一二三四五六七八九十\d]{1,2}|\([^)]{1,8}\))?)+\s*$"
)
# 某某办法解读：为什么…
_EXPLAINED_HEAD = re.compile(r"^(.{5,60}?)的?(?:政策)?(?:解读|图解|问答)\s*[:—|丨-]")
_CHANGED = re.compile(
    r"(?:进行)?(?:的?(?:更正|勘误|补充|延期|延长|变更|修改|调整))+(?:的?(?:通知|公告|通告|公示|说明|启事))?"
    r"(?:\([^)]{1,8}\))?\s*$"
)
_CHANGES = re.compile(
    r"^(?:再次|继续)?(?:延长|延期|变更|调整|推迟|延迟|更正|补充|修改|修订|撤销|废止)"
)
_TERM = re.compile(r"(?:的?(?:截止|起止)?(?:时间|期限|日期|时限|截止))+$")
_TYPE = re.compile(
    r"(?:的?(?:若干|指导|实施|补充|紧急|有关)*(?:通知|公告|通告|通报|公示|意见|复函|函|批复|决定|启事|说明))$"
)
_SENT = re.compile(r"^(?:印发|发布|公布|下发|颁布|颁发|转发|批转|同意|修订|修改)")
_WORK = re.compile(
    r"^(?:进一步|继续|切实|认真|组织|开展|做好|启动|加快)*"
    r"(?:(?:申报|推荐|征集|报送|遴选|评选|填报|申请)(?:工作)?)?"
)
_WORKED = re.compile(
    r"(?:的?(?:申报|推荐|征集|报送|遴选|评选|填报|申请|报名|受理)(?:和?(?:申报|推荐|征集|遴选))?)?"
    r"(?:有关|相关|具体)?(?:工作|事项|事宜|问题)?$"
)
# what may stand before the name of a document in the title of that document, and behind it
_BEFORE = re.compile(
    r"(?:关于|对|印发|发布|公布|下发|颁布|颁发|转发|批转|实施|施行|征求|起草|修订|修改)$"
)
_BEHIND = re.compile(
    r"(?:、|和|及|与|等|《[^》]*》)*(?:\([^)]*\))?"
    r"(?:公开)?(?:征求)?(?:意见|建议)*的?(?:\d*(?:个|项)?(?:文件|规定|办法))?"
    r"(?:通知|公告|通告|通报|函|批复|决定|令|启事)?(?:\([^)]*\))?\s*$"
)
_DRAFT = "征求意见稿"
_REPOSTED = re.compile(r"^\s*[\[【(](?:转载|转发|转)[\]】)]")  # a site's mark


def kind_of(title: str) -> LinkKind | None:
    """What the title is to the document that it is about; None for a document of its own. Words
    within the name of a document are that document's: 关于印发《…问答》的通知 explains nothing."""
    if not any(word in title for word in _WORDS):
        return None
    told = _REPOSTED.sub("", _unified(title))
    outside = _NAMES.sub("", told)
    told = outside if _SAYS.search(outside) else told
    first = told.find("转发")
    for kind, words in _KINDS:
        found = words.search(told)
        if found and (first < 0 or found.start() < first or _at_end(told)):
            return kind
    return LinkKind.FORWARDS if first >= 0 else None


def _at_end(told: str) -> bool:
    """Whether the last words say that the title is about another: 关于转发…的补充通知."""
    return bool(_EXPLAINED.search(told) or _CHANGED.search(told))


def _unified(title: str) -> str:
    """Full-width forms and quotes of one kind; a title that is none is cut."""
    told = unicodedata.normalize("NFKC", title[:_LONGEST])
    return told.translate(_MARKS) if _ODD.search(told) else told


# one of these stands in every title about a document
_WORDS = (
    *("解读", "图解", "一图", "读懂", "看懂", "答", "说明", "更正", "勘误"),
    *("补充", "延长", "延期", "修改", "变更", "撤销", "废止", "失效", "转发"),
    *("推迟", "延迟", "调整"),
)


def topic_key(title: str) -> str:
    """The document that the title names, in one form, "" when it does not say which; marked when
    the title is about that document (`about_key`) or forwards it (`forwarding_key`)."""
    kind = kind_of(title)
    topic = _topic(title, kind is not None)
    if not topic or kind is None:
        return topic
    return forwarding_key(topic) if kind is LinkKind.FORWARDS else about_key(topic)


def about_key(topic: str) -> str:
    """The key of a notice about the document of that topic."""
    return f"{_ABOUT_MARK}{topic}"


def forwarding_key(topic: str) -> str:
    """The key of a notice that forwards the document of that topic."""
    return f"{_FORWARDS_MARK}{topic}"


def unmarked(key: str) -> str:
    """The topic of which a key is."""
    return key.removeprefix(_ABOUT_MARK).removeprefix(_FORWARDS_MARK)


def _topic(title: str, about: bool) -> str:
    told = _unified(title)
    if "号" in told:
        told = _NUMBER.sub("", told)
    name, draft = _named(told, about)
    bare = plain(_worked(name)) or plain(name)
    if len(bare) < _LEAST:
        bare = plain(name)
    if draft and _DRAFT not in bare:
        bare += _DRAFT
    return short(bare, KEY_MAX - len(_ABOUT_MARK)) if len(bare) >= _LEAST else ""


def plain(title: str) -> str:
    """The title without punctuation, spaces and trivia; years and ordinals in digits."""
    title = unicodedata.normalize("NFKC", title).lower()
    title = _YEAR.sub(lambda m: "".join(str(_digit(x)) for x in m[0]), title)
    return _TRIVIA.sub("", _ORDINAL.sub(lambda m: str(_ordinal(m[0])), title))


def figures(plain_title: str) -> list[str]:
    """The numbers in it: years, batches, shares; sorted."""
    return sorted(_FIGURES.findall(plain_title))


def short(key: str, longest: int = KEY_MAX) -> str:
    """A key that fits its column; two long ones stay two."""
    if len(key) <= longest:
        return key
    return key[: longest - 64] + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _named(title: str, about: bool, depth: int = 0) -> tuple[str, bool]:
    """(the name of the document, whether it is a draft on which opinions are asked for)."""
    if about:
        title = _LABEL.sub("", title, count=1)
    quoted = _quoted(title, about) if depth < _DEPTH else None
    if quoted is not None:
        before, inner, behind = quoted
        name, draft = _named(inner, False, depth + 1)
        return name, draft or "征求" in before or "征求" in behind
    if about:
        head = _EXPLAINED_HEAD.match(title)
        title = head[1] if head else _EXPLAINED.sub("", title)
        title = _CHANGED.sub("", title)
    at = title.find("关于")
    if at >= 0 and not _FIGURES.search(title[:at]):
        title = title[at + 2 :]
    title, changes = _without_ends(title, about)
    sent = _SENT.match(title)
    if sent and depth < _DEPTH and len(title) > sent.end():
        return _named(title[sent.end() :], about, depth + 1)
    if changes:
        title = _TERM.sub("", title)
    return title, False


def _without_ends(title: str, about: bool) -> tuple[str, bool]:
    """Without what sort of document it is, and, when it is about one, without the change; whether
    there was one."""
    for _ in range(3):
        title = _TYPE.sub("", title.rstrip(" ()[]《》。"))
    changes = _CHANGES.match(title) if about else None
    if changes:
        title = title[changes.end() :].removeprefix("关于")
        title = _TYPE.sub("", title)
    return title, bool(changes) or about


def _quoted(title: str, about: bool) -> tuple[str, str, str] | None:
    """(before, name, behind) of the first name in quotes, when the title is of or about it."""
    start = title.find("《")
    if start < 0:
        return None
    depth, end = 0, len(title)
    for place in range(start, len(title)):
        depth += {"《": 1, "》": -1}.get(title[place], 0)
        if not depth:
            end = place
            break
    before, inner, behind = title[:start].rstrip(), title[start + 1 : end], title[end + 1 :]
    if len(inner) < 2:
        return None
    of_it = (not before or _BEFORE.search(before)) and _BEHIND.match(behind)
    return (before, inner, behind) if about or of_it else None


def _worked(name: str) -> str:
    """Without the words of a call around what it calls for: 组织申报…, …申报工作."""
    return _WORKED.sub("", _WORK.sub("", name, count=1), count=1)


def _digit(char: str) -> int:
    return _DIGIT.find(char) if char in _DIGIT else 0


def _ordinal(text: str) -> int:
    """一 to 九十九; 十二 is 12, 二十 is 20."""
    tens, ten, ones = text.rpartition("十")
    value = _digit(ones) if ones else 0
    return value + (10 * (_digit(tens) if tens else 1) if ten else 0)
