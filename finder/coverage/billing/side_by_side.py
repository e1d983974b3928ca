"""The same visit in every kind of place, and under every agreement of a therapist with Medicare.

Every amount is that of an estimate; here is only what is set beside what, and why the amounts differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finder.coverage import estimate
from finder.coverage.basics.vocabulary import Participation, Setting
from finder.coverage.estimate.results import Estimate
from finder.coverage.figures.figures import Figures
from finder.errors import InvalidRequest
from finder.i18n import N_

PAID_ALIKE = (
    Setting.REHABILITATION_AGENCY,
    Setting.COMPREHENSIVE_OUTPATIENT_REHABILITATION,
    Setting.SKILLED_NURSING_PART_B,
    Setting.HOME_HEALTH_PART_B,
)
"""Places that are paid by the fee schedule as a hospital is; the first stands for all. Source: 42 USC 1395m(k)."""

BY_CHARGE = N_("It is paid by its own charges, not by the fee schedule. You pay 20% of what it charges.")
NO_CHARGE = N_("No figure: ask for its charge.")


@dataclass(frozen=True, slots=True)
class _Compared:
    """A place and an agreement that are set beside the others, and why the amounts are what they are."""

    setting: Setting
    participation: Participation
    why: str


COMPARED = (
    _Compared(
        Setting.PRIVATE_PRACTICE,
        Participation.PARTICIPATING,
        N_("Medicare approves the full fee. You pay 20% of it, once the deductible is paid."),
    ),
    _Compared(
        Setting.PRIVATE_PRACTICE,
        Participation.NONPARTICIPATING_ASSIGNED,
        N_("Medicare approves 95% of the fee. The therapist accepts that as full payment."),
    ),
    _Compared(
        Setting.PRIVATE_PRACTICE,
        Participation.NONPARTICIPATING_UNASSIGNED,
        N_(
            "Medicare approves 95% of the fee. The therapist may charge up to the limiting charge: you pay what is "
            "above."
        ),
    ),
    _Compared(
        Setting.HOSPITAL_OUTPATIENT,
        Participation.PARTICIPATING,
        N_("It is paid by the same fee schedule as a private practice."),
    ),
    _Compared(PAID_ALIKE[0], Participation.PARTICIPATING, N_("These are paid by the same fee schedule too.")),
    _Compared(Setting.CRITICAL_ACCESS_HOSPITAL, Participation.PARTICIPATING, BY_CHARGE),
)
"""What is set side by side, the usual case first."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """The visit in one kind of place, under one agreement."""

    setting: Setting
    participation: Participation
    answer: Estimate
    difference: Decimal | None
    """What the patient pays more than in the first row, in dollars; None where either is not one known amount."""
    why: str


def side_by_side(request: Mapping[str, Any], hospital_charge: str | None, figures: Figures) -> tuple[SettingRow, ...]:
    """Set the visit of an estimate's request side by side; its own setting and participation do not count.

    ``hospital_charge`` is what a critical access hospital charges for the whole visit, in dollars as text. Raises
    InvalidRequest with an error for every field that is wrong; the charge is that of ``services[0].charge``.
    """
    answers = [_answer(request, one, hospital_charge, figures) for one in COMPARED]
    usual = answers[0].patient_pays
    return tuple(
        SettingRow(
            one.setting,
            one.participation,
            answer,
            None if usual is None or answer.patient_pays is None else answer.patient_pays - usual,
            NO_CHARGE if one.why is BY_CHARGE and not hospital_charge else one.why,
        )
        for one, answer in zip(COMPARED, answers, strict=True)
    )


def _answer(request: Mapping[str, Any], one: _Compared, hospital_charge: str | None, figures: Figures) -> Estimate:
    """Estimate the visit in one place. Raises InvalidRequest."""
    requested = {**request, "setting": one.setting.value, "participation": one.participation.value}
    if one.setting is Setting.CRITICAL_ACCESS_HOSPITAL:
        requested["services"] = [{"fee": "0.00", "charge": hospital_charge}]
    answer = estimate(requested, figures)
    if not isinstance(answer, Estimate):
        raise InvalidRequest([])
    return answer
