"""The questions about the year so far: what is left of the deductible, and how much therapy there has been."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from finder.coverage import Figures
from finder.i18n import N_
from finder.pricing.requests import whole_deductible
from finder.web.estimates.questions.answers import Answers, answers_of
from finder.web.estimates.questions.fields import amount_of, dollars, radio
from finder.web.estimates.questions.question import Group, Question
from finder.web.http.language import lazy_gettext

GROUPS = {"part": Group("deductible", ("part",), N_("Only if you have paid part of it:"))}

QUESTIONS = (
    Question(name="deductible", groups=("part-b", "year"), short="d", usual="unknown", must_be_offered=True),
    Question(name="deductible_left", groups=("part-b", "year", "part"), path="deductible_remaining", short="dl",
             stays_if_empty=True),
    Question(name="therapy_used", groups=("part-b", "year"), path="therapy_used_to_date"),
    Question(name="ot_used", groups=("part-b", "year"), path="occupational_therapy_used_to_date"),
)  # fmt: skip

DEDUCTIBLES = {
    "met": N_("I have paid all of it"),
    "full": N_("I have paid none of it"),
    "part": N_("I have paid part of it"),
    "unknown": N_("I do not know"),
}


class YearQuestions(Form):
    """What the person has paid and used since New Year, before the first visit that is asked about."""

    deductible = radio(
        lazy_gettext("Your Part B deductible this year"),
        DEDUCTIBLES,
        lazy_gettext("You find it on your last Medicare Summary Notice, or by calling 1-800-MEDICARE."),
    )
    deductible_left = dollars(lazy_gettext("How much of it is left to pay?"), lazy_gettext("In dollars, like 120.50"))
    therapy_used = dollars(
        lazy_gettext("Physical and speech therapy that Medicare approved this year"),
        lazy_gettext("Add up the approved amounts on your notices. It changes no price, so you may leave it empty."),
    )
    ot_used = dollars(
        lazy_gettext("Occupational therapy that Medicare approved this year"),
        lazy_gettext("It is counted by itself. You may leave it empty."),
    )


def year_of(form: YearQuestions, first_day: str, figures: Figures) -> dict[str, Any]:
    """Return the part of a request about the year in which the first visit is."""
    remaining = deductible_remaining(answers_of(form, QUESTIONS))
    return {
        "deductible_remaining": whole_deductible(first_day, figures) if remaining is None else remaining,
        "therapy_used_to_date": amount_of(form.therapy_used),
        "occupational_therapy_used_to_date": amount_of(form.ot_used),
    }


def deductible_remaining(answers: Answers) -> str | None:
    """Return what is left of the Part B deductible, in dollars, or ``unknown``; None: all of the year's.

    A part that was not given is empty, so that it is refused.
    """
    match answers.get("deductible"):
        case ("met",):
            return "0.00"
        case ("full",):
            return None
        case ("part",):
            return next(iter(answers.get("deductible_left", ())), "")
        case _:
            return "unknown"
