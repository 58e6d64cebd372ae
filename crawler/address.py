"""Addresses: the one canonical form, and which hosts a source may visit."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

import tldextract

# The list that ships with the package: nothing is downloaded. `gov.cn` counts as a public suffix.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

# Parameters that say only by which way a reader came. A short list: whatever else begins like them
# (shareid, from=…) may choose the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|spm|share_token|share_from|sharesource|wxshare|isappinstalled|jsessionid)(?:=.*)?"
    r"|from=(?:timeline|singlemessage|groupmessage)",
    re.I | re.S,
)
_SESSION = re.compile(r";jsessionid=[^/]*", re.I)
_DEFAULT_FILE = re.compile(r"/(?:index|default)\.(?:html?|shtml)$", re.I)
_ROUTE = re.compile(r"!?/.")  # a fragment by which a page's script chooses what it shows
_ESCAPES = re.compile(r"(?:%[0-9a-f]{2})+|[%\s\x00-\x1f\x7f]", re.I)
# separators, spaces, and what was not UTF-8
_HIDDEN = re.compile(r"[%/?#&=+;\s\x00-\x1f\x7f\udc80-\udcff]")


def canonical(url: str) -> str:
    """The identity of a page: scheme folded to https, host lower case without port 80/443, dot
    segments resolved, no session or tracking parameters, no fragment but one that routes
    (`#/…`, `#!/…`), no default file where no query follows; the order of the other parameters is
    kept, percent escapes of printable text are undone, all others upper case.

    Never raises: what is no address of a page (`is_address`) comes back stripped, as it stands.

    >>> canonical("HTTP://WWW.mee.gov.cn:80/a/../b/index.html?utm_source=x#top")
    'https://www.mee.gov.cn/b/'
    """
    text = url.strip()
    if (parts := _split(text)) is None:
        return text
    path = _without_dots(_SESSION.sub("", _readable(parts.path))) or "/"
    pairs = ("=".join(map(_readable, pair.split("=", 1))) for pair in parts.query.split("&"))
    query = "&".join(pair for pair in pairs if pair and not _TRACKING.fullmatch(pair))
    if not query:
        path = _DEFAULT_FILE.sub("/", path)
    fragment = _readable(parts.fragment)
    route = f"#{fragment}" if _ROUTE.match(fragment) else ""
    return f"https://{_host(parts)}{path}" + (f"?{query}" if query else "") + route


def is_address(url: str) -> bool:
    """Whether this is an http or https address with a host, and a port that is one if any."""
    return _split(url.strip()) is not None


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(_host(parts))
    except ValueError:
        return None
    return parts if sound else None


def _host(parts: SplitResult) -> str:
    """Host and port; ValueError when the port is none."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


def _without_dots(path: str) -> str:
    """`a/../b` is `b`, as every browser asks for it."""
    kept: list[str] = []
    steps = path.split("/")
    for place, step in enumerate(steps):
        if step not in (".", ".."):
            kept.append(step)
            continue
        if step == ".." and len(kept) > 1:
            kept.pop()
        if place == len(steps) - 1:
            kept.append("")
    return "/".join(kept)


def _readable(text: str) -> str:
    return _ESCAPES.sub(_written_out, text)


def _written_out(escapes: re.Match[str]) -> str:
    """Escapes that are not UTF-8, or that hide separators or spaces, stay; a bare % or space, which
    should have been escaped, is."""
    found = escapes[0]
    plain = unquote_to_bytes(found).decode(errors="surrogateescape") if len(found) > 2 else found
    return _HIDDEN.sub(lambda char: quote(char[0], "", errors="surrogateescape"), plain)


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
