"""How the amounts of a visit come about, in plain sentences.

One step for each amount, with its formula, figure and source.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.figures.code_names import code_name
from finder.coverage.figures.fee_schedule import Citation, Gpci
from finder.coverage.figures.parameters import Certainty, Value
from finder.coverage.rules.part_b import Bill, SettledLine
from finder.coverage.rules.rates import Rates
from finder.coverage.rules.reductions import PricedService
from finder.coverage.rules.statements import NOTHING_ALLOWED, Step
from finder.i18n import N_, Message

DEDUCTIBLE_AUTHORITY = "42 USC 1395l(b)"
PAYMENT_AUTHORITY = "42 USC 1395l(a), 1395m(k)"


def explain_bill(bill: Bill, *, pays_first: bool = True) -> Iterator[Step]:
    """Explain Part B's bill, from the payment area to what is left to the patient.

    Where a plan pays before Medicare (not ``pays_first``), the bill only gives the fees: that coverage says the rest.
    """
    if bill.setting is Setting.HOME_HEALTH_BENEFIT:
        text = N_("Therapy at home under the home health benefit costs you nothing.")
        yield Step(Message(text), Decimal("0.00"), source="42 USC 1395fff; 42 USC 1395l(a)", certainty="secondary")
        return
    yield from _minutes(bill)
    yield from _area(bill)
    yield from _participation(bill)
    for settled in bill.lines:
        yield from _line(settled, bill)
    if bill.is_complete and pays_first:
        yield from _shares(bill)


def explain_year(year: int, visits: int, patient_pays: Decimal | None) -> Step:
    """Describe what the patient pays for the visits of a year."""
    if patient_pays is None:
        text = N_("We cannot give one amount for {year}. Number of visits: {visits:number}.")
        return Step(Message(text, {"year": str(year), "visits": visits}), None)
    text = N_("For the visits of {year} you pay {amount:money}. Number of visits: {visits:number}.")
    return Step(Message(text, {"year": str(year), "visits": visits, "amount": patient_pays}), patient_pays)


def explain_result(
    patient_pays: Decimal | None, patient_range: tuple[Decimal, Decimal | None] | None
) -> Iterator[Step]:
    """Describe what the patient pays, or between what."""
    if patient_pays is not None:
        yield Step(Message(N_("In all, you pay {amount:money}."), {"amount": patient_pays}), patient_pays)
    if patient_range is not None and patient_range[1] is not None:
        low, high = patient_range
        text = N_("You pay between {low:money} and {high:money}.")
        yield Step(Message(text, {"low": low, "high": high}), None)


def _area(bill: Bill) -> Iterator[Step]:
    """Name the payment area, where the fee schedule is used."""
    rates = bill.rates
    fees = rates.published_fees
    if fees and fees.gpci is not None and bill.setting is not Setting.CRITICAL_ACCESS_HOSPITAL:
        text = Message(N_("The ZIP code is in Medicare’s payment area {area}."), {"area": fees.gpci.name})
        yield Step.from_table("zip_localities", fees.schedule.zip_citation, text, None)


def _minutes(bill: Bill) -> Iterator[Step]:
    """Describe how many units the minutes of timed services make."""
    codes = bill.rates.timed_codes
    timed = [it.line for it in bill.lines if it.line.service.minutes and it.line.service.code in codes]
    if timed:
        text = N_(
            "Minutes of timed services: {minutes:number}. Units of {each:number} minutes to bill: {units:number}."
        )
        unit = bill.rates.timed_unit_minutes
        numbers = {"minutes": sum(it.service.minutes or 0 for it in timed), "units": sum(it.units for it in timed)}
        yield Step.by(unit, Message(text, {**numbers, "each": unit.amount}), None)


def _participation(bill: Bill) -> Iterator[Step]:
    """Describe what a therapist who does not take part in Medicare is allowed."""
    if bill.participation is not Participation.PARTICIPATING:
        share = bill.rates.nonparticipating_share
        text = N_(
            "The therapist does not take part in Medicare, so Medicare allows {share:percent} of the fee for each unit."
        )
        yield Step.by(share, Message(text, {"share": share.amount}), None)


def _line(settled: SettledLine, bill: Bill) -> Iterator[Step]:
    """Explain what is allowed for one line."""
    line = settled.line
    code = line.service.code
    name = code_name(code) if code else Message(N_("a service with a known fee"))
    if line.status is not LineStatus.PAYABLE or not line.allowed_amount:
        return
    if line.priced is None:
        text = N_("For “{service}” this hospital charges {amount:money}. Your share is a part of its charge.")
        yield Step(
            Message(text, {"service": name, "amount": line.allowed_amount}),
            line.allowed_amount,
            source="42 USC 1395m(g)",
            certainty="primary",
        )
        return
    if line.priced.value is not None:
        yield from _fees(line.priced, name, bill.rates)
    if line.is_charge_lower:
        text = N_("The charge for “{service}” is lower than the fee, so the charge of {amount:money} counts.")
    elif line.units == 1:
        text = N_("For “{service}” Medicare allows {amount:money}.")
    else:
        text = N_("For {units:number} units of “{service}” Medicare allows {amount:money}.")
    arguments = {"units": line.units, "service": name, "amount": line.allowed_amount}
    yield Step(Message(text, arguments), line.allowed_amount, source=PAYMENT_AUTHORITY, certainty="primary")


def _fees(priced: PricedService, name: Message, rates: Rates) -> Iterator[Step]:
    """Show the fee of one unit, and the reduced fee of all units but the highest-priced one of the day."""
    gpci = rates.fees.gpci if priced.units else None
    if gpci is None:
        return
    if priced.units > priced.reduced_units:
        text = N_("Medicare’s fee for one unit of “{service}” in {area} is {fee:money}.")
        message = Message(text, {"service": name, "area": gpci.name, "fee": priced.fee})
        yield Step.from_table("relative_values", _citation(rates), message, priced.fee, _formula(priced, gpci, rates))
    if priced.reduced_units:
        share = rates.mppr_practice_expense_share
        text = N_(
            "Medicare pays one unit of the day in full, the one with the highest practice expense. For the others it "
            "pays half of the practice expense: one unit of “{service}” is then {fee:money}."
        )
        message = Message(text, {"service": name, "fee": priced.reduced_fee})
        cited = _citation(rates, share)
        formula = _formula(priced, gpci, rates, share.amount)
        yield Step.from_table(share.parameter, cited, message, priced.reduced_fee, formula)


def _formula(priced: PricedService, gpci: Gpci, rates: Rates, pe_share: Decimal | None = None) -> Message | None:
    """Write the fee formula with its numbers."""
    value = priced.value
    if value is None:
        return None
    numbers: dict[str, object] = {
        "work": value.work_rvu,
        "work_gpci": gpci.work_gpci,
        "pe": value.pe_rvu,
        "pe_gpci": gpci.pe_gpci,
        "mp": value.mp_rvu,
        "mp_gpci": gpci.mp_gpci,
        "factor": rates.fees.conversion_factor.amount,
        "share": pe_share,
        "fee": priced.fee if pe_share is None else priced.reduced_fee,
    }
    if pe_share is None:
        return Message(
            N_(
                "(work {work:number} × {work_gpci:number} + practice expense {pe:number} × {pe_gpci:number} + "
                "malpractice {mp:number} × {mp_gpci:number}) × {factor:number} = {fee:money}"
            ),
            numbers,
        )
    return Message(
        N_(
            "(work {work:number} × {work_gpci:number} + practice expense {pe:number} × {share:number} × "
            "{pe_gpci:number} + malpractice {mp:number} × {mp_gpci:number}) × {factor:number} = {fee:money}"
        ),
        numbers,
    )


def _citation(rates: Rates, *rules: Value) -> Citation:
    """Cite the rules and the three tables that make a fee; it is as certain as the least certain of them."""
    parts: tuple[Citation | Value, ...] = (
        *rules,
        rates.fees.schedule.relative_values_citation,
        rates.fees.schedule.gpci_citation,
        rates.fees.conversion_factor,
    )
    order: tuple[Certainty, ...] = ("primary", "secondary", "unverified")
    certainty = max((part.certainty for part in parts), key=order.index)
    return Citation("; ".join(dict.fromkeys(part.source for part in parts)), certainty)


def _shares(bill: Bill) -> Iterator[Step]:
    """Show the allowed amount, the deductible, the coinsurance, Medicare's payment and the excess charge."""
    if not bill.allowed_amount:
        yield Step(Message(NOTHING_ALLOWED), bill.allowed_amount)
        return
    text = N_("The allowed amount for this visit is {amount:money}.")
    yield Step(Message(text, {"amount": bill.allowed_amount}), bill.allowed_amount)
    yield from _deductible(bill)
    yield from _coinsurance(bill)
    if bill.assistant_reduction:
        share = bill.rates.assistant_share
        text = N_("An assistant gave part of the care. For that, Medicare pays {share:percent} of its part.")
        yield Step.by(share, Message(text, {"share": share.amount}), bill.assistant_reduction)
    if bill.medicare_pays is not None:
        text = (
            N_("Medicare pays {amount:money}.") if bill.medicare_pays else N_("Medicare pays nothing for this visit.")
        )
        message = Message(text, {"amount": bill.medicare_pays})
        yield Step(message, bill.medicare_pays, source=PAYMENT_AUTHORITY, certainty="primary")
    if bill.excess_charge:
        limit = bill.rates.limiting_charge_share
        text = N_(
            "The therapist may charge more than Medicare allows, up to {share:percent} of the fee. That excess charge "
            "is part of your share: {amount:money}."
        )
        yield Step.by(limit, Message(text, {"share": limit.amount, "amount": bill.excess_charge}), bill.excess_charge)


