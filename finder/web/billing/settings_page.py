"""The same visit in every kind of place, side by side; the address is the question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from finder.coverage.basics.vocabulary import Participation, Setting
from finder.coverage.billing.side_by_side import PAID_ALIKE, SettingRow, side_by_side
from finder.coverage.figures.code_names import preset_name
from finder.coverage.figures.figures import Figures
from finder.errors import FieldError, InvalidRequest
from finder.http.services import services
from finder.i18n import N_, Message
from finder.web.billing.questions import deductible_remaining, put_error
from finder.web.estimates.form_errors import NOT_A_CHOICE
from finder.web.estimates.questions.fields import amount_of, choices, chosen_labels, dollars, radio, typed
from finder.web.estimates.questions.place import SETTINGS
from finder.web.estimates.questions.year import DEDUCTIBLES
from finder.web.presentation.formats import word

blueprint = Blueprint("settings", __name__)

AGREEMENTS = {
    Participation.PARTICIPATING: N_("A private practice that takes part in Medicare"),
    Participation.NONPARTICIPATING_ASSIGNED: N_("A private practice that does not, but accepts Medicare’s amount"),
    Participation.NONPARTICIPATING_UNASSIGNED: N_("A private practice that does not, and charges more"),
}
"""The rows of a private practice, by its agreement."""

USUAL = {"visit": "follow_up", "deductible": "met"}

PATHS = {"date_of_service": "date", "deductible_remaining": "deductible_left", "services[0].charge": "charge"}

_SERVICE = re.compile(r"\s*(\w{5})\s*(?:[*x×]\s*([0-9]{1,2}))?\s*", re.ASCII)


class SettingsForm(Form):
    """What visit is set side by side."""

    zip = StringField(
        lazy_gettext("ZIP code of the place of care"),
        description=lazy_gettext("Five digits, like 43210."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 10},
    )
    date = StringField(
        lazy_gettext("Day of the visit"),
        description=lazy_gettext("Amounts change each year."),
        render_kw={"type": "date"},
    )
    visit = radio(lazy_gettext("What kind of visit?"), {})
    codes = StringField(
        lazy_gettext("Or its codes"),
        description=lazy_gettext("With their units, like 97112*2; 97530*1. They count in place of the kind of visit."),
        render_kw={"autocomplete": "off", "maxlength": 300},
    )
    deductible = radio(lazy_gettext("Your Part B deductible before this visit"), DEDUCTIBLES)
    deductible_left = dollars(
        lazy_gettext("Only if you had paid part of it: how much was left?"), lazy_gettext("In dollars, like 120.50")
    )
    charge = dollars(
        lazy_gettext("What does a critical access hospital charge for the visit?"),
        lazy_gettext("Ask its billing office. Leave it empty if you do not know."),
    )


@blueprint.get("/fees/settings")
def settings() -> ResponseReturnValue:
    """Ask for a visit and set it side by side."""
    figures = services().figures
    form = _form(figures, services().today())
    rows: tuple[SettingRow, ...] = ()
    errors: list[tuple[str, str]] = []
    if "zip" in request.args:
        try:
            rows = side_by_side(_request(form, figures), amount_of(form.charge), figures)
        except InvalidRequest as error:
            errors = _put_errors(form, error)
    page = render_template(
        "billing/settings.html", form=form, rows=rows, errors=errors, place_words=place_words, today=services().today()
    )
    return (page, 400) if errors else page


def place_words(row: SettingRow) -> str:
    """Name the place of a row: a private practice by its agreement, places that are paid alike together."""
    if row.setting is Setting.PRIVATE_PRACTICE:
        return word(AGREEMENTS[row.participation])
    if row.setting is PAID_ALIKE[0]:
        return " · ".join(word(SETTINGS[place]) for place in PAID_ALIKE)
    return word(SETTINGS[row.setting])


def _form(figures: Figures, today: date) -> SettingsForm:
    usual = {**USUAL, "date": today.isoformat()}
    left_out = [(name, value) for name, value in usual.items() if name not in request.args]
    form = SettingsForm(MultiDict([*request.args.items(multi=True), *left_out]))
    form.visit.choices = choices({name: preset_name(name) for name in figures.presets})
    return form


def _request(form: SettingsForm, figures: Figures) -> dict[str, Any]:
    """Return the request of an estimate of the visit. Raises InvalidRequest for what only this page can get wrong."""
    day = typed(form.date)
    errors = list(_unreadable(form))
    if errors:
        raise InvalidRequest(errors)
    codes = _services(typed(form.codes)) or [dict(service) for service in figures.presets[form.visit.data]]
    return {
        "date_of_service": day or None,
        "zip": typed(form.zip) or None,
        "services": codes,
        "deductible_remaining": deductible_remaining(form, day, figures),
    }


def _unreadable(form: SettingsForm) -> Iterator[FieldError]:
    for name in ("visit", "deductible"):
        if not chosen_labels(form[name]):
            yield FieldError(name, Message(NOT_A_CHOICE))
    if _services(typed(form.codes)) is None:
        text = N_("Write each code with its units, like 97112*2; 97530*1.")
        yield FieldError("codes", Message(text))


def _services(text: str) -> list[dict[str, Any]] | None:
    """Read codes with their units, one unit where none are given; None where that cannot be read."""
    parts = [_SERVICE.fullmatch(part) for part in re.split("[;,]", text) if part.strip()]
    found = [{"code": part[1].upper(), "units": int(part[2] or 1)} for part in parts if part]
    return found if len(found) == len(parts) else None


def _put_errors(form: SettingsForm, error: InvalidRequest) -> list[tuple[str, str]]:
    """Put each error at its question; return all as (id of the first control, words)."""
    listed: dict[tuple[str, str], None] = {}
    for it in error.errors:
        name = PATHS.get(it.field, it.field)
        listed[put_error(form[name if name in form else "codes"], it.message)] = None
    return [*listed]
