"""Stage files: read them into layers, merge with the published ones, check, compare, and keep the result as a draft.

Nothing public changes here. Files go to the store first and the draft is recorded last, in one transaction: a killed
process leaves at most unreferenced files, which are pruned a day later.
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
from finder.intake.layers.stack import SAMPLE, Stack, count_providers
from finder.intake.merging.candidate import CandidateRelease, build_candidate, describe
from finder.intake.publishing.faulty_rows import faulty_rows
from finder.intake.publishing.geocode import locate_layers, open_geocoder
from finder.intake.sources.formats.meter import Progress
from finder.intake.sources.registry import read_file
from finder.intake.unpacking.budget import UPLOAD, Allowance, Budget
from finder.notices.notices import Notice
from finder.places.gazetteer import Gazetteer
from finder.records.casework.faulty_rows import FaultyRow, add_faulty_rows
from finder.records.drafts import NewDraft, add_draft
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord, ReleaseRecord
from finder.releases.installation import Installation
from finder.releases.store import scratch

MOST_REMOVED = 20
"""Removing more than one provider in this many (5%) needs the exact number as a confirmation."""


@dataclass(frozen=True, kw_only=True)
class StageRequest:
    """A request to stage files.

    ``replace``: the files hold everything that their source has. ``collection``: what files of insurers speak of, whose
    content does not say it. ``part``: they are a part of what their collection has. ``geocode``: look
    addresses up at the map service. ``budget``: how much may come out of what is packed.
    """

    paths: Sequence[Path]
    by: str
    source: str | None = None
    as_of: date | None = None
    replace: bool = False
    collection: str = ""
    part: bool = False
    geocode: bool = False
    budget: Budget = UPLOAD


@dataclass(frozen=True, kw_only=True)
class DraftOrigin:
    """Where a draft comes from: files, rows read, number of providers, and notices of earlier steps."""

    files: Sequence[str]
    rows: int
    providers: int
    notices: Sequence[Notice] = ()


def stage(
    installation: Installation,
    request: StageRequest,
    *,
    progress: Progress | None = None,
) -> DraftRecord:
    """Read files, merge them with the published data, and store the result as a draft."""
    gazetteer = installation.gazetteer
    geocoder = open_geocoder(installation.settings, gazetteer) if request.geocode else None
    base, stack = published_stack(installation)
    real = stack.without(SAMPLE)
    allowance = Allowance(request.budget)
    new_layers = read_file(
        request.paths,
        source=request.source,
        as_of=request.as_of,
        complete=request.replace,
        collection=request.collection,
        part=request.part,
        known_npis=real.npis,
        known_plans=real.plans,
        published=real.layers,
        gazetteer=gazetteer,
        progress=progress,
        allowance=allowance,
    )
    faulty = faulty_rows(request.paths, new_layers, allowance)
    if geocoder:
        new_layers = locate_layers(new_layers, geocoder, progress)
    return stage_layers(installation, new_layers, request, base=base, stack=stack, gazetteer=gazetteer, faulty=faulty)


def stage_layers(
    installation: Installation,
    new_layers: Sequence[Layer],
    request: StageRequest,
    *,
    base: ReleaseRecord | None,
    stack: Stack,
    gazetteer: Gazetteer,
    faulty: Sequence[FaultyRow] = (),
) -> DraftRecord:
    """Merge new layers with the published data and store the result as a draft.

    Without new layers the draft holds the decisions that staff made since the last release.
    """
    origin = DraftOrigin(
        files=[path.name for path in request.paths],
        rows=sum(layer.rows for layer in new_layers),
        providers=count_providers(new_layers),
    )
    candidate = build_candidate(
        installation, new_layers, base=base, stack=stack, complete=request.replace, gazetteer=gazetteer
    )
    new_draft = store_candidate(installation, candidate, origin, base)
    with installation.records.writing(patient=True) as session:
        draft = add_draft(session, new_draft, by=request.by)
        add_faulty_rows(session, draft.id, faulty)
    return draft


def store_candidate(
    installation: Installation, candidate: CandidateRelease, origin: DraftOrigin, base: ReleaseRecord | None
) -> NewDraft:
    """Store a candidate release, its layers and its reports; return the draft to record."""
    pins = candidate.stack.save(installation.store, installation.work)
    manifest = describe(candidate.stack, pins, candidate.merged)
    notices = [*origin.notices, *candidate.notices]
    with scratch(installation.work) as folder:
        release, found, changes = (folder / name for name in ("release", "notices", "changes"))
        write_release(release, candidate.merged.tables, manifest, installation.gazetteer)
        write_notices(notices, found)
        candidate.difference.changes.to_parquet(changes, index=False)
        return NewDraft(
            base_id=base.id if base else None,
            sha256=installation.store.put("", release),
            manifest=manifest,
            layers=pins,
            files=origin.files,
            rows=origin.rows,
            providers=origin.providers,
            notice_counts=count_notices(notices),
            notices_file=installation.store.put("notices", found),
            difference=candidate.difference.counts() | _confirmations(base, candidate),
            changes_file=installation.store.put("changes", changes),
            conflicts=candidate.conflicts,
            renewed=candidate.renewed,
        )


def published_stack(installation: Installation) -> tuple[ReleaseRecord | None, Stack]:
    """Return the current release (None before the first) and its layers."""
    with installation.records.reading() as session:
        base = current_release(session)
    return base, Stack.of_release(base.manifest if base else None, installation.store)


def count_notices(notices: Sequence[Notice]) -> dict[str, int]:
    """Count notices by code, including those that were only counted because there were too many to keep."""
    counts: Counter[str] = Counter()
    for found in notices:
        more = found.code == "more_of_the_same"
        counts[str(found.message.arguments["code"]) if more else found.code] += found.times
    return dict(sorted(counts.items()))


def _confirmations(base: ReleaseRecord | None, candidate: CandidateRelease) -> dict[str, int]:
    """Return the numbers to confirm before publishing: of removed providers, and of lost answers."""
    large = sum(loss.lost for loss in candidate.losses if loss.is_large)
    return {
        "to_confirm": to_confirm(base, candidate.difference),
        "answers_lost": sum(loss.lost for loss in candidate.losses),
        "losses_to_confirm": large,
    }


def to_confirm(base: ReleaseRecord | None, difference: Difference) -> int:
    """Return the number of removals to confirm before publishing, 0 for none; the sample may always be replaced."""
    if base is None or base.manifest["sample"]:
        return 0
    before = difference.removed + difference.changed + difference.unchanged
    return difference.removed if difference.removed * MOST_REMOVED > before else 0
