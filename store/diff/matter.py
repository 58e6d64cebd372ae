"""What a change is about: the words of the diff, with their names in Chinese."""

from dataclasses import dataclass
from enum import StrEnum


class Matter(StrEnum):
    """What changed, the weightiest first."""

    DEADLINE = "deadline"
    DATE = "date"
    TERM = "term"
    SUM = "sum"
    COUNT = "count"
    PHONE = "phone"
    EMAIL = "email"
    TITLE = "title"
    NUMBER = "number"
    ISSUERS = "issuers"
    PUBLISHED = "published"
    WRITTEN = "written"
    FILE_ADDED = "file-added"
    FILE_REMOVED = "file-removed"
    FILE_CHANGED = "file-changed"  # another content at the same address or under the same name
    FILE_RENAMED = "file-renamed"
    FILE_MOVED = "file-moved"  # another address; whether the bytes are the same is not known
    PLACE = "place"  # a paragraph that stands elsewhere
    TEXT = "text"  # anything else

    @property
    def label(self) -> str:
        """The name that an editor reads."""
        return _LABELS[self]


_LABELS = {
    Matter.DEADLINE: "截止日期",
    Matter.DATE: "日期",
    Matter.TERM: "期限",
    Matter.SUM: "金额",
    Matter.COUNT: "数量",
    Matter.PHONE: "电话",
    Matter.EMAIL: "邮箱",
    Matter.TITLE: "标题",
    Matter.NUMBER: "文号",
    Matter.ISSUERS: "发文机关",
    Matter.PUBLISHED: "发布日期",
    Matter.WRITTEN: "成文日期",
    Matter.FILE_ADDED: "附件增加",
    Matter.FILE_REMOVED: "附件撤下",
    Matter.FILE_CHANGED: "附件更换",
    Matter.FILE_RENAMED: "附件改名",
    Matter.FILE_MOVED: "附件换址",
    Matter.PLACE: "段落移动",
    Matter.TEXT: "文字",
}
_TURNED = {Matter.FILE_ADDED: Matter.FILE_REMOVED, Matter.FILE_REMOVED: Matter.FILE_ADDED}


@dataclass(frozen=True, slots=True)
class Change:
    """One change that matters. A side is "" where the thing was not, or is not any more."""

    matter: Matter
    before: str
    after: str
    # the sentence or table cell of either side; "" for what stands in none
    was: str = ""
    now: str = ""

    def swapped(self) -> "Change":
        turned = _TURNED.get(self.matter, self.matter)
        return Change(turned, self.after, self.before, self.now, self.was)
