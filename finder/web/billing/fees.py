"""The fee table of a place: a page, and the same rows for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import BooleanField, Form, SelectField, StringField

from finder import i18n
from finder.coverage.billing.fee_table import FeeTable, fee_table, find_schedule, schedule_names
from finder.coverage.figures.fee_schedule import FeeSchedule
from finder.coverage.figures.figures import Figures
from finder.errors import InvalidRequest
from finder.http.services import services
from finder.i18n import N_, Message
from finder.web.billing.questions import put_error
from finder.web.estimates.questions.fields import typed
from finder.web.estimates.template_filters import line_status, service_name
from finder.web.http.csv_download import csv_download
from finder.web.http.language import gettext, language
from finder.web.presentation.formats import word

blueprint = Blueprint("fees", __name__)

AMOUNTS = ("fee", "reduced_fee", "nonparticipating_fee", "limiting_charge", "coinsurance")
"""The amounts of a row, in the order of every form of the table."""

SOURCE_NAMES = {
    "relative_values": N_("relative values, status and indicator"),
    "gpci": N_("price indices of the area"),
    "zip_localities": N_("area of the ZIP code"),
    "conversion_factor": N_("conversion factor"),
    "qualifying_apm_conversion_factor": N_("conversion factor"),
    "mppr_practice_expense_share": N_("fee of a further unit"),
    "nonparticipating_share": N_("fee without participation"),
    "limiting_charge_share": N_("limiting charge"),
    "coinsurance_rate": N_("the patient’s share"),
}
"""What each source says, in words."""

CERTAINTIES = {
    "primary": N_("read in the original"),
    "secondary": N_("read in a page that quotes it"),
    "unverified": N_("not checked yet"),
}


class FeesForm(Form):
    """What is asked of the fee table."""

    zip = StringField(
        lazy_gettext("ZIP code of the place of care"),
        description=lazy_gettext("Five digits, like 43210."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 10},
    )
    year = SelectField(
        lazy_gettext("Fee schedule"), description=lazy_gettext("Fees change each year."), validate_choice=False
    )
    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("Leave it empty to see all of them."),
        render_kw={"autocomplete": "off", "maxlength": 10},
    )
    qualifying_apm = BooleanField(lazy_gettext("The therapist is in a special payment program (a qualifying APM)"))


@blueprint.get("/fees")
def fees() -> ResponseReturnValue:
    """Ask for a place, a year and a code, and show the fees."""
    return _page(*_answered()) if "zip" in request.args else _page(_form(), None, [])


@blueprint.get("/fees.csv")
def fees_csv() -> ResponseReturnValue:
    """Send the fees for a spreadsheet."""
    form, table, errors = _answered()
    if table is None:
        return _page(form, None, errors)
    return csv_download("fees.csv", _headings(), _cells(table))


@blueprint.get("/fees.json")
def fees_json() -> ResponseReturnValue:
    """Send the fees for a program; money is text with two decimals."""
    form = _form()
    try:
        return jsonify(_to_json(_table(form)))
    except InvalidRequest as error:
        errors = [{"field": it.field, "message": i18n.word(it.message, language())} for it in error.errors]
        return jsonify({"errors": errors}), 400


def _form() -> FeesForm:
    """Return the form with what was asked; by default the schedule of today, or the last one that is here."""
    figures, today = services().figures, services().today()
    form = FeesForm(request.args)
    names = schedule_names(figures)
    in_force = (key for key, it in names.items() if it.first_day <= today <= it.last_day)
    name = request.args.get("year", "").strip() or next(in_force, next(iter(names)))
    form.year.data = find_schedule(name, figures) or name
    form.year.choices = {name: word(schedule_words(name, it)) for name, it in names.items()}
    return form


def schedule_words(name: str, schedule: FeeSchedule) -> Message:
    """Name a fee schedule: its year, or its days where the year has several."""
    if len(name) == 4:
        return Message(name)
    days = {"first": schedule.first_day, "last": schedule.last_day}
    return Message(N_("{first:date} to {last:date}"), days)


def _table(form: FeesForm) -> FeeTable:
    """Return the table that was asked for. Raises InvalidRequest."""
    return fee_table(
        typed(form.zip),
        str(form.year.data),
        typed(form.code) or None,
        services().figures,
        qualifying_apm=bool(form.qualifying_apm.data),
    )


def _answered() -> tuple[FeesForm, FeeTable | None, list[tuple[str, str]]]:
    """Return the form, and the table or what is wrong as (id of the question, words)."""
    form = _form()
    try:
        return form, _table(form), []
    except InvalidRequest as error:
        return form, None, [put_error(form[it.field], it.message) for it in error.errors]


def _page(form: FeesForm, table: FeeTable | None, errors: list[tuple[str, str]]) -> ResponseReturnValue:
    page = render_template(
        "billing/fees.html",
        form=form,
        table=table,
        errors=errors,
        amounts=AMOUNTS,
        source_names=SOURCE_NAMES,
        certainties=CERTAINTIES,
        question={name: value for name, value in request.args.items() if name in form and value},
        today=services().today(),
    )
    return (page, 400) if errors else page


def _headings() -> list[str]:
    return [
        gettext("Code"), gettext("Service"), gettext("Timed"), gettext("Reduction indicator"),
        gettext("Status"), gettext("What Medicare does with it"), gettext("Fee of one unit"),
        gettext("Fee of a further unit"), gettext("Fee without participation"), gettext("Limiting charge"),
        gettext("The patient’s 20%%"), gettext("ZIP code"), gettext("Carrier"), gettext("Locality"),
        gettext("Name of the area"), gettext("Conversion factor"), gettext("From"), gettext("To"), gettext("Sources"),
    ]  # fmt: skip


def _cells(table: FeeTable) -> Iterator[Sequence[str]]:
    """Return each row with the place and the sources, so that it stands for itself when it is copied."""
    sources = "; ".join(dict.fromkeys(it.source for it in table.sources))
    place = [
        table.zip, table.gpci.carrier, table.gpci.locality, table.gpci.name, f"{table.conversion_factor.amount}",
        f"{table.schedule.first_day}", f"{table.schedule.last_day}", sources,
    ]  # fmt: skip
    for row in table.rows:
        timed = gettext("Yes") if row.is_timed else gettext("No")
        yield [
            row.code, service_name(row.code), timed, row.multiple_procedure, row.status_code, line_status(row.status),
            *(_money(getattr(row, name)) or "" for name in AMOUNTS), *place,
        ]  # fmt: skip


def _to_json(table: FeeTable) -> dict[str, Any]:
    return {
        "zip": table.zip,
        "from": table.schedule.first_day.isoformat(),
        "to": table.schedule.last_day.isoformat(),
        "carrier": table.gpci.carrier,
        "locality": table.gpci.locality,
        "locality_name": table.gpci.name,
        "needs_plus_four": table.locality.needs_plus_four,
        "conversion_factor": str(table.conversion_factor.amount),
        "qualifying_apm": table.qualifying_apm,
        "sources": [{"name": it.name, "source": it.source, "certainty": it.certainty} for it in table.sources],
        "fees": [
            {
                "code": row.code,
                "name": i18n.word(Figures.code_name(row.code), language()),
                "timed": row.is_timed,
                "multiple_procedure": row.multiple_procedure,
                "status_code": row.status_code,
                "status": row.status and row.status.value,
                **{name: _money(getattr(row, name)) for name in AMOUNTS},
            }
            for row in table.rows
        ],
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
