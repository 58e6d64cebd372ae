"""One form for text: what two pages spell alike is stored alike, and nothing invisible is kept."""

import re
import unicodedata

# Controls, zero-width and direction marks, byte order marks, tags, lone surrogates and characters
# that no text may hold. Line feed, tab and carriage return are spacing and stay for now.
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# nearly every text: runs of one sort are passed over faster than each character is looked for
_ALL_SEEN = re.compile(rf"(?:[\t\n\r -~]++|[^\x00-~{_UNSEEN}]++)*+")
_NEWLINES = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_MARKS = "\r\x85\u2028\u2029"  # what each of them has


def visible(text: str) -> str:
    """`text` without what no reader can see; spacing is left as it is."""
    return text if _ALL_SEEN.fullmatch(text) else _INVISIBLE.sub("", text)


def one_form(text: str) -> str:
    """Text of one paragraph a line: NFC, one space where there were several or odd ones, none at
    a paragraph's ends, no empty lines. Tabs divide the cells of a table row and stay; punctuation
    stays as it was written."""
    if any(mark in text for mark in _MARKS):
        text = _NEWLINES.sub("\n", text)
    plain = unicodedata.normalize("NFC", visible(text))
    lines = (_spaced(line) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _spaced(line: str) -> str:
    if "\t" not in line:
        return " ".join(line.split())
    return "\t".join(" ".join(cell.split()) for cell in line.split("\t"))


def one_line(text: str) -> str:
    """`text` in the one form on a single line."""
    return " ".join(one_form(text).split())