def _coinsurance(bill: Bill) -> Iterator[Step]:
    """Show the patient's part of what the deductible leaves."""
    if bill.deductible_applied == bill.allowed_amount:
        return
    rate = bill.rates.coinsurance_rate
    formula = Message(
        N_("{rate:percent} × ({allowed:money} − {deductible:money}), rounded for each service, = {amount:money}"),
        {
            "rate": rate.amount,
            "allowed": bill.allowed_amount,
            "deductible": bill.deductible_applied,
            "amount": bill.coinsurance,
        },
    )
    text = N_("Your share of the rest is {rate:percent}, the coinsurance: {amount:money}.")
    if not bill.deductible_applied:
        text = N_("Your share is {rate:percent}, the coinsurance: {amount:money}.")
    yield Step.by(rate, Message(text, {"rate": rate.amount, "amount": bill.coinsurance}), bill.coinsurance, formula)


def _deductible(bill: Bill) -> Iterator[Step]:
    """Show how much of the yearly deductible the visit uses up."""
    left, used, year = bill.deductible_remaining, bill.deductible_applied, bill.rates.part_b_deductible
    if not left:
        text = N_("None of your yearly Part B deductible is left to pay.")
        yield Step(Message(text), used, source=DEDUCTIBLE_AUTHORITY, certainty="primary")
    elif year is None:
        text = N_(
            "You have {left:money} of the yearly deductible left. This visit uses {used:money} of it. That is part of "
            "your share."
        )
        yield Step(Message(text, {"left": left, "used": used}), used, source=DEDUCTIBLE_AUTHORITY, certainty="primary")
    else:
        text = N_(
            "Of the yearly deductible of {full:money} you have {left:money} left. This visit uses {used:money} of it. "
            "That is part of your share."
        )
        yield Step.by(year, Message(text, {"full": year.amount, "left": left, "used": used}), used)
