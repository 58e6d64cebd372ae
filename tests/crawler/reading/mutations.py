"""Pages made worse in every way we know: what the readers must survive, and in what time.

    python -m tests.crawler.reading.mutations --pages DIR --count 20000

A mutation is told by its seed alone, so that a failure can be made again with `--first SEED
--count 1`. `--keep DIR` writes the pages that broke a rule.
"""

# ruff: noqa: E501 - one form of markup, one line

import argparse
import datetime as dt
import gc
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.reading.charset import build_response
from crawler.reading.kind.challenges import challenge_reason
from crawler.reading.notice import NoPage, read_notice
from crawler.reading.page_kind import page_kind
from crawler.reading.rows import NoRows, read_rows
from tests.crawler.reading.mutation_baits import ATOMS, JSON_BAITS, LINKS, PAGES, PLACES

NOW = dt.datetime(2019, 9, 12, 8, 0, tzinfo=BEIJING)
URL = "https://gxj.example.gov.cn/zwgk/tzgg/201909/t20190910_1.html"
MS_A_MB = 300.0
SMALLEST = 0.1  # MB: a smaller page may take as long as one of this size
SLACK = 10.0  # ms, for a clock that ticks while others work
_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\s[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)""")
_CLOSING = re.compile(rb"</[a-z0-9]+\s*>", re.I)

Change = Callable[[Random, bytes, int], bytes]  # (dice, page, largest size) -> page


@dataclass(frozen=True, slots=True)
class Mutation:
    """One page to read; `kinds` says what was done to it."""

    seed: int
    kinds: tuple[str, ...]
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of reading it: CPU milliseconds, and the exception if one escaped."""

    mutation: Mutation
    ms: float
    fault: str = ""
    stages: tuple[tuple[str, float], ...] = ()

    @property
    def ms_a_mb(self) -> float:
        return self.ms / max(len(self.mutation.body) / 1e6, SMALLEST)

    @property
    def slow(self) -> bool:
        size = max(len(self.mutation.body) / 1e6, SMALLEST)
        return self.ms > MS_A_MB * size + SLACK


