"""The figures that price one visit: those of its day and place, looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from finder.coverage.figures.coverage_decisions import CoverageDecision
from finder.coverage.figures.fee_schedule import FeeSchedule, Gpci
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.localities import Locality
from finder.coverage.figures.parameters import NotPublished, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """The fee schedule of a day, and the payment area of a place in it.

    Without a ZIP code there is no area, and only known fees can be priced.
    """

    schedule: FeeSchedule
    conversion_factor: Value
    locality: Locality | None
    gpci: Gpci | None

    @classmethod
    def find(cls, figures: Figures, day: date, zip_code: str | None, *, qualifying_apm: bool) -> Fees | None:
        """Look up the fees of a day and place; None where the schedule of the day is not here. Raises NotPublished."""
        try:
            schedule = figures.schedule(day)
        except NotPublished:
            return None
        factor = figures.conversion_factor(day, qualifying_apm=qualifying_apm)
        if factor is None:
            raise NotPublished("qualifying_apm_conversion_factor", day)
        locality = figures.locality(zip_code, schedule) if zip_code else None
        return cls(
            schedule=schedule,
            conversion_factor=factor,
            locality=locality,
            gpci=schedule.gpcis[locality.key] if locality else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The fees, the shares and the coverage decisions of a day."""

    day: date
    published_fees: Fees | None
    """None: the fee schedule of the day is not here. What needs no fee is answered without it."""
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
    coverage_decisions: Sequence[CoverageDecision]

    @classmethod
    def on(cls, figures: Figures, day: date, zip_code: str | None, *, qualifying_apm: bool) -> Rates:
        """Look up the figures of a day and place. Raises NotPublished, but not for a missing fee schedule."""
        parameters = figures.parameters
        return cls(
            day=day,
            published_fees=Fees.find(figures, day, zip_code, qualifying_apm=qualifying_apm),
            mppr_practice_expense_share=parameters.mppr_practice_expense_share.on(day),
            coinsurance_rate=parameters.coinsurance_rate.on(day),
            assistant_share=parameters.assistant_share.on(day),
            nonparticipating_share=parameters.nonparticipating_share.on(day),
            limiting_charge_share=parameters.limiting_charge_share.on(day),
            timed_codes=figures.code_table.timed,
            timed_unit_minutes=parameters.timed_unit_minutes.on(day),
            timed_unit_minimum=parameters.timed_unit_minimum.on(day),
            part_b_deductible=parameters.part_b_deductible.find(day),
            coverage_decisions=[it for it in figures.coverage_decisions if it.holds_on(day)],
        )

    @property
    def fees(self) -> Fees:
        """The fees of the day. Raises NotPublished."""
        if self.published_fees is None:
            raise NotPublished("fee_schedule", self.day)
        return self.published_fees

    @property
    def locality(self) -> Locality | None:
        """The payment area; None without a ZIP code or a fee schedule."""
        return self.published_fees.locality if self.published_fees else None

    def decision(self, code: str | None) -> CoverageDecision | None:
        """Return the coverage decision about a code, or None."""
        return next((it for it in self.coverage_decisions if code in it.codes), None)
