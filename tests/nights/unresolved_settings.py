"""The project's settings on a machine whose resolver knows no name."""

from typing import Any

from twisted.internet.interfaces import IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.middlewares.guard import GuardedResolver
from settings import *  # noqa: F403

TWISTED_DNS_RESOLVER = "tests.nights.unresolved_settings.Unresolved"


@implementer(IHostResolution)
class _Nothing:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """There is nothing to wait for."""


class Unresolved(GuardedResolver):
    """Answers every name with no address."""

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        resolution = _Nothing(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        resolutionReceiver.resolutionComplete()
        return resolution
