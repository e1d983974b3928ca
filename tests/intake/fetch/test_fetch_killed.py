"""A fetch that is killed at any moment keeps whole files only, and the next run resumes it."""

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
RANDOM = random.Random(20261120)

Run = Callable[[float | None], int]
"""Runs the fetch, killed after so many seconds; gives the exit status as ``waitpid`` does."""


@contextmanager
def worker(root: Path, kind: str, url: str) -> Iterator[Run]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.fetch.worker", str(root), kind, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    input_pipe, output = process.stdin, process.stdout

    def run(seconds: float | None) -> int:
        input_pipe.write("\n")
        input_pipe.flush()
        child = int(output.readline())
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it may have finished
                os.kill(child, signal.SIGKILL)
        return int(output.readline())

    yield run
    input_pipe.close()
    assert process.wait(30) == 0


def slowly(page: Page, seconds: float) -> Page:
    def respond(request: Request) -> None:
        time.sleep(seconds)
        page(request)

    return respond


@pytest.mark.process
def test_a_killed_registry_fetch_resumes_and_repeats_few_pages(publisher: Publisher, tmp_path: Path) -> None:
    all_providers = [provider(number, f"0213{8 + number % 2}{number:04}") for number in range(1, 2500)]
    publisher.pages["/api/"] = slowly(registry_page(all_providers), 0.01)
    pages = tmp_path / "near-02139-3" / "pages"
    killed = 0
    with worker(tmp_path, "near", publisher.url("/api/")) as run:
        for _ in range(KILLS):
            killed += run(RANDOM.uniform(0.05, 0.5)) == signal.SIGKILL
            for path in pages.glob("*.json"):
                answer = json.loads(path.read_bytes())
                assert answer["result_count"] == len(answer["results"]), path.name
        assert run(None) == 0
    files = sorted((tmp_path / "near-02139-3").glob("npi-registry*.json"))
    found = [provider["number"] for path in files for provider in json.loads(path.read_bytes())["results"]]
    assert sorted(found) == sorted(provider["number"] for provider in all_providers)
    repeated = sum(count - 1 for count in Counter(publisher.requested).values())
    assert killed > 2, "the kills fell on the work"
    assert repeated <= killed, "a kill loses one page at most"


@pytest.mark.process
def test_a_killed_download_resumes_and_ends_whole(publisher: Publisher, tmp_path: Path) -> None:
    content = _archive()
    names = ["NPPES_Data_Dissemination_November_2026_V2.zip", "NPPES_Deactivated_NPI_Report_110926_V2.zip"]
    publisher.pages["/index.html"] = text_page("".join(f'<a href="./{name}">x</a>' for name in names))
    publisher.pages |= {f"/{name}": _written_slowly(content) for name in names}
    folder = tmp_path / "nppes"
    killed = 0
    with worker(tmp_path, "nppes", publisher.url("/index.html")) as run:
        for _ in range(KILLS):
            killed += run(RANDOM.uniform(0.05, 0.4)) == signal.SIGKILL
            for path in folder.glob("*.zip"):
                assert path.read_bytes() == content, "a file with its name is whole"
            for path in folder.glob("*.part"):
                assert content.startswith(path.read_bytes())
        assert run(None) == 0
    assert [(folder / name).read_bytes() == content for name in names] == [True, True]
    assert killed > 2, "the kills fell on the work"
    resumed_ranges = [headers["Range"] for headers in publisher.headers if "Range" in headers]
    assert resumed_ranges, "it went on where it was killed"


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("npidata.csv", random.Random(1).randbytes(6_000_000))
    return buffer.getvalue()


def _written_slowly(content: bytes) -> Page:
    """A file in small pieces, so that kills fall into its middle."""
    page = file_page(content)

    def respond(request: Request) -> None:
        write = request.wfile.write

        def slow(body: bytes) -> int:
            for start in range(0, len(body), 100_000):
                write(body[start : start + 100_000])
                time.sleep(0.01 if len(body) > 1000 else 0)
            return len(body)

        request.wfile.write = slow  # type: ignore[method-assign, assignment]
        page(request)

    return respond
