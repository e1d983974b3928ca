"""Is a bill right? What may be charged for each line, what may be asked of the patient, and what to ask back.

A bill is judged by the estimate of the same visit with the charges of the bill. Where something is not known, each
thing that it may be is a case, and the judgement says only what holds in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from finder.coverage import estimate
from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, total
from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.billing.findings import BY_MEDICARE, Finding, of_excess, of_line, of_qmb
from finder.coverage.estimate.results import Estimate
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage import KINDS, Coverage, Range
from finder.coverage.rules.claim import Line, limiting_charge
from finder.coverage.rules.part_b import Bill
from finder.coverage.rules.statements import Note
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message

PLACES = (Setting.PRIVATE_PRACTICE, Setting.CRITICAL_ACCESS_HOSPITAL)
"""What a place may be that is not known: only a critical access hospital is not paid by fees."""

AGREEMENTS = (
    Participation.PARTICIPATING,
    Participation.NONPARTICIPATING_ASSIGNED,
    Participation.NONPARTICIPATING_UNASSIGNED,
)
"""What a therapist's agreement with Medicare may be that is not known."""

QMB = "qmb"
"""The kind of other coverage under which nobody may bill the patient."""

NOTES = ("zip_plus_four", "state_excess_charge_law", "assignment_required", "deductible_above_year")
"""Notes of an estimate that bear on a bill, beside those that give the reason of an amount."""


