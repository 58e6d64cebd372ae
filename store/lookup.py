"""Finding a kept notice by where it stands."""

from store.fit import key
from store.models import Notice


def find(source: str, address: str) -> Notice | None:
    """The source's notice at that canonical address, or the one that stood there before the site
    moved it; None when there is none."""
    at = Notice.objects.filter(source__name=source).select_related("source", "column__source")
    address = key(address)
    return at.filter(address=address).first() or at.filter(rows__address=address).first()


def need(source: str, address: str) -> Notice:
    """The same; raises LookupError when there is none."""
    notice = find(source, address)
    if notice is None:
        raise LookupError(f"no notice {address} is kept of {source}")
    return notice
