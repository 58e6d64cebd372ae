"""A SOCKS5 proxy on this machine that leads a browser to public addresses only.

A browser resolves names by itself and follows redirects that no route handler sees. Behind this
proxy it cannot: each connection's name is resolved here, by the guard, for that connection.
"""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from struct import unpack

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from crawler.middlewares.guard import Guard, not_public
from crawler.middlewares.refusals import Refused

_GRANTED, _FORBIDDEN, _UNREACHABLE, _NO_COMMAND = 0, 2, 4, 7  # RFC 1928, section 6
_CONNECT = 1
_PATIENCE = 20  # seconds for one connection attempt


class GuardedSocks:
    """Serves CONNECT without log-in on 127.0.0.1."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.faults: dict[str, Exception] = {}  # host -> why its last connection failed

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            host, port, command = await _asked(reader, writer)
            if command != _CONNECT:
                writer.write(_reply(_NO_COMMAND))
                return
            try:
                there = await self._connect(host, port)
            except OSError:
                refused = isinstance(self.faults.get(host), Refused)
                writer.write(_reply(_FORBIDDEN if refused else _UNREACHABLE))
                return
            writer.write(_reply(_GRANTED))
            await _join((reader, writer), there)
        except (OSError, asyncio.IncompleteReadError):
            pass  # either end hung up: nothing to tell anyone
        finally:
            writer.close()

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.faults.pop(host, None)
        try:
            return await asyncio.wait_for(self._try_all(host, port), _PATIENCE)
        except socket.gaierror as fault:
            self.faults[host] = CannotResolveHostError(str(fault))
            raise
        except ConnectionRefusedError as fault:
            self.faults[host] = DownloadConnectionRefusedError(str(fault))
            raise
        except TimeoutError as fault:
            self.faults[host] = DownloadTimeoutError(str(fault))
            raise
        except OSError as fault:
            self.faults.setdefault(host, DownloadFailedError(str(fault)))
            raise

    async def _try_all(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = await self._guard.resolve(host, port)
        if not found:
            self.faults[host] = not_public([host])
            raise OSError(f"{host} has no public address")
        last: OSError | None = None
        for *_, address in found:
            try:
                return await asyncio.open_connection(address[0], address[1])
            except OSError as fault:
                last = fault
        assert last
        raise last


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int, int]:
    """Greeting and request of RFC 1928: host, port, command. Raises IncompleteReadError."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, command, _, kind = await reader.readexactly(4)
    readers: dict[int, Callable[[bytes], str]] = {
        1: lambda raw: str(IPv4Address(raw)),
        3: lambda raw: raw.decode("ascii"),
        4: lambda raw: str(IPv6Address(raw)),
    }
    size = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
    host = readers[kind](await reader.readexactly(size))
    (port,) = unpack("!H", await reader.readexactly(2))
    return host, port, command


def _reply(code: int) -> bytes:
    return bytes([5, code, 0, 1]) + bytes(6)


async def _join(
    here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    try:
        await asyncio.gather(_copy(here[0], there[1]), _copy(there[0], here[1]))
    finally:
        there[1].close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
