"""Situations that people know by a name, and what follows from each; and which plan pays first, by three questions.

A situation either makes a kind of other coverage, whose estimate then has its sentence beside it, or has a statement
that stands in place of a figure. A new one is a row of ``SITUATIONS``.
Source: 42 CFR 411.20 to 411.54 (payers before Medicare), 411.100 to 411.206 (employer plans), 418.24 (hospice);
42 USC 1395o (who has Part B), 1395u(b) and 42 CFR 421.210 (the contractor of Railroad Medicare).
"""

from __future__ import annotations

from dataclasses import dataclass

from finder.i18n import N_
from finder.web.estimates.questions.question import Help

NO_FIGURE = "self_pay"
"""The kind of coverage that stands for a situation without a figure: no price of Medicare's, no amount."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a person may find themselves in."""

    name: str
    """As people call it (a catalog id)."""
    text: str
    """What follows, and whom to ask (a catalog id)."""
    kind: str = NO_FIGURE
    """The kind of other coverage that it makes."""
    has_figure: bool = True
    """Whether the estimate of that kind is shown; else the text stands in its place."""


def _statement(name: str, text: str) -> Situation:
    return Situation(name, text, has_figure=False)


SITUATIONS = {
    "workers_compensation": _statement(
        N_("Workers’ compensation (I was hurt at work)"),
        N_(
            "Workers’ compensation pays first. While it pays, you owe nothing. Ask the claims adjuster of your case "
            "before the visit. Medicare pays only for what the claim does not cover. For questions call the Medicare "
            "center for other payers at 1-855-798-2627."
        ),
    ),
    "no_fault": _statement(
        N_("No-fault or car insurance (a car accident)"),
        N_(
            "No-fault insurance pays first. While it pays, you owe nothing. Ask the insurer how much is left for "
            "medical bills. When it is used up, Medicare pays: choose your Medicare insurance then."
        ),
    ),
    "liability": _statement(
        N_("Liability insurance (someone else was at fault)"),
        N_(
            "The other side’s insurance pays first. While it pays, you owe nothing. Ask your lawyer or the insurer. If "
            "it takes long, Medicare may pay first and get its money back from the settlement."
        ),
    ),
    "no_part_b": Situation(
        N_("Medicare Part A only, no Part B"),
        N_(
            "Without Part B, Medicare does not pay for these visits. You pay the clinic’s own price. To sign up for "
            "Part B, call Social Security at 1-800-772-1213. You can sign up from January 1 to March 31, and at some "
            "other times, such as when a plan from work ends."
        ),
        kind="self_pay",
    ),
    "small_employer": Situation(
        N_("A plan from a small employer (fewer than 20 workers)"),
        N_(
            "At 65 or older, with a plan from an employer with fewer than 20 workers, Medicare pays first. If the "
            "employer shares a plan with larger ones, ask the plan. If you know what the plan pays after Medicare, "
            "choose the plan from a job."
        ),
        kind="employer_secondary",
    ),
    "kidney_failure": Situation(
        N_("Kidney failure (ESRD), and a plan from a job"),
        N_(
            "With kidney failure, the plan from the job pays first for 30 months. After that Medicare pays first. Ask "
            "the plan when the 30 months end. If you know what it pays, choose the plan from a job."
        ),
        kind="employer_primary",
    ),
    "railroad": Situation(
        N_("Railroad Medicare"),
        N_(
            "Railroad Medicare is the same Part B, so the amounts are the same. Its bills go to Palmetto GBA. For "
            "questions call 1-800-833-4455."
        ),
        kind="none",
    ),
    "dual_plan": _statement(
        N_("Medicare Advantage for people with Medicaid (D-SNP)"),
        N_(
            "Choose the Medicare Advantage plan, and after it the help that your state gives. With QMB you pay "
            "nothing. Your Medicaid office can tell you if you have it."
        ),
    ),
    "tricare_and_medigap": _statement(
        N_("TRICARE for Life and another plan"),
        N_("TRICARE for Life pays last. Choose the other plan, and TRICARE for Life after it."),
    ),
    "hospice": _statement(
        N_("Hospice"),
        N_(
            "The hospice team gives the therapy that your illness needs, and you pay nothing for it. Ask the team "
            "first. For therapy that has to do with something else, choose your Medicare insurance."
        ),
    ),
    "home_health": _statement(
        N_("Home health care (I cannot leave the house)"),
        N_(
            "With Medicare’s home health benefit you pay $0 for these visits. Choose your Medicare insurance, "
            "and as the place “At home, and I cannot leave the house”."
        ),
    ),
}
"""Every situation by the value in the address, in the order of the page."""

WHO_PAYS_FIRST = Help(
    summary=N_("Who pays first, by three questions"),
    lines=(
        (
            N_("Are you 65 or older, and does the plan come from work that you or your spouse still do?"),
            N_("With 20 or more workers the plan pays first. With fewer, Medicare pays first."),
        ),
        (
            N_("Are you under 65 with a disability, and does the plan come from work of your own or of your family?"),
            N_("With 100 or more workers the plan pays first. With fewer, Medicare pays first."),
        ),
        (
            N_("Do you have Medicare because of kidney failure (ESRD)?"),
            N_("The plan pays first for 30 months, whatever its size. After that Medicare pays first."),
        ),
        (
            N_("None of these, or the work has ended (a retiree plan)?"),
            N_("Medicare pays first, then the plan."),
        ),
    ),
    source="42 CFR 411.100–411.206",
)
"""Who pays first of Medicare and a plan from work."""
