"""Employer and retiree plans, before Medicare and after it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, to_cents, total
from finder.coverage.basics.vocabulary import Setting
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import (
    Coverage,
    Settlement,
    Totals,
    VisitToSettle,
    after_part_b,
    open_after_part_b,
)
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message

AUTHORITY = "42 CFR 411.33, 411.35"


@dataclass(frozen=True, slots=True)
class MedicareAlone:
    """What Medicare would allow, leave to the deductible and the coinsurance, and pay if it were the only payer."""

    allowed_amount: Decimal
    deductible: Decimal
    coinsurance: Decimal
    pays: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerPrimary(Coverage):
    """A plan that pays before Medicare: what it allows and has paid for the whole visit.

    ``charge`` None: the charges of the services; ``medicare_allowed_amount`` None: by the fee schedule.
    """

    pays_set_amount: ClassVar[bool] = True

    charge: Decimal | None
    allowed_amount: Decimal | None
    paid: Decimal | None
    medicare_allowed_amount: Decimal | None

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> EmployerPrimary:
        """Read what the plan allows and has paid."""
        return cls(
            charge=fields.money("charge"),
            allowed_amount=fields.money("allowed_amount"),
            paid=fields.money("paid"),
            medicare_allowed_amount=fields.money("medicare_allowed_amount"),
        )

    def settle(self, case: VisitToSettle) -> Settlement:
        """Let Medicare pay second, and leave to the patient what of Medicare's allowed amount is still open.

        The patient owes Medicare's allowed amount less what the plan and Medicare have paid, never below zero. The
        allowed amount of the answer is what plan, Medicare and patient pay together. If the charge, or what the plan
        allows or has paid, is not known, the answer is a range: at worst the plan has paid nothing.
        Source: 42 CFR 411.33, 411.35.
        """
        alone = self._medicare_alone(case)
        charge = total(*(service.charge for service in case.services)) if self.charge is None else self.charge
        if self.paid is None or self.allowed_amount is None or charge is None or alone is None:
            return self._settle_unknown(case, alone)
        pays = secondary_payment(charge, self.allowed_amount, self.paid, alone)
        patient = max(ZERO, alone.allowed_amount - self.paid - pays)
        return Settlement(
            totals=Totals(self.paid + pays + patient, alone.deductible, alone.coinsurance, pays, ZERO),
            other_coverage_pays=self.paid,
            patient_pays=patient,
            deductible_used=alone.deductible,
            rests_on_bill=False,
            counters=case.counters,
            steps=_steps(charge, self.allowed_amount, self.paid, alone, pays, patient),
        )

    def _medicare_alone(self, case: VisitToSettle) -> MedicareAlone | None:
        """Return what Medicare would do alone; None where it cannot be known. It is never billed for home health."""
        bill, given = case.bill, self.medicare_allowed_amount
        if given is not None and bill.setting is not Setting.HOME_HEALTH_BENEFIT:
            deductible = min(bill.deductible_remaining, given)
            coinsurance = to_cents((given - deductible) * bill.rates.coinsurance_rate.amount)
            return MedicareAlone(given, deductible, coinsurance, given - deductible - coinsurance)
        if not bill.is_complete:
            return None
        return MedicareAlone(bill.allowed_amount, bill.deductible_applied, bill.coinsurance, bill.medicare_pays)

    def _settle_unknown(self, case: VisitToSettle, alone: MedicareAlone | None) -> Settlement:
        """Return the range: at worst the plan has paid nothing and Medicare pays as if alone."""
        highest = alone.deductible + alone.coinsurance if alone else None
        note = Note(
            "employer_payment_unknown",
            Message(
                N_(
                    "To know your part, we need the charge, and what your employer’s plan allows and has paid. "
                    "Its statement shows them."
                )
            ),
            is_reason=True,
        )
        return Settlement(
            totals=Totals(None, alone.deductible if alone else None, alone.coinsurance if alone else None, None, ZERO),
            other_coverage_pays=self.paid,
            patient_pays=None,
            patient_range=(ZERO, highest),
            deductible_used=alone.deductible if alone else case.bill.deductible_applied,
            rests_on_bill=False,
            counters=case.counters,
            notes=(note,),
        )


def secondary_payment(charge: Decimal, allowed_amount: Decimal, paid: Decimal, alone: MedicareAlone) -> Decimal:
    """Find what Medicare pays after an employer's plan: the lowest of three amounts, never below zero.

    The charge less what the plan has paid; what Medicare would pay alone; the higher of the two allowed amounts less
    what the plan has paid.
    Source: 42 CFR 411.33(a).
    """
    higher = max(allowed_amount, alone.allowed_amount)
    return max(ZERO, min(charge - paid, alone.pays, higher - paid))


def _steps(
    charge: Decimal, allowed: Decimal, paid: Decimal, alone: MedicareAlone, pays: Decimal, patient: Decimal
) -> tuple[Step, ...]:
    """Return the steps that explain the three amounts and what is left."""
    three = Message(
        N_("the lowest of {by_charge:money}, {alone:money} and {by_allowed:money}"),
        {"by_charge": charge - paid, "alone": alone.pays, "by_allowed": max(allowed, alone.allowed_amount) - paid},
    )
    return (
        Step(Message(N_("Your employer’s plan pays first: {paid:money}."), {"paid": paid}), paid),
        Step(
            Message(N_("Medicare pays second: {pays:money}."), {"pays": pays}),
            pays,
            three,
            source=AUTHORITY,
            certainty="primary",
        ),
        Step(
            Message(
                N_("You pay what is left of Medicare’s allowed amount of {allowed:money}: {patient:money}."),
                {"allowed": alone.allowed_amount, "patient": patient},
            ),
            patient,
            source=AUTHORITY,
            certainty="primary",
        ),
        Step(
            Message(
                N_("Your plan, Medicare and you together pay {together:money}."), {"together": paid + pays + patient}
            ),
            paid + pays + patient,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerSecondary(Coverage):
    """An employer's or retiree plan that pays after Medicare; ``paid`` None: not known."""

    pays_set_amount: ClassVar[bool] = True

    paid: Decimal | None

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> EmployerSecondary:
        """Read what the plan pays."""
        return cls(paid=fields.money("paid"))

    def settle(self, case: VisitToSettle) -> Settlement:
        """Take what the plan pays off the share of Part B, not below zero.

        Not known is a range from nothing to the share.

        Source: the plan's own terms; Medicare pays as if alone.
        """
        if self.paid is None:
            note = Note(
                "ask_plan",
                Message(N_("Ask your plan what it pays after Medicare. It may be all of your share or part of it.")),
                is_reason=True,
            )
            return open_after_part_b(case, notes=(note,))
        pays = min(self.paid, case.bill.patient_share)
        step = Step(Message(N_("Your plan pays {pays:money} of your share."), {"pays": pays}), pays)
        return after_part_b(case, pays, steps=(step,))
