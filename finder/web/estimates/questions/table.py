"""The table of all questions, in the order of the pages, and what follows from it: what matters, what is hidden.

Each part of the form declares its rows. What was typed into a question that does not matter is kept, and passed over; a
browser that cannot look ahead shows all questions, each group with a line that says for whom it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wtforms import Form, SelectField

from finder.web.estimates.questions import insurance, place, schedule, treatment, year
from finder.web.estimates.questions.question import EitherGroup, Group, Question

QUESTIONS: tuple[Question, ...] = (
    *insurance.QUESTIONS,
    *place.QUESTIONS,
    *schedule.QUESTIONS,
    *treatment.QUESTIONS,
    *year.QUESTIONS,
    *schedule.LATER_QUESTIONS,
)

GROUPS: Mapping[str, Group | EitherGroup] = {
    **insurance.GROUPS,
    **place.GROUPS,
    **treatment.GROUPS,
    **year.GROUPS,
    **schedule.GROUPS,
}
"""Each group by the end of its class name in the templates and the style sheet: ``if-medigap``."""

ORDER = {question.name: number for number, question in enumerate(QUESTIONS)}
"""The place of each question in the order of the pages."""

BY_NAME = {question.name: question for question in QUESTIONS}


def matters(form: Form, name: str) -> bool:
    """Return whether a question matters for the answers given so far: every group that it belongs to must."""
    groups = (GROUPS[group] for group in BY_NAME[name].groups) if name in BY_NAME else ()
    return all(group.matters(lambda question: form[question].data or "") for group in groups if _is_asked(form, group))


def _is_asked(form: Form, group: Group | EitherGroup) -> bool:
    """Return whether a form asks what a group goes by."""
    return all(one.question in form for way in group.ways for one in way)


def at_path(form: Form, path: str) -> Question | None:
    """Find the question whose answer goes to a field of the request; of several, the last that matters, else the last.

    A question also answers for the field of its own name.
    """
    candidates = [question for question in QUESTIONS if path and path in (question.path, question.name)]
    found = [question for question in candidates if question.name in form]
    mattering = [question for question in found if matters(form, question.name)]
    return next(reversed([*found, *mattering]), None)


def hiding_rules() -> Iterator[str]:
    """Write the selectors of what is hidden, for the style sheet: the questions of each group that does not matter."""
    for name, group in GROUPS.items():
        ways = ["".join(map(_has, way)) for way in group.ways]
        has = "".join(f":not({way})" for way in ways)
        yield f"form{has} .if-{name}"


def _has(group: Group) -> str:
    """Return the selector of a form whose answers a group names."""
    space = " " if _is_list(group.question) else ""
    checked = ", ".join(f'[name="{group.question}"]{space}[value="{answer}"]:checked' for answer in group.answers)
    return f":not(:has({checked}))" if group.unless else f":has({checked})"


def _is_list(name: str) -> bool:
    """Return whether a question is a list to choose from: what is checked there is an option inside the control."""
    return any(getattr(form, name).field_class is SelectField for form in _FORMS if hasattr(form, name))


_FORMS = (
    insurance.InsuranceQuestions,
    place.PlaceQuestions,
    schedule.ScheduleQuestions,
    treatment.TreatmentQuestions,
    year.YearQuestions,
)


def with_hiding_rules(style_sheet: str) -> str:
    """Put the rules into the style sheet of the estimate, in the place of the one that stands for them."""
    rules = ",\n  ".join(hiding_rules())
    return style_sheet.replace(HIDING_RULES, rules)


HIDING_RULES = ".if-it-does-not-matter"
"""The selector that stands in the style sheet for the rules of all groups."""
