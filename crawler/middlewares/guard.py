"""The address guard: only public addresses are connected to.

It sits where names are resolved, so every connection passes it, literals and redirect hops too:
Twisted's endpoints ask the reactor's resolver for whatever stands in the address.
"""

import asyncio
import socket
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.middlewares.refusals import Refused

_NAT64 = ip_network("64:ff9b::/96")
_SITE_LOCAL = ip_network("fec0::/10")


def is_public(address: str) -> bool:
    """Whether a resolved IPv4 or IPv6 address is on the public Internet, with every address that
    IPv4-mapped, NAT64, 6to4 and Teredo forms carry inside."""
    return all(_is_public(x) for x in _unwrapped(address))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return ip.version == 4 or ip not in _SITE_LOCAL


def _unwrapped(address: str) -> Iterator[IPv4Address | IPv6Address]:
    ip = ip_address(address)
    inner: list[IPv4Address | None] = []
    if isinstance(ip, IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inner = [IPv4Address(int(ip) & 0xFFFFFFFF)]
    found = [x for x in inner if x is not None]
    if found:
        yield from found
    else:
        yield ip


def not_public(addresses: list[str]) -> Refused:
    """The refusal of a host that has only these addresses."""
    return Refused(f"不是公网地址：{'、'.join(addresses)}", "address")


class Guard:
    """Which addresses may be connected to: public ones, and the networks that were allowed."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allow: list[IPv4Network | IPv6Network] = [ip_network(x) for x in allow]

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """GUARD_ALLOW: networks such as "127.0.0.0/8" that tests on this machine need."""
        return cls(settings.getlist("GUARD_ALLOW"))

    def permits(self, address: str) -> bool:
        """Whether this resolved address may be connected to. Raises ValueError for a name."""
        if is_public(address):
            return True
        return all(any(x in network for network in self._allow) for x in _unwrapped(address))

    async def resolve(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """The entries of getaddrinfo for `host` that may be connected to. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [x for x in found if self.permits(str(x[4][0]))]


@implementer(IHostnameResolver)
class GuardedResolver:
    """The reactor's resolver (setting TWISTED_DNS_RESOLVER) that drops what is not public.

    Nothing is cached: an answer is used for the one connection it was asked for."""

    def __init__(self, reactor: ReactorBase, guard: Guard) -> None:
        self._reactor = reactor
        self.guard = guard
        present: Any = reactor.nameResolver
        self._resolver: Any = present._resolver if isinstance(present, GuardedResolver) else present
        self._refused: dict[str, list[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        return cls(reactor, Guard.from_settings(crawler.settings))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(cast(IHostnameResolver, self))

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        self._refused.pop(_name(hostName), None)
        sieve = _Sieve(resolutionReceiver, hostName, self)
        return self._resolver.resolveHostName(
            sieve, hostName, portNumber, addressTypes, transportSemantics
        )

    def refuse(self, host: str, addresses: list[str]) -> None:
        """Note that all addresses of `host` were dropped."""
        self._refused[_name(host)] = addresses

    def refused(self, host: str) -> list[str]:
        """The addresses of `host` that its last resolution dropped when none was left; []: no
        refusal. (A receiver cannot be told why it gets no address.)"""
        return self._refused.get(_name(host), [])


def guarded(crawler: Crawler) -> GuardedResolver:
    """The guard on the running reactor; it is put there when something else stands in its place,
    as under a CrawlerRunner."""
    from twisted.internet import reactor

    current = cast(ReactorBase, reactor)
    if not isinstance(current.nameResolver, GuardedResolver):
        GuardedResolver.from_crawler(crawler, current).install_on_reactor()
    return cast(GuardedResolver, current.nameResolver)


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: Any, host: str, resolver: GuardedResolver) -> None:
        self._receiver = receiver
        self._host = host
        self._resolver = resolver
        self._passed = False
        self._dropped: list[str] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        host = cast(Any, address).host
        if self._resolver.guard.permits(host):
            self._passed = True
            self._receiver.addressResolved(address)
        else:
            self._dropped.append(host)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._dropped and not self._passed:
            self._resolver.refuse(self._host, self._dropped)
        self._receiver.resolutionComplete()


def _name(host: str) -> str:
    """One spelling of a host, Unicode or not."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


# A browser loads these for the eye only.
_UNREAD = {"image", "media", "font"}


async def browser_route_guard(request: Any, guard: Guard) -> bool:
    """Whether to abort this request of a page (a Playwright request): what a reader of text does
    not need, other schemes, and hosts without a public address."""
    parts = urlsplit(request.url)
    if parts.scheme in ("data", "blob"):
        return request.resource_type in _UNREAD
    if request.resource_type in _UNREAD or parts.scheme not in ("http", "https"):
        return True
    try:
        return not await guard.resolve(parts.hostname or "", parts.port or 0)
    except OSError:
        return True
