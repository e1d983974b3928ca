"""Raw bytes to a server that was started: request lines, headers, bodies and chunks as no browser sends them."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from finder.resources import ROOT
from finder.settings import Settings
from tests.bench.startup import free_port, wait_for
from tests.soak import nasty
from tests.soak.forks import environment_of
from tests.soak.nasty import value
from tests.soak.report import Outcome
from tests.soak.requests import Grammar

BLOCK = 300
"""Connections of a trial."""

AT_ONCE = 25
"""Connections that are open at once."""

PATIENCE = 15
"""Seconds in which a page must come."""

SECONDS_FOR_MORE = 0.4
"""Seconds without a byte, after which the server is taken to wait for the rest of a request."""

METHODS = (b"GET", b"POST", b"HEAD", b"get", b"PUT", b"TRACE", b"CONNECT", b"\x00", b"G" * 5000, b"GET\t", b"")
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"http/1.1", b"HTTP/1.1 x", b"HTTP/", b"", b"\xff")
TARGETS = (
    b"/", b"*", b"//", b"/%", b"/%ff%fe", b"/%00", b"http://[", b"http://localhost/", b"/../../etc/passwd", b"/a?b=%zz",
    b"/" + b"a" * 40_000, b"\x00", b"/\xff\xfe", b"localhost:80", b"/therapists?" + b"a=b&" * 3000, b"?", b"/#x",
)  # fmt: skip
LINES = (
    b"Content-Length: -1", b"Content-Length: 5, 6", b"Content-Length: 1\r\nContent-Length: 2", b"Content-Length: 0x5",
    b"Content-Length: " + b"9" * 40, b"Content-Length: \xc2\xb2", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, gzip", b"Transfer-Encoding: \x0bchunked",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"Cookie: finder_staff=",
    b"Cookie: finder_staff=" + b"a" * 4000,
    b"Cookie: =;;;=\x01", b"Cookie: " + b"a=b; " * 2000, b"Host: evil.example", b"Host: a\r\nHost: b", b"Host:",
    b"Host: " + b"x" * 400, b": empty", b"no colon", b" folded: x\r\n more", b"X-A: \x00", b"X-A:\xff\xfe",
    b"X-" + b"A" * 33_000, b"X-A: b\rX-B: c", b"X-A: b\nX-B: c", b"Expect: 100-continue", b"Expect: x",
    b"Connection: Upgrade\r\nUpgrade: h2c",
    b"Connection: close, keep-alive", b"Content-Encoding: gzip", b"Range: bytes=0-", b"X-Forwarded-For: 1.2.3.4",
    b"Content-Type: multipart/form-data", b"Content-Type: multipart/form-data; boundary=b",
    b"Content-Type: application/x-www-form-urlencoded; charset=utf-7",
)  # fmt: skip
BODIES = (
    b"", b"a=b", b"5\r\nnpi=1\r\n0\r\n\r\n", b"-5\r\nabc\r\n0\r\n\r\n", b"zz\r\nabc\r\n",
    b"5;x=y\r\nnpi=1\r\n0\r\nX: y\r\n\r\n",
    b"fffffffffffffffff\r\na", b"5\r\nnpi=1",
    b"--b\r\nContent-Disposition: form-data; name=\"npi\"\r\n\r\n1\r\n--b--\r\n",
    b"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n", b"%" * 500,
    b"a=1&" * 2000, b"\x00" * 500,
    b"form_token=%00&npi=%ff", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
)  # fmt: skip


@contextmanager
def server(settings: Settings, folder: Path) -> Iterator[int]:
    """Start the program as an operator does, on a free port of this machine; yield the port."""
    port = free_port()
    with (folder / "server.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)],
            cwd=ROOT, env=os.environ | environment_of(settings), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def server_faults(folder: Path) -> list[str]:
    """Return the lines of errors that the server has written."""
    lines = (folder / "server.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    words = ("Traceback", '"event": "server error"', '"level": "error"', "Exception")
    return [line[:2000] for line in lines if any(word in line for word in words)][:20]


def block(number: int, chance: random.Random, port: int, grammar: Grammar) -> Outcome:
    """Send hostile bytes over many connections; then a page must come."""
    started_at, faults, figures = time.monotonic(), list[str](), dict[str, float | str]()
    messages = [message(chance, grammar) for _ in range(BLOCK)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(partial(exchange, port), messages))
    for place, (sent, answer) in enumerate(zip(messages, answers, strict=True)):
        status = answer.split(b" ", 2)[1:2]
        name = f"status {status[0][:1].decode('latin-1')}xx" if status else "no answer"
        figures[name] = int(figures.get(name, 0)) + 1
        found = _faults(answer, status[0] if status else b"")
        faults += [f"connection {place}: {fault}\n  sent {sent[:600]!r}\n  got {answer[:300]!r}" for fault in found]
    if not _is_well(port):
        faults.append("the server does not answer afterwards")
    return Outcome(
        what="over the wire", number=number, count=BLOCK, seconds=time.monotonic() - started_at, faults=tuple(faults),
        figures=figures,
    )  # fmt: skip


def message(chance: random.Random, grammar: Grammar) -> bytes:
    """Make the bytes of a request, wrong in one part or in several."""
    path = grammar.request(chance)
    args = urlencode(path.args, errors="replace")
    target = f"{quote(path.path, errors='replace')}?{args}".encode("ascii")
    parts = [
        path.method.encode("ascii") if chance.random() < 0.8 else chance.choice(METHODS),
        target if chance.random() < 0.7 else chance.choice(TARGETS),
        b"HTTP/1.1" if chance.random() < 0.8 else chance.choice(VERSIONS),
    ]
    lines = [b" ".join(parts)]
    if chance.random() < 0.9:
        lines.append(b"Host: localhost")
    lines += [chance.choice(LINES) for _ in range(chance.choice((0, 1, 1, 2, 4)))]
    for _ in range(chance.choice((0, 0, 1, 3))):
        name, text = nasty.header(chance)
        lines.append(f"{name}: {text}".encode("utf-8", "replace"))
    body = chance.choice(BODIES) if chance.random() < 0.6 else value(chance).encode("utf-8", "replace")
    if chance.random() < 0.5:
        lines.append(b"Content-Length: %d" % (len(body) + chance.choice((0, 0, 0, -1, 1))))
    end = chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"))
    sent = end.join([*lines, b"", b""]) + body
    if chance.random() < 0.1:
        sent = sent[: chance.randint(0, len(sent))]
    return sent if chance.random() < 0.95 else chance.randbytes(chance.randint(1, 2000))


def exchange(port: int, sent: bytes) -> bytes:
    """Send bytes and read the first answer, or until the server waits for more, or closes; return what came."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent)
            connection.settimeout(SECONDS_FOR_MORE)
            while not _is_whole(received) and (piece := connection.recv(65536)):
                received += piece
        except OSError:  # it waits for the rest of the request, or closed before it had read all
            pass
    return received


def _is_whole(answer: bytes) -> bool:
    """Return whether all of an answer with a length has come."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(end and length and len(body) >= int(length[1]))


def _faults(answer: bytes, status: bytes) -> list[str]:
    found = []
    if status[:1] == b"5" and status not in (b"501", b"505"):
        found.append(f"status {status.decode('latin-1')}")
    if b"Traceback (most recent call last)" in answer:
        found.append("a traceback in the answer")
    if b"\r\nSet-Cookie: a=b" in answer:
        found.append("a header that the client chose")
    return found


def _is_well(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
