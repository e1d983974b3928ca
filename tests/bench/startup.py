"""The time from ``make run`` to the first response, for a first and for a second start."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from finder.resources import ROOT
from tests.bench.measure import Measurement

PATIENCE_SECONDS = 120


def measure(*, quick: bool = False) -> list[Measurement]:
    """Start the server twice on an empty state folder; seconds until ``/healthz`` answers."""
    with tempfile.TemporaryDirectory() as home:
        first = start(Path(home))
        again = [start(Path(home)) for _ in range(1 if quick else 3)]
    return [
        Measurement(
            name="start with the sample, until the first answer",
            figures={"first start s": round(first, 2), "second start s": round(min(again), 2)},
            target="the second start loads nothing again: less than the first",
            holds=min(again) < first,
        )
    ]


def start(home: Path) -> float:
    """Serve from ``home`` on a free port, wait for the first answer, stop; seconds that it took."""
    port = free_port()
    started_at = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"FINDER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        return time.perf_counter() - started_at
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=PATIENCE_SECONDS)


def free_port() -> int:
    """Return a free port below the range from which the system takes the ports of outgoing connections."""
    for port in random.sample(range(18000, 32000), 100):  # those who ask at one moment get different ones
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("none of a hundred ports between 18000 and 32000 is free")


def wait_for(url: str) -> None:
    """Return once the address answers 200."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"no answer from {url}")
