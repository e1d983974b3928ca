"""Notes: what bends an estimate or should be known beside it. Every note has a stable code and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from finder.coverage.basics.money import ZERO, to_cents
from finder.coverage.basics.vocabulary import Discipline, LineStatus, Participation, Setting
from finder.coverage.estimate.request import Request
from finder.coverage.estimate.results import StandIn
from finder.coverage.figures.code_names import code_name
from finder.coverage.figures.coverage_decisions import Effect
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.rules.claim import Line
from finder.coverage.rules.part_b import Bill
from finder.coverage.rules.rates import Rates
from finder.coverage.rules.statements import Note
from finder.i18n import N_, Message


def of_person(request: Request, figures: Figures, day: date) -> Iterator[Note]:
    """Describe what holds for all visits of a request that Part B prices."""
    deductible = figures.parameters.part_b_deductible.find(day)
    if request.deductible_remaining is not None and deductible and request.deductible_remaining > deductible.amount:
        text = N_("The yearly deductible of {year} is {amount:money}. More than that cannot be left: check the amount.")
        yield Note(
            "deductible_above_year", Message(text, {"year": str(day.year), "amount": deductible.amount}), deductible
        )
    is_unassigned = request.participation is Participation.NONPARTICIPATING_UNASSIGNED
    if is_unassigned and request.other_coverage.requires_assignment:
        text = N_("With Medicaid or QMB the therapist must accept Medicare’s amount, so we count no excess charge.")
        yield Note("assignment_required", Message(text))
    yield Note("plan_of_care", Message(N_("A doctor or other approved clinician must sign your therapy plan.")))
    text = N_(
        "Medicare also pays for therapy that keeps you from getting worse. You need not get better (Jimmo v. Sebelius)."
    )
    yield Note("maintenance_therapy", Message(text))
    telehealth = figures.parameters.telehealth.find(day)
    if telehealth and telehealth.last_day:
        text = N_("You can have therapy by video with Medicare until {day:date}.")
        yield Note("telehealth", Message(text, {"day": telehealth.last_day}), telehealth)
    text = N_("If the therapist thinks that Medicare will not pay, you must get a written notice first (an ABN).")
    yield Note("advance_beneficiary_notice", Message(text))


def of_bill(bill: Bill, figures: Figures) -> Iterator[Note]:
    """Describe what bears on one visit under Part B."""
    yield from _of_setting(bill)
    yield from _of_lines(bill)
    locality = bill.rates.locality
    uses_fees = any(line.line.priced and line.line.priced.value for line in bill.lines)
    if locality and locality.needs_plus_four and uses_fees:
        text = N_(
            "Part of this ZIP code is in another payment area. The therapist’s address can change the amounts slightly."
        )
        yield Note("zip_plus_four", Message(text))
    if (
        bill.participation is Participation.NONPARTICIPATING_UNASSIGNED
        and locality
        and locality.state in figures.excess_charge_states
    ):
        text = N_(
            "Your state has its own law on charges above Medicare’s amount. The excess charge may be lower or "
            "not allowed."
        )
        yield Note("state_excess_charge_law", Message(text))
    yield from _of_sequestration(bill, figures)


def _of_setting(bill: Bill) -> Iterator[Note]:
    """Describe how the setting pays, where that is special."""
    if bill.setting is Setting.HOME_HEALTH_BENEFIT:
        text = N_(
            "This is so if you cannot easily leave home and a home health agency gives the care under a plan of care. "
            "Medicare pays the agency by another rule."
        )
        yield Note("home_health_benefit", Message(text))
    if bill.setting is Setting.CRITICAL_ACCESS_HOSPITAL:
        text = N_(
            "Warning: a critical access hospital sets its own charges, and you pay 20% of them. "
            "That is often much more than elsewhere."
        )
        yield Note("critical_access_hospital", Message(text), is_reason=True)
        if bill.is_refused:
            text = N_("Ask the hospital what it charges: without that we cannot say what you pay.")
            yield Note("charge_unknown", Message(text), is_reason=True)
        text = N_("Medicare pays this hospital by its costs, not by its charges. So we do not know Medicare’s part.")
        yield Note("medicare_pays_by_cost", Message(text))


def _of_lines(bill: Bill) -> Iterator[Note]:
    """Describe what is special about a service; each kind of thing once for each code."""
    seen: set[tuple[str, str | None]] = set()
    for settled in bill.lines:
        service = settled.line.service
        of_line = _of_line(settled.line.status, settled.line.units, service.code, bill)
        of_decision = () if bill.setting is Setting.HOME_HEALTH_BENEFIT else _of_decision(service.code, bill.rates)
        for note in (*of_decision, *of_line):
            if (note.code, service.code) not in seen:
                seen.add((note.code, service.code))
                yield note
    if any(it.line.service.assistant and it.line.service.discipline is Discipline.SLP for it in bill.lines):
        text = N_("Medicare does not pay for speech therapy by an assistant. Ask who gives the care.")
        yield Note("speech_assistant", Message(text))


def of_uncovered(lines: Sequence[Line], rates: Rates | NotPublished) -> Iterator[Note]:
    """Describe services that Medicare does not cover, each code once."""
    if not isinstance(rates, NotPublished):
        for service in {line.service.code: line.service for line in lines}.values():
            yield from _of_decision(service.code, rates)


def _of_decision(code: str | None, rates: Rates) -> Iterator[Note]:
    """Describe what a national coverage decision says of a service, and what to ask for."""
    decision = rates.decision(code)
    if code is None or decision is None:
        return
    service = {"code": code, "service": code_name(code), "decision": decision.decision}
    if decision.effect is not Effect.NOT_COVERED:
        yield Note("covered_after_other_care", Message(decision.sentence, service), decision.citation)
        return
    yield Note("not_covered", Message(decision.sentence, service), decision.citation, is_reason=True)
    text = N_(
        "Usually you pay all of “{service}” yourself. Before it is done, ask for its price, and for a written notice "
        "(an ABN) that says so."
    )
    yield Note("not_covered_ask", Message(text, service), is_reason=True)


BILLED_INSTEAD = {"97014": "G0283"}
"""Codes that are not used for Medicare, and those that therapists bill to Medicare in their place."""


def _of_line(status: LineStatus | None, units: int, code: str | None, bill: Bill) -> Iterator[Note]:
    """Describe what is special about one service."""
    service = {"code": code or "", "service": code_name(code or "")}
    match status:
        case LineStatus.BUNDLED:
            yield Note(
                "bundled",
                Message(
                    N_("{code} ({service}) is part of the other services. The therapist must not bill you for it."),
                    service,
                ),
            )
        case LineStatus.NOT_VALID_FOR_MEDICARE:
            text = N_("{code} ({service}) is not used for Medicare.")
            yield Note("not_valid_for_medicare", Message(text, service))
            if code in BILLED_INSTEAD:
                text = N_("For Medicare, therapists bill {other} in place of {code}.")
                yield Note("billed_instead", Message(text, {**service, "other": BILLED_INSTEAD[code]}))
        case LineStatus.PRICED_BY_CONTRACTOR if bill.setting is not Setting.CRITICAL_ACCESS_HOSPITAL:
            text = N_(
                "{code} ({service}) has no national price: Medicare’s regional office sets it. So the total is "
                "not known."
            )
            yield Note("priced_by_contractor", Message(text, service), is_reason=True)
        case _ if units == 0 and bill.setting is not Setting.HOME_HEALTH_BENEFIT:
            yield Note("too_few_minutes", Message(N_("{code} ({service}) has too few minutes to bill."), service))


def of_assistant(bill: Bill) -> Iterator[Note]:
    """Describe what an assistant's care can cost on an unassigned claim, where the payment goes to the patient.

    It is not asked where other coverage leaves nothing to pay.
    """
    if bill.participation is Participation.NONPARTICIPATING_UNASSIGNED and bill.assistant_reduction:
        text = N_(
            "Medicare pays less because an assistant gave care, and it pays you, not the therapist. So you may have to "
            "pay more. Ask the therapist."
        )
        if bill.is_complete:
            text = N_(
                "Medicare pays {amount:money} less because an assistant gave care, and it pays you, not the therapist. "
                "So you may have to pay that amount too. Ask the therapist."
            )
        yield Note(
            "assistant_unassigned",
            Message(text, {"amount": bill.assistant_reduction}),
            bill.rates.assistant_share,
            is_reason=True,
        )


def _of_sequestration(bill: Bill, figures: Figures) -> Iterator[Note]:
    """Describe what is taken off Medicare's payment; on an unassigned claim the patient's check is that much less."""
    rate = figures.parameters.sequestration_rate.find(bill.rates.day)
    if rate is None or bill.medicare_pays == ZERO or bill.setting is Setting.CRITICAL_ACCESS_HOSPITAL:
        return
    if bill.participation is not Participation.NONPARTICIPATING_UNASSIGNED:
        text = N_(
            "Medicare takes {rate:percent} off its own payment to the provider (sequestration). That does not "
            "change what you pay."
        )
        yield Note("sequestration", Message(text, {"rate": rate.amount}), rate)
    elif bill.medicare_pays is None or not bill.is_complete:
        text = N_(
            "Medicare sends its payment to you and takes off {rate:percent} (sequestration). You pay that much more. "
            "It is not in the amounts here."
        )
        yield Note("sequestration", Message(text, {"rate": rate.amount}), rate)
    else:
        loss = to_cents(bill.medicare_pays * rate.amount)
        text = N_(
            "Medicare sends its payment to you and takes off {rate:percent} (sequestration). That costs you "
            "{loss:money} more. It is not in the amounts here."
        )
        yield Note("sequestration", Message(text, {"rate": rate.amount, "loss": loss}), rate)


PRICE_BEFORE_UNKNOWN = Note(
    "deductible_uncertain",
    Message(
        N_("A visit before this one has no known price. So we do not know how much of your yearly amounts is left.")
    ),
)


def not_published(missing: NotPublished) -> Note:
    """State that a year's amounts, or one of them, are not here."""
    if missing.figure == "fee_schedule":
        return Note(
            "amounts_not_published",
            Message(N_("We do not have the {year} amounts yet."), {"year": str(missing.day.year)}),
            is_reason=True,
        )
    text = N_("We do not have all of the {year} amounts yet. Missing: {figure}.")
    return Note(
        "amounts_not_published",
        Message(text, {"year": str(missing.day.year), "figure": figure_name(missing.figure)}),
        is_reason=True,
    )


