"""The parts of a notice follow its text into the one form."""

from dataclasses import replace
from itertools import accumulate

from crawler.notice import Part, PartKind
from pipelines.wording import one_form, one_line


def in_step(parts: list[Part], before: str, text: str) -> list[Part]:
    """The parts of `before` as those of `text`, which is the same in the one form: a line that
    held nothing visible is gone, one that held a break has become two."""
    if not parts or before == text:
        return parts
    tidied = (one_form(line) for line in before.split("\n"))
    counts = (line.count("\n") + 1 if line else 0 for line in tidied)
    place = list(accumulate(counts, initial=0))  # where each line that was begins now
    moved = (
        replace(x, first=place[x.first], after=place[x.after], text=one_line(x.text)) for x in parts
    )
    return [x for x in moved if x.first < x.after or x.kind is PartKind.IMAGE]