def judge(mutation: Mutation) -> Verdict:
    """Read the page by every reader and take the time. Nothing but NoRows and NoPage may be
    raised."""
    stages: list[tuple[str, float]] = []
    begin = last = time.process_time()

    def passed(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        stages.append((stage, (now - last) * 1000))
        last = now

    fault = ""
    try:
        response = build_response(URL, mutation.body, mutation.headers)
        passed("build_response")
        challenge_reason(response)
        passed("challenge_reason")
        page_kind(response)
        passed("page_kind")
        if isinstance(response, TextResponse):
            try:
                rows = read_rows(response, NOW)
                "".join(row.title + row.url for row in rows).encode()
            except NoRows:
                pass
            passed("read_rows")
            try:
                notice = read_notice(response, None, now=NOW)
                f"{notice.title}{notice.text}{notice.html}".encode()
            except NoPage:
                pass
            passed("read_notice")
    except (Exception, RecursionError) as error:
        fault = f"{type(error).__name__}: {error}"[:200]
    return Verdict(mutation, (last - begin) * 1000, fault, tuple(stages))


def mutate(seed: int, pages: list[bytes], largest: int = 5_000_000) -> Mutation:
    """The page that `seed` makes out of one of `pages`, of at most about `largest` bytes."""
    dice = Random(seed)
    page = dice.choice(pages)
    kinds: list[str] = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        kind = dice.choices(list(CHANGES), list(WEIGHTS.values()))[0]
        page = CHANGES[kind](dice, page, largest)[: largest + 100_000]
        kinds.append(kind)
    return Mutation(seed, tuple(kinds), page, {"Content-Type": dice.choice(_CONTENT_TYPES)})


def _size(dice: Random, largest: int, least: int = 1000) -> int:
    """Mostly some ten thousand, now and then the largest."""
    if dice.random() < 0.02:
        return largest
    return int(least * (min(largest, 300_000) / least) ** dice.random())


def _put(dice: Random, page: bytes, piece: bytes) -> bytes:
    """`piece` between two tags of the page."""
    ends = [x.end() for x in _TAG.finditer(page[:200_000])]
    at = dice.choice(ends) if ends else dice.randint(0, len(page))
    return page[:at] + piece + page[at:]


def _cut(dice: Random, page: bytes, largest: int) -> bytes:
    one, other = sorted(dice.randint(0, len(page)) for _ in range(2))
    return dice.choice((page[:one], page[one:], page[:one] + page[other:], page[one:other]))


def _flip(dice: Random, page: bytes, largest: int) -> bytes:
    changed = bytearray(page or b"<")
    for _ in range(dice.choice((1, 10, 100, 1000))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _shuffle_lines(dice: Random, page: bytes, largest: int) -> bytes:
    lines = page.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines)


def _shuffle_tags(dice: Random, page: bytes, largest: int) -> bytes:
    tags = _TAG.findall(page)
    dice.shuffle(tags)
    turn = iter(tags)
    return _TAG.sub(lambda _: next(turn), page)


def _shuffle_texts(dice: Random, page: bytes, largest: int) -> bytes:
    parts = re.split(rb"(<[^<>]*>)", page)
    texts = parts[::2]
    dice.shuffle(texts)
    parts[::2] = texts
    return b"".join(parts)


def _shuffle_attributes(dice: Random, page: bytes, largest: int) -> bytes:
    found = _ATTRIBUTE.findall(page)
    dice.shuffle(found)
    turn = iter(found)
    return _ATTRIBUTE.sub(lambda _: next(turn), page)


def _strip_attributes(dice: Random, page: bytes, largest: int) -> bytes:
    return _ATTRIBUTE.sub(lambda x: b"" if dice.random() < 0.7 else x[0], page)


def _strip_closing(dice: Random, page: bytes, largest: int) -> bytes:
    share = dice.choice((0.1, 0.5, 1.0))
    return _CLOSING.sub(lambda x: b"" if dice.random() < share else x[0], page)


def _strip_marks(dice: Random, page: bytes, largest: int) -> bytes:
    mark = dice.choice((b'"', b"'", b">", b"<", b"=", b"-->", b"]]>", b"\n"))
    return (
        mark.join(x for x in page.split(mark)) if dice.random() < 0.2 else page.replace(mark, b"")
    )


def _repeat(dice: Random, page: bytes, largest: int) -> bytes:
    tags = [x.start() for x in _TAG.finditer(page[:200_000])] or [0]
    one = dice.choice(tags)
    block = page[one : one + dice.choice((50, 500, 5000, len(page) or 1))] or b"<p>"
    many = max(1, _size(dice, largest) // len(block))
    return page[:one] + block * many + page[one:]


def _reencode(dice: Random, page: bytes, largest: int) -> bytes:
    text = page.decode("utf-8", "replace")
    if dice.random() < 0.5:
        name = dice.choice(("gbk", "utf-16", "big5", "none", "iso-2022-jp", "utf-7", "x" * 3000))
        text = re.sub(r"charset\s*=\s*[\"']?[\w-]+", f'charset="{name}', text)
    encoding = dice.choice(("gbk", "gb18030", "utf-16", "utf-16-le", "big5", "utf-8-sig", "utf-32"))
    errors = dice.choice(("replace", "ignore", "xmlcharrefreplace"))
    return text.encode(encoding, errors)


def _controls(dice: Random, page: bytes, largest: int) -> bytes:
    bad = dice.choice(
        (b"\0", b"\0" * 500, bytes(range(32)), b"\xff\xfe", b"\x1b$B", b"\xed\xa0\x80")
    )
    for _ in range(dice.choice((1, 20, 200))):
        at = dice.randint(0, len(page))
        page = page[:at] + bad + page[at:]
    return page


def _nest(dice: Random, page: bytes, largest: int) -> bytes:
    opening = dice.choice(_NESTED)
    depth = dice.choice((500, 2000, 5000, 20_000))
    name = opening.split()[0]
    piece = f"<{opening}>".encode() * depth
    if dice.random() < 0.5:
        piece += dice.choice((b"x", page)) + f"</{name}>".encode() * depth
    if dice.random() < 0.3:
        piece += _siblings(dice, b"", largest)
    return _put(dice, page, piece)


def _siblings(dice: Random, page: bytes, largest: int) -> bytes:
    piece = dice.choice(_REPEATED).encode()
    return _put(dice, page, piece * max(1, _size(dice, largest) // len(piece)))


def _rows(dice: Random, page: bytes, largest: int) -> bytes:
    """Many different rows, or anchors in one row."""
    form = dice.choice(_ROWS)
    piece = "".join(form.format(n) for n in range(max(1, _size(dice, largest) // len(form))))
    return _put(dice, page, piece.encode())


def bait(dice: Random, size: int) -> str:
    """A text that regular expressions choke on: a few atoms over and over, and an odd end."""
    unit = "".join(dice.choice(ATOMS) for _ in range(dice.choice((1, 1, 2, 2, 3, 5))))
    start, end = (dice.choice(ATOMS) if dice.random() < 0.5 else "" for _ in range(2))
    return start + unit * max(1, size // len(unit.encode())) + end


def _bait(dice: Random, page: bytes, largest: int) -> bytes:
    place = dice.choice(PLACES)
    text = place.replace("BAIT", bait(dice, _size(dice, largest, 300)))
    piece = text.encode("utf-8", "ignore")
    return piece if dice.random() < 0.1 else _put(dice, page, piece)


def _many_baits(dice: Random, page: bytes, largest: int) -> bytes:
    """Many lines of middling length, each a bait within what the readers still look at."""
    text = bait(dice, dice.choice((20, 60, 120, 300)))
    piece = dice.choice(PLACES).replace("BAIT", text).encode("utf-8", "ignore")
    return _put(dice, page, piece * max(1, _size(dice, largest) // len(piece)))


def _json(dice: Random, page: bytes, largest: int) -> bytes:
    head, unit, end = dice.choice(JSON_BAITS)
    text = head + unit * max(1, _size(dice, largest, 300) // max(1, len(unit))) + end
    form = dice.choice(("{}", "{}", "cb({})", "<script>var a = {}</script>", "<p>a: {}"))
    piece = form.replace("{}", text).encode("utf-8", "surrogatepass")
    return _put(dice, page, piece) if "<" in form and dice.random() < 0.8 else piece


def _links(dice: Random, page: bytes, largest: int) -> bytes:
    link = dice.choice(LINKS)
    if dice.random() < 0.3:
        return _put(dice, page, f'<base href="{link}">'.encode("utf-8", "ignore"))
    return re.sub(
        rb"""(href|src)\s*=\s*["'][^"']*["']""",
        lambda x: f'{x[1].decode()}="{link}"'.encode("utf-8", "ignore"),
        page,
    )


CHANGES: dict[str, Change] = {
    "cut": _cut,
    "flip": _flip,
    "lines": _shuffle_lines,
    "tags": _shuffle_tags,
    "texts": _shuffle_texts,
    "attributes": _shuffle_attributes,
    "no attributes": _strip_attributes,
    "no closing": _strip_closing,
    "no marks": _strip_marks,
    "repeat": _repeat,
    "reencode": _reencode,
    "controls": _controls,
    "nest": _nest,
    "siblings": _siblings,
    "rows": _rows,
    "bait": _bait,
    "baits": _many_baits,
    "json": _json,
    "links": _links,
}
WEIGHTS = dict.fromkeys(CHANGES, 1.0) | {"bait": 5.0, "baits": 4.0, "nest": 1.5, "json": 1.5}
_CONTENT_TYPES = (
    *("text/html", "text/html", "text/html; charset=utf-8", "text/html; charset=GBK"),
    *(
        "text/html; charset=utf-16",
        "application/json",
        "text/xml",
        "text/plain",
        "",
        "\xff; charset=\xfe",
    ),
)
_NESTED = (
    *(
        "div",
        "table",
        "ul",
        "li",
        "span",
        "a href=/1.html",
        "b",
        "font",
        "form",
        "td",
        "h1",
        "p",
        "dl",
    ),
    *(
        "table><tr><td",
        "ul><li",
        "div onclick=go('/a/1.html')",
        "center",
        "section",
        "div class=title",
    ),
    *(
        "a href=/1.html><div",
        "form><div",
        "h1><div",
        "li><a href=/1.html>关于某事的通知</a",
        "nav><div",
    ),
)
_REPEATED = (
    *(
        "<br>",
        "<!-- x -->",
        "<p>",
        "<p></p>",
        "<b>",
        "<li>",
        "<td>",
        "<tr><td>一</td></tr>",
        "<a href=x>",
    ),
    *(
        "<img src=/a.png>",
        "<iframe src=/a></iframe>",
        "<meta name=a content=b>",
        "<title>标题</title>",
    ),
    *(
        "<p>某某市工业和信息化局</p>",
        "<p>2019年9月9日</p>",
        "<p>发布时间：2019-09-09 来源：某局</p>",
    ),
    *(
        "<td>索引号</td><td>1</td>",
        "<li>发文字号：某函〔2019〕1号</li>",
        "&amp;",
        "&#x4e00;",
        "&nbsp;",
        "&#0;",
    ),
    *(
        "<p>为了这件事，请各单位在本月内报送有关材料，逾期不再受理。</p>",
        "字<br>",
        "<!--",
        "<![CDATA[",
        "<?x ",
    ),
    *(
        "<h1>关于某事的通知</h1>",
        "<span>字</span>",
        "<ul><li><a href=/1.html>关于某事的通知</a>2019-09-09</ul>",
    ),
    *(
        "<input type=hidden value=1>",
        "<select><option>一</select>",
        "<p style='display:none'>字",
        "</div>",
        "\n",
    ),
    *(
        "<a href=/1.doc>附件1.doc</a>",
        "<div class=title>关于某事的通知</div>",
        "<p>扫一扫打印关闭分享</p>",
    ),
)
_ROWS = (
    "<li><a href=/art/2019/9/9/{0}.html>关于第{0}件事的通知公告</a><span>2019-09-09</span></li>",
    "<a href=/art/{0}.html>关于第{0}件事的通知公告</a>",
    "<tr><td><a href=/art/{0}.html>关于第{0}件事的通知公告</a></td><td>2019-09-09</td></tr>",
    "<x{0}><a href=/art/{0}.html>关于第{0}件事的通知公告</a></x{0}>",
    "<li>2019-09-09 <x{0}><a href=/{0}.html>关于第{0}件事的通知</a><a href=/b{0}.html>关于此事的通知</a></x{0}>",
    "<div onclick=go('/art/{0}.html')>关于第{0}件事的通知公告",
    "2019-09-{0} ",
    "2019年9月9日至9月{0}日，",
    "<p>{0}、关于第{0}件事的通知",
    "document.write('<li><a href=/art/{0}.html>关于第{0}件事的通知公告</a>2019-09-09</li>');",
    "<record><![CDATA[<li><a href=/art/{0}.html>关于第{0}件事的通知公告</a>2019-09-09</li>]]></record>",
    "<!--<li><a href=/art/{0}.html>关于第{0}件事的通知公告</a>2019-09-09</li>-->",
    "<p>附件{0}：<a href=/files/{0}.doc>关于第{0}件事的申报表.doc</a></p>",
    "<td>某某市第{0}局</td>",
    "<p>请于2019年9月{0}日前将材料报送我局。</p>",
)


def pages_in(folder: Path | None) -> list[bytes]:
    """The pages of a folder and all folders in it; without one, the small ones of the tests."""
    if folder is None:
        return [page.encode() for page in PAGES]
    found = [
        path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".html", ".htm", ".json", ".xml", ".txt", "")
    ]
    if not found:
        raise SystemExit(f"no pages in {folder}: give a folder that holds .html files")
    return found


def verdicts(pages: list[bytes], first: int, count: int, largest: int) -> Iterator[Verdict]:
    """One after the other. A slow page is read twice more and the best time counts: the collector
    of garbage may have had its turn on a page that has nothing of it."""
    gc.collect()
    gc.freeze()
    for seed in range(first, first + count):
        verdict = judge(mutate(seed, pages, largest))
        for _ in range(2):
            if verdict.slow and not verdict.fault and verdict.ms < 5000:
                gc.collect()
                verdict = min(verdict, judge(verdict.mutation), key=lambda x: x.ms)
        yield verdict


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=Path, help="a folder of pages; default: the tests' own")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--largest", type=int, default=5_000_000, help="bytes of a page")
    parser.add_argument("--keep", type=Path, help="where pages that broke a rule are written")
    given = parser.parse_args(arguments)
    kinds: Counter[str] = Counter()
    faults = slow = size = 0
    total = 0.0
    worst: list[Verdict] = []
    for verdict in verdicts(pages_in(given.pages), given.first, given.count, given.largest):
        kinds.update(verdict.mutation.kinds)
        total, size = total + verdict.ms, size + len(verdict.mutation.body)
        faults, slow = faults + bool(verdict.fault), slow + verdict.slow
        worst = sorted([*worst, verdict], key=lambda x: -x.ms_a_mb)[:10]
        if verdict.fault or verdict.slow:
            print("BROKEN", _line(verdict), flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{verdict.mutation.seed}.html").write_bytes(verdict.mutation.body)
    print(f"{given.count} pages, {size / 1e6:.0f} MB, {total / 1000:.1f} s")
    print(f"{faults} exceptions, {slow} too slow (over {MS_A_MB:.0f} ms a MB)")
    print(json.dumps(dict(sorted(kinds.items())), ensure_ascii=False))
    for verdict in worst:
        print(_line(verdict))
    return 1 if faults or slow else 0


def _line(verdict: Verdict) -> str:
    mutation = verdict.mutation
    stages = " ".join(f"{name}={ms:.0f}" for name, ms in verdict.stages)
    return (
        f"seed {mutation.seed} {'+'.join(mutation.kinds)}: {len(mutation.body)} bytes, "
        f"{verdict.ms:.0f} ms, {verdict.ms_a_mb:.0f} ms a MB ({stages}) {verdict.fault}"
    )


if __name__ == "__main__":
    sys.exit(main())
