"""What the templates of these pages can ask for: the words of an answer as filters, the layout of the questions."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint

from finder.coverage import Figures
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.estimate.results import Amounts
from finder.i18n import N_
from finder.web.estimates.course_page import Course, alike
from finder.web.estimates.questions.layout import insurance_blocks
from finder.web.estimates.questions.table import GROUPS
from finder.web.http.language import gettext, ngettext
from finder.web.presentation.formats import money, money_range, word

LINE_STATUS = {
    LineStatus.PAYABLE: N_("paid by Medicare"),
    LineStatus.BUNDLED: N_("part of the other services"),
    LineStatus.NOT_VALID_FOR_MEDICARE: N_("not used by Medicare"),
    LineStatus.PRICED_BY_CONTRACTOR: N_("no national price"),
}


def register(blueprint: Blueprint) -> None:
    """Let the templates use the filters and the layout."""
    for written in (service_name, line_status, paid, path_of, chart_words, alike):
        blueprint.add_app_template_filter(written)
    blueprint.add_app_template_global(insurance_blocks)
    blueprint.record_once(lambda state: state.app.jinja_env.globals.update(question_groups=GROUPS))


def service_name(code: str) -> str:
    """Name a service in plain words."""
    return word(Figures.code_name(code))


def line_status(status: LineStatus) -> str:
    """Describe what Medicare does with a line."""
    return word(LINE_STATUS[status])


def paid(amounts: Amounts) -> str:
    """Return what the patient pays in words; a range from nothing to no limit is "not known"."""
    return (
        money_range(amounts.patient_bounds) if _is_known(amounts) and amounts.patient_bounds else gettext("not known")
    )


def _is_known(amounts: Amounts) -> bool:
    return amounts.patient_bounds not in (None, (Decimal(0), None))


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
        "Bar chart: what you pay at each of %(count)s visits, from %(low)s to %(high)s. The table has the numbers.",
        count=count, low=money(low), high=money(high),
    )  # fmt: skip
