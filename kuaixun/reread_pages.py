"""A kept revision -> the notice that today's readers, selectors and rules make of its page.

The page is read by its source's spider, whatever column it came from: a column that was taken out
or renamed since is no hindrance, as a source reads all its notices alike.
"""

import asyncio
import datetime as dt
import logging
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from crawler import archive
from crawler.address import canonical
from crawler.clock import BEIJING
from crawler.notice import Attachment, AttachmentKind, Notice, Row
from crawler.notice_pages import NoFile, NoNotice
from crawler.reading.notice import NoPage
from crawler.spider import NoticeSpider
from crawler.warc_records import Recorded
from nightly import sources
from pipelines import rules
from pipelines.classify import Classify
from pipelines.clean import tidy
from pipelines.file_names import file_name
from pipelines.records import is_anothers
from pipelines.validate import Validate
from store import files
from store.fit import key
from store.models import Revision
from store.nights import INTAKE

logger = logging.getLogger(__name__)


class Why(StrEnum):
    """Why a revision could not be read again."""

    NO_SOURCE = "no-source"  # its source has no file in spiders/ any more
    NO_RECORD = "no-record"  # the archive holds no page there or another, or the store no file
    NO_NOTICE = "no-notice"  # today it would not be kept: a list, an error page, nothing to read
    FAULT = "fault"  # a source's file or a reader fails


class Unread(Exception):
    """The revision could not be read again; `words` say why, in Chinese."""

    def __init__(self, why: Why, words: str) -> None:
        super().__init__(words)
        self.why, self.words = why, words


class _SavedPages(NoticeSpider):
    """Stands for a host whose saved pages were taken in: read generically, as they were then."""

    name = "saved-pages"
    region = ""


class Rereader:
    """Reads one revision after another. Nothing is asked of the network, nothing is written.

    Raises RulesError when the rules of classification cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.copy()
        # what a spider remembers or is told while it reads must not reach the store
        self.settings.set("MEMORY", "crawler.memory.Forgetful", priority="cmdline")
        rules.load(Path(settings.get("RULES") or rules.RULES))
        self.known = sources.load(settings)
        self._spiders: dict[str, NoticeSpider] = {}
        self._logged: set[tuple[str, str]] = set()
        self._loop = asyncio.Runner()  # documents are opened by a process that is awaited

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.close()

    def read(self, revision: Revision) -> Notice:
        """The notice as the pipelines would hand it to the store: clean, valid, classified, its
        files not fetched. `revision` comes with its notice, attachments and rows. Raises Unread."""
        spider = self._spider(revision)
        try:
            old = archive.read(self.settings["WARC_DIR"], revision.record)
            _check_page(revision, old)
            return self._loop.run(self._read(spider, revision, old))
        except archive.NoRecord as fault:
            raise Unread(Why.NO_RECORD, f"存档里没有这一页：{fault}") from None
        except NoFile as fault:
            raise Unread(Why.NO_RECORD, f"附件库里没有这个文件：{fault}") from None
        except (NoNotice, DropItem) as reason:
            raise Unread(Why.NO_NOTICE, f"按今天的规则不会收下：{reason}") from None
        except NoPage as reason:
            raise Unread(Why.NO_NOTICE, f"页面里没有可读的内容：{reason}") from None
        except Unread:
            raise
        except Exception as fault:  # a reader's fault is that page's: the others are read
            self._log(revision, fault)
            raise Unread(Why.FAULT, f"读取出错：{type(fault).__name__}: {fault}") from fault

    async def _read(self, spider: NoticeSpider, revision: Revision, old: Recorded) -> Notice:
        spider.now = (old.at or revision.night.now).astimezone(BEIJING)
        if revision.notice.source.level == INTAKE:
            # the record was written under the canonical address, the page read under its own
            old = replace(old, url=revision.notice.url)
        row = row_of(revision, old.url)
        notice = tidy(await spider.read_again(old, row, _bytes_of))
        await Validate(spider.crawler, spider.now).process_item(notice)
        Classify(spider.crawler).process_item(notice)
        names = {file.address: file.name for file in revision.attachments.all() if file.sha256}
        for attachment in notice.attachments:
            _name(attachment, names.get(key(attachment.address), ""))
        return notice

    def _spider(self, revision: Revision) -> NoticeSpider:
        source = revision.notice.source
        if source.name not in self._spiders:
            self._spiders[source.name] = self._made(source.name, source.level)
        return self._spiders[source.name]

    def _made(self, name: str, level: str) -> NoticeSpider:
        if name in self.known.broken:
            words = f"来源文件 {name} 不能载入：{self.known.broken[name]}"
            raise Unread(Why.FAULT, words)
        made = self.known.spiders.get(name) or (_SavedPages if level == INTAKE else None)
        if made is None:
            raise Unread(Why.NO_SOURCE, f"spiders/ 里已没有来源 {name}")
        crawler = Crawler(made, self.settings)
        crawler.stats = MemoryStatsCollector(crawler)
        spider = made.from_crawler(crawler)
        crawler.spider = spider
        spider.name = name
        return spider

    def _log(self, revision: Revision, fault: Exception) -> None:
        """The traceback, once for each place it comes from: one bug may meet thousands of pages."""
        trace, last = fault.__traceback__, ""
        while trace:
            last = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
            trace = trace.tb_next
        if (type(fault).__name__, last) not in self._logged:
            self._logged.add((type(fault).__name__, last))
            logger.exception("%s cannot be read again", revision.notice.address, exc_info=fault)


def _check_page(revision: Revision, old: Recorded) -> None:
    """Raises Unread when the record is another page's."""
    if is_anothers(revision.notice, old.url, is_file=bool(old.file_sha256)):
        raise Unread(Why.NO_RECORD, f"存档这一处是另一页：{old.url}")


def row_of(revision: Revision, url: str) -> Row:
    """The line of the list that led to the page at `url`. Its title and date are those that stand
    in the revision's facts; of an older revision, that has none, those of the list by now."""
    notice = revision.notice
    rows: list[Any] = list(notice.rows.all())
    here = canonical(url)
    # a page that several columns list was fetched for the first of them
    rows.sort(key=lambda row: (row.column_id != notice.column_id, row.address != here))
    listed = rows[0] if rows else None
    said = revision.facts.get("row")
    if said:
        title, date = said["title"], said["date"] and dt.date.fromisoformat(said["date"])
    else:
        title, date = (listed.title, listed.date) if listed else ("", None)
    # a page that the site moved stood where its row says, and its notice where it stood first
    moved = any(row.address == here for row in rows)
    return Row(
        url=listed.url if listed else notice.url,
        address=here if moved else notice.address,
        title=title,
        date=date,
        column=notice.column.name,
    )


def _bytes_of(sha256: str) -> bytes:
    try:
        with files.open(sha256) as stored:
            return stored.read()
    except FileNotFoundError:
        raise NoFile(sha256) from None


def _name(attachment: Attachment, kept: str) -> None:
    """The name as the download would have settled it: `kept` is what came of that, and stands
    where the page's own words are none (点击下载)."""
    fetched, attachment.body = attachment.body, None
    if fetched is None and kept and attachment.kind is AttachmentKind.FILE:
        header = f"attachment; filename*=UTF-8''{quote(kept)}"
        attachment.name = file_name(attachment.name, header.encode(), attachment.url)
