"""The lines of an answer, as a biller reads them: amounts, units that are reduced, limiting charge, modifiers."""

from __future__ import annotations

from collections.abc import Sequence

from finder.coverage.basics.visit import Service, Visit
from finder.coverage.basics.vocabulary import Discipline, LineStatus, Setting
from finder.coverage.estimate.results import LineEstimate
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.rules.claim import Line
from finder.coverage.rules.part_b import Bill, SettledLine
from finder.coverage.rules.thresholds import Therapy, lines_above_kx

PLAN_OF_CARE = {Discipline.PT: "GP", Discipline.OT: "GO", Discipline.SLP: "GN"}
"""The modifier for the plan of care. Source: Medicare Claims Processing Manual, chapter 5, section 20.1."""

ASSISTANT = {Discipline.PT: "CQ", Discipline.OT: "CO"}
"""The modifier for an assistant. Source: 42 USC 1395m(v)(2)."""

ABOVE_THRESHOLD = "KX"
"""The therapist states that care above the threshold is needed. Source: 42 USC 1395l(g)(5)(B)."""

UNBILLED = (None, LineStatus.BUNDLED, LineStatus.NOT_VALID_FOR_MEDICARE, LineStatus.NOT_COVERED)


def plain_lines(
    visit: Visit, units: list[int], part_b: Bill | NotPublished, uncovered: Sequence[Line]
) -> tuple[LineEstimate, ...]:
    """Return the lines of a visit whose amounts do not come from Part B; none where their units are not known.

    ``uncovered``: the lines of services that Medicare does not cover, where the patient pays for them.
    """
    if not units:
        return ()
    statuses = [None] * len(units) if isinstance(part_b, NotPublished) else [it.line.status for it in part_b.lines]
    charges = {line.service: line.not_covered for line in uncovered}
    return tuple(
        LineEstimate(
            code=service.code,
            units=count,
            status=LineStatus.NOT_COVERED if service in charges else status,
            not_covered=charges.get(service),
        )
        for service, count, status in zip(visit.services, units, statuses, strict=True)
    )


def priced_lines(bill: Bill, before: Therapy, figures: Figures) -> tuple[LineEstimate, ...]:
    """Return the lines of an answer that Part B prices."""
    above_kx = lines_above_kx(before, bill, figures)
    return tuple(_line(settled, bill, is_above) for settled, is_above in zip(bill.lines, above_kx, strict=True))


def _line(settled: SettledLine, bill: Bill, is_above_kx: bool) -> LineEstimate:
    """Return a line of the answer."""
    line, priced = settled.line, settled.line.priced
    has_fee = priced is not None and priced.units > 0
    return LineEstimate(
        code=line.service.code,
        units=line.units,
        status=line.status,
        allowed_amount=line.allowed_amount,
        deductible_applied=settled.deductible_applied if settled.is_certain else None,
        coinsurance=settled.coinsurance if settled.is_certain else None,
        medicare_pays=settled.medicare_pays if settled.is_certain else None,
        excess_charge=None if line.allowed_amount is None else line.excess_charge,
        not_covered=line.not_covered,
        assistant_reduction=settled.assistant_reduction if settled.is_certain else None,
        fee_per_unit=priced.fee if priced and has_fee else None,
        reduced_fee_per_unit=priced.reduced_fee if priced and priced.reduced_units else None,
        reduced_units=priced.reduced_units if priced else 0,
        limiting_charge=line.limiting_charge,
        modifiers=modifiers_of(line, bill.setting, is_above_kx=is_above_kx),
    )


def modifiers_of(line: Line, setting: Setting, *, is_above_kx: bool) -> tuple[str, ...]:
    """Return the modifiers of a line that is billed to Part B; none where it is not.

    GP, GO or GN for the discipline; CQ or CO where an assistant gave the care, but not at a critical access hospital;
    KX where the line lies above the threshold of its pool, wholly or in part.
    Source: Medicare Claims Processing Manual, chapter 5, sections 10 and 20; 42 USC 1395l(g)(5)(B), 1395m(v)(2).
    """
    if line.status in UNBILLED or line.units == 0 or setting is Setting.HOME_HEALTH_BENEFIT:
        return ()
    return tuple(_modifiers(line.service, setting, is_above_kx=is_above_kx))


def _modifiers(service: Service, setting: Setting, *, is_above_kx: bool) -> list[str]:
    found = [PLAN_OF_CARE[service.discipline]]
    if service.assistant and setting is not Setting.CRITICAL_ACCESS_HOSPITAL and service.discipline in ASSISTANT:
        found.append(ASSISTANT[service.discipline])
    return [*found, ABOVE_THRESHOLD] if is_above_kx else found
