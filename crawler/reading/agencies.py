"""Names of agencies: what looks like one, and how several in one line are told apart."""

import re

from crawler.reading.lines import tidy

_END = (
    r"(?:部|委员会|委|局|厅|办公室|办公厅|办|人民政府|政府|总局|署|研究院|科学院|工程院|院|常务委员会|管委会|工会|联合会|协会|学会|商会|促进会|大会"
    r"|中心|处|司|科|总队|支队|大队|站|银行|分行|支行|公司|党组|党委|小组|指挥部|秘书处|法院|检察院|所|大学|学院|公署|集团|残联|妇联|团委|联社|馆|社|工委|纪委"
    r"|服务窗口|服务大厅)"
)
_NAME = re.compile(rf"[一-鿿（）()·]{{1,38}}{_END}(?:[（(][一-鿿]{{1,12}}[）)])?$")
_NO_NAME = re.compile(
    r"^(?:附件|特此|联系|地址|电话|传真|邮箱|此件|抄送|主送|各|请|现|根据|为|经|由|在|对|向|和|及|与|关于|第|本|该|有关|相关)"
    r"|[《》“”。，；：？！]|联系人|通知|的(?!士)|单位：|报名|以上"
)
_SPACED = re.compile(r"^(?:\S ){2,}\S$")
_LISTED = re.compile(r"[、，,;；]|\s+")
_PRESS = re.compile(
    r"日报|晚报|新闻|新华|网$|网站|在线|电视|电台|记者|媒体|杂志|人民网|时报|早报|报$|公众号"
)


def is_agency(text: str) -> bool:
    """Whether the whole text looks like the name of one agency."""
    return 2 <= len(text) <= 40 and bool(_NAME.match(text)) and not _NO_NAME.search(text)


def is_press(text: str) -> bool:
    """Whether a source line names a paper or a web site, not an agency."""
    return bool(_PRESS.search(text))


def split_agencies(text: str) -> list[str]:
    """The agencies that `text` consists of, in order; [] when any part of it is something else.
    Names set apart by spaces ("国 家 能 源 局") are closed up."""
    text = tidy(text)
    if _SPACED.match(text):
        text = text.replace(" ", "")
    if not text or len(text) > 400:
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
    return names
