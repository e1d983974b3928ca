"""The questions of an estimate, as a form whose answers are the address of the page; and the request that they make.

Whether an answer is right is for ``finder.coverage`` to say: it names each wrong field, and this module knows which
question that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from finder.coverage import Figures
from finder.coverage.code_names import preset_name
from finder.errors import InvalidRequest
from finder.i18n import N_, Message
from finder.web.words import word

BY_HAND = "by_hand"
ROWS = 4
"""Services that can be put together by hand."""

SETTINGS = {
    "private_practice": N_("A private practice or clinic"),
    "hospital_outpatient": N_("A hospital’s outpatient department"),
}

DEDUCTIBLES = {
    "met": N_("I have paid all of it"),
    "full": N_("I have paid none of it"),
    "part": N_("I have paid part of it"),
    "unknown": N_("I do not know"),
}

FIELDS = {"date_of_service": "date", "deductible_remaining": "deductible_left", "services": "visit"}
"""The questions that are called otherwise in a request."""


class ServiceRow(Form):  # type: ignore[misc]  # WTForms has no types
    """One service that was chosen by hand."""

    code = SelectField(lazy_gettext("Service"), validate_choice=False)
    units = StringField(lazy_gettext("Units of 15 minutes"), render_kw={"inputmode": "numeric", "maxlength": 3})
    charge = StringField(
        lazy_gettext("Their charge, if you know it"), render_kw={"inputmode": "decimal", "maxlength": 12}
    )


class EstimateForm(Form):  # type: ignore[misc]  # WTForms has no types
    """When, where, what is done, at what kind of place, and how much of the deductible is left."""

    zip = StringField(
        lazy_gettext("ZIP code of the therapist"),
        description=lazy_gettext("Medicare pays a little more in some places than in others."),
        render_kw={"inputmode": "numeric", "autocomplete": "postal-code", "maxlength": 10, "required": True},
    )
    date = StringField(
        lazy_gettext("Day of the visit"),
        description=lazy_gettext("Amounts change each year."),
        render_kw={"type": "date", "required": True},
    )
    visit = RadioField(lazy_gettext("What kind of visit?"), validate_choice=False)
    services = FieldList(FormField(ServiceRow), min_entries=ROWS, max_entries=ROWS)
    setting = RadioField(
        lazy_gettext("What kind of place?"),
        description=lazy_gettext("Ask when you call: a clinic can belong to a hospital."),
        validate_choice=False,
    )
    deductible = RadioField(
        lazy_gettext("Your Part B deductible this year"),
        description=lazy_gettext("You find it on your last Medicare Summary Notice, or by calling 1-800-MEDICARE."),
        validate_choice=False,
    )
    deductible_left = StringField(
        lazy_gettext("How much of it is left to pay?"),
        description=lazy_gettext("In dollars, like 120.50"),
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )


def estimate_form(asked: MultiDict[str, str], figures: Figures, today: date) -> EstimateForm:
    """Make the form with what was answered still in it; nothing is answered by itself but the most usual."""
    usual = {"date": today.isoformat(), "visit": "follow_up", "setting": "private_practice", "deductible": "met"}
    usual |= {f"services-{row}-code": "" for row in range(ROWS)}  # a list of rows needs every row
    answers = [(name, value) for name, value in usual.items() if name not in asked]
    form = EstimateForm(MultiDict([*asked.items(multi=True), *answers]))
    presets = [(name, preset_name(name)) for name in figures.presets]
    form.visit.choices = _choices([*presets, (BY_HAND, N_("Choose the services myself"))])
    form.setting.choices = _choices(SETTINGS.items())
    form.deductible.choices = _choices(DEDUCTIBLES.items())
    codes = _choices([("", N_("Choose a service")), *((code.code, code.name) for code in figures.codes())])
    for row in form.services:
        row.form.code.choices = codes
    return form


def request_of(form: EstimateForm, figures: Figures) -> dict[str, Any]:
    """Make the request of the answers."""
    return {
        "date_of_service": form.date.data or None,
        "zip": (form.zip.data or "").strip() or None,
        "setting": form.setting.data,
        "participation": "participating",
        "services": _services(form, figures),
        "deductible_remaining": _deductible(form, figures),
        "other_coverage": {"kind": "none"},
    }


def asked_words(form: EstimateForm, today: date) -> str:
    """Say in one line what an answer is for: the kind of visit, the day, the place."""
    labels = {choice.value: choice.label for choice in form.visit.choices}
    try:
        day = date.fromisoformat(form.date.data or "")
    except ValueError:
        day = today
    return word(
        Message(
            N_("{visit}, {day:date}, ZIP code {zip}"),
            {"visit": labels.get(form.visit.data, ""), "day": day, "zip": (form.zip.data or "").strip()},
        )
    )


def put_errors(form: EstimateForm, error: InvalidRequest) -> list[tuple[str, str]]:
    """Put each error at its question. Gives all of them as (id of the question, words), for a list above the form."""
    listed = []
    for wrong in error.errors:
        field = _question(form, wrong.field)
        field.errors = [*field.errors, word(wrong.message)]
        listed.append((_first_control(field), f"{field.label.text}: {word(wrong.message)}"))
    return listed


def _services(form: EstimateForm, figures: Figures) -> list[dict[str, Any]]:
    """Give the lines of the visit: a usual visit's, or those that were chosen by hand."""
    if form.visit.data in figures.presets:
        return [dict(service) for service in figures.presets[form.visit.data]]
    return [_service(row) for row in _chosen(form)]


