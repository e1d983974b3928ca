"""Reads ``providers.json`` and ``plans.json`` of marketplace issuers into a collection for each issuer.

Each is a list or, as some publish it, an object with a list or one entry per line. The plans in a file say whose it is:
the first five digits of their ids are their issuer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.errors import MedicareAdvantageDirectory
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, objects_or_one
from finder.intake.sources.formats.json_stream import entries
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.payers.marketplace.issuers import Issuers
from finder.intake.sources.payers.marketplace.plan_list import PlanList
from finder.intake.sources.payers.marketplace.provider_list import ProviderList
from finder.notices.notices import Findings, Notice

SOURCE = "marketplace"


def recognizes(file: SourceFile) -> bool:
    """Return whether this is a list of providers or of plans; an empty list is recognized by the name of its file."""
    if begins_with(file, "npi", "plans") or _lists_plans(file):
        return True
    return file.start.strip() == b"[]" and "provider" in file.name.lower()


def _lists_plans(file: SourceFile) -> bool:
    return begins_with(file, "plan_id_type", "marketing_name")


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the therapists, known NPIs whatever their specialty, and the names of plans.

    Raises AsOfNeeded, BrokenJson, CollectionNeeded, MedicareAdvantageDirectory, NobodyInside.
    """
    issuers = Issuers(context)
    plans, providers = PlanList(issuers), ProviderList(issuers, context)
    meter = Meter(context.progress, sum(file.size for file in files))
    notices: list[Notice] = []
    rows = 0
    for file in files:
        findings = Findings(file.name)
        within, take = ("plans", plans.take) if _lists_plans(file) else ("providers", providers.take)
        for number, entry in _entries(file, meter, within):
            rows += 1
            if isinstance(entry, dict):
                _refuse_medicare_advantage(entry, file)
                take(entry, number, findings)
            else:
                findings.add("not_an_object", number)
        notices += findings.notices()
    as_of = context.settled_date(files, issuers.latest, rows)
    return issuers.layers(as_of, files, notices, rows)


def _refuse_medicare_advantage(entry: dict[str, Any], file: SourceFile) -> None:
    """Raise for a directory of Medicare Advantage, which has the same form and other names in it."""
    if any("maPlanId" in plan and "plan_id" not in plan for plan in objects_or_one(entry.get("plans"))):
        raise MedicareAdvantageDirectory(file.name)


def _entries(file: SourceFile, meter: Meter, within: str) -> Iterator[tuple[int, object]]:
    with entries(file, meter, within) as found:
        yield from enumerate(found, 1)
