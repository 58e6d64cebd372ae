"""Names of agencies: what looks like one, and how several in one line are told apart."""

import re

from crawler.reading.lines import tidy

# the words that names of organs end with: of government, party, army, courts, and of bodies
_END = (
    r"(?:部|委|局|厅|办|署|处|司|科|院|所|中心|政府|办公室|办公厅|党组|党委|工委|纪委|小组|指挥部|大会|公署|人大|政协"
    r"|(?:委员|[委协学商工总合谊事字监究善友分]|促进|基金)会|联席会议|(?:工作|综合|专项|协调|领导|调查)组|专班"
    r"|团委|联社|[残妇侨文]联|社科联|工商联|[科作]协|队|庭|监狱|海关|(?<!网)站|台|馆|社|银行|分行|支行|公司|集团|总厂"
    r"|大学|学院|[中小]学|(?:学|党|分|技)校|幼儿园|军区|分区|兵团|第[一二三四五六七八九十]{1,3}师(?:[一-鿿]{2,6}市)?"
    r"|服务窗口|服务大厅)"
)
_NAME = re.compile(
    r"(?=[一-鿿])(?:[一-鿿（）()·\d]|“[^“”]{1,12}”){1,38}"
    rf"(?<=[一-鿿])(?<!网站){_END}(?:[（(][一-鿿]{{1,12}}[）)])?$"
)
_NO_NAME = re.compile(
    r"^(?:附件|特此|联系|地址|电话|传真|邮箱|此件|抄送|主送|各|请|现|根据|为|经(?![济开贸信管])|由|在|对(?!外)|向(?!阳)|和(?![田平静硕顺龙布政林县])|及|与|关于|第[一二三四五六七八九十\d]{1,4}[条章节款项批季期次号部]|本(?!溪)|该|有关|相关)"
    r"|[《》。，；：？！]|联系人|通知|的(?!士)|单位：|报名|以上|\d[月日]"
)
# no list of names has such a word, wherever it is divided
_NEVER = re.compile(r"[《》。：！？]|联系人|通知|报名|以上")
# General Administration of Customs
_ENGLISH = re.compile(
    r"(?:(?:[A-Z][\w.'’&-]{0,24}|of|the|and|for|on|in) ){0,14}"
    r"(?:Administration|Ministry|Bureau|Commission|Department|Office|Committee|Council|Government"
    r"|Bank|Court|Cent(?:er|re)|Agency|Authority|Academy|Institute|Association|Customs|Congress)"
    r"(?: (?:of|for|on)(?: (?:[A-Z][\w.'’&-]{0,24}|of|the|and|for|on|in)){1,14})?"
)
_OFFICE_ONLY = re.compile(
    r"(?:(?:工作|协调|领导){0,2}(?:小组|委员会|联席会议|指挥部))?(?:办公[室厅])?|秘书处|党组|党委"
)
_SEAL = re.compile(r"\s?[（(](?:盖?公?章|代章|印章?|代)[）)]$")
_LONGEST = 400
_SPACED = re.compile(r"^(?:\S ){2,}\S$")
_LISTED = re.compile(r"[、，,;；]|\s+")
_PRESS = re.compile(
    r"日报|晚报|新闻(?!办|局|处|科|出版)|新华(?![区镇街乡县])|网$|网站|在线|电视(?!总?局)|电台|记者|媒体|杂志|人民网|时报|早报|报$|公众号"
)


def is_agency(text: str) -> bool:
    """Whether the whole text looks like the name of one agency."""
    return 2 <= len(text) <= 40 and bool(_NAME.match(text)) and not _NO_NAME.search(text)


def is_office(text: str) -> bool:
    """Whether a text names an office without what it belongs to: 办公室, 领导小组办公室."""
    return 1 < len(text) < 16 and bool(_OFFICE_ONLY.fullmatch(text))


def is_press(text: str) -> bool:
    """Whether a source line names a paper or a web site, not an agency."""
    return bool(_PRESS.search(text))


def split_agencies(text: str) -> list[str]:
    """The agencies that `text` consists of, in order; [] when any part of it is something else.
    Names set apart by spaces ("国 家 能 源 局") are closed up."""
    if len(text) > _LONGEST or _NEVER.search(text) or text.startswith("关于"):
        return []
    text = _SEAL.sub("", text.strip())
    groups = ["".join(x.split()) for x in re.split(r"\u3000+", text)]
    if len(groups) > 1 and all(is_agency(x) for x in groups):
        return joined(groups)
    text = tidy(text)
    if _ENGLISH.fullmatch(text):
        return [text]
    if _SPACED.match(text):
        text = text.replace(" ", "")
    if not text:
        return []
    if is_agency(text):
        return [text]
    parts = [x for x in _LISTED.split(text) if x]
    if len(parts) > 1 and all(len(x) == 1 for x in parts):
        parts = ["".join(parts)]
    names: list[str] = []
    pending = ""
    for part in parts:
        pending += part
        if is_agency(pending):
            names.append(pending)
            pending = ""
    if pending:
        # the last word may close a name that looked whole: 国家发展改革 委
        closed = "".join([names[-1], pending]) if names else pending
        if not is_agency(closed):
            return []
        names = [*names[:-1], closed]
    return joined(names)


def joined(names: list[str]) -> list[str]:
    """The names with offices that have none of their own closed up to those they belong to."""
    whole: list[str] = []
    for name in names:
        if whole and is_office(name):
            whole[-1] += name
        else:
            whole.append(name)
    return whole
