"""Killed at any moment, a fetch keeps what has come, holds nothing half, and goes on where it stopped."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.intake.fetch.registry import provider, registry_page
from tests.intake.fetch.server import Page, Publisher, Request, file_page, text_page

KILLS = 12
MOMENTS = random.Random(20261120)

Run = Callable[[float | None], int]
"""Runs the fetch, killed after so many seconds; gives the exit status as ``waitpid`` does."""


@contextmanager
def worker(root: Path, kind: str, address: str) -> Iterator[Run]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.fetch.worker", str(root), kind, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    begin, told = process.stdin, process.stdout

    def run(seconds: float | None) -> int:
        begin.write("\n")
        begin.flush()
        child = int(told.readline())
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it may have finished
                os.kill(child, signal.SIGKILL)
        return int(told.readline())

    yield run
    begin.close()
    assert process.wait(30) == 0


def slowly(page: Page, seconds: float) -> Page:
    def give(request: Request) -> None:
        time.sleep(seconds)
        page(request)

    return give


@pytest.mark.process
def test_the_registry_killed_many_times(publisher: Publisher, tmp_path: Path) -> None:
    everybody = [provider(number, f"0213{8 + number % 2}{number:04}") for number in range(1, 2500)]
    publisher.pages["/api/"] = slowly(registry_page(everybody), 0.01)
    pages = tmp_path / "near-02139-3" / "pages"
    killed = 0
    with worker(tmp_path, "near", publisher.url("/api/")) as run:
        for _ in range(KILLS):
            killed += run(MOMENTS.uniform(0.05, 0.5)) == signal.SIGKILL
            for path in pages.glob("*.json"):
                answer = json.loads(path.read_bytes())
                assert answer["result_count"] == len(answer["results"]), path.name
        assert run(None) == 0
    files = sorted((tmp_path / "near-02139-3").glob("npi-registry*.json"))
    found = [provider["number"] for path in files for provider in json.loads(path.read_bytes())["results"]]
    assert sorted(found) == sorted(provider["number"] for provider in everybody)
    again = sum(count - 1 for count in Counter(publisher.requested).values())
    assert killed > 2, "the kills fell on the work"
    assert again <= killed, "a kill loses one page at most"


@pytest.mark.process
def test_a_large_file_killed_many_times(publisher: Publisher, tmp_path: Path) -> None:
    content = _archive()
    names = ["NPPES_Data_Dissemination_November_2026_V2.zip", "NPPES_Deactivated_NPI_Report_110926_V2.zip"]
    publisher.pages["/index.html"] = text_page("".join(f'<a href="./{name}">x</a>' for name in names))
    publisher.pages |= {f"/{name}": _dripping(content) for name in names}
    folder = tmp_path / "nppes"
    killed = 0
    with worker(tmp_path, "nppes", publisher.url("/index.html")) as run:
        for _ in range(KILLS):
            killed += run(MOMENTS.uniform(0.05, 0.4)) == signal.SIGKILL
            for path in folder.glob("*.zip"):
                assert path.read_bytes() == content, "a file with its name is whole"
            for path in folder.glob("*.part"):
                assert content.startswith(path.read_bytes())
        assert run(None) == 0
    assert [(folder / name).read_bytes() == content for name in names] == [True, True]
    assert killed > 2, "the kills fell on the work"
    begun = [headers["Range"] for headers in publisher.headers if "Range" in headers]
    assert begun, "it went on where it was killed"


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("npidata.csv", random.Random(1).randbytes(6_000_000))
    return buffer.getvalue()


def _dripping(content: bytes) -> Page:
    """The file, a piece at a time, so that kills fall in its middle."""
    page = file_page(content)

    def give(request: Request) -> None:
        write = request.wfile.write

        def slow(body: bytes) -> int:
            for start in range(0, len(body), 100_000):
                write(body[start : start + 100_000])
                time.sleep(0.01 if len(body) > 1000 else 0)
            return len(body)

        request.wfile.write = slow  # type: ignore[method-assign, assignment]
        page(request)

    return give
