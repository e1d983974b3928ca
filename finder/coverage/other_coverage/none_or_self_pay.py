"""No other coverage, and paying without any coverage at all."""

from __future__ import annotations

from dataclasses import dataclass

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, total
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import CoverageKind, Settlement, Totals, VisitToSettle, after_part_b
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message


@dataclass(frozen=True, slots=True)
class NoOtherCoverage(CoverageKind):
    """Original Medicare alone: the patient pays what Part B leaves."""

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> NoOtherCoverage:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Leave the whole share of Part B to the patient."""
        return after_part_b(case, ZERO)


@dataclass(frozen=True, slots=True)
class SelfPay(CoverageKind):
    """Paying oneself: the provider's charge.

    People without coverage, or who do not use it, have the right to a good-faith estimate; people with Medicare or
    Medicaid are not owed one.
    Source: No Surprises Act, 42 USC 300gg-136; 45 CFR 149.610; CMS, frequently asked questions of 2021-12-21.
    """

    builds_on_part_b = False

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> SelfPay:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Add up the charges; the total is unknown if a charge is."""
        charges = [service.charge for service in case.services]
        charged = total(*charges)
        known = total(*(charge for charge in charges if charge is not None)) or ZERO
        notes = [
            Note(
                "good_faith_estimate",
                Message(
                    N_(
                        "Without insurance, or if you do not use it, you have the right to a written good-faith "
                        "estimate before the visit. It is not owed to people with Medicare or Medicaid. They can still "
                        "ask for the price."
                    )
                ),
            )
        ]
        if charged is None:
            notes.append(
                Note(
                    "charge_unknown",
                    Message(N_("Ask what the provider charges: without that we cannot say what you pay.")),
                    is_reason=True,
                )
            )
        step = Step(Message(N_("You pay what the provider charges.")), charged)
        return Settlement(
            totals=Totals(charged, ZERO, ZERO, ZERO, ZERO),
            other_coverage_pays=ZERO,
            patient_pays=charged,
            patient_range=(known, None) if charged is None else None,
            counters=case.counters,
            steps=(step,),
            notes=tuple(notes),
        )
