"""Plans that set the price themselves, Medicare Advantage and commercial: Part B's 20% is never applied to them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import overload

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, to_cents
from finder.coverage.basics.vocabulary import MinutesRule
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import Parameter
from finder.coverage.other_coverage.base import Counters, CoverageKind, Settlement, Totals, VisitToSettle
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan leaves to the patient of one visit, in dollars.

    Its deductible first, then a copay or its coinsurance.
    """

    deductible: Decimal
    copay: Decimal
    coinsurance: Decimal

    @property
    def amount(self) -> Decimal:
        """All of it."""
        return self.deductible + self.copay + self.coinsurance

    def limited(self, limit: Decimal | None) -> Cost:
        """Stop at what is left of the yearly limit: the deductible counts first."""
        if limit is None or self.amount <= limit:
            return self
        deductible = min(self.deductible, limit)
        copay = min(self.copay, limit - deductible)
        return Cost(deductible, copay, limit - deductible - copay)


NOTHING = Cost(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrice(CoverageKind):
    """A plan with prices of its own.

    Its allowed amount, copay or coinsurance, and yearly amounts. None: not known.
    """

    builds_on_part_b = False

    allowed_amount: Decimal | None = None
    copay: Decimal | None = None
    coinsurance_rate: Decimal | None = None
    has_deductible: bool = False
    """Whether a deductible comes before the copay or the coinsurance."""
    deductible_remaining: Decimal | None = None
    deductible_annual: Decimal | None = None
    out_of_pocket_remaining: Decimal | None = None
    out_of_pocket_annual: Decimal | None = None

    def opening(self, day: date, figures: Figures) -> Counters:
        """Return what is left of the plan's deductible and out-of-pocket limit."""
        return self._counters(self.deductible_remaining, self.out_of_pocket_remaining)

    def renewed(self, day: date, figures: Figures) -> Counters:
        """Reset the plan's yearly amounts at New Year to the annual ones, if they are given.

        If an amount was counted and the annual one is not given, the visits after New Year are not known.
        Source: the plan's evidence or summary of coverage.
        """
        lost_deductible = self.has_deductible and self.deductible_annual is None
        counters = self._counters(self.deductible_annual, self.out_of_pocket_annual)
        return replace(counters, is_unknown_after_new_year=lost_deductible or self._loses_limit)

    @property
    def _loses_limit(self) -> bool:
        """Return whether the limit is unknown after New Year."""
        return self.out_of_pocket_remaining is not None and self.out_of_pocket_annual is None

    def _counters(self, deductible: Decimal | None, limit: Decimal | None) -> Counters:
        """Begin to count: a deductible that is not known may be used up, or be as large as that of a whole year."""
        if not self.has_deductible:
            return Counters(None, limit, least_limit=limit)
        most = self.deductible_annual if deductible is None else deductible
        return Counters(most, limit, least_deductible=deductible or ZERO, least_limit=limit)

    def settle(self, case: VisitToSettle) -> Settlement:
        """Find the least and the most that the plan leaves to the patient; where they agree, that is the answer.

        The least at a visit is what it costs at best if the visits before it cost the most, so that the yearly limit is
        near; but the least total is that of the best of every visit.
        """
        counters = case.counters
        best, worst = self._best(counters), self._worst(counters)
        least, most = _limited(best, counters.least_limit), _limited(worst, counters.limit)
        in_least_total, in_most_total = _limited(best, counters.limit), _limited(worst, counters.least_limit)
        left = self._count_down(counters, in_least_total, in_most_total)
        if least is None or most is None or least.amount != most.amount or counters.is_unknown_after_new_year:
            return Settlement(
                totals=Totals(self.allowed_amount, None, None, ZERO, ZERO),
                other_coverage_pays=None,
                patient_pays=None,
                patient_range=(_amount(least, ZERO), _amount(most, counters.limit)),
                share_of_total=(_amount(in_least_total, ZERO), _amount(in_most_total, counters.least_limit)),
                counters=left,
                notes=(_question(counters), *self._notes(case)),
            )
        is_split_known = least == most
        deductible, coinsurance = (least.deductible, least.coinsurance) if is_split_known else (None, None)
        return Settlement(
            totals=Totals(self.allowed_amount, deductible, coinsurance, ZERO, ZERO),
            other_coverage_pays=None if self.allowed_amount is None else self.allowed_amount - least.amount,
            patient_pays=least.amount,
            counters=left,
            steps=(*(_steps(least) if is_split_known else ()), *_limit_step(counters, least)),
            notes=self._notes(case),
        )

    def cost(self, allowed: Decimal | None, deductible: Decimal, rate: Decimal | None) -> Cost | None:
        """Work out the cost before the yearly limit: a copay, or the deductible first and then the rate on the rest.

        A copay takes the place of the rate, and of the deductible too unless the deductible applies to it. Where the
        plan's price is needed and not known, so is the cost not. What is left of the out-of-pocket limit is the most.
        Source: the plan's evidence or summary of coverage.
        """
        if self.copay is not None and not self.has_deductible:
            return Cost(ZERO, self.copay if allowed is None else min(self.copay, allowed), ZERO)
        if allowed is None:
            return None
        borne = min(deductible, allowed)
        if self.copay is not None:
            return Cost(borne, min(self.copay, allowed - borne), ZERO)
        return None if rate is None else Cost(borne, ZERO, to_cents((allowed - borne) * rate))

    def _best(self, counters: Counters) -> Cost | None:
        """Return the cost at best, before the limit: the least deductible is left, an unknown rate is zero.

        A new limit that is not known may be of any size.
        """
        if counters.is_unknown_after_new_year and self._loses_limit:
            return NOTHING
        return self.cost(self.allowed_amount, counters.least_deductible, self.coinsurance_rate or ZERO)

    def _worst(self, counters: Counters) -> Cost | None:
        """Return the cost at worst, before the limit: an unknown deductible is whole, an unknown rate is everything."""
        deductible = counters.deductible
        if deductible is None and self.has_deductible:
            deductible = self.allowed_amount
        rate = ONE if self.coinsurance_rate is None else self.coinsurance_rate
        return self.cost(self.allowed_amount, deductible or ZERO, rate)

    def _count_down(self, counters: Counters, least: Cost | None, most: Cost | None) -> Counters:
        """Take a visit's cost, at best and at worst, off the yearly amounts. What is not known may be everything."""
        allowed = self.allowed_amount
        deductible, limit, least_limit = counters.deductible, counters.limit, counters.least_limit
        return replace(
            counters,
            deductible=deductible if deductible is None or allowed is None else max(ZERO, deductible - allowed),
            least_deductible=ZERO if allowed is None else max(ZERO, counters.least_deductible - allowed),
            limit=None if limit is None else limit - _amount(least, ZERO),
            least_limit=None if least_limit is None else least_limit - _amount(most, least_limit),
        )

    def _notes(self, case: VisitToSettle) -> tuple[Note, ...]:
        """Return what a plan may ask for, and the most that it may cost in a year."""
        authorization = Note(
            "prior_authorization",
            Message(N_("Your plan may need to approve the visits first, and may limit how many it pays for.")),
        )
        limit = self._yearly_limit(case.figures).find(case.day)
        if limit is None or self.out_of_pocket_remaining is not None:
            return (authorization,)
        text = Message(
            N_("In {year}, a plan of this kind may charge one person at most {limit:money} in its network."),
            {"year": str(case.day.year), "limit": limit.amount},
        )
        return (authorization, Note("yearly_limit", text, limit))

    @abstractmethod
    def _yearly_limit(self, figures: Figures) -> Parameter:
        """Return the figure for the most that such a plan may ask in a year."""


def _limited(cost: Cost | None, limit: Decimal | None) -> Cost | None:
    """Stop at what is left of the yearly limit; where nothing is left, even an unknown price costs nothing."""
    return NOTHING if limit == ZERO else cost and cost.limited(limit)


@overload
def _amount(cost: Cost | None, unknown: Decimal) -> Decimal: ...
@overload
def _amount(cost: Cost | None, unknown: Decimal | None) -> Decimal | None: ...
def _amount(cost: Cost | None, unknown: Decimal | None) -> Decimal | None:
    """Return the amount of a cost, or the substitute for an unknown one."""
    return unknown if cost is None else cost.amount


def _question(counters: Counters) -> Note:
    """Return what must be known for a figure."""
    if counters.is_unknown_after_new_year:
        return Note(
            "yearly_amounts_unknown",
            Message(
                N_(
                    "At New Year your plan’s yearly amounts start again. Tell us the new ones to see what these visits "
                    "cost."
                )
            ),
            is_reason=True,
        )
    return Note(
        "ask_plan",
        Message(
            N_(
                "Ask your plan for its copay, or for its price, its deductible and its share for this "
                "visit. Medicare’s own share does not apply."
            )
        ),
        is_reason=True,
    )


def _steps(cost: Cost) -> Iterator[Step]:
    """Return the steps that explain the parts of the cost."""
    parts = (
        (cost.deductible, N_("Of this visit, {amount:money} goes to your plan’s deductible.")),
        (cost.copay, N_("Your plan’s copay for the visit is {amount:money}.")),
        (cost.coinsurance, N_("Your plan’s coinsurance for the visit is {amount:money}.")),
    )
    yield from (Step(Message(text, {"amount": amount}), amount) for amount, text in parts if amount)


def _limit_step(counters: Counters, cost: Cost) -> Iterator[Step]:
    """Return the step of the yearly limit, if it applies."""
    if counters.limit is None or cost.amount != counters.limit:
        return
    text = N_("After {limit:money} you reach the most that you pay in a year under your plan.")
    if not counters.limit:
        text = N_("You have reached the most that you pay in a year under your plan.")
    yield Step(Message(text, {"limit": counters.limit}), counters.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicareAdvantage(SetPrice):
    """A Medicare Advantage plan asks its copay, or its rate of its allowed amount, up to what is left of its limit.

    Source: 42 CFR 422.100(f), 422.101(d).
    """

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> MedicareAdvantage:
        """Read the copay or the rate with the allowed amount, and what is left of the yearly limit."""
        copay, rate = _read_copay_or_rate(fields)
        return cls(
            allowed_amount=fields.money("allowed_amount"),
            copay=copay,
            coinsurance_rate=rate,
            out_of_pocket_remaining=fields.money("out_of_pocket_remaining"),
            out_of_pocket_annual=fields.money("out_of_pocket_annual"),
        )

    def _yearly_limit(self, figures: Figures) -> Parameter:
        return figures.parameters.medicare_advantage_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Commercial(SetPrice):
    """A commercial plan asks its deductible, then its rate; or a copay. Units of timed services count by each code.

    Source: the plan's summary of benefits and coverage, 45 CFR 147.200.
    """

    minutes_rule = MinutesRule.PER_CODE

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> Commercial:
        """Read the price, the copay or the rate, and the yearly amounts."""
        applies_to_copay = fields.flag("deductible_applies_to_copay")
        copay, rate = _read_copay_or_rate(fields)
        return cls(
            allowed_amount=fields.money("allowed_amount"),
            copay=copay,
            coinsurance_rate=rate,
            has_deductible=applies_to_copay or copay is None,
            deductible_remaining=fields.money("deductible_remaining"),
            deductible_annual=fields.money("deductible_annual"),
            out_of_pocket_remaining=fields.money("out_of_pocket_remaining"),
            out_of_pocket_annual=fields.money("out_of_pocket_annual"),
        )

    def _yearly_limit(self, figures: Figures) -> Parameter:
        return figures.parameters.commercial_limit


def _read_copay_or_rate(fields: Fields) -> tuple[Decimal | None, Decimal | None]:
    """Read a flat copay or a rate; a plan has one of them for a visit."""
    copay, rate = fields.money("copay"), fields.rate("coinsurance_rate")
    if copay is not None and rate is not None:
        fields.fail("coinsurance_rate", N_("Give a copay or a rate, not both."))
    return copay, rate