def _chosen(form: EstimateForm) -> list[ServiceRow]:
    return [row.form for row in form.services if row.form.code.data]


def _service(row: ServiceRow) -> dict[str, Any]:
    """Make a line; what is no number goes on as it was typed, so that it is refused at its place."""
    units = (row.units.data or "").strip()
    return {
        "code": row.code.data,
        "units": int(units) if re.fullmatch(r"[0-9]{1,4}", units) else units or 1,
        "charge": _amount(row.charge.data),
    }


def _deductible(form: EstimateForm, figures: Figures) -> str:
    """Give what is left of the deductible: dollars, or ``unknown``; a part that was not typed is refused as it is."""
    match form.deductible.data:
        case "met":
            return "0.00"
        case "full":
            return _whole_deductible(form.date.data or "", figures)
        case "part":
            return _amount(form.deductible_left.data) or ""
        case _:
            return "unknown"


def _whole_deductible(day: str, figures: Figures) -> str:
    """Give the deductible of the year; where the day is wrong anyway, the answer does not matter."""
    try:
        value = figures.parameters.part_b_deductible.find(date.fromisoformat(day))
    except ValueError:
        value = None
    return str(value.amount) if value else "unknown"


def _amount(text: str | None) -> str | None:
    """Take off what people write around an amount: ``$1,200`` is ``1200``."""
    return re.sub(r"[$,\s]", "", text or "") or None


def _question(form: EstimateForm, field: str) -> Any:
    """Find the question that a field of a request comes from; the kind of visit answers for what has none."""
    if match := re.fullmatch(r"services\[([0-9]+)\]\.(code|units|charge)", field):
        rows = _chosen(form)
        if form.visit.data == BY_HAND and int(match[1]) < len(rows):
            return rows[int(match[1])][match[2]]
    name = FIELDS.get(field, field)
    return form[name] if name in form and name != "services" else form.visit


def _first_control(field: Any) -> str:
    """Give the id of what takes the focus for a question: of several buttons the first."""
    return f"{field.id}-0" if field.type == "RadioField" else str(field.id)


def _choices(names: Iterable[tuple[str, str | Message]]) -> list[SelectChoice]:
    return [SelectChoice(value, word(name)) for value, name in names]
