"""Addresses as pages write them: joined, or left alone when they are no addresses."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from crawler.address import canonical, is_address

LONGEST_LINK = 4000  # no server takes a longer one
# Links whose joining and whose canonical form are plain to see; nearly all links are such.
_ROOTED = re.compile(r"/(?![/.])(?!.*/\.)[\w/.~-]*\Z", re.A)
_BELOW = re.compile(r"(?:\./)?((?:\.\./)*+)((?![/.])(?!.*/[/.])[\w/.~-]+)\Z", re.A)
_WHOLE = re.compile(r"https?://[\w.-]+/[\w/.~-]*\Z", re.A)
_PLAIN = re.compile(
    r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/(?!\.|(?i:index|default)\.)"
    r"(?!.*/(?:\.|(?i:index|default)\.))[\w/.~-]*)\Z",
    re.A,
)


def base_of(response: TextResponse) -> str:
    """What the links of a page are relative to: its `<base>`, else its own address."""
    try:
        base: str = get_base_url(response)
        urlsplit(base)
    except ValueError:
        return response.url
    return base


def absolute(base: str, link: str) -> str:
    """`link` joined to `base`; as it stands when it cannot be."""
    link = link.strip()
    if _WHOLE.match(link):
        return link
    try:
        if _ROOTED.match(link):
            return f"{_site(base)}{link}"
        if match := _BELOW.match(link):
            return f"{_directory(base, match[1])}{match[2]}"
        return _joined(base, link)
    except ValueError:
        return link


@lru_cache(maxsize=1024)
def _joined(base: str, link: str) -> str:
    return urljoin(base, link)


@lru_cache(maxsize=64)
def _site(base: str) -> str:
    return urljoin(base, "/")[:-1]


@lru_cache(maxsize=256)
def _directory(base: str, steps: str) -> str:
    """What a link that begins with `steps`, any number of `../`, goes on from."""
    return urljoin(base, f"{steps}x")[:-1]


def identity(url: str) -> str:
    """The canonical form; "" when `url` is no address of a page."""
    if match := _PLAIN.match(url):
        return f"https://{match[1]}"
    return _canonical(url)


@lru_cache(maxsize=1024)
def _canonical(url: str) -> str:
    return canonical(url) if is_address(url) else ""