class Notice(StrEnum):
    """Whether the patient signed an Advance Beneficiary Notice before care that Medicare does not cover."""

    SIGNED = "signed"
    NOT_SIGNED = "not_signed"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What can be said of the amount that the patient was asked to pay."""

    NOT_TOO_MUCH = "not_too_much"
    TOO_MUCH = "too_much"
    DEPENDS = "depends"
    """It is too much in some cases only, or the most that may be asked is not known."""
    UNKNOWN = "unknown"
    """Nothing is known of what may be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of the bill beside what Medicare says of it, in dollars; None is not known."""

    code: str
    units: int
    charge: Decimal | None
    status: LineStatus | None
    allowed_amount: Decimal | None
    """What Medicare approves, never more than the charge."""
    most: Decimal | None
    """The most that Medicare and the patient together may be asked for the line."""
    findings: tuple[Finding, ...]

    @property
    def is_covered(self) -> bool:
        """Whether no coverage decision leaves the whole charge to the patient."""
        return self.status is None or self.status in BY_MEDICARE


@dataclass(frozen=True, slots=True, kw_only=True)
class BillCase:
    """The bill as it is judged if the place and the therapist's agreement with Medicare are these."""

    setting: Setting
    participation: Participation
    lines: tuple[BillLine, ...]
    """Empty where Part B does not price the visit."""
    has_uncovered: bool
    """Whether some of the care is not covered by Medicare."""
    may_be_asked: Range | None
    """The least and the most of what may be asked of the patient; None: nothing is known."""
    cost_in_the_end: Range | None
    """What the visit costs the patient once all others have paid: less than may be asked where the claim is not
    assigned, as Medicare then pays the patient."""
    medicare_pays: Decimal | None
    ask_back: Range
    verdict: Verdict
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What was found of the amount that was asked for, and of each line."""
        return (*self.findings, *(it for line in self.lines for it in line.findings))

    @property
    def is_unassigned(self) -> bool:
        """Whether the patient may be asked for the whole bill, and Medicare pays the patient."""
        return self.participation is Participation.NONPARTICIPATING_UNASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class BillCheck:
    """The judgement of a bill."""

    requested: Decimal
    charged: Decimal | None
    """The sum of the charges; None where one is not known."""
    cases: tuple[BillCase, ...]
    may_be_asked: Range | None
    verdict: Verdict
    ask_back: Range
    """The least and the most of what was asked and may not be."""
    unknown: tuple[str, ...]
    """What is not known and may change the judgement: ``participation``, ``setting``, ``deductible``, ``notice``."""

    @property
    def found_in_every_case(self) -> tuple[Finding, ...]:
        """What was found whatever is not known."""
        first, *others = (case.all_findings for case in self.cases)
        return tuple(it for it in first if all(it in other for other in others))


def check_bill(
    request: Mapping[str, Any], requested: object, figures: Figures, *, notice: Notice = Notice.UNKNOWN
) -> BillCheck:
    """Judge a bill: ``request`` is that of an estimate of its visit, with the charge of each line.

    ``requested`` is what the patient was asked to pay, in dollars as text. Raises InvalidRequest with an error for
    every field that is wrong; that of the amount is ``requested``.
    """
    errors: list[FieldError] = []
    fields = Fields({"requested": requested}, "", errors)
    amount = fields.money("requested")
    if amount is None and not errors:
        errors.append(FieldError("requested", Message(N_("This is needed."))))
    try:
        _visit(request, figures)
    except InvalidRequest as error:
        raise InvalidRequest([*error.errors, *errors]) from None
    if amount is None:
        raise InvalidRequest(errors)
    cases = tuple(_case(request, place, part, amount, notice, figures) for place, part in _possible(request))
    bounds = _widest([case.may_be_asked for case in cases])
    return BillCheck(
        requested=amount,
        charged=total(*(line.charge for line in cases[0].lines)) if cases[0].lines else None,
        cases=cases,
        may_be_asked=bounds,
        verdict=judge(amount, bounds),
        ask_back=asked_above(amount, bounds),
        unknown=tuple(_unknown(request, cases, notice)),
    )


def judge(requested: Decimal, may_be_asked: Range | None) -> Verdict:
    """Compare what was asked with the least and the most that may be asked."""
    if may_be_asked is None:
        return Verdict.UNKNOWN if requested else Verdict.NOT_TOO_MUCH
    low, high = may_be_asked
    if requested <= low:
        return Verdict.NOT_TOO_MUCH
    return Verdict.TOO_MUCH if high is not None and requested > high else Verdict.DEPENDS


def asked_above(requested: Decimal, may_be_asked: Range | None) -> tuple[Decimal, Decimal]:
    """Return the least and the most of what was asked and may not be."""
    low, high = may_be_asked or (ZERO, None)
    return ZERO if high is None else max(ZERO, requested - high), max(ZERO, requested - low)


def without_notice(bounds: Range | None, uncovered_charges: Sequence[Decimal | None], notice: Notice) -> Range | None:
    """Take the charges of care that Medicare does not cover out of what may be asked.

    Without a notice signed before it, the patient need not pay for it. Source: 42 USC 1395pp.
    """
    if not uncovered_charges or notice is Notice.SIGNED or bounds is None:
        return bounds
    low, high = bounds
    known = total(*(charge for charge in uncovered_charges if charge is not None)) or ZERO
    if notice is Notice.UNKNOWN:
        return max(ZERO, low - known), high
    return max(ZERO, low - known), None if high is None else max(ZERO, high - known)


def _possible(request: Mapping[str, Any]) -> Iterator[tuple[Setting, Participation]]:
    """Yield the settings and the agreements under which a bill that can be read may have been made."""
    setting = Setting(request.get("setting") or Setting.PRIVATE_PRACTICE)
    known = Participation(request.get("participation") or Participation.UNKNOWN)
    kind = _kind(request)
    for place in PLACES if setting is Setting.UNKNOWN and kind.builds_on_part_b else (setting,):
        if place.is_institution or not kind.builds_on_part_b:
            yield place, Participation.PARTICIPATING
        elif known is not Participation.UNKNOWN:
            yield place, known
        else:
            yield from ((place, part) for part in AGREEMENTS if not (_is_unassigned(part) and kind.requires_assignment))


def _is_unassigned(participation: Participation) -> bool:
    return participation is Participation.NONPARTICIPATING_UNASSIGNED


def _kind(request: Mapping[str, Any]) -> type[Coverage]:
    return KINDS[(request.get("other_coverage") or {}).get("kind") or "none"]


def _case(
    request: Mapping[str, Any],
    setting: Setting,
    participation: Participation,
    requested: Decimal,
    notice: Notice,
    figures: Figures,
) -> BillCase:
    """Judge the bill in one case."""
    known = {**request, "setting": setting.value, "participation": participation.value}
    answer = _visit(known, figures)
    bill = answer.bill or _visit({**known, "deductible_remaining": "0.00"}, figures).bill
    agreed = bill.participation if bill else participation
    lines = tuple(_lines(bill)) if bill else ()
    bounds = _at_the_desk(bill) if bill and _is_unassigned(agreed) else answer.patient_bounds
    uncovered = _uncovered_charges(lines, answer) if _kind(request).builds_on_part_b else []
    bounds = without_notice(bounds, uncovered, notice)
    return BillCase(
        setting=setting,
        participation=agreed,
        lines=lines,
        has_uncovered=bool(uncovered),
        may_be_asked=bounds,
        cost_in_the_end=answer.patient_bounds,
        medicare_pays=answer.medicare_pays,
        ask_back=asked_above(requested, bounds),
        verdict=judge(requested, bounds),
        findings=tuple(_findings(request, setting, agreed, requested, bounds)),
        notes=tuple(it for it in answer.notes if it.is_reason or it.code in NOTES),
    )


def _uncovered_charges(lines: Sequence[BillLine], answer: Estimate) -> list[Decimal | None]:
    """Return the charges of what Medicare does not cover; without Part B's bill, those of the decisions alone."""
    if lines:
        return [line.charge for line in lines if not line.is_covered]
    return [line.not_covered for line in answer.lines if line.status is LineStatus.NOT_COVERED]


