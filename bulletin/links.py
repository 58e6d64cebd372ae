"""Which addresses from a page may become live links."""

from urllib.parse import quote, urlsplit

from bulletin.plain import one_line

_KEPT = "%/:?#[]@!$&'()*+,;=~-._"  # what an address may hold as it is


def web_address(url: str) -> str:
    """The address as a link's target (other characters percent-encoded), or "" when it is not
    http or https."""
    shown = one_line(url)
    try:
        parts = urlsplit(shown)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(shown, safe=_KEPT)
