"""TRICARE for Life and VA Community Care."""

from __future__ import annotations

from dataclasses import dataclass

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import (
    UNKNOWN_TOTALS,
    CoverageKind,
    Settlement,
    VisitToSettle,
    after_part_b,
    nothing_to_pay,
)
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message

SERVICES_THAT_BOTH_COVER = Note(
    "services_that_both_cover", Message(N_("You pay nothing for services that both cover, Medicare and TRICARE."))
)


@dataclass(frozen=True, slots=True)
class TricareForLife(CoverageKind):
    """TRICARE for Life pays after Medicare, and leaves nothing to the patient for services that both cover.

    Source: 10 USC 1086(d).
    """

    pays_all = True

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> TricareForLife:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Pay the whole share of Part B."""
        share = case.share.amount
        text = Message(N_("TRICARE for Life pays your share, {share:money}."), {"share": share})
        step = Step(text, share, source="10 USC 1086(d)", certainty="secondary")
        return after_part_b(case, share, steps=(step,) if share else (), notes=(SERVICES_THAT_BOTH_COVER,))

    def settle_without_part_b(self, case: VisitToSettle) -> Settlement:
        """Leave nothing to the patient, whatever the fees are."""
        return nothing_to_pay(case, SERVICES_THAT_BOTH_COVER)


@dataclass(frozen=True, slots=True)
class VaCommunityCare(CoverageKind):
    """VA Community Care: the VA approves and pays the visit and sets a copay of its own; Medicare pays nothing.

    Source: 38 USC 1703.
    """

    builds_on_part_b = False

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> VaCommunityCare:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Return the range from nothing to the copay of a specialty visit: it goes by the veteran's rating.

        Source: 38 CFR 17.108.
        """
        most = case.figures.parameters.va_specialty_copay.on(case.day)
        least = case.figures.parameters.va_primary_copay.on(case.day)
        text = N_(
            "With a service-connected rating of 10% or more you pay nothing. Otherwise the VA’s copay is {least:money} "
            "or {most:money} a day. Ask the VA; it must approve the visits before they begin."
        )
        note = Note("ask_va", Message(text, {"least": least.amount, "most": most.amount}), most, is_reason=True)
        return Settlement(
            totals=UNKNOWN_TOTALS,
            other_coverage_pays=None,
            patient_pays=None,
            patient_range=(ZERO, most.amount),
            counters=case.counters,
            notes=(note,),
        )
