"""One record as staff see it: what is in force in each field, and what the public release says.

In force is the staff's edit where there is one, published or not yet, else what is published. Values have the form
that edits have (see ``finder.records.edit_values``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from finder.directory.plans.answers import at_location
from finder.directory.provider import Provider
from finder.http.services import services
from finder.records.casework.edits import Change
from finder.records.edit_values import (
    CONFIRMED,
    FACT,
    LISTING,
    OF_PROVIDER,
    PLAN,
    YES,
    EditField,
    join_answers,
    location_value,
)
from finder.records.tables.casework import Edit
from finder.web.presentation.plan_names import plans_of_release


@dataclass(frozen=True, kw_only=True)
class Record:
    """A provider as it is published, with the edits in force on it."""

    provider: Provider
    edits: Sequence[Edit]
    version: int

    def edit(self, field: str, location_key: str = "") -> Edit | None:
        """Return the edit in force on a field."""
        here = (one for one in self.edits if (one.field, one.location_key) == (field, location_key))
        return next(here, None)

    def published(self, field: str, location_key: str = "") -> str:
        """Return what the release says, written as the value of an edit; empty where it says nothing.

        What is said of every place holds at each place that has no answer of its own.
        """
        about, provider = EditField.parse(field), self.provider
        found: Iterable[str]
        if about.kind == PLAN:
            keys = plans_of_release().resolve(about.name)
            known = at_location(provider.insurance, location_key, services().today())
            found = (one.status for one in known if one.plan in (keys if len(keys) == 1 else (about.name,)))
        elif about.kind == FACT:
            facts = [one for one in provider.facts if one.field == about.name]
            here = [one.value for one in facts if one.location_key == location_key]
            return join_answers(here or [one.value for one in facts if one.location_key == ""])
        elif about.kind == CONFIRMED:
            found = (YES for one in provider.evidence if (one.facet, one.kind) == (about.name, "confirmed"))
        elif about.kind == LISTING:
            return ""  # what is closed is not published
        elif about.kind in OF_PROVIDER:
            return str(getattr(provider, about.kind))
        else:
            places = (one for one in provider.locations if one.location_key == location_key)
            found = (location_value(about.kind, asdict(one)) for one in places)
        return next(iter(found), "")

    def in_force(self, field: str, location_key: str = "") -> str:
        """Return the value that counts: the edit, else what is published."""
        edit = self.edit(field, location_key)
        return edit.value if edit else self.published(field, location_key)

    def source(self, field: str, location_key: str = "") -> str:
        """Return what the sources said last, as far as staff know: under an edit, what it replaced."""
        edit = self.edit(field, location_key)
        if edit is None:
            return self.published(field, location_key)
        return edit.source_value if edit.conflict_value is None else edit.conflict_value


def confirmations(record: Record, place: str) -> list[Change]:
    """Return the changes that confirm address and phone of a place, or of all, as they are."""
    return [
        Change(
            field=field,
            value=record.in_force(field, location.location_key),
            before=record.source(field, location.location_key),
            location_key=location.location_key,
        )
        for location in record.provider.locations
        if place in ("", location.location_key)
        for field in ("address", "phone")
    ]
