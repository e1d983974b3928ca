"""A process that fetches, for a test to kill. Started once: for each line on standard input it forks a worker."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from finder.intake.fetch.bulk import fetch_bulk
from finder.intake.fetch.client import RequestPolicy
from finder.intake.fetch.near import fetch_near
from finder.places.gazetteer import Gazetteer

TODAY = date(2026, 11, 20)
POLICY = RequestPolicy(delay=0, timeout=20)


def work(root: Path, kind: str, url: str) -> None:
    """Start or resume a fetch."""
    if kind == "near":
        fetch_near(root, "02139", 3, TODAY, url=url, policy=POLICY)
    else:
        fetch_bulk(root, kind, TODAY, url=url, policy=POLICY)


def main() -> None:
    """Fork a worker for every line; print its process id, then its exit status."""
    root, kind, url = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    list(Gazetteer.load().zips())
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            work(root, kind, url)
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - the test reads it
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
