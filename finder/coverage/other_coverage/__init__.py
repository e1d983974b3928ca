"""Other coverage: other payers of a visit, and their order. One module for each family of plans."""

from __future__ import annotations

from collections.abc import Mapping

from finder.coverage.basics.json_fields import Fields
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import (
    Counters,
    Coverage,
    CoverageKind,
    Range,
    Settlement,
    Totals,
    VisitToSettle,
)
from finder.coverage.other_coverage.employer import EmployerPrimary, EmployerSecondary
from finder.coverage.other_coverage.federal import TricareForLife, VaCommunityCare
from finder.coverage.other_coverage.medicaid import Medicaid, PremiumHelp, QualifiedMedicareBeneficiary
from finder.coverage.other_coverage.medigap import Medigap
from finder.coverage.other_coverage.none_or_self_pay import NoOtherCoverage, SelfPay
from finder.coverage.other_coverage.plans import Commercial, MedicareAdvantage
from finder.coverage.other_coverage.two_coverages import PAIR_NOTES, TwoCoverages, pair_error
from finder.i18n import N_

__all__ = [
    "KINDS",
    "Counters",
    "Coverage",
    "NoOtherCoverage",
    "Range",
    "Settlement",
    "Totals",
    "VisitToSettle",
    "read_coverage",
    "read_possible_coverages",
]


KINDS: Mapping[str, type[CoverageKind]] = {
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

UNKNOWN_INSURANCE = "unknown"
"""The kind of a request whose insurance is not known: each kind is answered by itself."""

USUAL_FIELDS: Mapping[str, Mapping[str, object]] = {"medigap": {"plan": "G"}}
"""What is assumed of a kind that needs more than its name, where the insurance is not known: the usual Medigap plan."""


def read_coverage(request: Fields, figures: Figures) -> Coverage:
    """Read ``other_coverage`` of a request: one coverage, or a list in the order in which they pay.

    Missing is none. Errors are added to the fields.
    """
    value = request.get("other_coverage")
    if value is None:
        return NoOtherCoverage()
    if not isinstance(value, list | tuple):
        return _read_one(Fields(value, request.name("other_coverage"), request.errors), figures)
    return _read_list(request, figures)


def _read_list(request: Fields, figures: Figures) -> Coverage:
    """Read coverages that pay one after the other."""
    before = len(request.errors)
    entries = request.items("other_coverage", most=MOST_LISTED)
    kinds = [entry.one_of("kind", [*KINDS, UNKNOWN_INSURANCE], "none") for entry in entries]
    error = pair_error(kinds)
    if error and len(request.errors) == before:
        request.fail("other_coverage", error.text, **error.arguments)
    if not entries or len(request.errors) > before:
        return NoOtherCoverage()
    coverages = [_read_one(entry, figures) for entry in entries]
    if len(coverages) == 1:
        return coverages[0]
    first, second = coverages
    return TwoCoverages.of(first, second, PAIR_NOTES.get((kinds[0], kinds[1])))


MOST_LISTED = 20
"""Entries of a list that are read at all, so that the error about too many can name the rule."""


def _read_one(fields: Fields, figures: Figures) -> Coverage:
    """Read one coverage."""
    before = len(fields.errors)
    if not fields.has("kind") and not fields.is_empty:
        fields.fail("kind", N_("Choose what kind of coverage this is."))
        return NoOtherCoverage()
    kind = fields.one_of("kind", KINDS, "none")
    if len(fields.errors) > before:
        return NoOtherCoverage()
    coverage = KINDS[kind].read(fields, figures)
    fields.close()
    return coverage or NoOtherCoverage()


def read_possible_coverages(request: Fields, figures: Figures) -> Mapping[str, Coverage]:
    """Return every kind that ``other_coverage`` may be, with nothing else known of it, where it is not known.

    Empty where it is known. Errors are added to the fields.
    """
    value = request.get("other_coverage")
    path = request.name("other_coverage")
    if isinstance(value, list | tuple) and len(value) == 1:
        value, path = value[0], f"{path}[0]"
    if not isinstance(value, Mapping) or value.get("kind") != UNKNOWN_INSURANCE:
        return {}
    fields = Fields(value, path, request.errors)
    fields.get("kind")
    fields.close()
    read = {name: kind.read(Fields(USUAL_FIELDS.get(name, {}), "", []), figures) for name, kind in KINDS.items()}
    return {name: it for name, it in read.items() if it is not None}
