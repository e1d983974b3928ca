"""The fee table of a place: what each therapy code is paid there, under one fee schedule.

The amounts are those of the rules of a claim, for a claim of one unit; nothing is reckoned here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finder.coverage.basics.money import to_cents
from finder.coverage.basics.visit import Service
from finder.coverage.basics.vocabulary import LineStatus, Participation
from finder.coverage.figures.fee_schedule import FeeSchedule, Gpci
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.localities import Locality
from finder.coverage.figures.parameters import Certainty, Value
from finder.coverage.rules.claim import limiting_charge, price_claim
from finder.coverage.rules.rates import Rates
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow:
    """What one code is paid, in dollars for one unit. Amounts are None where Medicare has no price to pay."""

    code: str
    is_timed: bool
    """Whether its minutes are summed over the visit."""
    multiple_procedure: str
    """The indicator of the relative-value file: 5 is reduced beside other therapy of the day."""
    status_code: str
    """The letter of the relative-value file."""
    status: LineStatus | None
    fee: Decimal | None = None
    """Of a participating therapist, in full."""
    reduced_fee: Decimal | None = None
    """Of a further unit of the day; None too where no reduction applies."""
    nonparticipating_fee: Decimal | None = None
    limiting_charge: Decimal | None = None
    coinsurance: Decimal | None = None
    """The patient's part of ``fee``, with the deductible met."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """Where one kind of figure comes from: its name as in ``data/medicare``, the document, and how certain it is."""

    name: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTable:
    """The fees of a ZIP code under one fee schedule."""

    zip: str
    schedule: FeeSchedule
    conversion_factor: Value
    locality: Locality
    gpci: Gpci
    rows: tuple[FeeRow, ...]
    sources: tuple[TableSource, ...]

    @property
    def qualifying_apm(self) -> bool:
        """Whether the fees are those of qualifying participants in an advanced payment model."""
        return self.conversion_factor is self.schedule.qualifying_apm_conversion_factor


def schedule_names(figures: Figures) -> Mapping[str, FeeSchedule]:
    """Name every fee schedule, the latest first: by its year, or by its first day where the year has several."""
    years = [schedule.first_day.year for schedule in figures.schedules]
    return {
        str(it.first_day.year) if years.count(it.first_day.year) == 1 else it.first_day.isoformat(): it
        for it in reversed(figures.schedules)
    }


def find_schedule(name: str, figures: Figures) -> str | None:
    """Return the name of the schedule that is meant; a year of several means its last. None: there is none."""
    names = schedule_names(figures)
    return (
        name if name in names else next((it for it in names if re.fullmatch(r"\d{4}", name) and it[:4] == name), None)
    )


def fee_table(
    zip_code: str, year: str, code: str | None, figures: Figures, *, qualifying_apm: bool = False
) -> FeeTable:
    """Return the fees of a ZIP code under the schedule of a year, for one therapy code or for all of them.

    Raises InvalidRequest with an error for every field that is wrong.
    """
    errors: list[FieldError] = []
    name = find_schedule(year, figures)
    schedule = schedule_names(figures)[name] if name else None
    if schedule is None:
        held = Message(N_("We have the fee schedules of these years: {years}."), {"years": _years(figures)})
        errors.append(FieldError("year", held))
    locality = _locality(zip_code, schedule or figures.schedules[-1], figures, errors)
    codes = _codes(code, schedule, figures, errors)
    if schedule and qualifying_apm and _factor(schedule, figures, qualifying_apm=True) is None:
        text = N_("We do not have the {year} conversion factor of qualifying participants yet.")
        errors.append(FieldError("qualifying_apm", Message(text, {"year": str(schedule.first_day.year)})))
    if errors or schedule is None or locality is None:
        raise InvalidRequest(errors)
    rates = Rates.on(figures, schedule.first_day, zip_code[:5], qualifying_apm=qualifying_apm)
    factor = _factor(schedule, figures, qualifying_apm=qualifying_apm) or schedule.conversion_factor
    return FeeTable(
        zip=zip_code[:5],
        schedule=schedule,
        conversion_factor=factor,
        locality=locality,
        gpci=schedule.gpcis[locality.key],
        rows=tuple(_row(it, schedule, rates, figures) for it in codes),
        sources=tuple(_sources(schedule, factor, rates)),
    )


def _years(figures: Figures) -> list[str]:
    return sorted({str(it.first_day.year) for it in figures.schedules}, reverse=True)


def _factor(schedule: FeeSchedule, figures: Figures, *, qualifying_apm: bool) -> Value | None:
    return figures.conversion_factor(schedule.first_day, qualifying_apm=qualifying_apm)


def _locality(zip_code: str, schedule: FeeSchedule, figures: Figures, errors: list[FieldError]) -> Locality | None:
    """Return the payment area of a ZIP code; what is wrong with it is added to the errors."""
    if not re.fullmatch(r"\d{5}(-?\d{4})?", zip_code, re.ASCII):
        errors.append(FieldError("zip", Message(N_("Write the five digits of the ZIP code, like 02139."))))
        return None
    locality = figures.locality(zip_code[:5], schedule)
    if locality is None:
        text = N_("Medicare’s list does not have this ZIP code. Check the five digits.")
        errors.append(FieldError("zip", Message(text)))
    return locality


def _codes(code: str | None, schedule: FeeSchedule | None, figures: Figures, errors: list[FieldError]) -> Sequence[str]:
    """Return the codes of the table: the one that was asked for, or all; a wrong one is added to the errors."""
    if not code:
        return [*schedule.relative_values] if schedule else []
    code = code.upper()
    if code not in figures.code_table.codes:
        errors.append(FieldError("code", Message(N_("We do not know this therapy code."))))
    elif schedule and code not in schedule.relative_values:
        text = N_("{code} is not in Medicare’s fee schedule of {day:date}.")
        errors.append(FieldError("code", Message(text, {"code": code, "day": schedule.first_day})))
    return [code]


def _row(code: str, schedule: FeeSchedule, rates: Rates, figures: Figures) -> FeeRow:
    """Price one unit of a code in every way."""
    value = schedule.relative_values[code]
    service = Service(code=code, units=1)
    (line,) = price_claim([service], [1], rates, Participation.PARTICIPATING)
    row = FeeRow(
        code=code,
        is_timed=code in figures.code_table.timed or code in figures.code_table.unit_minutes,
        multiple_procedure=value.multiple_procedure,
        status_code=value.status_code,
        status=line.status,
    )
    if line.priced is None or line.priced.value is None or line.allowed_amount is None:
        return row
    (outside,) = price_claim([service], [1], rates, Participation.NONPARTICIPATING_ASSIGNED)
    return replace(
        row,
        fee=line.allowed_amount,
        reduced_fee=line.priced.reduced_fee if value.is_reducible else None,
        nonparticipating_fee=outside.allowed_amount,
        limiting_charge=limiting_charge(line.priced, rates),
        coinsurance=to_cents(line.allowed_amount * rates.coinsurance_rate.amount),
    )


def _sources(schedule: FeeSchedule, factor: Value, rates: Rates) -> Iterable[TableSource]:
    """List what the amounts rest on: the three files, and the rules that take shares."""
    for name, citation in (
        ("relative_values", schedule.relative_values_citation),
        ("gpci", schedule.gpci_citation),
        ("zip_localities", schedule.zip_citation),
    ):
        yield TableSource(name, citation.source, citation.certainty)
    for value in (
        factor,
        rates.mppr_practice_expense_share,
        rates.nonparticipating_share,
        rates.limiting_charge_share,
        rates.coinsurance_rate,
    ):
        yield TableSource(value.parameter, value.source, value.certainty)
