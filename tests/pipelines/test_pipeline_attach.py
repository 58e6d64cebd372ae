"""attach: what is kept of what a site answers, under which name, and what is a problem instead."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.middlewares.refusals import Blocked, NotArchived, Refused, RobotsSilent
from crawler.notice import Attachment, AttachmentKind, Notice, Retry
from pipelines import download
from pipelines.attach import Attach
from pipelines.file_names import file_name
from store import files

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
URL = "https://jxj.huaibei.gov.cn/files/1.docx"
IMAGE = "https://jxj.huaibei.gov.cn/tz/i.png"


class Engine:
    """Answers like the engine would, and remembers what it was asked."""

    def __init__(self, **answers: Response | Exception) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of kept files: the test's own. There is no database and no writer thread."""

    async def at_once(fn: Callable[..., Any], *args: Any) -> Any:
        return fn(*args)

    monkeypatch.setattr(download, "write", at_once)
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture(scope="module")
def document() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("　节水台账填报说明\u200b")
    made.save(out)
    return out.getvalue()


def answer(body: bytes, status: int = 200, **headers: str | bytes) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, status=status, headers=named, body=body)


def run(crawler: Any, item: Any, **answers: Response | Exception) -> Engine:
    crawler.engine = Engine(**answers)
    assert asyncio.run(Attach.from_crawler(crawler).process_item(item)) is item
    return crawler.engine  # type: ignore[no-any-return]


def test_a_file_is_kept_with_its_type_hash_and_text(
    crawler: Any,
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
) -> None:
    it = notice(attachments=[attachment()])
    engine = run(crawler, it, **{URL: answer(document)})
    (file,) = it.attachments
    assert (file.media_type, file.size, file.problem) == (DOCX, len(document), "")
    assert file.sha256 == hashlib.sha256(document).hexdigest()
    assert file.text == "节水台账填报说明"
    assert files.path(file.sha256).read_bytes() == document
    assert it.problems == []
    (request,) = engine.asked
    assert request.meta["file"] is True
    assert request.meta["column"] == "通知公告"
    assert request.meta["download_maxsize"] == 50 * 1024 * 1024
    assert crawler.stats == {"notice/file/通知公告": 1}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(b"<!DOCTYPE html><title>404</title>"), "得到的是网页"),
        (answer("文件不存在".encode()), "得到的是一段文字"),
        (answer(b""), "空的"),
        (answer(b"%PDF-1.7 torn off here"), "不完整"),
        (answer(b"PK\x03\x04 torn"), "不完整"),
        (answer(b"PK", Content_Length="900"), "比网站说的短"),
        (answer(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"), "SVG"),
        (answer(b"gone", 404), "404"),
        (answer(b"", 503), "503"),
        (answer(b"x" * 2000), "上限"),
        (DownloadCancelledError("too big"), "上限"),
        (DownloadTimeoutError("slow"), "超时"),
        (CannotResolveHostError("who"), "域名解析失败"),
        (NotArchived(), "档案中没有这个地址"),
        (RobotsSilent("robots.txt 取不到"), "robots.txt 取不到"),
        (Refused("不属于本来源的网站：a.cn", "host"), "不属于本来源"),
        (Blocked("瑞数 412"), "瑞数 412"),
        (IgnoreRequest("max redirections reached"), "没有下载"),
        (ZeroDivisionError("ours"), "下载时出错"),
    ],
)
def test_what_is_no_trustworthy_file_is_a_problem(
    make_crawler: Callable[..., Any],
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    kept: Path,
    said: Response | Exception,
    words: str,
) -> None:
    crawler = make_crawler(ATTACH_MAX_BYTES=1000)
    it = notice(attachments=[attachment()])
    run(crawler, it, **{URL: said})
    (file,) = it.attachments
    assert words in file.problem
    assert (file.sha256, file.media_type, file.size) == ("", "", 0)
    ((code, detail),) = [(problem.code, problem.detail) for problem in it.problems]
    assert code == "attachment.broken"
    assert "填报表" in detail
    assert file.problem in detail
    assert not kept.exists()
    assert crawler.stats == {"notice/file_broken/通知公告": 1}


def test_a_compressed_answers_length_is_no_tear(
    crawler: Any,
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
) -> None:
    it = notice(attachments=[attachment()])
    run(crawler, it, **{URL: answer(document, Content_Length=str(len(document) + 20))})
    assert it.attachments[0].problem == ""


def test_a_page_that_word_saved_is_a_document(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Attachment]
) -> None:
    body = b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>x</body></html>'
    it = notice(attachments=[attachment(name="说明.doc")])
    run(crawler, it, **{URL: answer(body)})
    assert (it.attachments[0].media_type, it.attachments[0].problem) == ("text/html", "")


def test_a_kept_file_without_readable_text_is_noted(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Attachment]
) -> None:
    it = notice(attachments=[attachment()])
    run(crawler, it, **{URL: answer(b"%PDF-1.4 nothing in it\n%%EOF")})
    assert it.attachments[0].sha256
    assert it.attachments[0].problem == ""
    assert [problem.code for problem in it.problems] == ["attachment.text"]


