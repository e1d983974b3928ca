"""Where requests may go: the configured server, and public https; whatever a redirect says, and however it says it."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.errors import NoResponse, UnsafeUrl
from finder.outgoing import MAX_REDIRECTS, Destinations, UnsafeDestination, is_public
from finder.places.gazetteer import Gazetteer
from finder.places.geocoder import Address, Geocoder
from tests.intake.fetch.server import Publisher, json_page, redirect, serving

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip

PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]

SPELLED = [
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "127.0.0.1", "10.0.0.1", "0", "169.254.169.254",
]  # fmt: skip
"""Hosts that are an address of this or of a near machine, in every spelling that a resolver takes."""

MALFORMED = [
    "https://127.0.0%2e1/", "https://user@example.org/", "https://example.org%00.internal/", "https://exämple.org/",
    "https://①②⑦.⓪.⓪.①/", "https:///x", "https://[::1/", "https://example.org:0/", "https://example.org:99999/",
    "https://example.org\\@127.0.0.1/", "https://fe80::1/", "https://[fe80::1%25eth0]/",
    "file:///etc/passwd", "ftp://example.org/", "data:,x", "gopher://example.org/", "//example.org/", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", [*(f"https://{host}/" for host in SPELLED), *MALFORMED, "http://example.org/"])
def test_a_url_that_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(UnsafeDestination):
        Destinations("https://data.example.org/list").check(url)


def test_the_configured_server_is_trusted_and_may_turn_to_https() -> None:
    for first, second in (
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b"),
        ("https://10.0.0.1/a", "https://10.0.0.1:443/b"),
        ("http://maps.internal/a", "https://maps.internal/b"),
        ("http://maps.internal/a", "https://example.org/b"),
    ):
        Destinations(first).check(second)
    for first, second in (
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8081/b"),
        ("http://127.0.0.1:8080/a", "https://127.0.0.1:8443/b"),
        ("http://127.0.0.1:8080/a", "http://localhost:8080/b"),
        ("https://maps.internal/a", "http://maps.internal/b"),
    ):
        with pytest.raises(UnsafeDestination):
            Destinations(first).check(second)


@contextmanager
def listening() -> Iterator[tuple[int, Callable[[], bool]]]:
    """A port of this machine, and whether somebody has connected to it."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)

        def reached() -> bool:
            try:
                server.accept()[0].close()
            except BlockingIOError:
                return False
            return True

        yield server.getsockname()[1], reached


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to, one answer after the other; the last one stays."""
    answers: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        if host in answers and not options.get("flags"):
            address = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
            return real(address, *args, **options)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_to_this_machine_is_not_connected_to(resolver: dict[str, list[str]], address: str) -> None:
    resolver["inner.example.org"] = [address]
    with listening() as (port, reached), serving() as publisher:
        publisher.pages["/a"] = redirect(f"https://inner.example.org:{port}/")
        url = publisher.url("/a")
        with pytest.raises(UnsafeUrl), Client(url, RequestPolicy(delay=0)).open(url):
            pass
        assert not reached()


def test_a_name_that_changes_its_address_is_checked_when_it_is_used(resolver: dict[str, list[str]]) -> None:
    resolver["rebound.example.org"] = ["192.0.2.1", "127.0.0.1"]
    destinations = Destinations("https://data.example.org/")
    with listening() as (port, reached):
        for _ in range(3):
            with pytest.raises(OSError, match="not a public address"):
                destinations.opener().open(Request(f"https://rebound.example.org:{port}/"), timeout=5)
        assert not reached()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("host", SPELLED)
def test_a_redirect_to_an_address_of_this_machine(publisher: Publisher, host: str) -> None:
    publisher.pages |= {"/a": redirect(f"https://{host}:{publisher.port}/b"), "/b": json_page({})}
    url = publisher.url("/a")
    with pytest.raises(UnsafeUrl), Client(url, RequestPolicy(delay=0)).open(url):
        pass
    assert publisher.requested == ["/a"]


def test_the_body_of_a_redirect_is_not_waited_for(publisher: Publisher) -> None:
    publisher.pages |= {"/a": endless_redirect, "/b": json_page({"well": True})}
    url = publisher.url("/a")
    with Client(url, RequestPolicy(delay=0)).open(url) as response:
        assert b"".join(response.chunks()) == b'{"well": true}'


def endless_redirect(request: Any) -> None:
    request.send_response(302)
    request.send_header("Location", "/b")
    request.end_headers()
    while not request.server.publisher.stopped.is_set():
        request.wfile.write(b" " * 65536)


ADDRESS = Address(street="1 Secret Street", city="Cambridge", state="MA", zip="02139")


@pytest.fixture
def locate(publisher: Publisher, tmp_path: Path, gazetteer: Gazetteer) -> Callable[[], str | None]:
    """Ask the map service for an address, and return the problem."""

    def locate() -> str | None:
        geocoder = Geocoder(
            publisher.url(""), folder=tmp_path, gazetteer=gazetteer, today=date(2026, 11, 20), delay=0, timeout=1
        )
        return geocoder.locate(ADDRESS).problem

    return locate


def test_the_map_service_may_redirect_on_its_own_server(publisher: Publisher, locate: Callable[[], str | None]) -> None:
    publisher.pages |= {"/search": redirect("/there"), "/there": json_page([])}
    assert locate() == "not_found"


@pytest.mark.parametrize(
    "target",
    ["https://127.0.0.1:{port}/", "http://localhost:{port}/", "https://0x7f000001:{port}/", "file:///etc/passwd"],
)
def test_the_map_service_leads_nowhere_else(
    publisher: Publisher, locate: Callable[[], str | None], target: str, caplog: pytest.LogCaptureFixture
) -> None:
    publisher.pages["/search"] = redirect(target.format(port=publisher.port))
    with caplog.at_level(logging.WARNING):
        assert locate() == "no_answer"
    assert {path.split("?")[0] for path in publisher.requested} == {"/search"}
    (record,) = caplog.records
    assert record.exc_info is None
    assert record.getMessage().startswith("The map service failed: ")
    assert "Secret" not in caplog.text


def test_a_map_service_that_redirects_in_a_circle_is_left(
    publisher: Publisher, locate: Callable[[], str | None]
) -> None:
    publisher.pages["/search"] = redirect("/search")
    assert locate() == "no_answer"
    assert len(publisher.requested) <= 3 * (MAX_REDIRECTS + 1)


@pytest.mark.parametrize("slow", [True, False])
def test_an_answer_without_end_is_cut_off(
    publisher: Publisher, locate: Callable[[], str | None], slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("finder.places.geocoder.RETRIES", 0)

    def answer(request: Any) -> None:
        request.send_response(200)
        request.end_headers()
        while not request.server.publisher.stopped.wait(0.05 if slow else 0):
            request.wfile.write(b" " if slow else b" " * 65536)

    publisher.pages["/search"] = answer
    assert locate() == "no_answer"


@pytest.fixture
def secure(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that speaks TLS for files.example.org on this machine, which counts as public here: its URL."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "files.example.org")])
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("files.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    no_password = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, pkcs8, no_password))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setattr("finder.outgoing.is_public", lambda address: True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"https://files.example.org:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_redirect_to_a_public_server_is_followed_and_its_certificate_checked(
    publisher: Publisher,
    secure: str,
    resolver: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("npi\n")
    resolver |= {"files.example.org": ["127.0.0.1"], "other.example.org": ["127.0.0.1"]}
    publisher.pages |= {
        "/a": redirect(f"{secure}/a.csv"),
        "/b": redirect(f"{secure.replace('files', 'other')}/a.csv"),
    }
    client = Client(publisher.url("/a"), RequestPolicy(delay=0))
    with client.open(publisher.url("/a")) as response:
        assert b"".join(response.chunks()) == b"npi\n"
    with pytest.raises(NoResponse, match="certificate"), client.open(publisher.url("/b")):
        pass
