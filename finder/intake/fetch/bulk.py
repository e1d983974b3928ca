"""The large public files: NPPES, Doctors & Clinicians, Medicare utilization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from finder.intake.fetch import listings
from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.download import MAX_BYTES, UNPACKED, download
from finder.intake.fetch.job import open_job
from finder.intake.fetch.listings import PublishedFile
from finder.intake.fetch.progress import ProgressCallback, no_progress
from finder.intake.unpacking.budget import Budget

BULK_FILES: dict[str, tuple[str, Callable[[Client, str], list[PublishedFile]]]] = {
    "nppes": (listings.NPPES_URL, listings.nppes_files),
    "clinicians": (listings.CLINICIANS_URL, lambda client, url: [listings.clinicians_file(client, url)]),
    "utilization": (listings.UTILIZATION_URL, lambda client, url: [listings.utilization_file(client, url)]),
}
"""For each bulk file: the URL of the list that names it, and the function that reads the list."""


def fetch_bulk(
    root: Path,
    kind: str,
    today: date,
    *,
    url: str = "",
    policy: RequestPolicy | None = None,
    max_bytes: int = MAX_BYTES,
    budget: Budget = UNPACKED,
    progress: ProgressCallback = no_progress,
) -> tuple[Path, ...]:
    """Download the files of one kind of ``BULK_FILES`` and return their paths.

    ``url`` replaces the URL of the publisher's list; ``max_bytes`` is the limit of each file, ``budget`` that of what
    each zip unpacks to. Raises FetchFailed, AlreadyFetching, ArchiveTooLarge or UnsafeArchive.
    """
    default_url, read_list = BULK_FILES[kind]
    list_url = url or default_url
    client = Client(list_url, policy)
    with open_job(root, kind, today) as job:
        if job.files is not None:
            return job.files
        files = [
            download(
                client, listed.url, job.folder / listed.name, max_bytes=max_bytes, budget=budget, progress=progress
            )
            for listed in read_list(client, list_url)
        ]
        return job.finish(files)
