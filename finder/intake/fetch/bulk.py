"""The large public files: NPPES, Doctors & Clinicians, Medicare utilization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from finder.intake.fetch import listings
from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.download import LARGEST, download
from finder.intake.fetch.job import open_job
from finder.intake.fetch.listings import PublishedFile
from finder.intake.fetch.progress import Progress, no_progress

PUBLISHED: dict[str, tuple[str, Callable[[Client, str], list[PublishedFile]]]] = {
    "nppes": (listings.NPPES, listings.nppes_files),
    "clinicians": (listings.CLINICIANS, lambda client, address: [listings.clinicians_file(client, address)]),
    "utilization": (listings.UTILIZATION, lambda client, address: [listings.utilization_file(client, address)]),
}
"""For every kind of download: where it is listed, and how to read that list."""


def fetch_bulk(
    root: Path,
    kind: str,
    today: date,
    *,
    address: str = "",
    policy: RequestPolicy | None = None,
    limit: int = LARGEST,
    progress: Progress = no_progress,
) -> tuple[Path, ...]:
    """Download one of ``PUBLISHED`` and give its files; ``address`` is another list than the publisher's.

    Raises FetchFailed.
    """
    published, read_list = PUBLISHED[kind]
    listed_at = address or published
    client = Client(listed_at, policy)
    with open_job(root, kind, today) as job:
        if job.files is not None:
            return job.files
        files = [
            download(client, listed.address, job.folder / listed.name, limit=limit, progress=progress)
            for listed in read_list(client, listed_at)
        ]
        return job.finish(files)
