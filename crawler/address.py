"""Addresses: the one canonical form, and which hosts a source may visit."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import tldextract

# The list that ships with the package: nothing is downloaded. `gov.cn` counts as a public suffix.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_TRACKING = re.compile(r"^(utm_\w+|spm|isappinstalled|share\w*|wxshare|jsessionid)$", re.I)
_DEFAULT_FILE = re.compile(r"/(index|default)\.(s?html?|jsp|php|aspx?)$", re.I)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)


def canonical(url: str) -> str:
    """The identity of a page: scheme folded to https, host lower case without port 80/443, no
    fragment, no session or tracking parameters, no default file; the order of the other
    parameters is kept, percent escapes of printable text are undone.

    >>> canonical("HTTP://WWW.mee.gov.cn:80/a/index.html?utm_source=x#top")
    'https://www.mee.gov.cn/a/'
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in (None, 80, 443):
        host = f"{host}:{parts.port}"
    path = _DEFAULT_FILE.sub("/", _SESSION.sub("", _readable(parts.path))) or "/"
    query = "&".join(
        "=".join(_readable(x) for x in pair.split("=", 1))
        for pair in parts.query.split("&")
        if pair and not _TRACKING.match(pair.split("=", 1)[0])
    )
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def _readable(text: str) -> str:
    plain = unquote(text)
    # Escapes that are not UTF-8, or that hide separators or spaces, stay as they are.
    hidden = re.search(r"[\s\x00-\x1f\ufffd?#%&=+]", plain) or "%2f" in text.lower()
    return text if hidden else plain


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The name under which hosts belong together: `jxj.beijing.gov.cn` -> `beijing.gov.cn`.
    "" when there is none (an IP address, a bare suffix such as `gov.cn`)."""
    return _suffixes(host.lower().rstrip(".")).top_domain_under_public_suffix


def may_visit(host: str, own: set[str]) -> bool:
    """Whether a source whose hosts are `own` may visit `host`: its own, those it lists, and
    others under the same registrable name."""
    host = host.lower().rstrip(".")
    if not host:
        return False
    if host in own:
        return True
    name = registrable(host)
    return bool(name) and name in {registrable(x) for x in own}
