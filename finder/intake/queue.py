"""The re-verification queue: which listings staff should call next, the reported ones first, then the oldest.

It is computed from the published release, the open reports and the calls; nothing of it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from finder.intake.members import Mask, among, places

STALE = timedelta(days=90)
"""From this age on a card says "call first"; listings come into the queue then."""


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
    """How many listings wait, and a page of them."""

    total: int
    entries: tuple[QueueEntry, ...]


def list_queue(
    tables: Mapping[str, pd.DataFrame],
    *,
    reported: Sequence[tuple[str, str]],
    resting: Collection[tuple[str, str]],
    today: date,
    state: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Queue:
    """Give the listings that are due: those with open reports, most first, then those that are stale, oldest first.

    ``reported`` has one (NPI, location key) for each open report, ``resting`` those called lately; an empty location
    key means every place of the provider.
    """
    listings = tables["location"].merge(
        tables["provider"][["npi", "name", "name_as_of"]], on="npi", suffixes=("", "_of")
    )
    if state:
        listings = listings[listings["state"] == state]
    dates = listings[["name_as_of", "address_as_of", "phone_as_of"]].replace("", "9999-12-31")
    listings = listings.assign(oldest=dates.min(axis="columns"), reports=_count_reports(listings, reported))
    stale = listings["oldest"] < (today - STALE).isoformat()
    due = listings[((listings["reports"] > 0) | stale) & ~_at(listings, resting)]
    due = due.sort_values(["reports", "oldest", "npi", "location_key"], ascending=[False, True, True, True])
    page = due.iloc[offset : offset + limit].to_dict("records")
    return Queue(total=len(due), entries=tuple(_entry(row) for row in page))


def _entry(row: Mapping[Any, object]) -> QueueEntry:
    return QueueEntry(
        npi=str(row["npi"]),
        name=str(row["name_of"]),
        location_key=str(row["location_key"]),
        city=str(row["city"]),
        state=str(row["state"]),
        phone=str(row["phone"]),
        oldest=date.fromisoformat(str(row["oldest"])),
        reports=int(str(row["reports"])),
    )


def _count_reports(listings: pd.DataFrame, reported: Sequence[tuple[str, str]]) -> pd.Series[int]:
    counts = Counter(f"{npi} {location_key}" for npi, location_key in reported)
    everywhere = (listings["npi"] + " ").map(counts).fillna(0)
    return (places(listings).map(counts).fillna(0) + everywhere).astype("int64")


def _at(listings: pd.DataFrame, wanted: Collection[tuple[str, str]]) -> Mask:
    if not wanted:
        return np.zeros(len(listings), dtype=np.bool_)
    names = [f"{npi} {location_key}" for npi, location_key in wanted]
    return among(places(listings), names) | among(listings["npi"] + " ", names)
