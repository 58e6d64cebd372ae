"""TLS as old servers speak it, for spiders that say `tls = "legacy"` and why.

Certificates and host names are verified here too; only the strength asked for is lower.
"""

from typing import Any

from OpenSSL import SSL
from OpenSSL._util import lib
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import AcceptableCiphers, CertificateOptions, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

_CIPHERS = "DEFAULT:@SECLEVEL=1"
_LEGACY_SERVER_CONNECT = 0x4  # renegotiation without RFC 5746; pyOpenSSL has no name for it
_CURVES = b"P-256"  # some servers answer other curves with a bad point


class _LegacyOptions(CertificateOptions):
    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803
        context: SSL.Context = super()._makeContext(skipCiphers)
        context.set_options(_LEGACY_SERVER_CONNECT)
        # Twisted expands the cipher string and loses the level.
        context.set_cipher_list(_CIPHERS.encode())
        lib.SSL_CTX_set1_curves_list(context._context, _CURVES)
        return context


@implementer(IPolicyForHTTPS)
class LegacyTls:
    """Twisted's policy for HTTPS connections to such servers."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        options = _LegacyOptions(
            trustRoot=platformTrust(),  # type: ignore[no-untyped-call]
            acceptableCiphers=AcceptableCiphers.fromOpenSSLCipherString(  # type: ignore[no-untyped-call]
                "DEFAULT"
            ),
        )
        return ClientTLSOptions(options.clientConnectionForTLS, hostname.decode("ascii"))
