"""attach: the notice's files and body images, downloaded and kept; a broken one is a problem."""

from typing import Self

from scrapy.crawler import Crawler

from crawler.log import Known
from crawler.middlewares.refusals import WORDS
from crawler.notice import Attachment, Notice, Problem, Retry
from pipelines.download import fill

MAX_BYTES = 50 * 1024 * 1024  # of one file; setting ATTACH_MAX_BYTES
MAX_FILES = 60  # of one notice; setting ATTACH_MAX_FILES


class Attach:
    """Fetches one file after another: they wait at the same host's gate anyway."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.max_bytes = crawler.settings.getint("ATTACH_MAX_BYTES", MAX_BYTES)
        self.max_files = crawler.settings.getint("ATTACH_MAX_FILES", MAX_FILES)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if isinstance(item, Retry):
            await self._fetch(item.attachment, "")
            if item.attachment.problem.startswith(WORDS["robots"]):
                # nothing was asked of its host tonight: that uses up none of the file's nights
                raise Known("not asked for tonight")
        elif isinstance(item, Notice):
            for number, attachment in enumerate(item.attachments):
                said = ""
                if number < self.max_files:
                    said = await self._fetch(attachment, item.column)
                else:
                    attachment.problem = f"附件太多，当晚只取前 {self.max_files} 个"
                item.problems += _problems(attachment, said)
        return item

    async def _fetch(self, attachment: Attachment, column: str) -> str:
        said = await fill(self.crawler, attachment, column, self.max_bytes)
        assert self.crawler.stats is not None
        what = "file_broken" if attachment.problem else "file"
        self.crawler.stats.inc_value(f"notice/{what}/{column}")
        return said


def _problems(attachment: Attachment, text_problem: str) -> list[Problem]:
    if attachment.problem:
        words = f"附件“{attachment.name}”没有取到：{attachment.problem}"
        return [Problem("attachment.broken", words)]
    if text_problem:
        words = f"附件“{attachment.name}”的文字没有取出：{text_problem}"
        return [Problem("attachment.text", words)]
    return []
