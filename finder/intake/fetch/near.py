"""The therapists and clinics near a place, from the NPI Registry, as files that ``data stage`` reads."""

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
from finder.intake.fetch.progress import Progress, no_progress
from finder.intake.fetch.registry_api import ADDRESS, PAGE, Page, Registry, practice_zips
from finder.places.gazetteer import Gazetteer

IN_A_FILE = PAGE - 1
"""Providers in a file of the result: a page with 200 would be taken for a full one that has more behind it."""


def fetch_near(
    root: Path,
    place: str,
    miles: float,
    today: date,
    *,
    address: str = ADDRESS,
    policy: RequestPolicy | None = None,
    progress: Progress = no_progress,
) -> tuple[Path, ...]:
    """Fetch who practices within so many miles of a place; give the files, none where there is nobody.

    Raises PlaceError for a place that is none, FetchFailed.
    """
    gazetteer = Gazetteer.load()
    origin = gazetteer.resolve(place)
    if origin.point is None:
        raise NoCenter
    client = Client(address, policy)
    name = re.sub(r"[^a-z0-9.]+", "-", f"near {origin.query} {miles:g}".lower())
    with open_job(root, name, today) as job:
        if job.files is not None:
            return job.files
        area = Area(gazetteer.zips(), origin.point, miles, also=origin.zip or gazetteer.nearest(origin.point).code)
        registry = Registry(client, job.folder / "pages", address, progress)
        inside = _inside(registry.providers(area.sections, area.may_hold), area)
        return job.finish(list(_write(inside, job)))


def _inside(providers: Iterator[Page], area: Area) -> Iterator[Page]:
    """Yield each provider who has a practice in the area once."""
    seen: set[str] = set()
    for provider in providers:
        npi = str(provider.get("number"))
        if npi not in seen and any(area.holds(code) for code in practice_zips(provider)):
            seen.add(npi)
            yield provider


def _write(providers: Iterator[Page], job: Job) -> Iterator[Path]:
    """Write providers as answers of the registry, dated with the day on which the fetch began."""
    number = 0
    while results := list(islice(providers, IN_A_FILE)):
        number += 1
        path = job.folder / f"npi-registry_{job.begun.isoformat()}_{number:03}.json"
        answer = {"result_count": len(results), "results": results}
        write_atomically(path, json.dumps(answer, ensure_ascii=False).encode())
        yield path
