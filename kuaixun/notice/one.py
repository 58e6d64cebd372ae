"""The notice that a command is about, by its address."""

from typing import TYPE_CHECKING

from kuaixun.console import Fault

if TYPE_CHECKING:
    from store.models import Notice


def one_at(address: str, source: str) -> "Notice":
    """The kept notice at the address, of that source if one is named. Raises Fault when there is
    none, or when several sources keep one there."""
    from crawler.address import canonical
    from store.lookup import at

    found = at(canonical(address), source)
    if not found:
        where = f" of {source}" if source else ""
        raise Fault(
            f"No notice{where} is kept at {address}",
            "Give the address as the site's list links it; kuaixun rows list shows what is not "
            "kept yet.",
        )
    if len(found) > 1:
        names = ", ".join(sorted(notice.source.name for notice in found))
        raise Fault(f"Several sources keep a notice there: {names}", "Name one: --source NAME")
    if not found[0].revisions.exists():
        raise Fault(f"The notice at {address} was forgotten: only an empty shell is left of it.")
    return found[0]