def deductible_not_published(day: date) -> Note:
    """State that a year's deductible is not here, so that it may be met or not, whatever it is."""
    text = N_("We do not have the {year} deductible yet. The range goes from nothing left to all of it.")
    return Note("deductible_not_published", Message(text, {"year": str(day.year)}), is_reason=True)


def of_stand_in(stand_in: StandIn) -> Iterator[Note]:
    """Describe what visits without figures would cost at the last known amounts, named as what it is."""
    bounds = stand_in.patient_bounds
    if bounds is None or bounds == (ZERO, None):
        return
    low, high = bounds
    visits = (
        N_("the visit without amounts") if stand_in.visits == 1 else N_("the {count:number} visits without amounts")
    )
    values = {
        "year": str(stand_in.year),
        "visits": Message(visits, {"count": stand_in.visits}),
        "low": low,
        "high": high,
    }
    if low == high:
        text = N_("At {year} prices you would pay {low:money} for {visits}.")
    elif high is None:
        text = N_("At {year} prices you would pay {low:money} or more for {visits}.")
    else:
        text = N_("At {year} prices you would pay between {low:money} and {high:money} for {visits}.")
    yield Note("stand_in", Message(text, values), is_reason=True)
    deductible = stand_in.part_b_deductible
    if deductible is not None:
        text = N_("A new yearly deductible starts in January. In {year} it is {amount:money}.")
        message = Message(text, {"year": str(stand_in.year), "amount": deductible.amount})
        yield Note("new_deductible", message, deductible, is_reason=True)


