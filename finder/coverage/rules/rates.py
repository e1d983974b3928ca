"""The figures that price one visit: those of its day and place, looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from finder.coverage.figures.fee_schedule import FeeSchedule, Gpci
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.localities import Locality
from finder.coverage.figures.parameters import NotPublished, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The fee schedule, the payment area and the shares of a day.

    Without a ZIP code there is no area, and only known fees can be priced.
    """

    day: date
    schedule: FeeSchedule
    locality: Locality | None
    gpci: Gpci | None
    conversion_factor: Value
    mppr_practice_expense_share: Value
    coinsurance_rate: Value
    assistant_share: Value
    nonparticipating_share: Value
    limiting_charge_share: Value
    timed_codes: frozenset[str]
    timed_unit_minutes: Value
    timed_unit_minimum: Value
    part_b_deductible: Value | None
    """The full deductible of the year, for the explanation; None if it is not published."""

    @classmethod
    def on(cls, figures: Figures, day: date, zip_code: str | None, *, qualifying_apm: bool) -> Rates:
        """Look up the figures of a day and place. Raises NotPublished."""
        schedule = figures.schedule(day)
        factor = figures.conversion_factor(day, qualifying_apm=qualifying_apm)
        if factor is None:
            raise NotPublished("qualifying_apm_conversion_factor", day)
        locality = figures.locality(zip_code, schedule) if zip_code else None
        parameters = figures.parameters
        return cls(
            day=day,
            schedule=schedule,
            locality=locality,
            gpci=schedule.gpcis[locality.key] if locality else None,
            conversion_factor=factor,
            mppr_practice_expense_share=parameters.mppr_practice_expense_share.on(day),
            coinsurance_rate=parameters.coinsurance_rate.on(day),
            assistant_share=parameters.assistant_share.on(day),
            nonparticipating_share=parameters.nonparticipating_share.on(day),
            limiting_charge_share=parameters.limiting_charge_share.on(day),
            timed_codes=figures.code_table.timed,
            timed_unit_minutes=parameters.timed_unit_minutes.on(day),
            timed_unit_minimum=parameters.timed_unit_minimum.on(day),
            part_b_deductible=parameters.part_b_deductible.find(day),
        )
