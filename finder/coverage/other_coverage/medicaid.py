"""Medicaid and the Medicare Savings Programs."""

from __future__ import annotations

from dataclasses import dataclass

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import (
    CoverageKind,
    Settlement,
    VisitToSettle,
    after_part_b,
    nothing_to_pay,
    open_after_part_b,
)
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message

MAY_NOT_BE_BILLED = Note(
    "may_not_be_billed",
    Message(N_("In the QMB program you may not be billed for this. If you are, call 1-800-MEDICARE.")),
    is_reason=True,
)


@dataclass(frozen=True, slots=True)
class QualifiedMedicareBeneficiary(CoverageKind):
    """QMB: the patient owes nothing, and it is unlawful to bill them; the provider must accept assignment.

    Source: 42 USC 1396a(n)(3)(B), 1395w-4(g)(3).
    """

    pays_all = True
    requires_assignment = True

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> QualifiedMedicareBeneficiary:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Leave nothing to the patient; what Part B leaves is Medicaid's, or the provider's loss."""
        share = case.share.amount
        text = Message(N_("You pay nothing: {share:money} is left, and that is for Medicaid to pay."), {"share": share})
        step = Step(text, share, source="42 USC 1396a(n)(3)(B)", certainty="primary")
        return after_part_b(case, share, steps=(step,) if share else (), notes=(MAY_NOT_BE_BILLED,))

    def settle_without_part_b(self, case: VisitToSettle) -> Settlement:
        """Leave nothing to the patient, whatever the fees are."""
        return nothing_to_pay(case, MAY_NOT_BE_BILLED)


@dataclass(frozen=True, slots=True)
class PremiumHelp(CoverageKind):
    """SLMB and QI: help with the Part B premium only; the patient owes the share of Part B.

    Source: 42 USC 1396a(a)(10)(E)(iii)-(iv).
    """

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> PremiumHelp:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Leave the whole share of Part B to the patient, with a note."""
        note = Note(
            "premium_only",
            Message(N_("This program pays your Part B premium only. Your share of the visit stays with you.")),
        )
        return after_part_b(case, ZERO, notes=(note,))


@dataclass(frozen=True, slots=True)
class Medicaid(CoverageKind):
    """Full Medicaid without QMB: the state's rules decide; the provider must accept assignment.

    Source: 42 USC 1396a(n), 1395w-4(g)(3).
    """

    requires_assignment = True
    may_pay_uncovered = True

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> Medicaid:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Return the range from nothing to the share of Part B."""
        note = Note(
            "medicaid_state_rules",
            Message(N_("Your state’s Medicaid rules decide how much of your share is paid. Ask your Medicaid office.")),
            is_reason=True,
        )
        return open_after_part_b(case, notes=(note,))
