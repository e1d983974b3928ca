"""What still holds on the day of the files: what has ended, is inactive, retired or closed says nothing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from finder.intake.cleaning.fields import clean_date
from finder.intake.sources.formats.fhir import Resource, code, codes_of
from finder.intake.sources.formats.json_files import objects, text
from finder.intake.sources.payers.periods import ALWAYS, Period
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.notices.notices import Findings

PLAN_STATUSES = {"active", "unknown", ""}
"""The statuses of plans that count; drafts and retired plans do not."""

LOCATION_STATUSES = {"active", ""}

QUALIFICATION_STATUSES = {"active", "unknown", ""}
"""The others are inactive, issued in error, revoked or pending."""

FOREVER = 9999
"""The year that stands for a period without end."""


class InForce:
    """Decides what holds on a day; what does not is counted once, in a notice of its kind."""

    def __init__(self, day: date, findings: Findings) -> None:
        self._day = day
        self._findings = findings
        self._counted: set[int] = set()

    def role(self, entry: Entry) -> Period | None:
        """Return the period of a role or an affiliation, None if it does not hold any more."""
        return self._period(entry.resource, "role_ended")

    def provider(self, entry: Entry) -> Period | None:
        """Return the period of a person or an organization in the directory."""
        return self._period(entry.resource, "provider_inactive")

    def network(self, entry: Entry, managing: Iterable[Entry] = ()) -> Period | None:
        """Return the period of a network; it ends with any of the organizations that manage it."""
        is_managed = all(self._holds(organization.resource) for organization in managing)
        return self._period(entry.resource, "network_ended", is_managed)

    def service(self, entry: Entry) -> Period | None:
        """Return the period of a healthcare service."""
        return self._period(entry.resource, "service_ended")

    def plan(self, entry: Entry) -> Period | None:
        """Return the period of a plan."""
        return self._period(entry.resource, "plan_ended", code(entry.resource, "status") in PLAN_STATUSES)

    def location(self, entry: Entry) -> Period | None:
        """Return the period in which a place is open at its address."""
        resource = entry.resource
        is_open = code(resource, "status") in LOCATION_STATUSES
        addresses = [address for address in (resource.get("address"),) if isinstance(address, dict)]
        if addresses and not self.current(addresses):
            is_open = False
        of_address = period_of(addresses[0]) if addresses else ALWAYS
        found = self._period(resource, "location_closed", is_open)
        return found and found.meet(of_address)

    def qualifications(self, provider: Resource) -> list[Resource]:
        """Return the qualifications of a provider that hold."""
        found = list(objects(provider.get("qualification")))
        return [one for one in found if self._period(one, "qualification_ended", _is_valid(one)) is not None]

    def current(self, items: Iterable[Resource]) -> list[Resource]:
        """Return the names, telephones or addresses that are not former ones."""
        return [item for item in items if code(item, "use") != "old" and period_of(item).end >= self._day]

    def count(self, kind: str, resource: Resource) -> None:
        """Count a resource that does not hold, once."""
        if id(resource) not in self._counted:
            self._counted.add(id(resource))
            self._findings.tally(kind)

    def _period(self, resource: Resource, kind: str, holds: bool = True) -> Period | None:
        period = self._holds(resource)
        if holds and period:
            return period
        self.count(kind, resource)
        return None

    def _holds(self, resource: Resource) -> Period | None:
        period = _whole_period(resource)
        is_active = code(resource, "active") != "false"
        return period if is_active and period and period.end >= self._day else None


def period_of(resource: Resource) -> Period:
    """Return the ``period`` of a resource or of a part of it; a date that cannot be read is no limit."""
    return _period(resource.get("period"))


def _whole_period(resource: Resource) -> Period | None:
    """Return the days that all periods of a resource share: its own, and those of extensions."""
    found: Period | None = period_of(resource)
    for period in _extended_periods(resource):
        found = found and found.meet(period)
    return found


def _extended_periods(resource: Resource) -> Iterator[Period]:
    for extension in objects(resource.get("extension")):
        if text(extension.get("url")).endswith("-period"):
            yield _period(extension.get("valuePeriod"))


def _period(written: Any) -> Period:
    if not isinstance(written, dict):
        return ALWAYS
    start, end = _day(text(written.get("start")), last=False), _day(text(written.get("end")), last=True)
    return Period(start or date.min, end or date.max)


def _day(written: str, *, last: bool) -> date | None:
    """Read a date of FHIR, which may be a year or a month: its first or its last day."""
    if written.startswith(str(FOREVER)):
        return None
    if len(written) == 4:
        return clean_date(f"{written}-12-31" if last else f"{written}-01-01").value
    if len(written) == 7:
        first = clean_date(f"{written}-01").value
        return first.replace(day=monthrange(first.year, first.month)[1]) if first and last else first
    return clean_date(written).value


def _is_valid(qualification: Resource) -> bool:
    """Return whether a qualification's status, in an extension, is a valid one."""
    for extension in objects(qualification.get("extension")):
        for inner in objects(extension.get("extension")):
            if text(inner.get("url")) == "status" and _code(inner) not in QUALIFICATION_STATUSES:
                return False
    return True


def _code(extension: Resource) -> str:
    return code(extension, "valueCode") or next(codes_of(extension.get("valueCodeableConcept")), "")
