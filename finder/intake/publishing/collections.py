"""The collections of the published release: what each holds, how old it is, and how one is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from finder.directory.vocabulary.sources import source_names
from finder.errors import FinderError
from finder.i18n import word
from finder.intake.layers.stack import SAMPLE
from finder.intake.merging.candidate import build_candidate
from finder.intake.merging.staff_layers import EDITS, SUPPRESSIONS
from finder.intake.publishing.stage import DraftOrigin, published_stack, store_candidate
from finder.records.drafts import add_draft, layers_stored_at
from finder.records.releases import current_release
from finder.records.tables.data import DraftRecord
from finder.releases.installation import Installation, NothingPublished

NOT_WITHDRAWN = frozenset({SAMPLE, EDITS, SUPPRESSIONS})
"""The sample goes by itself with the first real data; decisions of staff are taken back where they were made."""


class UnknownCollection(FinderError):
    """There is no such collection in what is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionStatus:
    """One collection of a release; ``last_success`` is when its present content was last staged."""

    collection: str
    title: str
    as_of: date
    rows: int
    memberships: int
    last_success: datetime

    @property
    def withdrawable(self) -> bool:
        """Return whether the collection can be withdrawn."""
        return self.collection not in NOT_WITHDRAWN

    def as_json(self) -> dict[str, Any]:
        """Return the collection as JSON values."""
        return asdict(self) | {
            "as_of": self.as_of.isoformat(),
            "last_success": self.last_success.isoformat(timespec="seconds"),
        }


def published_collections(installation: Installation) -> list[CollectionStatus]:
    """Return the collections of the current release, by name. Raises NothingPublished."""
    with installation.records.reading() as session:
        current = current_release(session)
        if current is None:
            raise NothingPublished
        layers: Sequence[dict[str, Any]] = current.manifest["layers"]
        stored_at = layers_stored_at(session, [layer["sha256"] for layer in layers])
    return [
        CollectionStatus(
            collection=layer["source"],
            title=layer.get("title") or word(source_names(layer["source"]).title),
            as_of=date.fromisoformat(layer["as_of"]),
            rows=layer["rows"],
            memberships=layer.get("memberships", 0),
            last_success=stored_at[layer["sha256"]],
        )
        for layer in sorted(layers, key=lambda layer: str(layer["source"]))
    ]


def withdraw(installation: Installation, collection: str, *, by: str) -> DraftRecord:
    """Keep as a draft what is left without a collection. Raises UnknownCollection, also for ``NOT_WITHDRAWN``."""
    base, stack = published_stack(installation)
    if collection not in stack.layers or collection in NOT_WITHDRAWN:
        raise UnknownCollection
    candidate = build_candidate(
        installation, (), base=base, stack=stack, complete=False, gazetteer=installation.gazetteer, without=collection
    )
    origin = DraftOrigin(files=[f"− {stack.layers[collection].title or collection}"], rows=0, providers=0)
    new_draft = store_candidate(installation, candidate, origin, base)
    with installation.records.writing(patient=True) as session:
        return add_draft(session, new_draft, by=by)
