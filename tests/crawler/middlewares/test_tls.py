"""Certificates and host names are verified; "legacy" lowers the strength, not the check."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.crawler.middlewares.loopback import Crawl, Site, asking, crawl, page, sites

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Authority:
    """A certificate authority of this test, and what it signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        certificate = self._certificate(self.name, self.key, self.key, None)
        self.path = folder / "authority.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(
        self, *names: str, key: Key | None = None, self_signed: bool = False
    ) -> ssl.SSLContext:
        """A server's context with a certificate for these names and addresses."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = self._certificate(subject, own, own if self_signed else self.key, names)
        pem = self.folder / f"{names[0]}-{id(own)}.pem"
        pem.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(pem)
        return context

    def _certificate(
        self, subject: x509.Name, own: Key, signer: Key, names: tuple[str, ...] | None
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if own is signer else self.name)
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        )
        if names is not None:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_general(x) for x in names]), critical=False
            )
        return builder.sign(signer, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def only_p384(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_ecdh_curve("secp384r1")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


class Secure:
    def __init__(self, folder: Path, site: Callable[..., Site]) -> None:
        authority = Authority(folder)
        weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        contexts = {
            "good": authority.context("127.0.2.1", "good.example.gov.cn"),
            "other_name": authority.context("127.0.2.77"),
            "self_signed": authority.context("127.0.2.3", self_signed=True),
            "weak": authority.context("127.0.2.4", key=weak),
            "weak_legacy": authority.context("127.0.2.5", key=weak),
            "self_signed_legacy": authority.context("127.0.2.6", self_signed=True),
            "other_name_legacy": authority.context("127.0.2.77"),
            "p384": only_p384(authority.context("127.0.2.8")),
            "p384_legacy": only_p384(authority.context("127.0.2.9")),
        }
        spiders: list[dict[str, Any]] = []
        for n, (name, context) in enumerate(contexts.items()):
            here = site(f"127.0.2.{n + 1}", {"/": page(name)}, tls=context)
            legacy = {"tls": "legacy", "tls_reason": "an old server"}
            how = legacy if name.endswith("legacy") else {}
            spiders.append(asking(name, here.url("/"), **how))
            if name == "good":
                port = here.server_port
                spiders.append(asking("by_name", f"https://good.example.gov.cn:{port}/"))
                spiders.append(asking("by_other_name", f"https://bad.example.gov.cn:{port}/"))
        self.crawl: Crawl = crawl(
            folder,
            spiders,
            env={"SSL_CERT_FILE": str(authority.path)},
            resolve={x: ["127.0.2.1"] for x in ("good.example.gov.cn", "bad.example.gov.cn")},
            GATE_DELAY=0.0,
        )


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    with sites() as site:
        yield Secure(tmp_path_factory.mktemp("tls"), site)


@pytest.mark.parametrize("name", ["good", "by_name", "weak_legacy", "p384"])
def test_accepted(secure: Secure, name: str) -> None:
    assert secure.crawl.of(name).get("status") == 200, secure.crawl.of(name)


@pytest.mark.parametrize(
    "name",
    [
        "other_name",
        "by_other_name",
        "self_signed",
        "weak",
        "self_signed_legacy",
        "other_name_legacy",
        "p384_legacy",  # legacy asks for P-256 alone
    ],
)
def test_refused_with_the_reason_in_words(secure: Secure, name: str) -> None:
    answer = secure.crawl.of(name)
    assert answer.get("unreachable") == "robots.txt 取不到：安全连接（TLS）失败", answer
