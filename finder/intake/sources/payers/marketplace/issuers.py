"""The collections of marketplace files: one for each issuer, and which of them an entry belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from finder.directory.plans.keys import slug
from finder.intake.cleaning.fields import clean_date
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.errors import CollectionNeeded
from finder.intake.sources.formats.delimited import Row
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import text
from finder.intake.sources.payers.collection_rows import CollectionRows
from finder.intake.sources.payers.marketplace.plan_ids import PlanId, Years, plan_id, read_years
from finder.notices.notices import Findings, Notice


class Issuers:
    """The collections of the files that are read together, by subject."""

    def __init__(self, context: Context) -> None:
        self.latest: date | None = None
        """The latest date of an entry."""
        self.entries_without_plan = 0
        """Entries of therapists that name no plan, so that nothing says whose they are."""
        self._context = context
        self._collections: dict[str, CollectionRows] = {}

    def of(self, plan: PlanId) -> CollectionRows:
        """Return the collection of a plan's issuer; of the ids of other systems, the collection that was named."""
        if plan.issuer:
            return self._collection(plan.issuer, f"Marketplace issuer {plan.issuer}")
        return self._collection(slug(self._context.collection), self._context.collection)

    def named(self) -> CollectionRows | None:
        """Return the collection that the operator named, None if none was named."""
        name = self._context.collection
        return self._collection(slug(name), name) if slug(name) else None

    def listed(self, plan: dict[str, Any]) -> None:
        """Note that the files say who is in a plan."""
        found = plan_id(text(plan.get("plan_id")), self._context.collection)
        if found and self._is_of_somebody(found):
            self.of(found).lists_members = True

    def plan_id(self, plan: dict[str, Any], row: Row, column: str) -> PlanId | None:
        """Read the id of a plan, and report a missing one, under ``column``, and one of another system."""
        written = text(plan.get("plan_id"))
        found = plan_id(written, self._context.collection)
        if found is None:
            row.report("fields_missing", column)
        elif not self._is_of_somebody(found):
            row.report("plan_id_of_nobody", "plan_id", written)
            return None
        elif not found.issuer:
            row.report("plan_id_other", "plan_id", written)
        return found

    def _is_of_somebody(self, plan: PlanId) -> bool:
        """Return whether something says whose a plan is: ``"Gold 1"`` is a plan of many issuers."""
        return bool(plan.issuer or slug(self._context.collection))

    def years(self, plan: dict[str, Any], row: Row) -> Years:
        """Read the years of a plan and report those that cannot be read."""
        years = read_years(plan.get("years"))
        for written in years.unreadable:
            row.report("year_unreadable", "years", written)
        return years

    def day(self, row: Row) -> str:
        """Return the date of an entry as ISO text, empty if it has none or an unreadable one."""
        day, finding = clean_date(row["last_updated_on"])
        if finding:
            row.report(finding, "last_updated_on", row["last_updated_on"])
        if day:
            self.latest = max(day, self.latest or day)
        return day.isoformat() if day else ""

    def layers(self, as_of: date, files: Sequence[SourceFile], notices: Sequence[Notice], rows: int) -> list[Layer]:
        """Return the layers, the first with all notices. Raises CollectionNeeded if nothing says whose they are."""
        if not self._collections and self.named() is None:
            raise CollectionNeeded(files[0].name)
        without_plan = Findings(files[-1].name)
        if self.entries_without_plan and self.named() is None:
            without_plan.tally("without_collection", self.entries_without_plan)
        found = sorted(self._collections.items())
        uncounted = rows - sum(collection.entries for _, collection in found)
        first: tuple[Sequence[Notice], int] = ([*notices, *without_plan.notices()], uncounted)
        return [
            collection.layer(self._context, as_of, subject, *(((), 0) if number else first))
            for number, (subject, collection) in enumerate(found)
        ]

    def _collection(self, subject: str, title: str) -> CollectionRows:
        if subject not in self._collections:
            self._collections[subject] = CollectionRows(title=title)
        return self._collections[subject]


def add_identifiers(builder: LayerBuilder, plan: PlanId, day: str) -> None:
    """Add the ids of a plan: its HIOS id, and the id as written, which was its name in the first version."""
    if plan.issuer:
        builder.identifier(plan.key, "hios", plan.key.removeprefix("hios:"), day)
    builder.alias(plan.written, plan.key, day)
