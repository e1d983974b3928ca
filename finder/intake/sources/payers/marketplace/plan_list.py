"""The entries of ``plans.json``: the names of plans, one row for each of their years."""

from __future__ import annotations

from typing import Any

from finder.intake.sources.builder import PlanRow
from finder.intake.sources.formats.delimited import make_row
from finder.intake.sources.formats.json_files import text
from finder.intake.sources.payers.marketplace.issuers import Issuers, add_identifiers
from finder.notices.notices import Findings

KIND = "marketplace"
"""The kind of these plans."""


class PlanList:
    """Adds plans to the collections of their issuers. The tiers of their networks are not told apart."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers

    def take(self, plan: dict[str, Any], number: int, findings: Findings) -> None:
        """Add a plan, or report what is missing."""
        row = make_row(number, {key: text(value) for key, value in plan.items()}, findings)
        day = self._issuers.day(row)
        found = self._issuers.plan_id(plan, row, "plan_id")
        if found and not row["marketing_name"]:
            row.report("fields_missing", "marketing_name")
        if found is None or not row["marketing_name"]:
            return
        years = self._issuers.years(plan, row)
        if years.is_unknown:
            return
        collection = self._issuers.of(found)
        collection.entries += 1
        for year in years.numbers or ("",):
            collection.builder.plan(
                PlanRow(plan=found.key, kind=KIND, name=row["marketing_name"], year=str(year), as_of=day)
            )
        add_identifiers(collection.builder, found, day)
