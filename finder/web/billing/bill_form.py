"""The questions about a bill, and the request that they make; what is wrong is said at its question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, SelectField, StringField

from finder.coverage.figures.figures import Figures
from finder.errors import FieldError
from finder.i18n import N_
from finder.web.billing.questions import deductible_remaining, put_error
from finder.web.estimates.form_errors import NOT_A_CHOICE
from finder.web.estimates.questions.fields import (
    amount_of,
    choices,
    chosen_labels,
    count,
    dollars,
    radio,
    select,
    typed,
    whole_of,
)
from finder.web.estimates.questions.insurance import MEDIGAP
from finder.web.estimates.questions.place import PARTICIPATIONS, SETTINGS
from finder.web.estimates.questions.year import DEDUCTIBLES

FEWEST_LINES, MOST_LINES, MORE_LINES = 4, 12, 4

NO_LINES = N_("Type at least one line of the bill: its code and its units.")
NO_UNITS = N_("Type the units that the bill shows.")

COVERAGES = {
    "none": N_("Original Medicare and nothing else"),
    "medigap": N_("Original Medicare and a Medigap policy"),
    "qmb": N_("Medicare and QMB: the state pays my share"),
    "medicaid": N_("Medicare and full Medicaid, without QMB"),
    "slmb": N_("Medicare, and the state pays only my premium (SLMB or QI)"),
    "employer_secondary": N_("Medicare first, then a plan from a job or a union"),
    "tricare_for_life": N_("Medicare and TRICARE for Life"),
    "medicare_advantage": N_("A Medicare Advantage plan"),
    "unknown": N_("Original Medicare, and I do not know what else"),
}

NOTICES = {"signed": N_("Yes"), "not_signed": N_("No"), "unknown": N_("I do not know")}

USUAL = {
    "setting": "private_practice",
    "participation": "unknown",
    "coverage": "none",
    "medigap_plan": "unknown",
    "deductible": "unknown",
    "notice": "unknown",
}
"""What is marked before anything is answered."""

PATHS = {
    "date_of_service": "date",
    "deductible_remaining": "deductible_left",
    "other_coverage.plan": "medigap_plan",
    "other_coverage.copay": "copay",
    "other_coverage.paid": "plan_paid",
    "other_coverage.kind": "coverage",
}
"""Fields of a request to the questions that they come from, where the names differ."""

_PRIVATE = {"autocomplete": "off"}


class LineForm(Form):
    """One line of the bill."""

    code = StringField(lazy_gettext("Code"), render_kw={"maxlength": 7, **_PRIVATE})
    units = count(lazy_gettext("Units"))
    charge = dollars(lazy_gettext("Charge"))


class BillForm(Form):
    """What stands on a bill, and what its reader knows besides."""

    date = StringField(
        lazy_gettext("Day of the visit"),
        description=lazy_gettext("One visit at a time. The bill shows the day."),
        render_kw={"type": "date", **_PRIVATE},
    )
    zip = StringField(
        lazy_gettext("ZIP code of the therapist"),
        description=lazy_gettext("Medicare pays a little more in some places than in others."),
        render_kw={"inputmode": "numeric", "maxlength": 10, **_PRIVATE},
    )
    setting = radio(lazy_gettext("What kind of place?"), SETTINGS)
    participation = radio(
        lazy_gettext("Do they take Medicare’s amount as full payment?"),
        PARTICIPATIONS,
        lazy_gettext("Your Medicare notice (MSN) says if the provider accepted assignment. Or ask them."),
    )
    coverage = radio(lazy_gettext("What insurance did you have on that day?"), COVERAGES)
    medigap_plan = select(
        lazy_gettext("Only with Medigap: which plan?"), MEDIGAP, lazy_gettext("The letter is on your Medigap card.")
    )
    plan_paid = dollars(
        lazy_gettext("Only with a plan from a job: what did it pay?"),
        lazy_gettext("Its statement shows it. Leave it empty if you do not know."),
    )
    copay = dollars(
        lazy_gettext("Only with Medicare Advantage: your copay for a visit"),
        lazy_gettext("The plan’s booklet shows it. Leave it empty if you do not know."),
    )
    deductible = radio(
        lazy_gettext("Your Part B deductible before this visit"),
        DEDUCTIBLES,
        lazy_gettext("You find it on your last Medicare Summary Notice, or by calling 1-800-MEDICARE."),
    )
    deductible_left = dollars(
        lazy_gettext("Only if you had paid part of it: how much was left?"), lazy_gettext("In dollars, like 120.50")
    )
    notice = radio(
        lazy_gettext("Did you sign a notice (ABN) before the visit?"),
        NOTICES,
        lazy_gettext("It says that Medicare may not pay. It matters only for care that Medicare does not cover."),
    )
    requested = dollars(
        lazy_gettext("How much do they ask you to pay?"),
        lazy_gettext("For this visit, in all. Count what you have paid too."),
    )
    lines = FieldList(FormField(LineForm), min_entries=FEWEST_LINES, max_entries=MOST_LINES)


def bill_form(values: MultiDict[str, str]) -> BillForm:
    """Return the form with what was answered; what was left out is the usual."""
    left_out = [(name, value) for name, value in USUAL.items() if name not in values]
    answers = [pair for pair in values.items(multi=True) if not _is_beyond(pair[0])]
    form = BillForm(MultiDict([*answers, *left_out]))
    form.medigap_plan.choices = choices(MEDIGAP)
    return form


def _is_beyond(name: str) -> bool:
    """Return whether a field is of a line that no page has offered."""
    match = re.match(r"lines-([0-9]+)-", name)
    return match is not None and (len(match[1]) > 2 or int(match[1]) >= MOST_LINES)


def add_lines(form: BillForm) -> None:
    """Offer some more lines, the first of which takes the cursor."""
    before = len(form.lines)
    for _ in range(min(MORE_LINES, MOST_LINES - before)):
        form.lines.append_entry()
    if len(form.lines) > before:
        code = form.lines[before].form.code
        code.render_kw = {**(code.render_kw or {}), "autofocus": True}


def bill_request(form: BillForm, figures: Figures) -> dict[str, Any]:
    """Return the request of an estimate of the visit, with the charges of the bill."""
    day = typed(form.date)
    return {
        "date_of_service": day or None,
        "zip": typed(form.zip) or None,
        "setting": form.setting.data,
        "participation": form.participation.data,
        "services": [_service(line) for line in filled_lines(form)],
        "deductible_remaining": deductible_remaining(form, day, figures),
        "other_coverage": _coverage(form),
    }


def filled_lines(form: BillForm) -> list[LineForm]:
    """Return the lines in which something was typed."""
    return [line.form for line in form.lines if any(typed(field) for field in line.form)]


def _service(line: LineForm) -> dict[str, Any]:
    return {"code": typed(line.code).upper() or None, "units": whole_of(line.units), "charge": amount_of(line.charge)}


def _coverage(form: BillForm) -> dict[str, Any]:
    """Return the other coverage; one that is not known pays something from nothing to all of the share."""
    kind = form.coverage.data
    match kind:
        case "medigap" if form.medigap_plan.data != "unknown":
            return {"kind": kind, "plan": form.medigap_plan.data}
        case "medigap" | "unknown":
            return {"kind": "employer_secondary"}
        case "employer_secondary":
            return {"kind": kind, "paid": amount_of(form.plan_paid)}
        case "medicare_advantage":
            return {"kind": kind, "copay": amount_of(form.copay)}
        case _:
            return {"kind": kind}


def put_errors(form: BillForm, errors: Iterable[FieldError]) -> list[tuple[str, str]]:
    """Put each error at its question, once; return all as (id of the first control, words), in order of the page."""
    listed: dict[tuple[int, str, str], None] = {}
    for error in errors:
        field, number = _question(form, error.field)
        message = error.message
        if field.name.endswith("-units") and not typed(field):
            message = NO_UNITS
        elif error.field == "services":
            message = NO_LINES
        elif isinstance(field, SelectField) and not chosen_labels(field):
            message = NOT_A_CHOICE  # the message of the request has names that nobody has seen
        place = [*form._fields].index(field.name.split("-", 1)[0])
        listed[(place, *put_error(field, message, number))] = None
    return [(control, words) for _place, control, words in sorted(listed)]


def _question(form: BillForm, path: str) -> tuple[Field, int]:
    """Return the question that a field of a request comes from, and the number of the line, 0 for none."""
    form_of_path: Form = form
    name, number = PATHS.get(path, path), 0
    if match := re.fullmatch(r"services\[([0-9]+)\]\.(\w+)", path):
        line = filled_lines(form)[int(match[1])]
        form_of_path, name = line, match[2]
        number = 1 + [one.form for one in form.lines].index(line)
    elif path == "services":
        form_of_path, name, number = form.lines[0].form, "code", 1
    if name in form_of_path:
        return form_of_path[name], number
    return form.date, number
