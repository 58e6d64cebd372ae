"""The 文号 that a text names beside its own: 根据财建〔2016〕864号, （国务院令第591号）."""

import re
from collections.abc import Iterator

from crawler.notice import Citation
from crawler.reading.fact.agencies import is_agency, split_agencies
from crawler.reading.fact.doc_number import DATED, ORDERED, TURNED, normalise

_REACH = 72  # characters up to 号 among which agency, year and count stand
_MOST = 1000  # places of a text that are looked at: lists of what is abolished name hundreds
_TRIES = 12  # names before an order that are taken for its agencies', or not
_CODE = range(2, 17)  # characters of an agency's code: 国发, 工信部联节, 中小企协
_FORMER = 5  # of one that says 原: 原平 begins its own with it, in three
_LISTED = re.compile(r"[、\s]+")
_NATION = "中华人民共和国"  # stands before the name of an agency or not
_PROVINCES = frozenset("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新")
_HEAD_OF_STATE = ("主席", "国家主席")

_COUNTED = re.compile(r"[0-9０-９一二三四五六七八九十百〇零]\s{0,3}号$")
_DATED = re.compile(rf"{DATED}$")
_ORDERED = re.compile(rf"{ORDERED}$")
_TURNED = re.compile(rf"{TURNED}$")
_KIND = re.compile(r"\s?(?:令|公\s?告|通\s?告)")
_IS_ORDER = re.compile(r"(?:令|公告|通告|决定)$")
_SPACES = re.compile(r"\s+")

# where an agency's code or name begins at the latest
_BREAK = re.compile(r"[^一-鿿A-Za-z\s]")
_NAMES_BREAK = re.compile(r"[^一-鿿\s、·]")  # names of several agencies stand in a row
# The words of a sentence that may stand right before it. Those of one character begin the codes
# of some places: 于府发 is of 于都.
_LEAD = re.compile(
    r"根据|依据|按照|依照|遵照|参照|比照|对照|贯彻|落实|执行|实施|学习|宣传|遵守|遵循|符合|违反|适用|引用"
    r"|转发|印发|下发|发布|公布|颁布|颁发|制定|出台|修订|修改|废止|停止|替代|代替|取代|纳入|列入|涉及"
    r"|包括|其中|详见|参见|以及|或者|关于|文件|文号|编号|证号|案号|批准|批复|同意|名单|名录|目录|附件"
    r"|(?:通知|意见|办法|规定|方案|决定|细则|条例|要求|精神|公告|通告)(?=[一-鿿])"
    r"|(?:依|按|见|(?<!数)据|以|由|于|对(?![外口台])|在|的|了|与|及|或|为|是|被|向|从|将|就(?!业)|如|并|把|除|至"
    r"|自(?!然)|且|若|因|凭)(?![政府办委])|[我本该贵](?:委|局|厅|部|办|市|省|区|县|院|会|署|司)"
    r"|^[年月日批条项款号]|^经(?![济开贸信管发])|(?:合同|证书|许可证|登记证|资质证|项目)$"
)
_AND = re.compile(r"(?<=[》”）)、号件文知见法定案则例策求神])[和与及同]")
_NOBODYS = re.compile(r"(?:本|我|该|各|省|市|县|区|总|原)*(?:部|委|局|厅|署|会|办|政府|人民政府)")


def read_citations(title: str, text: str, own: str = "") -> list[Citation]:
    """The numbers that title and text name, each once, in order, in the one form; `own` is the
    notice's number in the one form, which is none of them.

    Those of orders and announcements stand behind their agency's name, which is told without the
    nation's: 国务院令第591号; 某部2013年第21号令 becomes 某部令2013年第21号. Nobody's are none."""
    found: dict[str, str] = {}
    own = own.removeprefix(_NATION)
    for told in (title, text):
        if "号" in told:
            for number, printed in _named(told):
                if not _is_own(number, own):
                    found.setdefault(number, printed)
    return [Citation(number, printed) for number, printed in found.items()]


def _is_own(number: str, own: str) -> bool:
    """Whether it is the notice's own, which may be known without its agency: 公告2019年第12号."""
    if number == own or not own or "〔" in own:
        return number == own
    return number.rstrip(")").endswith(own.rstrip(")"))


