"""classify: kind, section, topics and region, each with the reason an editor can check."""

import re
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.notice import Notice, NoticeKind
from pipelines import rules
from pipelines.regions import WHOLE_COUNTRY, region_at_start

# Marks and a year may stand before the region's name: 《…, “…, 2019年度….
_BEFORE = re.compile(r"[《〈“【\[（(]*(?:(?:19|20)\d\d(?:[-—~至](?:19|20)?\d\d)?年度?)?[《“]*")


class Classify:
    """Suggests; editors decide."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.rules = rules.load(Path(crawler.settings.get("RULES") or rules.RULES))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: object) -> object:
        if isinstance(item, Notice):
            spider: Any = self.crawler.spider
            classify(item, self.rules, spider.region)
        return item


def classify(notice: Notice, by: rules.Rules, home: str) -> None:
    """Fill the notice's suggestions by the rules; `home` is the region of its source."""
    name, why = _first(by.kinds, notice)
    notice.kind = NoticeKind(name or NoticeKind.OTHER)
    notice.reasons["kind"] = why or "没有规则符合"
    notice.section, why = _first(by.sections, notice)
    notice.reasons["section"] = why or "没有规则符合"
    topics = {rule.name: why for rule in by.topics if (why := rule.reason(notice))}
    notice.topics = list(topics)
    notice.reasons["topics"] = "；".join(f"{name}：{why}" for name, why in topics.items())
    notice.region, notice.reasons["region"] = _region(notice, by.national, home)


def _first(found: tuple[rules.Rule, ...], notice: Notice) -> tuple[str, str]:
    return next(((rule.name, why) for rule in found if (why := rule.reason(notice))), ("", ""))


def _region(notice: Notice, national: tuple[str, ...], home: str) -> tuple[str, str]:
    texts = [("标题", _BEFORE.sub("", notice.title, count=1))]
    texts += [("发文机关", issuer) for issuer in notice.issuers[:1]]
    for where, text in texts:
        code, words = region_at_start(text)
        if not code and (words := next((x for x in national if text.startswith(x)), "")):
            code = WHOLE_COUNTRY
        if code:
            return code, f"{where}以“{words}”开头"
    return home, "来源所在地区"
