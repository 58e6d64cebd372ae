"""A kept file read again: of one that the archive holds by its hash alone."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.archive import Archive
from crawler.clock import BEIJING
from crawler.notice import Attachment, Notice
from crawler.notice_pages import NoticePages
from samples.files import docx

HERE = "https://gxj.example.gov.cn/tz/1.docx"
BODY = docx(["关于甲的通知", "各有关单位要认真抓好落实。"], [["序号"]])


class Pages(NoticePages):
    name = "plain"
    agency = "某市工业和信息化局"


@pytest.mark.parametrize(("brought", "read"), [(BODY, True), (BODY + b"x", False), (None, False)])
def test_it_is_read_if_tonight_brought_the_same_bytes(
    tmp_path: Path, brought: bytes | None, read: bool
) -> None:
    archive = Archive(tmp_path, dt.date(2019, 9, 11))
    headers = {"Content-Type": "application/msword"}
    record = archive.write(HERE, 200, headers, BODY, file=True)
    archive.close()
    source = Pages()
    source.now = dt.datetime(2019, 9, 12, tzinfo=BEIJING)
    source.settings = Settings({"WARC_DIR": str(tmp_path)})
    notice = Notice("plain", "通知", HERE, HERE, "关于甲的通知", row_title="关于甲的通知")
    notice.attachments = [Attachment(HERE, HERE, "通知", body=brought)]
    found = asyncio.run(source.reread(record, notice))
    assert (found is not None) == read
    if found:
        assert "认真抓好落实" in found.text
