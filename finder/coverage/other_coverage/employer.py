"""Employer and retiree plans, before Medicare and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO, to_cents, total
from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import (
    CoverageKind,
    Settlement,
    Share,
    Totals,
    VisitToSettle,
    after_part_b,
    open_after_part_b,
)
from finder.coverage.rules.statements import NOTHING_ALLOWED, Note, Step
from finder.i18n import N_, Message

AUTHORITY = "42 CFR 411.33, 411.35"


@dataclass(frozen=True, slots=True)
class MedicareAlone:
    """What Medicare would do if it were the only payer, in dollars."""

    allowed_amount: Decimal
    """Never more than the charge."""
    deductible: Decimal
    coinsurance: Decimal
    pays: Decimal
    excess_charge: Decimal = ZERO
    assistant_reduction: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """What is known of the first payer: the charge, what it allows and has paid, what the provider must accept."""

    charge: Decimal
    allowed_amount: Decimal
    paid: Decimal
    accepted_in_full: Decimal | None

    @property
    def most_for_provider(self) -> Decimal:
        """The most that the provider may receive from all: the charge, or less where less is payment in full."""
        return self.charge if self.accepted_in_full is None else min(self.charge, self.accepted_in_full)

    def excess_above(self, alone: MedicareAlone) -> Decimal:
        """Return what the provider may charge above Medicare's allowed amount."""
        return max(ZERO, min(alone.allowed_amount + alone.excess_charge, self.most_for_provider) - alone.allowed_amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerPrimary(CoverageKind):
    """A plan that pays before Medicare: what it allows and has paid for the whole visit.

    ``charge`` None: the charges of the services; ``medicare_allowed_amount`` None: by the fee schedule.
    ``accepted_in_full``: what the provider must accept as payment in full, by its contract with the plan.
    """

    pays_set_amount = True

    charge: Decimal | None
    allowed_amount: Decimal | None
    paid: Decimal | None
    medicare_allowed_amount: Decimal | None
    accepted_in_full: Decimal | None

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> EmployerPrimary:
        """Read what the plan allows and has paid."""
        return cls(
            charge=fields.money("charge"),
            allowed_amount=fields.money("allowed_amount"),
            paid=fields.money("paid"),
            medicare_allowed_amount=fields.money("medicare_allowed_amount"),
            accepted_in_full=fields.money("accepted_in_full"),
        )

    def settle(self, case: VisitToSettle) -> Settlement:
        """Let Medicare pay second, and leave to the patient what is still open.

        On an assigned claim that is Medicare's allowed amount, or what the provider must accept in full if that is
        less, minus what the plan and Medicare have paid; on an unassigned claim the charge up to the limiting charge
        takes the place of the allowed amount. It is never below zero. What the plan has paid counts towards the
        deductible. If the charge, or what the plan allows or has paid, is not known, the answer is a range: at worst
        the plan has paid nothing.
        Source: 42 CFR 411.30(b), 411.33, 411.35.
        """
        charge = self.charge if self.charge is not None else _charge_of(case)
        alone = self._medicare_alone(case, charge)
        if case.bill.setting is Setting.CRITICAL_ACCESS_HOSPITAL:
            return self._settle_unknown(case, alone, PAID_BY_COST)
        if self.paid is None or self.allowed_amount is None or charge is None or alone is None:
            return self._settle_unknown(case, alone, PAYMENT_UNKNOWN)
        first = FirstPayment(charge, self.allowed_amount, self.paid, self.accepted_in_full)
        return self._settle_known(case, alone, first)

    def _settle_known(self, case: VisitToSettle, alone: MedicareAlone, first: FirstPayment) -> Settlement:
        """Settle a visit of which everything is known.

        Where an assistant gave care, the rules for a second payer do not say who bears what Medicare takes off. On an
        assigned claim the formula of the rules has it in the patient's part, and the range goes down to the part
        without it; on an unassigned claim it may come on top, as without another payer.
        """
        pays = secondary_payment(first, alone)
        in_full = secondary_payment(first, replace(alone, pays=alone.pays + alone.assistant_reduction))
        excess = first.excess_above(alone)
        owed = min(alone.allowed_amount + excess, first.most_for_provider)
        least, most = max(ZERO, owed - first.paid - in_full), max(ZERO, owed - first.paid - pays)
        is_unassigned = case.bill.participation is Participation.NONPARTICIPATING_UNASSIGNED
        patient = least if is_unassigned else most
        return Settlement(
            totals=Totals(alone.allowed_amount, alone.deductible, alone.coinsurance, pays, excess, most - patient),
            other_coverage_pays=first.paid,
            patient_pays=patient,
            patient_range=None if least == patient else (least, most),
            deductible_used=alone.deductible,
            left=_by_kind(patient, alone, first),
            missing_assistant_part=most - patient,
            rests_on_bill=False,
            counters=case.counters,
            steps=_steps(first, alone, pays, patient),
            notes=(ASSISTANT_AFTER_PLAN,) if least < patient else (),
        )

    def _medicare_alone(self, case: VisitToSettle, charge: Decimal | None) -> MedicareAlone | None:
        """Return what Medicare would do alone; None where it cannot be known. It is never billed for home health."""
        bill, given = case.bill, self.medicare_allowed_amount
        if bill.setting is Setting.HOME_HEALTH_BENEFIT:
            given = None
        if given is None and not bill.is_complete:
            return None
        allowed = bill.allowed_amount if given is None else given
        if charge is not None and charge < allowed:
            allowed = charge
        excess = max(ZERO, min(bill.allowed_amount + bill.excess_charge, charge or ZERO) - allowed)
        if bill.participation is not Participation.NONPARTICIPATING_UNASSIGNED:
            excess = ZERO
        elif charge is None:
            excess = bill.excess_charge
        if allowed == bill.allowed_amount:
            pays = allowed - bill.deductible_applied - bill.coinsurance - bill.assistant_reduction
            return MedicareAlone(
                allowed, bill.deductible_applied, bill.coinsurance, pays, excess, bill.assistant_reduction
            )
        deductible = min(bill.deductible_remaining, allowed)
        coinsurance = to_cents((allowed - deductible) * bill.rates.coinsurance_rate.amount)
        return MedicareAlone(allowed, deductible, coinsurance, allowed - deductible - coinsurance, excess)

    def _settle_unknown(self, case: VisitToSettle, alone: MedicareAlone | None, note: Note) -> Settlement:
        """Return the range: at worst the plan has paid nothing and Medicare pays as if alone."""
        left = Share(alone.deductible, alone.coinsurance, alone.excess_charge) if alone else None
        at_most = [case.bill.deductible_applied] if self.charge is None else [self.charge]
        return Settlement(
            totals=Totals(
                alone.allowed_amount if alone else None,
                alone.deductible if alone else None,
                alone.coinsurance if alone else None,
                None,
                alone.excess_charge if alone else None,
            ),
            other_coverage_pays=self.paid,
            patient_pays=None,
            patient_range=(ZERO, left.amount if left else None),
            deductible_used=alone.deductible if alone else min(case.bill.deductible_applied, *at_most),
            left=left,
            rests_on_bill=False,
            counters=case.counters,
            steps=_steps_of_medicare(alone, pays_by_fees=note is not PAID_BY_COST) if alone else (),
            notes=(note,),
        )


PAYMENT_UNKNOWN = Note(
    "employer_payment_unknown",
    Message(
        N_(
            "To know your part, we need the charge, and what your employer’s plan allows and has paid. "
            "Its statement shows them."
        )
    ),
    is_reason=True,
)
ASSISTANT_AFTER_PLAN = Note(
    "assistant_after_plan",
    Message(
        N_(
            "Medicare pays less because an assistant gave care. The rules for a second payer do not say who pays that "
            "part, so you may owe less than this. Ask the therapist."
        )
    ),
    is_reason=True,
)
PAID_BY_COST = Note(
    "second_payment_unknown",
    Message(
        N_(
            "Medicare pays this hospital by its costs. So we do not know what it pays after your employer’s plan. You "
            "owe at most your share as if Medicare paid first."
        )
    ),
    is_reason=True,
)


def _charge_of(case: VisitToSettle) -> Decimal | None:
    """Add up the charges of the services that Medicare covers; None where one is not known."""
    covered = (it.line for it in case.bill.lines if it.line.status is not LineStatus.NOT_COVERED)
    return total(*(line.service.charge for line in covered))


def _by_kind(patient: Decimal, alone: MedicareAlone, first: FirstPayment) -> Share:
    """Return by its kinds what is left to the patient.

    What the plan has paid goes to the deductible first; the excess charge is left last.
    """
    excess = min(first.excess_above(alone), patient)
    deductible = min(max(ZERO, alone.deductible - first.paid), patient - excess)
    return Share(deductible, patient - excess - deductible, excess)


def secondary_payment(first: FirstPayment, alone: MedicareAlone) -> Decimal:
    """Find what Medicare pays after an employer's plan: the lowest of three amounts, never below zero.

    The charge, or what the provider must accept in full, less what the plan has paid; what Medicare would pay alone;
    the higher of the two allowed amounts less what the plan has paid.
    Source: 42 CFR 411.33(a).
    """
    higher = max(first.allowed_amount, alone.allowed_amount)
    return max(ZERO, min(first.most_for_provider - first.paid, alone.pays, higher - first.paid))


def _steps(first: FirstPayment, alone: MedicareAlone, pays: Decimal, patient: Decimal) -> tuple[Step, ...]:
    """Return the steps that explain the three amounts and what is left."""
    three = Message(
        N_("the lowest of {by_charge:money}, {alone:money} and {by_allowed:money}"),
        {
            "by_charge": max(ZERO, first.most_for_provider - first.paid),
            "alone": alone.pays,
            "by_allowed": max(ZERO, max(first.allowed_amount, alone.allowed_amount) - first.paid),
        },
    )
    paid_first = N_("Your employer’s plan pays first: {paid:money}.")
    if not first.paid:
        paid_first = N_("Your employer’s plan comes first and pays nothing.")
    second = N_("Medicare pays second: {pays:money}.") if pays else N_("Medicare comes second and pays nothing.")
    return (
        *_steps_of_medicare(alone),
        Step(Message(paid_first, {"paid": first.paid}), first.paid),
        Step(
            Message(second, {"pays": pays}),
            pays,
            three,
            source=AUTHORITY,
            certainty="primary",
        ),
        _last_step(first, alone, patient),
    )


def _steps_of_medicare(alone: MedicareAlone, *, pays_by_fees: bool = True) -> tuple[Step, ...]:
    """Return the steps of what Medicare would allow and pay if it were the only payer.

    What it would pay a hospital that is paid by its costs is not known.
    """
    if not alone.allowed_amount:
        return (Step(Message(NOTHING_ALLOWED), ZERO, source=AUTHORITY, certainty="primary"),)
    parts = [
        (N_("Medicare’s allowed amount is {amount:money}. It is never more than the charge."), alone.allowed_amount)
    ]
    if alone.deductible:
        parts.append((N_("Of that, {amount:money} counts toward your yearly deductible."), alone.deductible))
    if alone.coinsurance:
        parts.append((N_("The coinsurance would be {amount:money}."), alone.coinsurance))
    if pays_by_fees:
        would_pay = N_("By itself, Medicare would pay {amount:money}.")
        parts.append((would_pay if alone.pays else N_("By itself, Medicare would pay nothing."), alone.pays))
    return tuple(
        Step(Message(text, {"amount": amount}), amount, source=AUTHORITY, certainty="primary") for text, amount in parts
    )


def _last_step(first: FirstPayment, alone: MedicareAlone, patient: Decimal) -> Step:
    """Return the step of what is left to the patient."""
    accepted, owed = first.accepted_in_full, alone.allowed_amount + first.excess_above(alone)
    if accepted is not None and accepted <= owed:
        text = N_(
            "The therapist must accept {owed:money} as full payment. Your share is what is left of it: {patient:money}."
        )
        if not patient:
            text = N_("The therapist must accept {owed:money} as full payment. Nothing of it is left for you to pay.")
        owed = accepted
    elif not patient:
        text = N_("Nothing is left for you to pay.")
    elif owed > alone.allowed_amount:
        text = N_("Your share is what is left of the charge of {owed:money}: {patient:money}.")
    else:
        text = N_("Your share is what is left of Medicare’s allowed amount of {owed:money}: {patient:money}.")
    message = Message(text, {"owed": owed, "patient": patient})
    return Step(message, patient, source=AUTHORITY, certainty="primary")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerSecondary(CoverageKind):
    """An employer's or retiree plan that pays after Medicare; ``paid`` None: not known."""

    pays_set_amount = True

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
        pays = min(self.paid, case.share.amount)
        text = (
            N_("Your plan pays {pays:money} of your share.") if pays else N_("Your plan pays nothing for this visit.")
        )
        steps = (Step(Message(text, {"pays": pays}), pays),) if case.share.amount else ()
        return replace(after_part_b(case, pays, steps=steps), unused=self.paid - pays)
