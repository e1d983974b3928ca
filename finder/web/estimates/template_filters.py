"""What the templates of these pages can ask for: the words of an answer as filters, the layout of the questions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from babel.lists import format_list
from flask import Blueprint

from finder.coverage import Figures, PlanOfCareEstimate
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.estimate.at_the_desk import at_the_desk
from finder.coverage.estimate.results import Amounts, Answer
from finder.i18n import N_
from finder.web.estimates.answer_page import has_uncovered
from finder.web.estimates.course_page import Course, VisitCount, alike
from finder.web.estimates.questions.field_html import ask
from finder.web.estimates.questions.layout import insurance_blocks
from finder.web.estimates.questions.table import BY_NAME, GROUPS
from finder.web.estimates.therapy_counters import ThresholdState
from finder.web.http.language import gettext, language, ngettext
from finder.web.presentation.formats import day, money, money_range, number, word

LINE_STATUS = {
    LineStatus.PAYABLE: N_("paid by Medicare"),
    LineStatus.BUNDLED: N_("part of the other services"),
    LineStatus.NOT_VALID_FOR_MEDICARE: N_("not used by Medicare"),
    LineStatus.PRICED_BY_CONTRACTOR: N_("no national price"),
    LineStatus.NOT_COVERED: N_("not covered by Medicare"),
    None: N_("not known for that year"),
}


def register(blueprint: Blueprint) -> None:
    """Let the templates use the filters and the layout."""
    for written in (
        service_name,
        line_status,
        paid,
        path_of,
        chart_words,
        alike,
        for_visits,
        counted_visits,
        left_out_words,
        at_the_desk,
        sources,
        not_covered_words,
        stand_in_words,
        threshold_words,
    ):
        blueprint.add_app_template_filter(written)
    blueprint.add_app_template_global(insurance_blocks)
    blueprint.add_app_template_global(ask)
    blueprint.record_once(
        lambda state: state.app.jinja_env.globals.update(question_groups=GROUPS, question_rows=BY_NAME)
    )


def service_name(code: str) -> str:
    """Name a service in plain words."""
    return word(Figures.code_name(code))


def line_status(status: LineStatus | None) -> str:
    """Describe what Medicare does with a line."""
    return word(LINE_STATUS[status])


def paid(amounts: Amounts) -> str:
    """Return what the patient pays in words; a range from nothing to no limit is "not known"."""
    return (
        money_range(amounts.patient_bounds) if _is_known(amounts) and amounts.patient_bounds else gettext("not known")
    )


def _is_known(amounts: Amounts) -> bool:
    return amounts.patient_bounds not in (None, (Decimal(0), None))


def for_visits(counted: int, all_visits: int | None = None) -> str:
    """Describe what a total of visits is for; ``all_visits``: how many there are, where it does not count all."""
    if all_visits is None or counted in (0, all_visits):
        return ngettext("for one visit", "for %(num)s visits", all_visits or counted)
    return gettext("for %(counted)s of your %(all)s visits", counted=counted, all=all_visits)


def counted_visits(count: VisitCount) -> str:
    """Name the visits that a total counts."""
    if count.counted in (0, count.total):
        return gettext("All visits")
    return gettext("%(counted)s of your %(all)s visits", counted=count.counted, all=count.total)


def left_out_words(count: VisitCount) -> str:
    """Describe which visits are in no total, and why; empty where all are counted."""
    if not count.left_out:
        return ""
    years = format_list([f"{year}" for year in count.years_left_out], locale=f"{language()}_US")
    if count.left_out == count.total:
        return gettext("All your visits are in %(years)s. We do not have the %(years)s amounts yet.", years=years)
    return ngettext(
        "One of your %(all)s visits is in %(years)s. It is not in the total: we do not have the %(years)s amounts yet.",
        "%(num)s of your %(all)s visits are in %(years)s. "
        "They are not in the total: we do not have the %(years)s amounts yet.",
        count.left_out, all=count.total, years=years,
    )  # fmt: skip


def sources(answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """Return the source and the certainty of every figure that some answers rest on, each once, in order."""
    found: dict[tuple[str, str], None] = {}
    for answer in answers:
        for one in (*(answer.visits if isinstance(answer, PlanOfCareEstimate) else ()), answer):
            cited = [(step.source or "", step.certainty or "") for step in one.steps]
            cited += [(note.figure.source, note.figure.certainty) for note in one.notes if note.figure]
            found |= {(part, certainty): None for text, certainty in cited for part in text.split("; ") if part}
    return list(found)


def not_covered_words(answer: Answer) -> str:
    """Return the charges of services that Medicare does not cover, in words; empty where there is no such service."""
    if answer.not_covered is None:
        return gettext("not known") if has_uncovered(answer) else ""
    return money(answer.not_covered) if answer.not_covered or has_uncovered(answer) else ""


def stand_in_words(answer: Answer) -> str:
    """Return what the visits without figures would cost at the last known amounts; empty where nothing can be said."""
    if answer.stand_in is None or answer.stand_in.patient_bounds is None or not _is_known(answer.stand_in):
        return ""
    return money_range(answer.stand_in.patient_bounds)


def threshold_words(state: ThresholdState, *, is_single_visit: bool = False) -> str:
    """Describe where a counter stands against a threshold: what is left, or which visit passes it."""
    if state.is_passed_before:
        return gettext("passed before these visits")
    if state.visit is not None and state.day is not None:
        if is_single_visit:
            return gettext("passed with this visit")
        place = {"number": number(state.visit), "day": day(state.day)}
        if state.is_certain:
            return gettext("passed at visit %(number)s, %(day)s", **place)
        return gettext("may be passed from visit %(number)s on, %(day)s", **place)
    return gettext("not known") if state.left is None else gettext("%(amount)s left", amount=money_range(state.left))


def path_of(address: str) -> str:
    """Return an address without its arguments."""
    return address.split("?", 1)[0]


def chart_words(course: Course) -> str:
    """Describe in words what the chart of a course of care shows."""
    bounds = [row.estimate.patient_bounds for row in course.visits if _is_known(row.estimate)]
    known = [one for one in bounds if one is not None]
    count = len(course.visits)
    if not known:
        return ngettext(
            "Bar chart of one visit with no known cost.", "Bar chart of %(num)s visits with no known cost.", count
        )
    low = min(one[0] for one in known)
    high = max(one[1] if one[1] is not None else one[0] for one in known)
    return gettext(
        "Bar chart: what you pay at each visit, %(visits)s, from %(low)s to %(high)s. The table has the numbers.",
        visits=for_visits(course.count.counted, count), low=money(low), high=money(high),
    )  # fmt: skip
