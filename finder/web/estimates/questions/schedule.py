"""The questions about the days of a course of care, and the days that they make; and how far to move them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from datetime import date, timedelta

from wtforms import Field, Form, StringField, TextAreaField

from finder.coverage.estimate.request import MOST_VISITS
from finder.coverage.rules.calendar import visit_days
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import count, radio, whole_of
from finder.web.estimates.questions.question import Group, Question
from finder.web.http.language import lazy_gettext

GROUPS = {
    "count": Group("plan", ("visits",), N_("Only for a number of visits:")),
    "weeks": Group("plan", ("weekly",), N_("Only for some visits a week:")),
    "counted": Group("plan", ("visits", "weekly"), N_("Only if you do not know the days:")),
    "dates": Group("plan", ("dates",), N_("Only for days that you know:")),
    "later-weeks": Group("later", ("weeks",), N_("Only for some weeks later:")),
}

QUESTIONS = (
    Question(name="date", path="date_of_service", stays_if_empty=True),
    Question(name="plan", must_be_offered=True),
    Question(name="visits", groups=("count",), usual="16", stays_if_empty=True),
    Question(name="weeks", groups=("weeks",), usual="8", stays_if_empty=True),
    Question(name="per_week", groups=("counted",), usual="2"),
    Question(name="start", groups=("counted",), stays_if_empty=True),
    Question(name="holidays", groups=("counted",), usual="yes"),
    Question(name="dates", groups=("dates",), stays_if_empty=True),
)

LATER_QUESTIONS = (
    Question(name="later", usual="no", must_be_offered=True),
    Question(name="later_weeks", groups=("later-weeks",)),
)
"""They stand at the end of the page."""

MOST_WEEKS = 52
MOST_DATES = 150
"""As many as an address can hold."""
LAST_YEAR = 2099
WEEK = timedelta(weeks=1)

PLANS = {
    "visits": N_("A number of visits, like “ten visits”"),
    "weekly": N_("Visits each week, like “twice a week for five weeks”"),
    "dates": N_("On days that I know"),
}

PER_WEEK = {
    "1": N_("One visit a week"),
    "2": N_("Two visits a week"),
    "3": N_("Three visits a week"),
    "4": N_("Four visits a week"),
    "5": N_("Five visits a week"),
}

LATER = {
    "no": N_("No"),
    "new_year": N_("Yes, if I start after New Year"),
    "weeks": N_("Yes, if I start some weeks later"),
}

NOT_A_DATE = N_("This must be a date like 2026-10-05.")


class ScheduleQuestions(Form):
    """When the visits are."""

    plan = radio(
        lazy_gettext("How are your visits planned?"),
        PLANS,
        lazy_gettext("Choose what your doctor or therapist told you. If nobody has yet, leave it as it is."),
    )
    visits = count(lazy_gettext("How many visits?"), lazy_gettext("366 at most. The last week may have fewer visits."))
    start = StringField(
        lazy_gettext("Day of the first visit"),
        description=lazy_gettext("Amounts change each year."),
        render_kw={"type": "date"},
    )
    per_week = radio(lazy_gettext("How often?"), PER_WEEK)
    weeks = count(
        lazy_gettext("For how many weeks?"), lazy_gettext("Your therapist writes it in the plan. 52 at most.")
    )
    holidays = radio(
        lazy_gettext("Is the clinic closed on federal holidays?"),
        {"yes": N_("Yes: move those visits to the next day"), "no": N_("No")},
    )
    dates = TextAreaField(
        lazy_gettext("The days of the visits"),
        description=lazy_gettext("One on each line, like 10/05/2026."),
        render_kw={"rows": 5, "maxlength": 1650, "autocomplete": "off"},
    )
    later = radio(
        lazy_gettext("Do you want to see the same visits at a later time too?"),
        LATER,
        lazy_gettext("After New Year, the deductible starts again."),
    )
    later_weeks = count(lazy_gettext("How many weeks later?"))


def days_of(form: ScheduleQuestions, *, later_by: int = 0) -> tuple[date, ...]:
    """Return the days of the visits in order, moved by some weeks. Raises InvalidRequest, by names of questions."""
    if form.plan.data == "dates":
        return tuple(day + later_by * WEEK for day in _listed(form.dates.data or ""))
    errors: list[FieldError] = []
    is_weekly = form.plan.data == "weekly"
    number = _number(form.weeks, MOST_WEEKS, errors) if is_weekly else _number(form.visits, MOST_VISITS, errors)
    start, per_week = _day(form.start.data or ""), form.per_week.data or ""
    if start is None:
        errors.append(FieldError("start", Message(NOT_A_DATE)))
    if per_week not in PER_WEEK:
        errors.append(FieldError("per_week", Message(N_("Choose one of these."))))
    if errors or start is None:
        raise InvalidRequest(errors)
    return visit_days(
        start + later_by * WEEK,
        per_week=int(per_week),
        visits=number * int(per_week) if is_weekly else number,
        skip_holidays=form.holidays.data == "yes",
    )


def _number(field: Field, most: int, errors: list[FieldError]) -> int:
    """Read a whole number from 1 to ``most``; what is none is added to the errors, and counts as 1."""
    number = whole_of(field)
    if isinstance(number, int) and 1 <= number <= most:
        return number
    text = N_("This must be a whole number from 1 to {most:number}.")
    errors.append(FieldError(field.name, Message(text, {"most": most})))
    return 1


def usual_plan(args: Container[str]) -> str:
    """Return how the visits are planned where an address does not say: earlier addresses had weeks alone."""
    return "weekly" if "weeks" in args or ("per_week" in args and "visits" not in args) else "visits"


def weeks_later(form: ScheduleQuestions, first: date) -> int:
    """Return by how many weeks to move the visits: 0 is not at all. Raises InvalidRequest."""
    match form.later.data:
        case "new_year":
            return -((first - date(first.year + 1, 1, 1)).days // 7)
        case "weeks":
            errors: list[FieldError] = []
            weeks = _number(form.later_weeks, MOST_WEEKS, errors)
            if errors:
                raise InvalidRequest(errors)
            return weeks
        case _:
            return 0


def _listed(text: str) -> Sequence[date]:
    """Read days, one on each line or between commas."""
    words = re.split(r"[\s,;]+", text.strip())[: MOST_DATES + 1]
    if not words[0]:
        raise InvalidRequest([FieldError("dates", Message(N_("Write the day of each visit.")))])
    if len(words) > MOST_DATES:
        many = Message(N_("These are too many: {most:number} days at most."), {"most": MOST_DATES})
        raise InvalidRequest([FieldError("dates", many)])
    days = {word: _day(word) for word in words}
    if unreadable := [word for word, day in days.items() if day is None]:
        text = N_("We could not read “{word}”. Write each day like 10/05/2026.")
        raise InvalidRequest([FieldError("dates", Message(text, {"word": unreadable[0][:30]}))])
    if len(days) < len(words):
        raise InvalidRequest([FieldError("dates", Message(N_("A day is here twice. Write each day once.")))])
    return sorted(day for day in days.values() if day)


def _day(text: str) -> date | None:
    """Read a day, written ``2026-10-05`` or as Americans write it, ``10/5/2026``."""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text.strip()):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text.strip()):
        month, day, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day) if year <= LAST_YEAR else None
    except ValueError:
        return None
