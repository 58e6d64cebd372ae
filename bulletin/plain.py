"""Text that any office program can take: no character that breaks XML or hides from the eye."""

import re
import unicodedata

# C0 and C1 controls (tab and line feed are handled by the callers), lone surrogates,
# noncharacters, and the invisible: zero width space, word joiner, BOM, soft hyphen, bidi controls.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u00ad\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SPACE = re.compile(r"[^\S\u3000]+")
_WIDE_SPACE = re.compile(r"[^\S\u3000]*\u3000\s*")
# A line break in the source between two Chinese characters is no space.
_SOURCE_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)


def printable(text: str) -> str:
    """`text` without controls, lone surrogates and invisible marks. Keeps tab and "\\n"."""
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`printable`, on one line: a run of space is one space, full-width when one of it was."""
    text = _SOURCE_BREAK.sub("", printable(text).replace("\u2028", "\n").replace("\u2029", "\n"))
    return _SPACE.sub(" ", _WIDE_SPACE.sub("\u3000", text)).strip()


def width(text: str) -> float:
    """How wide `text` is set, in em: 1 a full-width character, a little over half another."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text)
