"""Whose page a record of the archive holds."""

from crawler.address import canonical
from crawler.warc_records import plain_url
from store.fit import key
from store.lookup import find, kept_elsewhere
from store.models import Notice


def is_anothers(notice: Notice, url: str, is_file: bool = False) -> bool:
    """Whether the page recorded at `url` is another's than the notice's: an archive that was
    written anew has other records at the old places. The site may have led to an address that no
    list ever named: it passes, unless a notice of its own is kept there, or it is a file, as an
    attachment might be."""
    named = [notice.address, notice.url]
    for row in notice.rows.all():
        named += [row.address, row.url]
    own = {*named, *(key(canonical(plain_url(one))) for one in named)}
    here = canonical(url)
    return key(here) not in own and (is_file or kept_elsewhere(notice, here))


def is_of_another(source: str, address: str, url: str) -> bool:
    """The same of the notice that the source has at that address; False when it has none."""
    notice = find(source, address)
    return notice is not None and is_anothers(notice, url)
