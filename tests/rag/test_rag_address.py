"""Web addresses: public ones alone, whatever they redirect to and however they are written."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rag.address import Address, AddressError, AddressLimits, Reach, fetch, is_public

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A web server on this machine, at the name `site.example`."""

    port: int
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "site.example") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def reach(self) -> Reach:
        """127.0.0.1 stands for the open internet, all other addresses are what they are."""
        return Reach(self._resolve, lambda one: str(one) == "127.0.0.1" or is_public(one))

    async def _resolve(self, host: str, port: int) -> list[Address]:
        self.resolved.append(host)
        known = {"site.example": ["127.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}
        return [ip_address(one) for one in known.get(host, ["127.0.0.2"])]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(None) as made:
        yield made


@contextmanager
def serving(tls: ssl.SSLContext | None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = (self.path, self.headers["Host"], self.headers["Authorization"])
            made.asked.append(asked)
            made.answers[self.path](self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made = Site(server.server_port, "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def page(data: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


async def why(url: str, site: Site | None = None, limits: AddressLimits | None = None) -> str:
    with pytest.raises(AddressError) as error:
        await fetch(url, limits, site.reach if site else None)
    return error.value.key


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0", "10.1.2.3", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "192.0.0.9", "192.0.0.10", "192.88.99.1", "168.63.129.16", "[3fff::1]", "[3fff:fff::1]",
        "[::ffff:168.63.129.16]", "[64:ff9b::c058:6301]",
    ],
)  # fmt: skip
async def test_no_address_of_this_network_is_reached(host: str) -> None:
    assert await why(f"http://{host}/") == "not_public"


async def test_what_is_packed_unasked_is_refused_before_it_is_unpacked(site: Site) -> None:
    site.answers["/"] = page(gzip.compress(b"a" * 1000), Content_Encoding="gzip")
    with pytest.raises(AddressError) as error:
        await fetch(site.url("/"), reach=site.reach)
    assert (error.value.key, error.value.detail) == ("refused", "Content-Encoding")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://site.example/a", "http://", "http://a\nb", "site"]
)
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert await why(url) == "bad_address"


async def test_a_page_comes_with_its_name_and_in_utf_8(site: Site) -> None:
    kind = "text/html; charset=windows-1254"
    site.answers["/haber/%C5%9Fiir"] = page("<p>ışık".encode("cp1254"), Content_Type=kind)
    name, data = await fetch(site.url("/haber/%C5%9Fiir"), reach=site.reach)
    assert (name, data.decode()) == ("şiir.html", "<p>ışık")
    assert site.asked[0][1] == f"site.example:{site.port}"


async def test_the_name_a_server_gives_cannot_leave_its_folder(site: Site) -> None:
    given = 'attachment; filename="..\\\\..\\\\etc/../rapor.pdf"'
    site.answers["/x"] = page(b"%PDF-", Content_Type="application/pdf", Content_Disposition=given)
    assert await fetch(site.url("/x"), reach=site.reach) == ("rapor.pdf", b"%PDF-")


async def test_every_redirect_is_checked(site: Site) -> None:
    site.answers["/in"] = page(b"", 302, Location=site.url("/", "inner.example"))
    site.answers["/on"] = page(b"", 301, Location="/there.txt")
    site.answers["/there.txt"] = page(b"text", Content_Type="text/plain")
    assert await why(site.url("/in"), site) == "not_public"
    assert await fetch(site.url("/on"), reach=site.reach) == ("there.txt", b"text")


async def test_a_name_with_one_private_address_is_refused(site: Site) -> None:
    assert await why(site.url("/", "both.example"), site) == "not_public"
    assert site.asked == []


async def test_a_name_is_resolved_once_for_each_request(site: Site) -> None:
    site.answers["/a"] = page(b"a")
    await fetch(site.url("/a"), reach=site.reach)
    assert site.resolved == ["site.example"]


async def test_a_password_in_an_address_is_not_sent(site: Site) -> None:
    site.answers["/a"] = page(b"a")
    await fetch(site.url("/a", "me:secret@site.example"), reach=site.reach)
    assert site.asked[0][1:] == (f"site.example:{site.port}", None)


async def test_redirects_in_a_circle_end(site: Site) -> None:
    site.answers["/a"] = page(b"", 302, Location="/a")
    assert await why(site.url("/a"), site) == "refused"
    assert len(site.asked) == AddressLimits().redirects + 1


async def test_a_missing_page_is_told(site: Site) -> None:
    site.answers["/gone"] = page(b"no", 404)
    with pytest.raises(AddressError) as error:
        await fetch(site.url("/gone"), reach=site.reach)
    assert (error.value.key, error.value.detail) == ("refused", "HTTP 404")


async def test_size_is_limited_while_it_comes(site: Site) -> None:
    site.answers["/large"] = page(b"x" * 100_000)
    assert await why(site.url("/large"), site, AddressLimits(bytes=50_000)) == "too_large"


async def test_a_server_that_drips_is_left(site: Site) -> None:
    ended = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not ended.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            pass

    site.answers["/slow"] = drip
    try:
        assert await why(site.url("/slow"), site, AddressLimits(seconds=0.5)) == "too_long"
    finally:
        ended.set()


async def test_nobody_there_is_told(site: Site) -> None:
    assert await why("http://site.example:1/", site) == "unreachable"


def certificate(folder: Path, host: str) -> Path:
    """A file with a key and a certificate for this name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("host", "trusted"), [("site.example", True), ("other.example", False)])
async def test_a_certificate_must_be_for_the_name_not_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool
) -> None:
    path = certificate(tmp_path, host)
    monkeypatch.setattr(certifi, "where", lambda: str(path))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    with serving(tls) as site:
        site.answers["/a.txt"] = page(b"safe")
        if trusted:
            assert await fetch(site.url("/a.txt"), reach=site.reach) == ("a.txt", b"safe")
        else:
            assert await why(site.url("/a.txt"), site) == "unreachable"
