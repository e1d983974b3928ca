"""``flask serve`` as ``make run`` starts it: the port, the readiness, the stop by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from finder import create_app
from finder.cli.serve import Server
from finder.releases.current import CurrentDirectory
from finder.resources import ROOT
from finder.settings import Settings
from tests.bench.startup import free_port, wait_for


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
