"""A named change of a notice, in words and for machines."""

from typing import TYPE_CHECKING

from rich.text import Text

from kuaixun.console import plain

if TYPE_CHECKING:
    from store.diff.matter import Change

REMOVED, ADDED = "red", "green"
LONGEST = 120  # characters told of either side of a change


def change_as_json(change: "Change") -> dict[str, str]:
    """A named change for machines."""
    return {
        "matter": change.matter.value,
        "label": change.matter.label,
        "before": change.before,
        "after": change.after,
        "was": change.was,
        "now": change.now,
    }


def change_in_words(change: "Change") -> Text:
    """A named change on one line: 截止日期 9月20日 → 9月26日."""
    from store.diff.matter import Matter

    line = Text(f"{change.matter.label} ", style="bold")
    if change.matter is Matter.PLACE:
        return line.append(_cut(change.after), style="")
    before, after = _cut(change.before), _cut(change.after)
    if change.matter is Matter.FILE_CHANGED and before == after:
        return line.append(after, style="")
    if before:
        line.append(before, style=f"{REMOVED} not bold")
    line.append(" → " if before and after else "", style="not bold")
    return line.append(after, style=f"{ADDED} not bold") if after else line.append("（没有了）")


def _cut(text: str) -> str:
    """A side of a change on one line."""
    text = visible(text.replace("\n", " / "))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（{len(text)} 字）"


def visible(text: str) -> str:
    """Foreign words with tabs shown as bars and control characters escaped."""
    return plain(text.replace("\t", " | "))
