"""What is wrong with a bill, or should be known of it: a plain sentence, and the law that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from finder.coverage.basics.vocabulary import LineStatus, Participation, Setting
from finder.coverage.figures.code_names import code_name
from finder.coverage.rules.claim import Line
from finder.i18n import N_, Message

QMB_LAW = "42 USC 1396a(n)(3)(B)"
LIMITING_CHARGE_LAW = "42 USC 1395w-4(g)(1)"
ASSIGNMENT_LAW = "42 USC 1395u(b)(3)(B)(ii), 1395u(h)(1)"
INSTITUTION_LAW = "42 USC 1395cc(a)(1)(A)"
NOTICE_LAW = "42 USC 1395pp"
BUNDLED_RULE = "Medicare Claims Processing Manual, chapter 12, section 20.3"


BY_MEDICARE = (
    LineStatus.PAYABLE,
    LineStatus.PRICED_BY_CONTRACTOR,
    LineStatus.BUNDLED,
    LineStatus.NOT_VALID_FOR_MEDICARE,
)
"""Statuses by which the fee schedule says who pays. A service with any other is not covered: the patient pays it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found on a bill, with a stable code."""

    code: str
    text: Message
    source: str | None = None


def of_line(line: Line, most: Decimal | None, setting: Setting, participation: Participation) -> Iterator[Finding]:
    """Say what is to be known of one line, whose charge may be ``most`` at most."""
    code, charge = line.service.code or "", line.service.charge
    service = {"code": code, "service": code_name(code)}
    if line.status and line.status not in BY_MEDICARE:
        text = N_(
            "Medicare does not cover {code} ({service}). They may ask you to pay for it only if you signed a "
            "notice (an ABN) before."
        )
        yield Finding("not_covered", Message(text, service), NOTICE_LAW)
    match line.status:
        case LineStatus.BUNDLED:
            text = N_("{code} ({service}) is part of the other services. The therapist must not bill you for it.")
            yield Finding("bundled", Message(text, service), BUNDLED_RULE)
        case LineStatus.NOT_VALID_FOR_MEDICARE:
            text = N_("{code} ({service}) is not used for Medicare.")
            yield Finding("not_valid_for_medicare", Message(text, service), BUNDLED_RULE)
        case LineStatus.PRICED_BY_CONTRACTOR if most is None:
            text = N_("{code} ({service}) has no national price. Your Medicare notice shows what was approved.")
            yield Finding("priced_by_contractor", Message(text, service))
        case LineStatus.PAYABLE | LineStatus.PRICED_BY_CONTRACTOR:
            if charge is not None and most is not None and charge > most:
                yield _above(charge, most, setting, participation)


def _above(charge: Decimal, most: Decimal, setting: Setting, participation: Participation) -> Finding:
    """Say that a charge is above what may be asked for the line."""
    amounts = {"charge": charge, "most": most, "over": charge - most}
    if participation is Participation.NONPARTICIPATING_UNASSIGNED:
        text = N_("The charge is {over:money} above the limiting charge of {most:money}. You do not owe that part.")
        return Finding("above_limiting_charge", Message(text, amounts), LIMITING_CHARGE_LAW)
    text = N_("Medicare cuts the charge to {most:money}. You do not owe the {over:money} above it.")
    return Finding("above_allowed_amount", Message(text, amounts), law_of(setting))


def law_of(setting: Setting) -> str:
    """Return the law by which a place that takes assignment asks for no more than Medicare's amount."""
    return INSTITUTION_LAW if setting.is_institution else ASSIGNMENT_LAW


def of_qmb() -> Finding:
    """Say that a person in the QMB program may not be billed."""
    text = N_("You are in the QMB program, so it is against the law to bill you for care that Medicare covers.")
    return Finding("qmb", Message(text), QMB_LAW)


def of_excess(over: Decimal, most: Decimal, setting: Setting, participation: Participation) -> Finding:
    """Say that more was asked than the patient may be asked, by ``over`` dollars."""
    amounts = {"over": over, "most": most}
    if participation is Participation.NONPARTICIPATING_UNASSIGNED:
        text = N_(
            "They may ask for {most:money} at most: the limiting charge. They must give back the {over:money} above it."
        )
        return Finding("asked_above_limiting_charge", Message(text, amounts), LIMITING_CHARGE_LAW)
    text = N_(
        "They accept Medicare’s amount, so your part is {most:money} at most. To ask for {over:money} more is "
        "“balance billing”, which is not allowed."
    )
    return Finding("balance_billing", Message(text, amounts), law_of(setting))
