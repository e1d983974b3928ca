"""What each kind of insurance is called where a person does not know theirs, and the question that gives its figure."""

from __future__ import annotations

from dataclasses import dataclass

from finder.i18n import N_


@dataclass(frozen=True, slots=True)
class PossibleKind:
    """A kind of other coverage that a person may have."""

    name: str
    """In plain words (a catalog id)."""
    ask: str
    """What to ask, and whom (a catalog id)."""


POSSIBLE_KINDS = {
    "none": PossibleKind(
        N_("Original Medicare and nothing else"),
        N_("Ask Medicare: How much of my yearly Part B deductible is left?"),
    ),
    "medigap": PossibleKind(
        N_("Medigap (shown here for plan G, the usual one)"),
        N_("Look at the Medigap card: Which letter does the plan have?"),
    ),
    "qmb": PossibleKind(
        N_("The QMB program of your state"),
        N_("Ask your Medicaid office: Am I in the QMB program?"),
    ),
    "slmb": PossibleKind(
        N_("The SLMB program of your state"),
        N_("Ask your Medicaid office: Which Medicare Savings Program am I in?"),
    ),
    "qi": PossibleKind(
        N_("The QI program of your state"),
        N_("Ask your Medicaid office: Which Medicare Savings Program am I in?"),
    ),
    "medicaid": PossibleKind(
        N_("Full Medicaid, without QMB"),
        N_("Ask your Medicaid office: What of my Medicare share do you pay?"),
    ),
    "medicare_advantage": PossibleKind(
        N_("A Medicare Advantage plan (HMO or PPO)"),
        N_("Call the number on the card: What is my copay for outpatient physical therapy?"),
    ),
    "employer_primary": PossibleKind(
        N_("A plan from a job that pays before Medicare"),
        N_("Ask the plan: What do you allow and pay for the visit?"),
    ),
    "employer_secondary": PossibleKind(
        N_("A plan from a job or a retiree plan that pays after Medicare"),
        N_("Ask the plan: What do you pay after Medicare?"),
    ),
    "tricare_for_life": PossibleKind(
        N_("TRICARE for Life"),
        N_("Ask TRICARE: Do you cover this therapy too?"),
    ),
    "va_community_care": PossibleKind(
        N_("VA Community Care"),
        N_("Ask VA: Is the visit approved, and what is my copay?"),
    ),
    "commercial": PossibleKind(
        N_("Other insurance, and no Medicare"),
        N_("Call the number on the card: What is my copay, and what is left of my deductible?"),
    ),
    "self_pay": PossibleKind(
        N_("No insurance for this visit"),
        N_("Ask the clinic: What is your price if I pay myself?"),
    ),
}
"""The kinds by the names of ``finder.coverage``, in the order of the page."""
