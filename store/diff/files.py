"""Which attachments came, went or changed between two revisions."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from store.diff.matter import Change, Matter


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as a revision has it."""

    name: str
    address: str  # canonical
    sha256: str = ""  # "" when it could not be had


Key = Callable[[File], Hashable]
# by what a file is found again: wholly, at its address, by its bytes, by its name
_KEYS: tuple[Key, ...] = (
    lambda file: (file.address, file.name, file.sha256),
    lambda file: file.address,
    lambda file: file.sha256 or None,
    lambda file: file.name or None,
)


def file_changes(before: Sequence[File], after: Sequence[File]) -> Iterator[Change]:
    """What became of each file. One that could not be had has not changed by that, nor has one
    that only stands at another address, its bytes being the same."""
    old, new = list(before), list(after)
    for key in _KEYS:
        for one, other in _met(old, new, key):
            yield from _of(one, other)
    for one in old:
        yield Change(Matter.FILE_REMOVED, one.name or one.address, "", one.address, "")
    for other in new:
        yield Change(Matter.FILE_ADDED, "", other.name or other.address, "", other.address)


def _met(old: list[File], new: list[File], key: Key) -> Iterator[tuple[File, File]]:
    """Pairs with the same key, in order; they are taken out of the lists."""
    free: dict[Hashable, list[File]] = {}
    for other in reversed(new):
        if key(other) is not None:
            free.setdefault(key(other), []).append(other)
    pairs = [(one, free[key(one)].pop()) for one in old if free.get(key(one))]
    for side, gone in ((old, {id(x) for x, _ in pairs}), (new, {id(x) for _, x in pairs})):
        side[:] = [file for file in side if id(file) not in gone]
    yield from pairs


def _of(one: File, other: File) -> Iterator[Change]:
    where = one.address, other.address
    if one.sha256 and other.sha256 and one.sha256 != other.sha256:
        yield Change(Matter.FILE_CHANGED, one.name, other.name, *where)
    elif one.name != other.name:
        yield Change(Matter.FILE_RENAMED, one.name, other.name, *where)
    elif one.address != other.address and not (one.sha256 and other.sha256):
        yield Change(Matter.FILE_MOVED, one.address, other.address, one.name, other.name)
