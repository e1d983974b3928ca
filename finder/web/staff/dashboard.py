"""The overview: what is public, how fresh each source is, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import render_template, url_for

from finder.directory.vocabulary.sources import source_of
from finder.http.proxy_watch import proxy_fault
from finder.http.services import services
from finder.i18n import N_
from finder.records.casework.edits import conflicts
from finder.records.casework.reports import count_reports
from finder.records.drafts import list_drafts
from finder.records.releases import current_release
from finder.records.tables.data import ReleaseRecord
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.drafts.collections import Age
from finder.web.staff.queue.call_queue import count_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """One source of the public release: its collections, their oldest and newest dates, and of how many it speaks."""

    source: str
    collections: int
    oldest: Age
    newest: date
    providers: int
    """Public providers; of several collections, which may share some, those of the largest."""
    of_all: int
    """Percent of the public providers; at most 100, as an older release also counts those who are not listed."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How many of something wait, and where."""

    words: str
    count: int
    address: str


@blueprint.get("/")
@at_least("viewer")
def dashboard() -> str:
    """Show the state of the list at one glance."""
    today = services().today()
    with services().installation.records.reading() as session:
        release = current_release(session)
        staged = list_drafts(session, "staged", limit=100)
    return render_template(
        "staff/dashboard.html",
        release=release,
        sources=freshness(release, today) if release else (),
        staged=staged,
        casework=_casework() if release else (),
        missing=services().figures.missing_next_year(today),
        next_year=today.year + 1,
        proxy_fault=proxy_fault(),
        trusted_proxies=services().settings.trusted_proxies,
    )


def _casework() -> Sequence[OpenWork]:
    """Count what people wait for: reports, calls, corrections that a source contradicts."""
    with services().installation.records.reading() as session:
        open_reports, contradicted = count_reports(session, state="open"), len(conflicts(session))
    return (
        OpenWork(N_("open reports"), open_reports, url_for("staff.reports")),
        OpenWork(N_("listings to call"), count_due(), url_for("staff.queue")),
        OpenWork(N_("contradictions to settle"), contradicted, url_for("staff.records")),
    )


def freshness(release: ReleaseRecord, today: date) -> Sequence[Freshness]:
    """Return the age and size of each source of a release, the oldest first."""
    total = release.manifest["providers"] or 1
    layers = sorted(release.manifest["layers"], key=lambda layer: source_of(layer["source"]))
    found = []
    for source, group in groupby(layers, key=lambda layer: source_of(layer["source"])):
        collections = list(group)
        days = [date.fromisoformat(layer["as_of"]) for layer in collections]
        speaks_of = max(layer.get("listed", layer["providers"]) for layer in collections)
        found.append(
            Freshness(
                source=source,
                collections=len(collections),
                oldest=Age.of(min(days), today),
                newest=max(days),
                providers=speaks_of,
                of_all=min(100, round(100 * speaks_of / total)),
            )
        )
    return sorted(found, key=lambda one: one.oldest.as_of)