def test_a_zip_is_kept_unopened(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Attachment]
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("表.txt", "x")
    it = notice(attachments=[attachment()])
    run(crawler, it, **{URL: answer(out.getvalue())})
    assert (it.attachments[0].media_type, it.attachments[0].text) == ("application/zip", "")
    assert it.problems == []


def test_a_body_image_is_encoded_again(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Attachment]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "BMP")
    it = notice(attachments=[attachment(url=IMAGE, name="流程图", kind=AttachmentKind.IMAGE)])
    run(crawler, it, **{IMAGE: answer(out.getvalue(), Content_Disposition="filename=x.bmp")})
    (image,) = it.attachments
    assert (image.name, image.media_type) == ("流程图", "image/png")
    stored = files.path(image.sha256).read_bytes()
    assert Image.open(io.BytesIO(stored)).size == (20, 10)
    assert image.size == len(stored)


@pytest.mark.parametrize(
    "body", [b"<svg xmlns='x'/>", b"<html>404", b"\x89PNG\r\n\x1a\nIEND", b"x"]
)
def test_what_is_no_picture_is_a_problem(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Attachment], body: bytes
) -> None:
    it = notice(attachments=[attachment(url=IMAGE, kind=AttachmentKind.IMAGE)])
    run(crawler, it, **{IMAGE: answer(body)})
    assert it.attachments[0].problem
    assert it.attachments[0].sha256 == ""


def test_content_that_is_there_is_not_asked_for(
    crawler: Any,
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
) -> None:
    it = notice(attachments=[attachment(body=document)])
    assert run(crawler, it).asked == []
    assert it.attachments[0].sha256
    assert it.attachments[0].body is None


def test_only_so_many_files_of_one_notice(
    make_crawler: Callable[..., Any],
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
) -> None:
    it = notice(attachments=[attachment(), attachment(url="https://jxj.huaibei.gov.cn/2.docx")])
    engine = run(make_crawler(ATTACH_MAX_FILES=1), it, **{URL: answer(document)})
    assert len(engine.asked) == 1
    assert it.attachments[0].problem == ""
    assert "只取前 1 个" in it.attachments[1].problem


def test_one_broken_file_does_not_cost_the_others(
    crawler: Any,
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
) -> None:
    other = "https://jxj.huaibei.gov.cn/2.docx"
    it = notice(attachments=[attachment(url=other), attachment()])
    run(crawler, it, **{URL: answer(document), other: answer(b"", 404)})
    assert [bool(file.sha256) for file in it.attachments] == [False, True]


def test_a_retry_is_asked_for_again(
    crawler: Any, attachment: Callable[..., Attachment], document: bytes
) -> None:
    retry = Retry("huaibei_jxj", "https://x/", attachment(problem="超时未答复"))
    run(crawler, retry, **{URL: answer(document)})
    assert retry.attachment.problem == ""
    assert retry.attachment.sha256


def test_a_full_disk_is_no_broken_link(
    crawler: Any,
    notice: Callable[..., Notice],
    attachment: Callable[..., Attachment],
    document: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(body: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "put", full)
    with pytest.raises(OSError, match="No space"):
        run(crawler, notice(attachments=[attachment()]), **{URL: answer(document)})


CHINESE = "节水台账.docx"


@pytest.mark.parametrize(
    ("anchor", "disposition", "url", "name"),
    [
        ("填报表", b"attachment; filename=x.docx", URL, "填报表"),
        ("点击下载", b"attachment; filename*=UTF-8''%E8%8A%82%E6%B0%B4.docx", URL, "节水.docx"),
        ("", b"inline; filename=x.doc; filename*=utf-8''%E8%8A%82%E6%B0%B4.doc", URL, "节水.doc"),
        ("附件1", b'attachment; filename="' + CHINESE.encode() + b'"', URL, CHINESE),
        ("下载附件", b"attachment;filename=" + CHINESE.encode("gbk"), URL, CHINESE),
        ("", b'attachment; filename="%E8%8A%82%E6%B0%B4.docx"', URL, "节水.docx"),
        ("", b"attachment; filename=%BD%DA%CB%AE.doc", URL, "节水.doc"),
        ("", b'attachment; filename="=?UTF-8?B?6IqC5rC0LmRvYw==?="', URL, "节水.doc"),
        ("", b'attachment; filename="..\\\\..\\\\etc/pass\x00wd.doc"', URL, "passwd.doc"),
        ("", None, "https://a.gov.cn/%E8%8A%82%E6%B0%B4.xls?x=1", "节水.xls"),
        ("", None, "https://a.gov.cn/down.jsp?classid=0&showname=%BD%DA%CB%AE.doc&filename=1.doc", "节水.doc"),  # noqa: E501
        ("https://a.gov.cn/1.doc", b"", "https://a.gov.cn/1.doc", "1.doc"),
        ("下载", b"inline", "https://a.gov.cn/", "下载"),
        ("", b"", "https://a.gov.cn/", "附件"),
        ("附件2：申报书", b"", URL, "附件2：申报书"),
    ],
)  # fmt: skip
def test_the_name_a_reader_sees(
    anchor: str, disposition: bytes | None, url: str, name: str
) -> None:
    assert file_name(anchor, disposition, url) == name
