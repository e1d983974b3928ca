"""Medigap: insurance that pays parts of what Part B leaves to the patient, by the letter of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, to_cents
from finder.coverage.figures.figures import Figures, MedigapShares
from finder.coverage.figures.parameters import Parameter
from finder.coverage.other_coverage.base import (
    Counters,
    CoverageKind,
    Settlement,
    VisitToSettle,
    after_part_b,
    open_after_part_b,
)
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Medigap(CoverageKind):
    """A Medigap plan with its riders, and what is left of its yearly amounts (None: the year's full figure).

    ``plan`` ``unknown``: a plan whose name is not known; it may pay nothing of the visit or all.
    """

    plan: str
    shares: MedigapShares
    """What the plan and its riders pay."""
    limit_remaining: Decimal | None = None
    high_deductible_remaining: Decimal | None = None
    office_visit_copay: Decimal | None = None

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> Medigap | None:
        """Read the plan and what belongs to it."""
        name = fields.text("plan", required=True)
        limit = fields.money("limit_remaining")
        high_deductible = fields.money("high_deductible_remaining")
        copay = fields.money("office_visit_copay")
        riders = fields.words("riders")
        shares = UNKNOWN_SHARES if name == UNKNOWN else figures.medigap_plans.get(name or "")
        if shares is None:
            if name is not None:
                fields.fail("plan", N_("This must be one of: {choices}."), choices=[*figures.medigap_plans, UNKNOWN])
            return None
        shares = _with_riders(shares, riders, fields, figures)
        if shares is None:
            return None
        belongs = {
            "limit_remaining": shares.yearly_limit,
            "high_deductible_remaining": shares.high_deductible,
            "office_visit_copay": shares.office_visit_copay,
        }
        for key, figure in belongs.items():
            if figure is None and fields.has(key):
                fields.fail(key, N_("Medigap plan {plan} has no such amount."), plan=name)
        return cls(
            plan=name or "",
            shares=shares,
            limit_remaining=limit,
            high_deductible_remaining=high_deductible,
            office_visit_copay=copay,
        )

    def opening(self, day: date, figures: Figures) -> Counters:
        """Return what is left of the yearly limit (K, L) and of the high deductible (F, G).

        An amount that is not given is the year's full figure.
        """
        deductible, limit = self.high_deductible_remaining, self.limit_remaining
        return Counters(
            deductible=_amount(self.shares.high_deductible, day, figures) if deductible is None else deductible,
            limit=_amount(self.shares.yearly_limit, day, figures) if limit is None else limit,
        )

    def renewed(self, day: date, figures: Figures) -> Counters:
        """Reset the yearly limit and the high deductible to the year's figures.

        Source: CMS, out-of-pocket limits for plans K and L; CMS, deductible of high-deductible plans.
        """
        return replace(self, high_deductible_remaining=None, limit_remaining=None).opening(day, figures)

    def settle(self, case: VisitToSettle) -> Settlement:
        """Pay the plan's part by its kind, with a note if the plan is closed to new members."""
        if self.plan == UNKNOWN:
            settlement = open_after_part_b(case, notes=(PLAN_UNKNOWN,))
        elif self.shares.high_deductible is not None:
            settlement = self.settle_high_deductible(case)
        else:
            settlement = self.settle_shares(case)
        if self.shares.is_closed:
            closed = Message(N_("This kind of Medigap is closed to people who are new to Medicare since 2020."))
            settlement = replace(settlement, notes=(*settlement.notes, Note("medigap_closed", closed)))
        return settlement

    def settle_shares(self, case: VisitToSettle) -> Settlement:
        """Pay the plan's share of the coinsurance, the deductible and the excess charge, each rounded to cents.

        Plans K and L, and Wisconsin's plans like them: once the patient's own part of deductible and coinsurance has
        used up the yearly limit, the plan pays all of it; an excess charge never counts. Minnesota's Extended Basic:
        once the patient's part of excess charges has used up its limit, the plan pays all of them. Plan N and
        Wisconsin's copayment rider leave a copay for an office visit.
        Source: CMS, Choosing a Medigap Policy; Wisconsin Administrative Code Ins 3.39(5t); Minnesota Statutes 62A.315.
        """
        share = case.share
        of_coinsurance = to_cents(share.coinsurance * self.shares.coinsurance)
        of_deductible = to_cents(share.deductible * self.shares.deductible)
        of_excess = to_cents(share.excess * self.shares.excess)
        own = share.deductible + share.coinsurance - of_coinsurance - of_deductible
        if self.shares.limit_counts_excess:
            own += share.excess - of_excess
        above_limit, counters = ZERO, case.counters
        if counters.limit is not None:
            above_limit = max(ZERO, own - counters.limit)
            counters = replace(counters, limit=counters.limit - (own - above_limit))
        copay = min(self.office_visit_copay or ZERO, of_coinsurance)
        pays = of_coinsurance + of_deductible + of_excess + above_limit - copay
        highest, notes = self._possible_copay(case, share.amount - pays)
        if self.shares.limit_counts_excess and self.limit_remaining is None and own:
            notes = (*notes, self._limit_unknown(case))
        return after_part_b(
            case,
            pays,
            counters=counters,
            steps=self._steps(case, pays, above_limit) if share.amount else (),
            notes=notes,
            highest=highest,
        )

    def _limit_unknown(self, case: VisitToSettle) -> Note:
        """Return that the patient may pay less: what they have paid this year of the plan's limit is not known."""
        value = _parameter(self.shares.yearly_limit or "", case.figures).on(case.day)
        text = N_(
            "Once you have paid {limit:money} of your own in a year, this plan pays all of it. Then you pay less."
        )
        return Note("medigap_limit_unknown", Message(text, {"limit": value.amount}), value)

    def _possible_copay(self, case: VisitToSettle, patient: Decimal) -> tuple[Decimal | None, tuple[Note, ...]]:
        """Return the most that the patient may pay if the visit counts as an office visit, its copay not known.

        Plan N, and Wisconsin's copayment rider.
        """
        if self.shares.office_visit_copay is None or self.office_visit_copay is not None:
            return None, ()
        most = _parameter(self.shares.office_visit_copay, case.figures).on(case.day)
        text = Message(
            N_(
                "Your Medigap plan may leave you a copay of up to {copay:money} if the visit counts as an office "
                "visit. It depends on the claim."
            ),
            {"copay": most.amount},
        )
        return patient + min(most.amount, case.share.coinsurance), (
            Note("medigap_n_copay", text, most, is_reason=True),
        )

    def settle_high_deductible(self, case: VisitToSettle) -> Settlement:
        """Leave everything to the patient until the high deductible is used up; then plan F pays the rest.

        Plan G pays the rest too, but never the Part B deductible: what of it exceeds the amount just borne stays with
        the patient. Where nobody has checked that a plan pays excess charges, the patient may have to pay them, and
        they do not count towards its deductible.
        Source: CMS, Choosing a Medigap Policy; Wisconsin Administrative Code Ins 3.39(5t)(k).
        """
        share, left = case.share, case.counters.deductible or ZERO
        borne = min(share.amount, left)
        patient = borne if self.shares.deductible else max(borne, share.deductible)
        pays = share.amount - patient
        counters = replace(case.counters, deductible=left - borne)
        text = N_("You pay the first {borne:money} of your share: {left:money} of the plan’s high deductible was left.")
        if not left:
            text = N_("You have met your plan’s high deductible.")
        step = self._figure_step(
            self.shares.high_deductible, case, Message(text, {"borne": borne, "left": left}), borne
        )
        highest: Decimal | None = None
        notes: tuple[Note, ...] = ()
        if self.shares.excess_is_unverified and share.excess:
            covered = min(share.deductible + share.coinsurance, left)
            highest = share.excess + (covered if self.shares.deductible else max(covered, share.deductible))
            notes = (EXCESS_UNVERIFIED,)
        steps = (step, *self._steps(case, pays, ZERO)) if share.amount else ()
        return after_part_b(case, pays, counters=counters, steps=steps, notes=notes, highest=highest)

    def _steps(self, case: VisitToSettle, pays: Decimal, above_limit: Decimal) -> tuple[Step, ...]:
        """Return what the plan pays."""
        text = N_("Your Medigap plan {plan} pays {pays:money} of your share.")
        if not pays:
            text = N_("Your Medigap plan {plan} pays nothing for this visit.")
        plan = self.plan.replace("_", " ")
        steps = [
            Step(
                Message(text, {"plan": plan, "pays": pays}),
                pays,
                parameter="medigap_plans",
                source="CMS, Choosing a Medigap Policy",
                certainty="secondary",
            )
        ]
        if above_limit:
            text = N_("{amount:money} of that is because you have reached the plan’s yearly limit.")
            message = Message(text, {"amount": above_limit})
            steps.append(self._figure_step(self.shares.yearly_limit, case, message, above_limit))
        return tuple(steps)

    @staticmethod
    def _figure_step(name: str | None, case: VisitToSettle, text: Message, amount: Decimal) -> Step:
        """Return a step that rests on a yearly figure of the plan, or if the year has none, on the person's answer."""
        value = _parameter(name, case.figures).find(case.day) if name else None
        return Step.by(value, text, amount) if value else Step(text, amount)


UNKNOWN = "unknown"
"""The name of a plan that is not known."""

UNKNOWN_SHARES = MedigapShares(ZERO, ZERO, ZERO)

PLAN_UNKNOWN = Note(
    "medigap_plan_unknown",
    Message(N_("What you pay depends on the letter of your Medigap plan. It is on the card, or ask the plan.")),
    is_reason=True,
)
EXCESS_UNVERIFIED = Note(
    "medigap_excess_unverified",
    Message(
        N_("We could not check whether this plan pays charges above Medicare’s amount. Ask the plan before the visit.")
    ),
    is_reason=True,
)


def _with_riders(
    shares: MedigapShares, riders: Sequence[str], fields: Fields, figures: Figures
) -> MedigapShares | None:
    """Add what the riders pay to what their plan pays; None: one does not belong to it, and an error says so."""
    if any(rider not in shares.riders for rider in riders) or len(set(riders)) < len(riders):
        fields.fail(
            "riders", N_("This plan can have these riders, each once: {riders}."), riders=list(shares.riders) or "–"
        )
        return None
    for rider in riders:
        shares = _with_rider(shares, figures.medigap_riders[rider])
    return shares


def _with_rider(shares: MedigapShares, rider: MedigapShares) -> MedigapShares:
    """Add what a rider pays to what its plan pays."""
    return replace(
        shares,
        coinsurance=shares.coinsurance + rider.coinsurance,
        deductible=shares.deductible + rider.deductible,
        excess=shares.excess + rider.excess,
        office_visit_copay=shares.office_visit_copay or rider.office_visit_copay,
        is_closed=shares.is_closed or rider.is_closed,
    )


def _parameter(name: str, figures: Figures) -> Parameter:
    """Return the figure that a plan names."""
    parameter: Parameter = getattr(figures.parameters, name)
    return parameter


def _amount(name: str | None, day: date, figures: Figures) -> Decimal | None:
    """Return a yearly figure that a plan names, None if it names none."""
    return None if name is None else _parameter(name, figures).on(day).amount
