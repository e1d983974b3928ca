"""What the public tells us: "something is wrong here", and "remove or correct my listing". No cookie, no health data.

A report takes two taps: the link on the page of a therapist, then what is wrong. Each report gets a reference number
with a page that says where it stands.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from finder.directory.provider import Provider
from finder.errors import FinderError, error_text
from finder.http.open_reports import open_reports
from finder.http.services import services
from finder.i18n import N_
from finder.records.casework.reports import (
    ReportKind,
    TooManyFromHere,
    TooManyReports,
    UnknownReport,
    add_report,
    count_report,
    find_report,
)
from finder.records.people.attempts import network_mark
from finder.web.http.form_token import FIELD, FormExpired, make_token, read_token
from finder.web.http.language import language
from finder.web.presentation.error_pages import status_of
from finder.web.presentation.formats import word

blueprint = Blueprint("reports", __name__)

REPORT, REQUEST = "report", "listing request"
"""What the tokens of the two forms are for."""

FORM_SECONDS = 2 * 3600
"""How long a form may stay open: long enough for a call to the clinic in between."""

PROBLEMS = {
    ReportKind.WRONG_PHONE: N_("The phone number is wrong"),
    ReportKind.WRONG_ADDRESS: N_("They have moved, or the address is wrong"),
    ReportKind.NOT_THERE: N_("They do not work there, or have stopped"),
    ReportKind.WRONG_INSURANCE: N_("They do not take the insurance shown"),
    ReportKind.WRONG_SPECIALTY: N_("They do not treat nerve problems"),
    ReportKind.NOT_TAKING_PATIENTS: N_("They take no new patients"),
    ReportKind.OTHER: N_("Something else is wrong"),
}
"""What a visitor can report, in the order of the buttons."""

REQUESTS = {
    ReportKind.CORRECT_MY_LISTING: N_("Correct my listing"),
    ReportKind.REMOVE_MY_LISTING: N_("Take my listing off"),
}

STATES = {
    "open": N_("We have your report. Nobody has looked at it yet."),
    "resolved": N_("We have looked at it and put the listing right. Thank you."),
    "rejected": N_("We have looked at it and found that the listing is right. Thank you."),
}


class RequestForm(Form):
    """A therapist or clinic about its own listing."""

    npi = StringField(
        lazy_gettext("Your NPI"),
        [InputRequired(lazy_gettext("Type the ten digits of your National Provider Identifier."))],
        description=lazy_gettext("Ten digits."),
        render_kw={"inputmode": "numeric", "maxlength": 20, "autocomplete": "off"},
    )
    kind = RadioField(lazy_gettext("What should we do?"), [InputRequired(lazy_gettext("Choose one of the two."))])
    message = TextAreaField(
        lazy_gettext("What should change?"),
        [Length(max=500, message=lazy_gettext("Use at most 500 characters."))],
        description=lazy_gettext("You do not have to give a reason. Write nothing about patients."),
        render_kw={"rows": 4, "maxlength": 500},
    )
    contact = EmailField(
        lazy_gettext("Your office e-mail address"),
        [
            InputRequired(lazy_gettext("Type an e-mail address, so that we can check that the listing is yours.")),
            Length(max=254, message=lazy_gettext("This is too long for an e-mail address.")),
        ],
        description=lazy_gettext("We write to it once to check. We erase it 90 days after we are done."),
        render_kw={"autocomplete": "email", "maxlength": 254},
    )


def register(app: Flask) -> None:
    """Add the pages of reports to the application, exempt from the general form token: they have their own."""
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/therapists/<npi>/report")
def report(npi: str) -> str:
    """Show the form that asks what is wrong with a listing."""
    return _ask_what_is_wrong(_provider(npi))


@blueprint.post("/therapists/<npi>/report")
def send_report(npi: str) -> ResponseReturnValue:
    """Keep the report and give its reference number."""
    provider, token = _provider(npi), request.form.get(FIELD, "")
    kind, place = request.form.get("kind", ""), request.form.get("place", "")
    if kind not in PROBLEMS or place not in {"", *(one.location_key for one in provider.locations)}:
        abort(400)
    try:
        if read_token(REPORT, max_age=FORM_SECONDS)[:1] != [provider.npi]:
            raise FormExpired
        with services().installation.records.writing() as session:
            count_report(session, _network())
            report = add_report(session, provider.npi, ReportKind(kind), form_token=token, location_key=place)
    except FinderError as error:
        return _ask_what_is_wrong(provider, error), _status(error)
    open_reports().ask_again()
    return redirect(url_for("reports.receipt", reference=report.reference), 303)


@blueprint.get("/reports/<reference>")
def receipt(reference: str) -> str:
    """Show the state of a report."""
    with services().installation.records.reading() as session:
        try:
            found = find_report(session, reference)
        except UnknownReport:
            abort(404)
    listed = services().directory().provider(found.npi) is not None
    return render_template("reports/receipt.html", report=found, state=STATES[found.state], listed=listed)


@blueprint.get("/listing-request")
def listing_request() -> str:
    """Show the form for a therapist's request about their own listing."""
    return _ask_owner(_request_form(request.args))


@blueprint.post("/listing-request")
def send_request() -> ResponseReturnValue:
    """Keep the request and give its reference number."""
    form = _request_form(request.form)
    if not form.validate():
        return _ask_owner(form), 422
    npi = "".join((form.npi.data or "").split())
    if services().directory().provider(npi) is None:
        form.npi.errors = [word(N_("We do not list this number. Check the ten digits."))]
        return _ask_owner(form), 422
    try:
        read_token(REQUEST, max_age=FORM_SECONDS)
        with services().installation.records.writing() as session:
            count_report(session, _network())
            report = add_report(
                session,
                npi,
                ReportKind(form.kind.data),
                form_token=request.form.get(FIELD, ""),
                message=form.message.data or "",
                contact=form.contact.data or "",
            )
    except FinderError as error:
        return _ask_owner(form, error), _status(error)
    open_reports().ask_again()
    return redirect(url_for("reports.receipt", reference=report.reference), 303)


def _network() -> str:
    """Return the keyed hash under which the reports of this visitor's network are counted."""
    return network_mark(services().installation.records.seal, request.remote_addr or "")


def _provider(npi: str) -> Provider:
    provider = services().directory().provider(npi)
    if provider is None:
        abort(404)
    return provider


def _ask_what_is_wrong(provider: Provider, error: FinderError | None = None) -> str:
    return render_template(
        "reports/report.html",
        provider=provider,
        problems=PROBLEMS,
        token=make_token(REPORT, provider.npi, _nonce()),
        refusal=_refusal(error),
    )


def _ask_owner(form: RequestForm, error: FinderError | None = None) -> str:
    return render_template(
        "reports/listing_request.html",
        form=form,
        token=make_token(REQUEST, _nonce()),
        refusal=_refusal(error),
    )


def _request_form(values: MultiDict[str, str]) -> RequestForm:
    form = RequestForm(values)
    form.kind.choices = {kind.value: word(name) for kind, name in REQUESTS.items()}
    return form


def _refusal(error: FinderError | None) -> str:
    return error_text(error, language()) if error else ""


def _status(error: FinderError) -> int:
    """Return the HTTP status of a refusal: an expired form, too many reports."""
    return {FormExpired: 400, TooManyReports: 429, TooManyFromHere: 429}.get(type(error), status_of(error, 503))


def _nonce() -> str:
    """Return a value that makes each form unique: the same form sent twice is a single report, two forms are two."""
    return secrets.token_urlsafe(12)
