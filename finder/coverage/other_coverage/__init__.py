"""Other coverage: other payers of a visit, and their order. One module for each family of plans."""

from __future__ import annotations

from collections.abc import Mapping

from finder.coverage.basics.json_fields import Fields
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import Counters, Coverage, Range, Settlement, Totals, VisitToSettle
from finder.coverage.other_coverage.employer import EmployerPrimary, EmployerSecondary
from finder.coverage.other_coverage.federal import TricareForLife, VaCommunityCare
from finder.coverage.other_coverage.medicaid import Medicaid, PremiumHelp, QualifiedMedicareBeneficiary
from finder.coverage.other_coverage.medigap import Medigap
from finder.coverage.other_coverage.none_or_self_pay import NoOtherCoverage, SelfPay
from finder.coverage.other_coverage.plans import Commercial, MedicareAdvantage
from finder.i18n import N_

__all__ = ["KINDS", "Counters", "Coverage", "Range", "Settlement", "Totals", "VisitToSettle", "read_coverage"]


KINDS: Mapping[str, type[Coverage]] = {
    "none": NoOtherCoverage,
    "medigap": Medigap,
    "qmb": QualifiedMedicareBeneficiary,
    "slmb": PremiumHelp,
    "qi": PremiumHelp,
    "medicaid": Medicaid,
    "medicare_advantage": MedicareAdvantage,
    "employer_primary": EmployerPrimary,
    "employer_secondary": EmployerSecondary,
    "tricare_for_life": TricareForLife,
    "va_community_care": VaCommunityCare,
    "commercial": Commercial,
    "self_pay": SelfPay,
}
"""The kinds of other coverage, as a request names them; a new kind is registered here."""


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
    kind = fields.one_of("kind", KINDS, "none")
    if len(request.errors) > before:
        return NoOtherCoverage()
    coverage = KINDS[kind].read(fields, figures)
    fields.close()
    return coverage or NoOtherCoverage()
