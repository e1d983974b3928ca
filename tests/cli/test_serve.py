"""``flask serve`` as ``make run`` starts it: the port, the readiness, the stop by a signal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.cli import ScriptInfo

from finder import create_app
from finder.cli.serve import serve_command
from finder.cli.server import THREADS, WORKERS, Server
from finder.disk import DiskReadOnly
from finder.releases.current import CurrentDirectory
from finder.resources import ROOT
from finder.settings import Settings
from tests import processes
from tests.bench.startup import free_port, wait_for
from tests.cli.raw_http import PATIENCE, Client, get, post
from tests.conftest import make_app
from tests.fixtures.databases import held
from tests.http.bodies import routes_with_body
from tests.web.reading import some_npis
from tests.web.staff.office import hidden


def serve(home: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"FINDER_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    running = serve(home, port)
    assert running.stdout is not None
    assert running.stdout.readline() == f"Ready: open http://127.0.0.1:{port} in a browser. Stop with Ctrl+C.\n"
    yield running
    running.kill()
    running.communicate()


def ask(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


@pytest.mark.process
def test_the_server_answers_and_stops_on_a_signal(server: subprocess.Popen[str], port: int) -> None:
    wait_for(f"http://127.0.0.1:{port}/healthz")
    assert '"records":true' in ask(port, "/healthz")
    assert "center of Cambridge, MA" in ask(port, "/therapists?near=Cambridge,+MA")
    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=60)
    assert (server.returncode, out) == (0, "")
    assert {line[:1] for line in err.splitlines()} == {"{"}, "the log is one JSON object a line, and nothing else"


@pytest.mark.process
def test_a_port_in_use_is_refused(server: subprocess.Popen[str], home: Path, port: int) -> None:
    other = serve(home, port)
    out, err = other.communicate(timeout=60)
    assert (other.returncode, out) == (1, "")
    assert err == f"Error: Cannot serve on 127.0.0.1:{port} (Address already in use). Try: make run PORT=8001\n"


def serve_in_fork(home: Path, port: int, log: Path) -> None:
    """Serve as the command does, with standard error in a file."""
    with log.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    serve_command.main(["--port", str(port)], obj=ScriptInfo(create_app=lambda: make_app(home)))


@dataclass(frozen=True)
class Served:
    """A server that the tests of attacks share: its port, its log, the process of gunicorn's master."""

    home: Path
    port: int
    log: Path
    pid: int

    def workers(self) -> set[int]:
        return {int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()}

    def report_form(self, npi: str) -> str:
        """Return the form of a report as it is sent."""
        address = f"/therapists/{npi}/report"
        body = urlencode({"form_token": hidden(ask(self.port, address), "form_token"), "kind": "wrong_phone"})
        return post(address, f"Content-Length: {len(body)}\n") + body

    def check_pages(self) -> None:
        """Ask for pages, more often than there are threads; each must come."""
        for _ in range(WORKERS * THREADS):
            for path in ("/", "/therapists?near=02139", "/healthz"):
                client = Client(self.port).send(get(path))
                assert client.read()[0] == 200
                client.close()


@pytest.fixture(scope="module")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    home, port, log = Path(shutil.copytree(sample_home, folder / "instance")), free_port(), folder / "log"
    process = processes.start(serve_in_fork, home, port, log)
    wait_for(f"http://127.0.0.1:{port}/healthz")
    yield Served(home, port, log, process.pid or 0)
    process.terminate()
    status = processes.exit_status(process, 60)
    process.kill()
    assert status == 0


HELD = 40
"""Slow connections of each kind."""


def slow_connections(port: int, app: Flask) -> Iterator[Client]:
    """Open connections of every slow kind, to every form."""
    paths = [path for _, path in routes_with_body(app)]
    for number in range(HELD):
        path = paths[number % len(paths)]
        yield Client(port)
        yield Client(port).send("GET / HTTP/1.1\nHost: finder.example\nX-Slow: a")
        yield Client(port).send(post(path, "Content-Length: 900\n") + "kind=")
        yield Client(port).send(post(path, "Transfer-Encoding: chunked\n") + "400\nkind=")
        yield Client(port).send(get("/therapists?near=02139", "Content-Length: 900\n") + "a")
        kept_open = Client(port).send(get("/healthz"))
        kept_open.read()
        yield kept_open
        yield Client(port).send(get("/"))  # and never takes the answer


