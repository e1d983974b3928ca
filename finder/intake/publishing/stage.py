"""Stage files: read them into layers, merge with the published ones, check, compare, and keep the result as a draft.

Nothing public changes here. Files go to the store first and the draft is recorded last, in one transaction: a process
that is killed leaves at most files that nobody names, which are pruned a day later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from finder.directory.release.difference import Difference
from finder.directory.release.write import write_release
from finder.intake.layers.files import write_notices
from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import SAMPLE, Stack, named_npis
from finder.intake.merging.candidate import Prepared, describe, prepare
from finder.intake.publishing.faulty_rows import faulty_rows
from finder.intake.publishing.geocode import locate_layers, open_geocoder
from finder.intake.sources.formats.meter import Progress
from finder.intake.sources.registry import read_file
from finder.notices.notices import Notice
from finder.places.gazetteer import Gazetteer
from finder.records.casework.faulty_rows import FaultyRow, add_waiting_rows
from finder.records.drafts import Candidate, add_draft
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord, ReleaseRecord
from finder.releases.installation import Installation
from finder.releases.store import scratch

MOST_REMOVED = 20
"""More than one provider in so many removed needs the exact number as a confirmation (5%)."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person asks to stage.

    ``replace``: the files are the whole of their source. ``geocode``: a map service is asked where the addresses are.
    """

    paths: Sequence[Path]
    by: str
    source: str | None = None
    as_of: date | None = None
    replace: bool = False
    geocode: bool = False


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a draft was made of: files, the rows read, the providers named, and notices from before the last step."""

    files: Sequence[str]
    rows: int
    providers: int
    notices: Sequence[Notice] = ()


def stage(
    installation: Installation,
    request: Request,
    *,
    gazetteer: Gazetteer | None = None,
    progress: Progress | None = None,
) -> DraftRecord:
    """Read files and keep what they would make of the published data as a draft."""
    gazetteer = gazetteer or Gazetteer.load()
    geocoder = open_geocoder(installation.settings, gazetteer) if request.geocode else None
    base, stack = published_stack(installation)
    real = stack.without(SAMPLE)
    news = read_file(
        request.paths,
        source=request.source,
        as_of=request.as_of,
        whole=request.replace,
        known_npis=real.npis,
        known_plans=real.plans,
        gazetteer=gazetteer,
        progress=progress,
    )
    faulty = faulty_rows(request.paths, news)
    if geocoder:
        news = locate_layers(news, geocoder, progress)
    return stage_layers(installation, news, request, base=base, stack=stack, gazetteer=gazetteer, faulty=faulty)


def stage_layers(
    installation: Installation,
    news: Sequence[Layer],
    request: Request,
    *,
    base: ReleaseRecord | None,
    stack: Stack,
    gazetteer: Gazetteer,
    faulty: Sequence[FaultyRow] = (),
) -> DraftRecord:
    """Keep what new layers would make of the published data as a draft; without any, what staff decided since."""
    origin = Origin(
        files=[path.name for path in request.paths],
        rows=sum(layer.rows for layer in news),
        providers=named_npis(news),
    )
    made = prepare(installation, news, base=base, stack=stack, whole=request.replace, gazetteer=gazetteer)
    candidate = store_candidate(installation, made, origin, base)
    with installation.records.writing() as session:
        draft = add_draft(session, candidate, by=request.by)
        add_waiting_rows(session, draft.id, faulty)
    return draft


def store_candidate(
    installation: Installation, made: Prepared, origin: Origin, base: ReleaseRecord | None
) -> Candidate:
    """Put a candidate, its layers and its reports into the store, and describe it for the records."""
    pins = made.stack.stored(installation.store, installation.work)
    manifest = describe(made.stack, pins, made.merged)
    notices = [*origin.notices, *made.notices]
    with scratch(installation.work) as folder:
        release, found, changes = (folder / name for name in ("release", "notices", "changes"))
        write_release(release, made.merged.tables, manifest)
        write_notices(notices, found)
        made.difference.changes.to_parquet(changes, index=False)
        return Candidate(
            base_id=base.id if base else None,
            sha256=installation.store.put("", release),
            manifest=manifest,
            layers=pins,
            files=origin.files,
            rows=origin.rows,
            providers=origin.providers,
            notice_counts=count_notices(notices),
            notices_file=installation.store.put("notices", found),
            difference=made.difference.counts() | {"to_confirm": to_confirm(base, made.difference)},
            changes_file=installation.store.put("changes", changes),
            conflicts=made.conflicts,
        )


def published_stack(installation: Installation) -> tuple[ReleaseRecord | None, Stack]:
    """Give the current release, None before the first, and its layers."""
    with installation.records.reading() as session:
        base = current_release(session)
    return base, Stack.of_release(base.manifest if base else None, installation.store)


def count_notices(notices: Sequence[Notice]) -> dict[str, int]:
    """Count what notices tell of by code, with what was only counted because there was too much of it to keep."""
    counts: Counter[str] = Counter()
    for found in notices:
        more = found.code == "more_of_the_same"
        counts[str(found.message.arguments["code"]) if more else found.code] += found.times
    return dict(sorted(counts.items()))


def to_confirm(base: ReleaseRecord | None, difference: Difference) -> int:
    """Give the number of removals that a person must type before publishing; 0: none. The sample goes freely."""
    if base is None or base.manifest["sample"]:
        return 0
    before = difference.removed + difference.changed + difference.unchanged
    return difference.removed if difference.removed * MOST_REMOVED > before else 0
