"""Reports of the public: a queue, the oldest first; and the listings that their owners want off the list."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from finder.digits import is_digits
from finder.directory.provider import Provider
from finder.errors import FinderError, error_text
from finder.http.open_reports import open_reports
from finder.http.services import services
from finder.i18n import N_
from finder.records.casework.reports import (
    ReportKind,
    ReportOutcome,
    close_report,
    count_open_groups,
    count_reports,
    forget_contacts,
    list_open_groups,
    list_reports,
    similar_open_reports,
)
from finder.records.casework.suppressions import end_suppression, suppress, suppressions_in_force
from finder.records.database import Session
from finder.records.tables.casework import Report
from finder.web.http.forms import PostedForm
from finder.web.http.language import language
from finder.web.reports import views as public
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import PER_PAGE, paging, tell
from finder.web.staff.session import me

KINDS = {**public.PROBLEMS, **public.REQUESTS}
"""What a report says, in words."""

STATES = {"open": N_("waiting"), "resolved": N_("put right"), "rejected": N_("listing was right")}


class CloseForm(PostedForm):
    """How a report ends."""

    note = TextAreaField(
        lazy_gettext("What you found out"),
        [Length(max=500)],
        description=lazy_gettext("For the next person who looks at this listing. Nothing about patients."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class SuppressForm(PostedForm):
    """Who must not be listed, and on whose word."""

    npi = StringField("NPI", [InputRequired()], render_kw={"inputmode": "numeric", "maxlength": 10})
    reason = StringField(
        lazy_gettext("Why, and on whose word"), [InputRequired(), Length(max=500)], render_kw={"maxlength": 500}
    )


@blueprint.get("/reports")
@at_least("viewer")
def reports() -> str:
    """List the reports of a state, those that wait longest first; of one kind on one listing they wait together."""
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    with services().installation.records.reading() as session:
        if state == "open":
            pages = paging(count_open_groups(session))
            found = list_open_groups(session, limit=PER_PAGE, offset=pages.offset)
        else:
            pages = paging(count_reports(session, state=state))
            found = [(one, 1) for one in list_reports(session, state=state, limit=PER_PAGE, offset=pages.offset)]
    names = {one.npi: _name(one.npi) for one, _ in found}
    return render_template(
        "staff/reports.html", reports=found, names=names, paging=pages, state=state, states=STATES, kinds=KINDS
    )


@blueprint.get("/reports/<id:report_id>")
@at_least("viewer")
def one_report(report_id: int) -> str:
    """Show a report beside the listing that it is about."""
    return _show(report_id, CloseForm())


@blueprint.post("/reports/<id:report_id>/close")
@at_least("editor")
def close(report_id: int) -> ResponseReturnValue:
    """End a report: the listing was put right, or it was right; or its owner wants it off the list, for good."""
    form, ending = CloseForm(), request.form.get("ending", "")
    if ending not in {*ReportOutcome, "suppress"} or not form.validate():
        abort(400)
    note = form.note.data or ""
    try:
        with services().installation.records.writing() as session:
            outcome = ReportOutcome.RESOLVED if ending == "suppress" else ReportOutcome(ending)
            closed = close_report(session, report_id, outcome, by=me().email, note=note)
            seen = set(request.form.getlist("alike"))
            for one in similar_open_reports(session, closed):
                if str(one.id) in seen:  # what came in after the page was shown waits to be read
                    close_report(session, one.id, outcome, by=me().email, note=note)
            if ending == "suppress":
                suppress(session, closed.npi, reason=_reason(closed, note), by=me().email)
            forget_contacts(session)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
        return redirect(url_for("staff.one_report", report_id=report_id), 303)
    open_reports().ask_again()
    if ending == "suppress":
        tell(N_("The listing goes with the next release, and no file brings it back. Make a draft to publish that."))
        return redirect(url_for("staff.suppressions"), 303)
    tell(N_("The report is closed."))
    return redirect(url_for("staff.reports"), 303)


@blueprint.get("/suppressions")
@at_least("viewer")
def suppressions() -> str:
    """List those who are kept off the list."""
    return _show_suppressions(SuppressForm())


@blueprint.post("/suppressions")
@at_least("editor")
def add_suppression() -> ResponseReturnValue:
    """Keep somebody off the list."""
    form = SuppressForm()
    npi = (form.npi.data or "").strip()
    if not is_digits(npi, 10):
        form.npi.errors = [lazy_gettext("An NPI has ten digits.")]
        return _show_suppressions(form), 422
    if not form.validate():
        return _show_suppressions(form), 422
    with services().installation.records.writing() as session:
        suppress(session, npi, reason=form.reason.data or "", by=me().email)
    tell(N_("The listing goes with the next release, and no file brings it back. Make a draft to publish that."))
    return redirect(url_for("staff.suppressions"), 303)


@blueprint.post("/suppressions/<id:suppression_id>/end")
@at_least("editor")
def lift_suppression(suppression_id: int) -> ResponseReturnValue:
    """Let a listing be shown again."""
    try:
        with services().installation.records.writing() as session:
            end_suppression(session, suppression_id, by=me().email)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
    else:
        tell(N_("It may be listed again from the next release on."))
    return redirect(url_for("staff.suppressions"), 303)


def _show(report_id: int, form: CloseForm) -> str:
    with services().installation.records.reading() as session:
        found = _report(session, report_id)
        alike = similar_open_reports(session, found) if found.state == "open" else ()
        others = count_reports(session, state="open", npi=found.npi) - (found.state == "open") - len(alike)
    return render_template(
        "staff/report.html",
        report=found,
        provider=_listed(found.npi),
        alike=alike,
        others=others,
        form=form,
        states=STATES,
        kinds=KINDS,
        is_request=ReportKind(found.kind) in public.REQUESTS,
    )


def _show_suppressions(form: SuppressForm) -> str:
    with services().installation.records.reading() as session:
        found = suppressions_in_force(session)
    names = {one.npi: _name(one.npi) for one in found}
    return render_template("staff/suppressions.html", suppressions=found, names=names, form=form)


def _report(session: Session, report_id: int) -> Report:
    found: Report | None = session.get(Report, report_id)
    if found is None:
        abort(404)
    return found


def _reason(report: Report, note: str) -> str:
    """Describe why a listing is off the list: its owner's report, and what staff noted."""
    return f"{report.reference}: {note}" if note else report.reference


def _listed(npi: str) -> Provider | None:
    return services().directory().provider(npi)


def _name(npi: str) -> str:
    """Return the name of a listed provider; empty for a provider that is not listed."""
    provider = _listed(npi)
    return provider.name if provider else ""
