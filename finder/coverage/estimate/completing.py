"""From the settlement of a visit to its answer: what other coverage does not settle.

Services without a price, services that Medicare does not cover, and an assistant's care on an unassigned claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.vocabulary import Participation
from finder.coverage.other_coverage import Coverage, Range, Settlement
from finder.coverage.other_coverage.base import UNKNOWN_TOTALS
from finder.coverage.rules.claim import Line
from finder.coverage.rules.part_b import Bill


def complete(settlement: Settlement, bill: Bill, coverage: Coverage) -> Settlement:
    """Add to a settlement what Part B's bill leaves beside it."""
    settlement = narrowed(_with_open_lines(settlement, bill, coverage))
    if not coverage.pays_all:
        settlement = _with_missing_assistant_part(settlement, bill)
    return with_uncovered(settlement, [it.line for it in bill.lines], coverage)


def _with_open_lines(settlement: Settlement, bill: Bill, coverage: Coverage) -> Settlement:
    """Where a line has no price, no total is known; the patient pays at least the part of the other lines."""
    if bill.is_complete or not settlement.rests_on_bill:
        return settlement
    settlement = replace(settlement, totals=UNKNOWN_TOTALS, other_coverage_pays=None, steps=())
    if coverage.pays_all:
        return settlement
    low = settlement.patient_range[0] if settlement.patient_range else settlement.patient_pays
    bounds = None if bill.is_refused or low is None else (low, None)
    return replace(settlement, patient_pays=None, patient_range=bounds)


def narrowed(settlement: Settlement) -> Settlement:
    """Where the least and the most that the patient may pay are one amount, that is the answer."""
    bounds = settlement.patient_range
    if settlement.patient_pays is not None or bounds is None or bounds[0] != bounds[1]:
        return settlement
    return replace(
        settlement,
        patient_pays=bounds[0],
        patient_range=None,
        other_coverage_pays=settlement.totals.left_after(bounds[0])
        if settlement.rests_on_bill
        else settlement.other_coverage_pays,
    )


def _with_missing_assistant_part(settlement: Settlement, bill: Bill) -> Settlement:
    """On an unassigned claim, let the range reach to what Medicare takes off for care by an assistant.

    Its payment goes to the patient there, and no text says who bears what is missing from it.
    """
    bounds = _bounds(settlement)
    is_unassigned = bill.participation is Participation.NONPARTICIPATING_UNASSIGNED
    part = settlement.missing_assistant_part
    missing = max(ZERO, (bill.assistant_reduction if part is None else part) - settlement.unused)
    if not is_unassigned or not missing or bounds is None:
        return settlement
    return replace(settlement, patient_range=(bounds[0], total(bounds[1], missing)))


def with_uncovered(settlement: Settlement, lines: Sequence[Line], coverage: Coverage) -> Settlement:
    """Add the charges of what Medicare does not cover: the patient pays them, unless other coverage may."""
    bounds = _bounds(settlement)
    not_covered = total(*(line.not_covered for line in lines))
    if not_covered == ZERO or bounds is None:
        return settlement
    high = total(bounds[1], not_covered)
    if coverage.may_pay_uncovered:
        return replace(settlement, patient_pays=None, other_coverage_pays=None, patient_range=(bounds[0], high))
    known = total(*(line.not_covered for line in lines if line.not_covered is not None)) or ZERO
    is_open = settlement.patient_range is not None or not_covered is None
    return replace(
        settlement,
        patient_pays=total(settlement.patient_pays, not_covered),
        patient_range=(bounds[0] + known, high) if is_open else None,
    )


def _bounds(settlement: Settlement) -> Range | None:
    """Return the least and the most that the patient pays; None where nothing can be said."""
    if settlement.patient_range is not None or settlement.patient_pays is None:
        return settlement.patient_range
    return settlement.patient_pays, settlement.patient_pays
