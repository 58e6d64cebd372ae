"""Which sources there are: every file of the setting SPIDER_MODULES, the faulty ones named."""

import importlib
import logging
import pkgutil
from dataclasses import dataclass, field

from scrapy.settings import BaseSettings
from scrapy.utils.spider import iter_spider_classes

from crawler.spider import NoticeSpider

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources in the order of their names."""

    spiders: dict[str, type[NoticeSpider]] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # file's stem -> why it cannot be loaded

    @property
    def enabled(self) -> list[str]:
        """Names of those that a night visits; a file that cannot be loaded is one of them."""
        return sorted([n for n, spider in self.spiders.items() if spider.enabled] + [*self.broken])


def load(settings: BaseSettings) -> Sources:
    """Import every source file. One that cannot be imported is told and does not stop the others,
    as Scrapy's own loader would let it."""
    spiders: dict[str, type[NoticeSpider]] = {}
    broken: dict[str, str] = {}
    for module in _modules(settings.getlist("SPIDER_MODULES")):
        stem = module.rsplit(".", 1)[-1]
        try:
            classes = list(iter_spider_classes(importlib.import_module(module)))
        except Exception as fault:  # whatever a source's file raises is that source's fault
            logger.exception("%s cannot be loaded", module)
            broken[stem] = f"{type(fault).__name__}: {fault}"
            continue
        for spider in classes:
            if not issubclass(spider, NoticeSpider):
                broken[spider.name] = f"{spider.__name__} is no NoticeSpider"
            elif spider.name in spiders:
                broken[stem] = f"the name {spider.name} is taken by another file"
            else:
                spiders[spider.name] = spider
    return Sources(dict(sorted(spiders.items())), dict(sorted(broken.items())))


def _modules(packages: list[str]) -> list[str]:
    found = []
    for package in packages:
        home = importlib.import_module(package)
        paths = getattr(home, "__path__", None)
        if paths is None:
            found.append(package)
        else:
            found += [m.name for m in pkgutil.walk_packages(paths, f"{package}.") if not m.ispkg]
    return sorted(found)
