"""Other coverage: other payers of a visit, and their order. One module for each family of plans."""

from __future__ import annotations

from enum import StrEnum

from finder.coverage.basics.json_fields import Fields
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import Case, Counters, Coverage, Range, Settlement, Totals
from finder.coverage.other_coverage.employer import EmployerPrimary, EmployerSecondary
from finder.coverage.other_coverage.federal import TricareForLife, VaCommunityCare
from finder.coverage.other_coverage.medicaid import Medicaid, PremiumHelp, QualifiedMedicareBeneficiary
from finder.coverage.other_coverage.medigap import Medigap
from finder.coverage.other_coverage.none_or_self_pay import NoOtherCoverage, SelfPay
from finder.coverage.other_coverage.plans import Commercial, MedicareAdvantage
from finder.i18n import N_

__all__ = ["Case", "Counters", "Coverage", "CoverageKind", "Range", "Settlement", "Totals", "read_coverage"]


class CoverageKind(StrEnum):
    """The kinds of other coverage, as a request names them."""

    NONE = "none"
    MEDIGAP = "medigap"
    QMB = "qmb"
    SLMB = "slmb"
    QI = "qi"
    MEDICAID = "medicaid"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    EMPLOYER_PRIMARY = "employer_primary"
    EMPLOYER_SECONDARY = "employer_secondary"
    TRICARE_FOR_LIFE = "tricare_for_life"
    VA_COMMUNITY_CARE = "va_community_care"
    COMMERCIAL = "commercial"
    SELF_PAY = "self_pay"


_READERS = {
    CoverageKind.NONE: NoOtherCoverage.read,
    CoverageKind.QMB: QualifiedMedicareBeneficiary.read,
    CoverageKind.SLMB: PremiumHelp.read,
    CoverageKind.QI: PremiumHelp.read,
    CoverageKind.MEDICAID: Medicaid.read,
    CoverageKind.MEDICARE_ADVANTAGE: MedicareAdvantage.read,
    CoverageKind.EMPLOYER_PRIMARY: EmployerPrimary.read,
    CoverageKind.EMPLOYER_SECONDARY: EmployerSecondary.read,
    CoverageKind.TRICARE_FOR_LIFE: TricareForLife.read,
    CoverageKind.VA_COMMUNITY_CARE: VaCommunityCare.read,
    CoverageKind.COMMERCIAL: Commercial.read,
    CoverageKind.SELF_PAY: SelfPay.read,
}


def read_coverage(request: Fields, figures: Figures) -> Coverage:
    """Read ``other_coverage`` of a request; missing or empty is none. Errors are added to the fields."""
    value = request.get("other_coverage")
    if value is None:
        return NoOtherCoverage()
    fields = Fields(value, request.name("other_coverage"), request.errors)
    before = len(request.errors)
    if not fields.has("kind") and not fields.is_empty:
        fields.fail("kind", N_("This is needed."))
        return NoOtherCoverage()
    kind = fields.choice("kind", CoverageKind, CoverageKind.NONE)
    if len(request.errors) > before:
        return NoOtherCoverage()
    coverage = Medigap.read(fields, figures) if kind is CoverageKind.MEDIGAP else _READERS[kind](fields)
    fields.close()
    return coverage or NoOtherCoverage()
