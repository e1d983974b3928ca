"""Which questions matter for the answers given so far. The style sheet hides the others by the same rules.

A group is some questions that matter for some answers to another question. A browser that cannot look ahead shows all
groups. What was typed into one that does not matter is kept, and passed over.
"""

from __future__ import annotations

from dataclasses import dataclass

from wtforms import Form

from finder.pricing.answers import OWN_PRICE
from finder.web.estimates.questions.treatment import BY_HAND, KNOWN

BY_CHARGE, FREE = "critical_access_hospital", "home_health_benefit"
"""Settings in which the services change nothing."""

TREATMENT = ("visit", "fee", "fee_charge", "fee_discipline", "services")
YEAR = ("deductible", "deductible_left", "therapy_used", "ot_used")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that matter only if ``question`` is answered by one of ``answers``; or, if ``unless``, by none."""

    question: str
    answers: tuple[str, ...]
    fields: tuple[str, ...]
    unless: bool = False

    def matters(self, form: Form) -> bool:
        """Whether the answers given so far make these questions matter."""
        return (form[self.question].data in self.answers) is not self.unless


GROUPS = {
    "part-b": Group(
        "coverage", OWN_PRICE, ("zip", "setting", "participation", "charge", "apm", *TREATMENT, *YEAR), unless=True
    ),
    "medigap": Group(
        "coverage",
        ("medigap",),
        ("medigap_plan", "medigap_limit_left", "medigap_deductible_left", "medigap_copay", "riders"),
    ),
    "medigap-limit": Group("medigap_plan", ("K", "L"), ("medigap_limit_left",)),
    "medigap-high": Group("medigap_plan", ("high_deductible_f", "high_deductible_g"), ("medigap_deductible_left",)),
    "medigap-n": Group("medigap_plan", ("N",), ("medigap_copay",)),
    "medigap-wisconsin": Group("medigap_plan", ("wisconsin_basic",), ("riders",)),
    "assistance": Group("coverage", ("assistance",), ("assistance",)),
    "work": Group(
        "coverage",
        ("work",),
        ("work", "work_charge", "work_price", "work_paid_first", "work_medicare", "work_paid_second"),
    ),
    "work-first": Group("work", ("first",), ("work_charge", "work_price", "work_paid_first", "work_medicare")),
    "work-second": Group("work", ("second",), ("work_paid_second",)),
    "plan": Group(
        "coverage",
        ("medicare_advantage", "commercial"),
        ("plan_cost", "copay", "copay_after_deductible", "rate", "plan_price", "most_left", "most_year"),
    ),
    "copay": Group("plan_cost", ("copay",), ("copay", "copay_after_deductible")),
    "rate": Group("plan_cost", ("rate",), ("rate",)),
    "commercial": Group(
        "coverage", ("commercial",), ("plan_deductible_left", "plan_deductible_year", "copay_after_deductible")
    ),
    "self-pay": Group("coverage", ("self_pay",), ("self_charge",)),
    "private": Group("setting", ("private_practice", "unknown"), ("participation",)),
    "by-charge": Group("setting", (BY_CHARGE,), ("charge",)),
    "services": Group("setting", (BY_CHARGE, FREE), TREATMENT, unless=True),
    "year": Group("setting", (FREE,), YEAR, unless=True),
    "known": Group("visit", (KNOWN,), ("fee", "fee_charge", "fee_discipline")),
    "by-hand": Group("visit", (BY_HAND,), ("services",)),
    "part": Group("deductible", ("part",), ("deductible_left",)),
    "weekly": Group("plan", ("weekly",), ("start", "per_week", "weeks", "holidays")),
    "dates": Group("plan", ("dates",), ("dates",)),
    "later-weeks": Group("later", ("weeks",), ("later_weeks",)),
}
"""Each group by the end of its class name in the templates and the style sheet: ``if-medigap``."""


def matters(form: Form, name: str) -> bool:
    """Whether a question matters for the answers given so far: every group that it belongs to must."""
    groups = (group for group in GROUPS.values() if name in group.fields and group.question in form)
    return all(group.matters(form) for group in groups)