def _visit(request: Mapping[str, Any], figures: Figures) -> Estimate:
    """Return the estimate of the visit. Raises InvalidRequest."""
    answer = estimate(request, figures)
    if not isinstance(answer, Estimate):
        raise InvalidRequest([FieldError("visits", Message(N_("A bill is checked one visit at a time.")))])
    return answer


def _at_the_desk(bill: Bill) -> Range:
    """Return what may be asked where the claim is not assigned: the whole bill, up to the limiting charge."""
    lines = [settled.line for settled in bill.lines]
    uncovered = [line.service.charge for line in lines if line.status and line.status not in BY_MEDICARE]
    known = total(*(charge for charge in uncovered if charge is not None)) or ZERO
    whole = bill.allowed_amount + bill.excess_charge + known
    return whole, whole if bill.is_complete and None not in uncovered else None


def _lines(bill: Bill) -> Iterator[BillLine]:
    """Put each line of the bill beside what Medicare says of it."""
    for line in (settled.line for settled in bill.lines):
        most = _most(line, bill)
        yield BillLine(
            code=line.service.code or "",
            units=line.units,
            charge=line.service.charge,
            status=line.status,
            allowed_amount=line.allowed_amount,
            most=most,
            findings=tuple(of_line(line, most, bill.setting, bill.participation)),
        )


def _most(line: Line, bill: Bill) -> Decimal | None:
    """Return the most that may be asked for a line, of Medicare and the patient together."""
    if line.status and line.status not in BY_MEDICARE:
        return line.service.charge
    if _is_unassigned(bill.participation) and line.priced is not None and line.allowed_amount is not None:
        return limiting_charge(line.priced, bill.rates)
    return line.allowed_amount


def _findings(
    request: Mapping[str, Any], setting: Setting, participation: Participation, requested: Decimal, bounds: Range | None
) -> Iterator[Finding]:
    """Say what is wrong with the amount that was asked for."""
    if (request.get("other_coverage") or {}).get("kind") == QMB:
        yield of_qmb()
    elif _kind(request).builds_on_part_b and bounds and bounds[1] is not None and requested > bounds[1]:
        yield of_excess(requested - bounds[1], bounds[1], setting, participation)


def _unknown(request: Mapping[str, Any], cases: Sequence[BillCase], notice: Notice) -> Iterator[str]:
    """Name what is not known and makes the judgement a range."""
    of_first_place = [case.may_be_asked for case in cases if case.setting is cases[0].setting]
    if any(case.may_be_asked not in of_first_place for case in cases):
        yield "setting"
    if len(set(of_first_place)) > 1:
        yield "participation"
    if request.get("deductible_remaining") in (None, "unknown") and any(
        case.cost_in_the_end and case.cost_in_the_end[0] != case.cost_in_the_end[1] for case in cases
    ):
        yield "deductible"
    if notice is Notice.UNKNOWN and any(case.has_uncovered for case in cases):
        yield "notice"


def _widest(bounds: Sequence[Range | None]) -> Range | None:
    """Return the least and the most of all cases; where nothing is known of one, the most is open."""
    known = [it for it in bounds if it is not None]
    if not known:
        return None
    highest = [it[1] for it in known if it[1] is not None]
    is_open = len(highest) < len(bounds)
    least = min(it[0] for it in known) if len(known) == len(bounds) else ZERO
    return least, None if is_open else max(highest)