def _named(text: str) -> Iterator[tuple[str, str]]:
    """(the one form, as printed) of each number of a text."""
    end = looked = 0
    while looked < _MOST and (at := text.find("号", end)) >= 0:
        end = at + 1
        start = max(text.rfind("\n", 0, at) + 1, end - _REACH)
        if not _COUNTED.search(text, max(start, end - 5), end):
            continue
        looked += 1
        window, behind = text[start:end], text[end : end + 4]
        found = _dated(window) or _turned(window, behind) or _ordered(window, behind)
        if found:
            yield found


def _dated(window: str) -> tuple[str, str] | None:
    """工信厅消费函〔2019〕191号"""
    match = _DATED.search(window)
    if match is None:
        return None
    start = _begin(window, match.start(), _BREAK)
    code = _SPACES.sub("", window[start : match.start()])
    if cut := _agency_before(code):
        start, code = _behind(window, start, cut), code[cut:]
    if code.startswith("原") and len(code) >= _FORMER:
        start, code = start + 1, code[1:]
    if len(code) not in _CODE or _IS_ORDER.search(code):
        return None
    return _told(window[start:], f"{code}{match[0]}")


def _behind(window: str, start: int, count: int) -> int:
    """Where so many characters from `start` end, spaces not counted."""
    while count:
        count -= not window[start].isspace()
        start += 1
    return start


def _agency_before(code: str) -> int:
    """How much of what stands before a number is its agency's name: 国家计委计价格, of which the
    code begins with a word of the name, or with a province's."""
    for end in range(3, len(code) - 1):
        if (code[end] in code[:end] or code[end] in _PROVINCES) and is_agency(code[:end]):
            return end
    return 0


def _turned(window: str, behind: str) -> tuple[str, str] | None:
    """国家发展改革委2013年第21号令"""
    kind = _KIND.match(behind)
    match = _TURNED.search(window + kind[0]) if kind else None
    if match is None or kind is None:
        return None
    start = _named_from(window, match.start())
    if start < 0:
        return None
    agency, bare = window[start : match.start()], window[match.start() :]
    return _told(f"{window[start:]}{kind[0]}", f"{agency}{kind[0]}{bare}")


def _ordered(window: str, behind: str) -> tuple[str, str] | None:
    """国务院令第591号, 财政部 税务总局公告2019年第39号"""
    match = _ORDERED.search(window)
    start = _named_from(window, match.start()) if match else -1
    if match is None or start < 0:
        return None
    printed = window[start:]  # of 公告（2019年第12号） without the closing bracket
    if match[0].count("（") + match[0].count("(") > match[0].count("）") + match[0].count(")"):
        printed += behind[:1] if behind[:1] in ("）", ")") else ""
    return _told(printed, window[start:])


def _told(printed: str, number: str) -> tuple[str, str] | None:
    found = normalise(number).removeprefix(_NATION)
    return (found, printed.strip()) if found else None


def _begin(window: str, end: int, breaks: re.Pattern[str]) -> int:
    """Where in the window that begins which ends at `end`: behind the sentence's own words."""
    start = max((x.end() for x in breaks.finditer(window, 0, end)), default=0)
    run = window[start:end].rstrip()
    start += max((x.end() for x in _LEAD.finditer(run)), default=0)
    if _AND.match(window, start, end):
        start += 1
    # a space sets off what stands before, but for names that are printed with gaps: 工信 部
    pieces = list(re.finditer(r"\S+", window[start:end]))
    if breaks is _BREAK and len(pieces) > 1:
        last = len(pieces) - 1
        while last and len(pieces[last][0]) == 1:
            last -= 1
        start += pieces[last].start()
    return start


def _named_from(window: str, end: int) -> int:
    """Where in the window the names of agencies begin that end at `end`; -1 when none do."""
    start = _begin(window, end, _NAMES_BREAK)
    for _ in range(_TRIES):
        told = window[start:end].strip("、 \t\u3000")
        if told.startswith("原") and len(told) >= _FORMER:
            told = told[1:]
        bare = told.removeprefix(_NATION)
        if bare in _HEAD_OF_STATE or (split_agencies(bare) and not _NOBODYS.fullmatch(bare)):
            return start + window[start:end].index(told)
        gap = _LISTED.search(window, start + 1, end)
        if gap is None or gap.end() >= end:
            break
        start = gap.end()
    return -1
