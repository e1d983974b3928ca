"""The layers of a run: one for each subject, from all files of the run that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from finder.directory.plans.agreed_prices import AGREED, AgreedRange
from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.builder import LayerBuilder
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.payers.rates.prices import Terms, latest, widen
from finder.intake.sources.payers.rates.subjects import Subject
from finder.notices.notices import Notice


@dataclass(slots=True)
class Membership:
    """A provider's place in a network or plan: its last day (empty: no end), and its prices.

    The prices are ranges by code and last day, so that none is told after its end.
    """

    until: str
    prices: Terms

    @classmethod
    def of(cls, terms: Terms) -> Membership:
        """Return the membership that some terms make, of which there is at least one."""
        return cls(latest(day for _, day in terms), {key: bounds for key, bounds in terms.items() if bounds})

    def extend(self, other: Membership) -> None:
        """Add what another file of the same subject says."""
        self.until = latest((self.until, other.until))
        widen(self.prices, other.prices)


@dataclass
class Collection:
    """What the files of one run say of one subject."""

    subject: Subject
    files: list[SourceFile] = field(default_factory=list)
    day: date = date.min
    """The latest of the files' days."""
    rows: int = 0
    """The entries of its files; those of a file with several networks count in the first alone."""
    notices: list[Notice] = field(default_factory=list)
    builder: LayerBuilder = field(default_factory=LayerBuilder)
    _memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    """By key of the network or plan, and NPI."""

    def add_file(self, file: SourceFile, day: date) -> None:
        """Add a file that speaks of the subject."""
        if file not in self.files:
            self.files.append(file)
        self.day = max(day, self.day)

    def add_member(self, key: str, npi: str, membership: Membership) -> None:
        """Add a provider's membership."""
        known = self._memberships.setdefault((key, npi), membership)
        if known is not membership:
            known.extend(membership)

    def layer(self, context: Context) -> Layer:
        """Return the finished layer."""
        day = self.day.isoformat()
        for (key, npi), member in sorted(self._memberships.items(), key=lambda entry: (entry[0][1], entry[0][0])):
            self.builder.insurance(npi, key, "yes", valid_until=member.until, as_of=day)
            for (code, until), bounds in sorted(member.prices.items()):
                if bounds:
                    value = AgreedRange(*bounds, until).text
                    self.builder.fact(npi, f"{AGREED}{key}:{code}", value, as_of=day)
        as_of = context.date_of(self.files) or self.day
        return self.builder.layer(
            context, as_of, notices=self.notices, rows=self.rows, subject=self.subject.name, title=self.subject.title
        )


class Collections:
    """The collections of a run, by subject, in the order of the files."""

    def __init__(self) -> None:
        self._by_name: dict[str, Collection] = {}

    def of(self, subject: Subject) -> Collection:
        """Return the collection of a subject."""
        return self._by_name.setdefault(subject.name, Collection(subject))

    def layers(self, context: Context) -> Sequence[Layer]:
        """Return the finished layers."""
        return [collection.layer(context) for collection in self._by_name.values()]
