"""Rows that wait for a person's click after a list drifted."""

from store.memory import release as release_rows
from store.models import Column


class NoColumn(LookupError):
    """There is no such source or column; says which there are."""


def release(source: str, column: str) -> int:
    """Let the held rows of the column be fetched on the next night; returns how many.

    Raises NoColumn."""
    if not Column.objects.filter(source__name=source, name=column).exists():
        there = Column.objects.filter(source__name=source).values_list("name", flat=True)
        if there:
            raise NoColumn(f"{source} has no column {column}; it has: {', '.join(there)}")
        raise NoColumn(f"no night has read a source {source}; see: kuaixun sources")
    return release_rows(source, column)
