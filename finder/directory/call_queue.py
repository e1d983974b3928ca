"""The call queue: the listings that staff should verify next, reported ones first, then the oldest.

It is computed from the published release, the open reports and the calls; nothing is stored. The listings of a release
are sorted by age once, so that each query takes milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from finder.directory.provider import FRESH
from finder.directory.release.release import Release

Place = tuple[str, str]
"""An NPI and a location key; an empty key means every place of the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A listing to call. ``oldest`` is the date of the oldest fact that a card shows: name, address or phone."""

    npi: str
    name: str
    location_key: str
    city: str
    state: str
    phone: str
    oldest: date
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The number of listings in the queue, and one page of them."""

    total: int
    entries: tuple[QueueEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ages:
    """The oldest dates of a release's listings by number (``listing_id``), and their order."""

    oldest: NDArray[np.datetime64]
    state: NDArray[np.str_]
    order: NDArray[np.int64]
    """Listing numbers sorted by ``oldest``, then by number, which is by NPI and place."""


def list_queue(
    release: Release,
    *,
    report_places: Sequence[Place],
    recently_called: Collection[Place],
    today: date,
    state: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Queue:
    """Return the listings to call: those with open reports, most first, then stale ones, the oldest first.

    ``report_places`` has one place per open report, ``recently_called`` the places called recently.
    """
    ages = _ages(release)
    reports = _count_reports(release, report_places)
    waits = np.ones(len(ages.order), dtype=np.bool_)
    waits[list(_listings_at(release, recently_called))] = False
    if state:
        waits &= ages.state == state
    first = sorted((one for one in reports if waits[one]), key=lambda one: (-reports[one], ages.oldest[one], one))
    waits[first] = False
    stale = ages.order[: np.searchsorted(ages.oldest[ages.order], np.datetime64(today - FRESH))]
    due = np.concatenate([np.array(first, dtype=np.int64), stale[waits[stale]]])
    page = [int(one) for one in due[offset : offset + limit]]
    return Queue(total=len(due), entries=tuple(_entries(release, page, today, ages, reports)))


@lru_cache(maxsize=2)
def _ages(release: Release) -> _Ages:
    """Return the ages of a release's listings, cached."""
    states, days = release.oldest_facts()
    oldest = np.array(days, dtype="datetime64[D]")
    return _Ages(oldest=oldest, state=np.array(states, dtype=np.str_), order=np.argsort(oldest, kind="stable"))


def _entries(
    release: Release, listing_ids: Sequence[int], today: date, ages: _Ages, reports: Counter[int]
) -> Iterable[QueueEntry]:
    for listing in release.listings(listing_ids, today):
        yield QueueEntry(
            npi=listing.provider.npi,
            name=listing.provider.name,
            location_key=listing.location.location_key,
            city=listing.location.city,
            state=listing.location.state,
            phone=listing.location.phone,
            oldest=ages.oldest[listing.listing_id].item(),
            reports=reports[listing.listing_id],
        )


def _count_reports(release: Release, report_places: Sequence[Place]) -> Counter[int]:
    """Count the open reports on each listing (by number) that has any."""
    of_place = Counter(report_places)
    listed = release.listing_numbers({npi for npi, _ in report_places})
    return +Counter({number: of_place[npi, ""] + of_place[npi, key] for (npi, key), number in listed.items()})


def _listings_at(release: Release, places: Collection[Place]) -> Iterable[int]:
    """Return the numbers of the listings at places."""
    listed = release.listing_numbers({npi for npi, _ in places})
    return (number for (npi, key), number in listed.items() if (npi, key) in places or (npi, "") in places)
