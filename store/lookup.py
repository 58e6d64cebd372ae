"""Finding a kept notice by where it stands."""

from django.db.models import Q

from store import statements
from store.fit import key
from store.models import Notice


def find(source: str, address: str) -> Notice | None:
    """The source's notice at that canonical address, or the one that stood there before the site
    moved it; None when there is none."""
    found = statements.notice_at(source, key(address))
    if found is None:
        return None
    return Notice.objects.select_related("source", "column__source").filter(pk=found).first()


def kept_elsewhere(notice: Notice, address: str) -> bool:
    """Whether another notice than this one, at whatever source, is kept at that canonical
    address."""
    return Notice.objects.filter(address=key(address)).exclude(pk=notice.pk).exists()


def need(source: str, address: str) -> Notice:
    """The same; raises LookupError when there is none."""
    notice = find(source, address)
    if notice is None:
        raise LookupError(f"no notice {address} is kept of {source}")
    return notice


def at(address: str, source: str = "") -> list[Notice]:
    """The notices at that canonical address, or that stood there before their site moved them: of
    one source or of all, at most one a source."""
    here = key(address)
    found = Notice.objects.filter(Q(address=here) | Q(rows__address=here))
    if source:
        found = found.filter(source__name=source)
    by_source: dict[int, Notice] = {}
    for notice in found.distinct().select_related("source", "column__source").order_by("pk"):
        if notice.address == here or notice.source_id not in by_source:
            by_source[notice.source_id] = notice
    return list(by_source.values())