@pytest.mark.process
def test_slow_clients_stop_no_page(served: Served, sample_app: Flask) -> None:
    with ExitStack() as opened:
        for client in slow_connections(served.port, sample_app):
            opened.callback(client.close)
        served.check_pages()
        report = Client(served.port).send(served.report_form(some_npis(sample_app)[1]))
        assert report.read()[0] == 303
        report.close()


@pytest.mark.process
def test_reports_against_a_held_database_stop_no_page(served: Served, sample_app: Flask) -> None:
    form = served.report_form(some_npis(sample_app)[0])
    with held(Settings(home=served.home).records_url()):
        reports = [Client(served.port).send(form) for _ in range(3 * WORKERS * THREADS)]
        served.check_pages()
        assert {client.read()[0] for client in reports} == {503}
    for client in reports:
        client.close()


@pytest.mark.process
def test_a_killed_worker_is_replaced(served: Served) -> None:
    before = served.workers()
    os.kill(min(before), signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while len(served.workers() - {min(before)}) < WORKERS and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(served.workers() - {min(before)}) == WORKERS
    served.check_pages()


BROKEN = (
    "GET /therapists?near=secret-place\n\n",
    "GET /therapists?near=secret-place HTTP/9.9\nHost: x\n\n",
    "GET /therapists?near=secret-place HTTP/1.1\nsecret-place\n\n",
    "GET /therapists?near=secret-place HTTP/1.1\nHost: x\nTransfer-Encoding: secret-place\n\n",
    "GET /therapists?near=secret-place HTTP/1.1\nHost: x\nContent-Length: secret-place\n\n",
    "GET http://[secret-place/ HTTP/1.1\nHost: [secret-place\n\n",
    "GET /%ff%00secret-place?q=%ff HTTP/1.1\nHost: secret-place\xff\n\n",
    "secret-place\n\n",
    "GET /" + "secret-place" * 5000 + " HTTP/1.1\nHost: x\n\n",
    post("/listing-request", "Transfer-Encoding: chunked\n") + "secret-place\n",
)


@pytest.mark.process
def test_the_log_holds_neither_searches_nor_addresses(served: Served) -> None:
    for text in BROKEN:
        client = Client(served.port).send(text)
        assert client.socket.recv(12).startswith(b"HTTP/1."), text
        client.close()
    served.check_pages()
    lines = [line for line in served.log.read_text().splitlines() if not line.startswith("Ready: ")]
    # gunicorn's master says so when a worker was killed, as another test does
    assert {line[:1] for line in lines if "Worker (pid:" not in line} == {"{"}
    assert not [line for line in lines if "secret-place" in line or "127.0.0.1" in line]


@pytest.mark.parametrize(("remembered", "status"), [(True, 0), (False, 1)])
def test_the_last_release_is_served_without_the_records(
    home: Path, remembered: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if remembered:
        assert CurrentDirectory(Settings(home=home)).state().release
    else:
        (home / "last-release.json").unlink(missing_ok=True)  # another test may have served the sample
    monkeypatch.setattr(Server, "run", lambda _server: None)
    unreachable = f"postgresql+psycopg://finder@127.0.0.1:{free_port()}/finder"
    app = create_app(Settings(home=home, database_url=unreachable, secret_key="a key for the tests alone"))
    result = app.test_cli_runner().invoke(args=["serve", "--port", str(free_port())])
    assert result.exit_code == status
    assert "The records database does not answer" in result.stderr
    assert ("Ready: open " in result.stdout) is remembered


def test_the_last_release_is_served_where_the_disk_is_read_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_settings: Settings) -> None:
        raise DiskReadOnly

    assert CurrentDirectory(Settings(home=home)).state().release
    monkeypatch.setattr("finder.cli.serve.ensure_ready", refuse)
    monkeypatch.setattr(Server, "run", lambda _server: None)
    app = create_app(Settings(home=home, secret_key="a key for the tests alone"))
    result = app.test_cli_runner().invoke(args=["serve", "--port", str(free_port())])
    assert (result.exit_code, "Ready: open " in result.stdout) == (0, True)
    assert "The program may not write where it keeps its files" in result.stderr
