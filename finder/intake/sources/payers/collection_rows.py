"""The rows of one collection: what a payer's files say of the providers of one issuer, payer or network.

Files say one thing several times, in several roles or entries. Answers on one question are gathered before they
become rows, so that no two rows of a collection count on the same day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from finder.directory.vocabulary.specialties import EvidenceRow
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder, Location
from finder.intake.sources.payers.periods import Period, pieces
from finder.notices.notices import Notice


@dataclass(frozen=True, slots=True)
class Membership:
    """What one entry says: a provider is in a plan or network in some periods, and whether it takes new patients."""

    periods: tuple[Period, ...]
    accepting_patients: str
    """``yes``, ``no``, ``some``, or empty if the entry does not say it."""
    as_of: str


@dataclass
class CollectionRows:
    """Gathers the rows of one collection. Dates of entries are ISO text, empty if they have none."""

    title: str = ""
    """What staff read of the collection."""
    entries: int = 0
    """The entries of the files that were counted for this collection."""
    lists_members: bool = False
    """Whether the files say who is in it; files of plans alone do not."""
    builder: LayerBuilder = field(default_factory=LayerBuilder)
    _providers: set[str] = field(default_factory=set)
    _locations: set[tuple[str, str]] = field(default_factory=set)
    _memberships: dict[str, dict[tuple[str, str], tuple[Membership, ...]]] = field(default_factory=dict)
    """By NPI, then by plan and location key."""
    _accepting: dict[tuple[str, str], tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Dates and answers by NPI and location key."""

    def provider(
        self,
        npi: str,
        evidence: Sequence[EvidenceRow],
        *,
        entity: str,
        name: str,
        sort_name: str,
        credentials: str = "",
        as_of: str = "",
    ) -> None:
        """Add a provider and the evidence for its specialties, once."""
        if npi not in self._providers:
            self._providers.add(npi)
            self.builder.provider(
                npi, entity=entity, name=name, sort_name=sort_name, credentials=credentials, as_of=as_of
            )
            self.builder.evidence(npi, evidence, as_of)

    def location(self, npi: str, place: Location, *, name: str = "", as_of: str = "") -> None:
        """Add a practice location, once."""
        if (npi, place.key) not in self._locations:
            self._locations.add((npi, place.key))
            self.builder.location(npi, place, name=name, as_of=as_of)

    def member(self, npi: str, plan: str, membership: Membership, location_key: str = "") -> None:
        """Add what an entry says of a provider and a plan or network."""
        self.lists_members = True
        known = self._memberships.setdefault(npi, {})
        answers_given = known.get((plan, location_key), ())
        if membership not in answers_given:
            known[plan, location_key] = (*answers_given, membership)

    def accepts(self, npi: str, answer: str, as_of: str, location_key: str = "") -> None:
        """Add whether a provider takes new patients, unless the answer is empty."""
        if answer:
            self._accepting[npi, location_key] = (*self._accepting.get((npi, location_key), ()), (as_of, answer))

    def layer(
        self, context: Context, as_of: date, subject: str, notices: Sequence[Notice] = (), more_entries: int = 0
    ) -> Layer:
        """Return the layer of the collection.

        Files that do not say who is in it cannot take anybody away: they add to what the collection holds.
        """
        for npi, known in self._memberships.items():
            for (plan, location_key), answers_given in known.items():
                self._write(npi, plan, location_key, answers_given)
        self._memberships.clear()
        for (npi, location_key), answers in self._accepting.items():
            self.builder.fact(
                npi, "accepting_patients", _latest(answers), location_key=location_key, as_of=max(answers)[0]
            )
        return self.builder.layer(
            replace(context, part=context.part or not self.lists_members),
            as_of,
            notices=notices,
            rows=self.entries + more_entries,
            subject=subject,
            title=self.title,
        )

    def _write(self, npi: str, plan: str, location_key: str, answers_given: Sequence[Membership]) -> None:
        for answer in _answers(answers_given):
            (period,) = answer.periods
            self.builder.insurance(
                npi,
                plan,
                "yes",
                location_key=location_key,
                accepting_patients=answer.accepting_patients,
                valid_from=period.valid_from,
                valid_until=period.valid_until,
                as_of=answer.as_of,
            )


def _answers(answers_given: Sequence[Membership]) -> list[Membership]:
    """Return what several entries say as answers of one period each, of which no two count on one day."""
    found: list[Membership] = []
    for period in pieces(period for one in answers_given for period in one.periods):
        within = [one for one in answers_given if any(period.meet(other) for other in one.periods)]
        accepting = _latest((one.as_of, one.accepting_patients) for one in within)
        as_of = max(one.as_of for one in within)
        if found and found[-1].accepting_patients == accepting and found[-1].periods[0].reaches(period):
            before = found.pop()
            period, as_of = Period(before.periods[0].start, period.end), max(as_of, before.as_of)
        found.append(Membership((period,), accepting, as_of))
    return found


def combined(answers: Collection[str]) -> str:
    """Return several answers on new patients as one: ``some`` if they differ, empty if one of them is unknown."""
    different = set(answers)
    if "" in different or not different:
        return ""
    return different.pop() if len(different) == 1 else "some"


def _latest(answers: Iterable[tuple[str, str]]) -> str:
    """Return the answers of the latest date as one; answers that are unknown do not count."""
    known = [(day, answer) for day, answer in answers if answer]
    latest = max((day for day, _ in known), default="")
    return combined({answer for day, answer in known if day == latest})
