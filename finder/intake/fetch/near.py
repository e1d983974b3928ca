"""Fetch the therapists and clinics near a place from the NPI Registry, as files that ``data stage`` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from finder.intake.fetch.area import Area
from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.errors import NoCenter
from finder.intake.fetch.job import Job, open_job, write_atomically
from finder.intake.fetch.progress import ProgressCallback, no_progress
from finder.intake.fetch.registry_api import API_URL, PAGE_SIZE, Registry, RegistryProvider, practice_zips
from finder.places.gazetteer import Gazetteer

PROVIDERS_PER_FILE = PAGE_SIZE - 1
"""Fewer than in a full page of the registry, which the reader reports as incomplete."""


def fetch_near(
    root: Path,
    place: str,
    miles: float,
    today: date,
    *,
    url: str = API_URL,
    policy: RequestPolicy | None = None,
    progress: ProgressCallback = no_progress,
) -> tuple[Path, ...]:
    """Fetch the providers who practice within some miles of a place, and return the paths of the files.

    There is no file if nobody practices there. Raises PlaceError for an unknown place, NoCenter, FetchFailed or
    AlreadyFetching.
    """
    gazetteer = Gazetteer.load()
    origin = gazetteer.resolve(place)
    if origin.point is None:
        raise NoCenter
    client = Client(url, policy)
    name = re.sub(r"[^a-z0-9.]+", "-", f"near {origin.query} {miles:g}".lower())
    with open_job(root, name, today) as job:
        if job.files is not None:
            return job.files
        area = Area(
            gazetteer.zips(), origin.point, miles, center_zip=origin.zip or gazetteer.nearest(origin.point).code
        )
        registry = Registry(client, job.folder / "pages", url, progress)
        providers = _providers_in(registry.providers(area.three_digit_prefixes, area.may_contain), area)
        return job.finish(list(_write_files(providers, job)))


def _providers_in(providers: Iterator[RegistryProvider], area: Area) -> Iterator[RegistryProvider]:
    """Yield once each provider with a practice location in the area."""
    seen: set[str] = set()
    for provider in providers:
        npi = str(provider.get("number"))
        if npi not in seen and any(area.contains(code) for code in practice_zips(provider)):
            seen.add(npi)
            yield provider


def _write_files(providers: Iterator[RegistryProvider], job: Job) -> Iterator[Path]:
    """Write providers in the registry's own JSON, with the day of the job in the file name, and yield the paths."""
    number = 0
    while results := list(islice(providers, PROVIDERS_PER_FILE)):
        number += 1
        path = job.folder / f"npi-registry_{job.started.isoformat()}_{number:03}.json"
        page = {"result_count": len(results), "results": results}
        write_atomically(path, json.dumps(page, ensure_ascii=False).encode())
        yield path