FIGURE_NAMES = {
    "medigap_k_limit": N_("the yearly limit of Medigap plan K"),
    "medigap_l_limit": N_("the yearly limit of Medigap plan L"),
    "medigap_high_deductible": N_("the deductible of high-deductible Medigap plans"),
}


def figure_name(figure: str) -> Message | str:
    """Name a figure for a person."""
    return Message(FIGURE_NAMES[figure]) if figure in FIGURE_NAMES else figure.replace("_", " ")


INSURANCE_UNKNOWN = Note(
    "insurance_unknown",
    Message(
        N_(
            "What you pay depends on your insurance. Here is each kind, with what it would mean. Look at your card, or "
            "call the number on its back."
        )
    ),
    is_reason=True,
)
PLACE_UNKNOWN = Note(
    "place_unknown",
    Message(
        N_(
            "We do not know what kind of place it is. A critical access hospital sets its own charges, so there you "
            "can pay more. Ask: “Are you a critical access hospital?”"
        )
    ),
    is_reason=True,
)
VISIT_UNKNOWN = Note(
    "visit_unknown",
    Message(N_("We do not know what kind of visit it is. The range covers all the usual kinds.")),
    is_reason=True,
)
PARTICIPATION_UNKNOWN = Note(
    "participation_unknown",
    Message(
        N_(
            "We do not know if this therapist takes part in Medicare. Ask: “Do you take Medicare "
            "assignment?” The range covers every answer."
        )
    ),
    is_reason=True,
)
DEDUCTIBLE_UNKNOWN = Note(
    "deductible_unknown",
    Message(
        N_(
            "We do not know how much of your yearly deductible is left. The range goes from nothing left to all "
            "of it. Medicare.gov shows it."
        )
    ),
    is_reason=True,
)
WITHOUT_FIGURE = Note(
    "scenario_without_figure",
    Message(N_("We have no figure for some of the cases. The range covers only the others, so you may pay more.")),
    is_reason=True,
)
