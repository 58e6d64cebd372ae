"""What was forgotten and stays so: no crawl, no intake and no reading anew brings it back."""

from collections.abc import Collection

from crawler.notice import RowState
from store.models import Row, Tombstone


def among(source: int, addresses: Collection[str]) -> set[str]:
    """Those of the kept addresses that the source's notice was forgotten at."""
    here = Tombstone.objects.filter(source=source, address__in=addresses)
    return set(here.values_list("address", flat=True))


def stands_at(source: str, address: str) -> bool:
    """Whether the source's notice at that kept address was forgotten."""
    return Tombstone.objects.filter(source__name=source, address=address).exists()


def stands_anywhere(address: str) -> bool:
    """Whether a notice at that kept address was forgotten, of whatever source."""
    return Tombstone.objects.filter(address=address).exists()


def settle_rows(source: str, addresses: Collection[str]) -> None:
    """The source's rows there are not wanted any more, and say no more than where they lead."""
    rows = Row.objects.filter(column__source__name=source, address__in=addresses)
    rows.update(
        state=RowState.UNWANTED, held=False, title="", reason="", fault="", notice=None, tries=0
    )
