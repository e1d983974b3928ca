"""Two coverages that share a bill, in the order in which they pay; which pairs exist, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.vocabulary import MinutesRule
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import Counters, Coverage, Range, Settlement, Share, VisitToSettle
from finder.coverage.rules.statements import Note
from finder.i18n import N_, Message

PAIRS: frozenset[tuple[str, str]] = frozenset(
    {
        ("employer_primary", "medigap"),
        ("employer_primary", "qmb"),
        ("employer_primary", "medicaid"),
        ("medigap", "qmb"),
        ("medicare_advantage", "qmb"),
        ("medicare_advantage", "medicaid"),
        ("medicare_advantage", "slmb"),
        ("medicare_advantage", "qi"),
        ("medicare_advantage", "employer_secondary"),
        ("medigap", "tricare_for_life"),
        ("employer_secondary", "tricare_for_life"),
        ("medicare_advantage", "tricare_for_life"),
    }
)
"""The pairs that exist: the kind that pays first, and the kind that pays after it."""

SAVINGS_PROGRAMS = frozenset({"qmb", "slmb", "qi", "medicaid"})
ALONE = frozenset({"self_pay", "none", "unknown"})
WITH_MEDICARE = SAVINGS_PROGRAMS | {
    "medigap",
    "medicare_advantage",
    "employer_primary",
    "employer_secondary",
    "tricare_for_life",
}
"""Kinds of people who have Medicare."""

MOST = 2
TOO_MANY = N_("We can work out two coverages at once. Leave out the one that pays last, and ask it what it pays.")

PAIR_NOTES: Mapping[tuple[str, str], Note] = {
    ("medigap", "qmb"): Note(
        "medigap_suspended",
        Message(N_("With QMB, a Medigap plan is usually put on hold. Ask your Medicaid office before you pay for it.")),
    )
}
"""What must be said of a pair."""


def refusal(first: str, second: str) -> Message | None:
    """Return why two kinds cannot share a bill in this order; None where they can.

    The list of pairs is closed: whatever is not known to exist is refused.
    """
    kinds = {first, second}
    if (first, second) in PAIRS:
        return None
    if kinds == {"medigap", "medicare_advantage"}:
        return Message(N_("A Medigap plan cannot be used with a Medicare Advantage plan."))
    if kinds <= SAVINGS_PROGRAMS:
        return Message(N_("Choose the one on your card."))
    if "commercial" in kinds and kinds & WITH_MEDICARE:
        return Message(N_("With Medicare, a plan from work pays first or second: choose which."))
    if "va_community_care" in kinds:
        return Message(N_("Care through VA and care through Medicare are separate: choose one for this visit."))
    if kinds & ALONE:
        return Message(N_("This cannot be combined with other coverage."))
    if (second, first) in PAIRS:
        return Message(N_("Put {first} first: it pays before the other."), {"first": KIND_NAMES[second]})
    return Message(N_("We do not know how these two share a bill. Ask the plans which one pays first."))


KIND_NAMES: Mapping[str, Message] = {
    "employer_primary": Message(N_("the plan from work")),
    "employer_secondary": Message(N_("the plan from work")),
    "medigap": Message(N_("Medigap")),
    "medicare_advantage": Message(N_("Medicare Advantage")),
}
"""The names of the kinds that pay first in a pair."""


@dataclass(frozen=True, slots=True)
class TwoCounters(Counters):
    """The yearly amounts of both coverages."""

    first: Counters = field(default_factory=Counters)
    second: Counters = field(default_factory=Counters)

    def used_up(self) -> TwoCounters:
        """Return the amounts with nothing left."""
        return TwoCounters(first=self.first.used_up(), second=self.second.used_up())


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoCoverages(Coverage):
    """Two coverages: the second pays on what the first leaves to the patient."""

    first: Coverage
    second: Coverage
    builds_on_part_b: bool
    pays_all: bool
    pays_set_amount: bool
    may_pay_uncovered: bool
    requires_assignment: bool
    minutes_rule: MinutesRule
    note: Note | None = None

    @classmethod
    def of(cls, first: Coverage, second: Coverage, note: Note | None = None) -> TwoCoverages:
        """Join two coverages in the order in which they pay."""
        return cls(
            first=first,
            second=second,
            builds_on_part_b=first.builds_on_part_b,
            pays_all=second.pays_all,
            pays_set_amount=first.pays_set_amount or second.pays_set_amount,
            may_pay_uncovered=first.may_pay_uncovered or second.may_pay_uncovered,
            requires_assignment=first.requires_assignment or second.requires_assignment,
            minutes_rule=first.minutes_rule,
            note=note,
        )

    def opening(self, day: date, figures: Figures) -> TwoCounters:
        """Return what is left of the yearly amounts of both before the first visit. Raises NotPublished."""
        return TwoCounters(first=self.first.opening(day, figures), second=self.second.opening(day, figures))

    def renewed(self, day: date, figures: Figures) -> TwoCounters:
        """Return the yearly amounts of both as they start again. Raises NotPublished."""
        return TwoCounters(first=self.first.renewed(day, figures), second=self.second.renewed(day, figures))

    def settle(self, case: VisitToSettle) -> Settlement:
        """Let the first coverage pay, and the second on what is left to the patient.

        Source: 42 CFR 411.20 to 411.35; 42 USC 1396a(a)(25); the terms of each coverage.
        """
        counters = case.counters if isinstance(case.counters, TwoCounters) else TwoCounters()
        first = self.first.settle(replace(case, counters=counters.first))
        after_first = replace(case, counters=counters.second)
        if first.patient_pays is None:
            return self._settle_range(first, after_first)
        second = self.second.settle(replace(after_first, left_before=first.left or Share(ZERO, first.patient_pays)))
        paid_first = first.other_coverage_pays
        bounds = second.other_coverage_range
        joined = self._joined(first, second, second.counters)
        return replace(
            joined,
            other_coverage_pays=total(paid_first, second.other_coverage_pays),
            other_coverage_range=_shifted(bounds, paid_first) if bounds and paid_first is not None else None,
            patient_range=self._range_around(first, second, after_first),
            steps=(*first.steps, *second.steps),
        )

    def settle_without_part_b(self, case: VisitToSettle) -> Settlement | None:
        """Return that nothing is left to the patient, where the second coverage pays all whatever the fees are."""
        settlement = self.second.settle_without_part_b(case)
        if settlement is None or self.note is None:
            return settlement
        return replace(settlement, notes=(*settlement.notes, self.note))

    def _settle_range(self, first: Settlement, case: VisitToSettle) -> Settlement:
        """Try the second coverage on the least and the most that the first may leave.

        Nothing of its yearly amounts is counted down, so that the most of later visits stays the most.
        """
        bounds = first.patient_range or (ZERO, None)
        worst = first.left or Share(ZERO, bounds[0] if bounds[1] is None else bounds[1])
        second = self.second.settle(replace(case, left_before=worst))
        joined = self._joined(first, second, case.counters)
        if self.pays_all:
            rest = first.totals.left_after(ZERO) if first.rests_on_bill else None
            return replace(joined, patient_pays=ZERO, patient_range=None, other_coverage_pays=rest)
        share = first.share_of_total
        return replace(
            joined,
            patient_pays=None,
            patient_range=self._bounds(case, bounds, first.left),
            share_of_total=None if share is None else self._bounds(case, share, None),
            other_coverage_pays=None,
            other_coverage_range=None,
            steps=first.steps,
        )

    def _range_around(self, first: Settlement, second: Settlement, case: VisitToSettle) -> Range | None:
        """Return the range of a part that is known, where the first coverage may leave less or more."""
        if first.patient_range is None or self.pays_all:
            return second.patient_range
        low, high = self._bounds(case, first.patient_range, first.left)
        more = second.patient_range[1] if second.patient_range else second.patient_pays
        return low, None if high is None or more is None else max(high, more)

    def _bounds(self, case: VisitToSettle, bounds: Range, worst: Share | None) -> Range:
        """Return the least and the most that the second coverage leaves of a range; ``worst``: its most, by kinds."""
        least, most = bounds
        best = Share(ZERO, least) if worst is None else worst.lessened(worst.amount - least)
        low = _range_of(self.second.settle(replace(case, left_before=best)))[0]
        if most is None:
            return low, None
        return low, _range_of(self.second.settle(replace(case, left_before=worst or Share(ZERO, most))))[1]

    def _joined(self, first: Settlement, second: Settlement, counters: Counters) -> Settlement:
        """Join both settlements, but for who pays what."""
        # Where nothing is left to pay, the first coverage's reasons for a range are none.
        of_first = tuple(note for note in first.notes if not (self.pays_all and note.is_reason))
        return replace(
            second,
            totals=first.totals,
            deductible_used=first.deductible_used,
            rests_on_bill=first.rests_on_bill,
            missing_assistant_part=first.missing_assistant_part,
            counters=TwoCounters(first=first.counters, second=counters),
            notes=(*of_first, *second.notes, *((self.note,) if self.note else ())),
        )


def _shifted(bounds: Range, amount: Decimal) -> Range:
    """Add an amount to both ends of a range."""
    return bounds[0] + amount, None if bounds[1] is None else bounds[1] + amount


def _range_of(settlement: Settlement) -> Range:
    """Return the least and the most of a settlement."""
    if settlement.patient_range is not None:
        return settlement.patient_range
    return settlement.patient_pays or ZERO, settlement.patient_pays


def pair_error(kinds: Sequence[str]) -> Message | None:
    """Return why some kinds, in the order in which they pay, cannot share a bill; None where they can."""
    if len(kinds) > MOST:
        return Message(TOO_MANY)
    return refusal(*kinds) if len(kinds) == MOST else None
