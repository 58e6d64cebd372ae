"""How right one reading of a page is, by hand-checked answers: a score of 0 to 1 a figure.

A page's answers (`gold.jsonl`) are a notice's facts or a list's `rows`; a reading has the same
names, with `url` where the answers have `href`. `accept` in the answers names other readings that
are not wrong, and `body_lines` that may stand in the body or not.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

Record = Mapping[str, Any]  # one line of gold.jsonl or of a reading, as JSON gives it

# Every figure, in the order tables show it, and what it is over.
FIGURES = {
    "title": "exact",
    "published": "exact day",
    "written": "exact day",
    "doc_number": "exact 文号, over pages that have one",
    "no_number": "no 文号 invented, over pages without one",
    "issuers": "F1 over names",
    "closes": "exact day, over pages that state one",
    "no_period": "no closing day invented, over pages without one",
    "attachments": "F1 over addresses",
    "body_p": "precision over 5-character windows",
    "body_r": "recall over 5-character windows",
    "body": "F1 over 5-character windows",
    "no_body": "no text invented, over pages whose text stands elsewhere",
    "rows_p": "precision over addresses of rows",
    "rows_r": "recall over addresses of rows",
    "rows": "F1 over addresses of rows",
    "row_title": "exact, over the rows found",
    "row_date": "exact day, over the rows found",
}
UNSCORED = "shell"  # page_kind of a page that only scripts fill: there is nothing to read

_WINDOW = 5  # characters
_STRAY = 30  # characters that may be left of a body that stands elsewhere
_BLANK = re.compile("[\\s\u200b-\u200f\ufeff]+")
_SITE = re.compile(r"^https?://(?:www\.)?")
_BRACKETS = {ord(c): "〔" for c in "［[【（("} | {ord(c): "〕" for c in "］]】）)"}
_BRACKETS |= {ord("﹝"): "〔", ord("﹞"): "〕"}


def score(base: str, gold: Record, reading: Record) -> dict[str, float]:
    """The figures that this page counts for, each 0 to 1. `base` is the page's address; an empty
    `reading` is a page that could not be read."""
    if "rows" in gold:
        return _score_list(base, gold["rows"], reading.get("rows") or [])
    accept = gold.get("accept") or {}
    return {
        **_score_number(gold, reading, accept),
        **_score_exact(gold, reading, accept),
        **_score_issuers(gold, reading, accept),
        **_score_period(gold, reading),
        **_score_attachments(base, gold, reading, accept),
        **_score_body(gold, reading, accept),
    }


def _score_number(gold: Record, reading: Record, accept: Record) -> dict[str, float]:
    number = _folded_number(gold.get("doc_number"))
    right = {number, *map(_folded_number, accept.get("doc_number", []))}
    exact = _folded_number(reading.get("doc_number")) in right
    return {"doc_number" if number else "no_number": float(exact)}


def _score_exact(gold: Record, reading: Record, accept: Record) -> dict[str, float]:
    scores = {}
    for name, form in (("title", _folded), ("published", _day), ("written", _day)):
        if gold.get(name):
            right = {form(gold[name]), *map(form, accept.get(name, []))}
            scores[name] = float(form(reading.get(name)) in right)
    return scores


def _score_issuers(gold: Record, reading: Record, accept: Record) -> dict[str, float]:
    want = set(map(_folded, gold.get("issuers") or []))
    if not want:
        return {}
    got = set(map(_folded, reading.get("issuers") or []))
    also = set(map(_folded, accept.get("issuers", [])))
    if got & also and not got & want:
        return {"issuers": 1.0}
    return {"issuers": _f1(want, got - (also - want))[2]}


def _score_period(gold: Record, reading: Record) -> dict[str, float]:
    if "period" not in gold:
        return {}
    closes = (gold["period"] or {}).get("closes")
    read = (reading.get("period") or {}).get("closes")
    if closes:
        return {"closes": float(_day(closes) == _day(read))}
    # a period without a closing day counts for neither figure
    return {} if gold["period"] else {"no_period": float(not read)}


def _score_attachments(
    base: str, gold: Record, reading: Record, accept: Record
) -> dict[str, float]:
    want = {_address(base, one["href"]) for one in gold.get("attachments") or []}
    also = {_address(base, one["href"]) for one in accept.get("attachments", [])}
    got = {_address(base, one["url"]) for one in reading.get("attachments") or []}
    got -= also - want
    return {"attachments": _f1(want, got)[2]} if want or got else {}


def _score_body(gold: Record, reading: Record, accept: Record) -> dict[str, float]:
    text, read = gold.get("body_text") or "", reading.get("body_text")
    if not _folded(text):
        return {"no_body": float(read is not None and len(_folded(read)) <= _STRAY)}
    optional = accept.get("body_lines", [])
    core = "\n".join(line for line in text.split("\n") if line.strip() not in optional)
    got = _windows(read)
    p, r, f1 = max(
        (_overlap(_windows(one), got) for one in (text, core, "\n".join([core, *optional]))),
        key=lambda prf: prf[2],
    )
    return {"body_p": p, "body_r": r, "body": f1} if f1 else {"body_p": 0, "body_r": 0, "body": 0}


def _score_list(
    base: str, gold_rows: Iterable[Record], read_rows: Iterable[Record]
) -> dict[str, float]:
    want = {_address(base, row["href"]): row for row in gold_rows}
    got = {_address(base, row["url"]): row for row in read_rows}
    scores = dict(zip(("rows_p", "rows_r", "rows"), _f1(set(want), set(got)), strict=True))
    pairs = [(row, got[address]) for address, row in want.items() if address in got]
    dated = [(row, read) for row, read in pairs if row.get("date")]
    if pairs:
        same = [_folded(row["title"]) == _folded(read.get("title")) for row, read in pairs]
        scores["row_title"] = sum(same) / len(same)
    if dated:
        same = [_day(row["date"]) == _day(read.get("date")) for row, read in dated]
        scores["row_date"] = sum(same) / len(same)
    return scores


def _folded(text: str | None) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text or ""))


def _folded_number(text: str | None) -> str:
    # once before folding and once after it: NFKC makes half-width brackets of full-width ones
    folded = _folded((text or "").translate(_BRACKETS)).translate(_BRACKETS)
    return "" if folded == "无" else folded


def _day(text: str | None) -> str:
    return (text or "")[:10]


def _address(base: str, href: str | None) -> str:
    """What makes two addresses one here: neither scheme nor www, fragment or final slash count."""
    url = urldefrag(urljoin(base, (href or "").strip())).url
    return _SITE.sub("", unquote(url)).rstrip("/")


def _windows(text: str | None) -> "Counter[str]":
    folded = _folded(text)
    if 0 < len(folded) < _WINDOW:
        return Counter([folded])
    return Counter(folded[i : i + _WINDOW] for i in range(len(folded) - _WINDOW + 1))


def _overlap(want: "Counter[str]", got: "Counter[str]") -> tuple[float, float, float]:
    return _prf((want & got).total(), got.total(), want.total())


def _f1(want: set[str], got: set[str]) -> tuple[float, float, float]:
    return _prf(len(want & got), len(got), len(want))


def _prf(hits: int, got: int, want: int) -> tuple[float, float, float]:
    precision = hits / got if got else 0.0
    recall = hits / want if want else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0
