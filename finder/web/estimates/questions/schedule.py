"""The questions about the days of a course of care, and the days that they make; and how far to move them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext
from wtforms import Form, StringField, TextAreaField

from finder.coverage.rules.calendar import visit_days
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import count, radio, whole_of
from finder.web.estimates.questions.question import Group, Question

GROUPS = {
    "weekly": Group("plan", ("weekly",), N_("Only for so many visits a week:")),
    "dates": Group("plan", ("dates",), N_("Only for days that you know:")),
    "later-weeks": Group("later", ("weeks",), N_("Only for some weeks later:")),
}

QUESTIONS = (
    Question(name="date", path="date_of_service", stays_if_empty=True),
    Question(name="plan", must_be_offered=True),
    Question(name="start", groups=("weekly",), stays_if_empty=True),
    Question(name="per_week", groups=("weekly",)),
    Question(name="weeks", groups=("weekly",), stays_if_empty=True),
    Question(name="holidays", groups=("weekly",)),
    Question(name="dates", groups=("dates",), stays_if_empty=True),
)

LATER_QUESTIONS = (
    Question(name="later", must_be_offered=True),
    Question(name="later_weeks", groups=("later-weeks",)),
)
"""They stand at the end of the page."""

MOST_WEEKS = 52
MOST_DATES = 150
"""As many as an address can hold."""
LAST_YEAR = 2099
WEEK = timedelta(weeks=1)

PLANS = {
    "weekly": N_("So many visits a week"),
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
        lazy_gettext("When are the visits?"), PLANS, lazy_gettext("Your therapist plans this at the first visit.")
    )
    start = StringField(
        lazy_gettext("Day of the first visit"),
        description=lazy_gettext("Amounts change each year."),
        render_kw={"type": "date"},
    )
    per_week = radio(
        lazy_gettext("How often?"), PER_WEEK, lazy_gettext("Your therapist plans this at the first visit.")
    )
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
        lazy_gettext("After New Year, the deductible begins anew."),
    )
    later_weeks = count(lazy_gettext("How many weeks later?"))


def days_of(form: ScheduleQuestions, *, later_by: int = 0) -> tuple[date, ...]:
    """Return the days of the visits in order, moved by some weeks. Raises InvalidRequest, by names of questions."""
    if form.plan.data == "dates":
        return tuple(day + later_by * WEEK for day in _listed(form.dates.data or ""))
    errors = []
    start, weeks, per_week = _day(form.start.data or ""), whole_of(form.weeks), form.per_week.data or ""
    if start is None:
        errors.append(FieldError("start", Message(NOT_A_DATE)))
    if not isinstance(weeks, int) or not 1 <= weeks <= MOST_WEEKS:
        errors.append(
            FieldError(
                "weeks", Message(N_("This must be a whole number from 1 to {most:number}."), {"most": MOST_WEEKS})
            )
        )
    if per_week not in PER_WEEK:
        errors.append(FieldError("per_week", Message(N_("Choose one of these."))))
    if errors or start is None or not isinstance(weeks, int):
        raise InvalidRequest(errors)
    return visit_days(start + later_by * WEEK, int(per_week), weeks, skip_holidays=form.holidays.data == "yes")


def weeks_later(form: ScheduleQuestions, first: date) -> int:
    """Return by how many weeks to move the visits: 0 is not at all. Raises InvalidRequest."""
    match form.later.data:
        case "new_year":
            return -((first - date(first.year + 1, 1, 1)).days // 7)
        case "weeks":
            weeks = whole_of(form.later_weeks)
            if isinstance(weeks, int) and 1 <= weeks <= MOST_WEEKS:
                return weeks
            text = N_("This must be a whole number from 1 to {most:number}.")
            raise InvalidRequest([FieldError("later_weeks", Message(text, {"most": MOST_WEEKS}))])
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
