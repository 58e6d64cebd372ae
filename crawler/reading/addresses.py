"""Addresses as pages write them: joined, or left alone when they are no addresses."""

from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from crawler.address import canonical, is_address


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
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def identity(url: str) -> str:
    """The canonical form; "" when `url` is no address of a page."""
    return canonical(url) if is_address(url) else ""
