"""The pieces of a line: its inline elements, that a style sheet sets side by side as boxes."""

from itertools import islice

from crawler.reading.lines import Line, fold, texts_of, tidy

_MOST, _MOST_TEXTS = 60, 600  # pieces that are looked at, and those without a text among them
_LONGEST = 400  # characters of a line that consists of boxes


def pieces_of(line: Line) -> list[str]:
    """The texts of the inline elements that make up a line, tidied; [its text] when they do not.

    `<span>2022-03-18</span><span>第8号</span>` reads as one word without them."""
    if len(line.text) > _LONGEST:
        return [line.text]
    some = islice(texts_of(line.element), _MOST_TEXTS)
    texts = islice(filter(None, some), _MOST)
    pieces = [x for x in (tidy(text[: 2 * _LONGEST]) for text in texts) if x]
    wanted = line.plain
    folded = [fold(x) for x in pieces]
    for first in range(len(pieces)):
        joined = ""
        for after in range(first, len(pieces)):
            joined += folded[after]
            if joined == wanted:
                return pieces[first : after + 1]
            if not wanted.startswith(joined):
                break
    return [line.text]


def apart(line: Line) -> str:
    """The text of a line with its pieces held apart by spaces."""
    return " ".join(pieces_of(line))
