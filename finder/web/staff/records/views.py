"""One record at a time: find it, correct it, see who changed what, write down what came of a call."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from finder.digits import whole_number
from finder.directory.names import LONGEST_NAME
from finder.directory.provider import Listing
from finder.directory.query import Query
from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.records.casework.calls import CallOutcome, calls_of, record_call
from finder.records.casework.edits import (
    EditedMeanwhile,
    conflicts,
    edits_in_force,
    end_edit,
    history_of,
    resolve_conflict,
    save_edits,
    version_of,
)
from finder.records.casework.reports import list_reports
from finder.records.database import Session
from finder.web.http.language import language, ngettext
from finder.web.presentation.formats import word
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import page_number, tell
from finder.web.staff.records.record_form import (
    ANSWERS,
    CONFIRMATIONS,
    RecordForm,
    changes,
    knows_zip,
    record_form,
    withdrawn,
)
from finder.web.staff.records.record_view import Record, confirmations
from finder.web.staff.session import me

OUTCOMES = {
    CallOutcome.CONFIRMED: N_("Everything is right"),
    CallOutcome.CHANGED: N_("Something has changed (correct it above)"),
    CallOutcome.NO_ANSWER: N_("Nobody answered"),
    CallOutcome.WRONG_NUMBER: N_("Wrong number"),
    CallOutcome.CLOSED: N_("Closed for good"),
    CallOutcome.REFUSED: N_("They do not want to be called"),
}


CONFIRMED = N_("confirmed on the telephone")
"""The note of what was heard to be right."""


@blueprint.get("/records")
@at_least("viewer")
def records() -> ResponseReturnValue:
    """Find records by name or NPI, and show the corrections that a source has since contradicted."""
    text = request.args.get("q", "").strip()[:LONGEST_NAME]
    if services().directory().provider(text):
        return redirect(url_for("staff.record", npi=text))
    with services().installation.records.reading() as session:
        contradicted = conflicts(session)
    return render_template("staff/records.html", text=text, conflicts=contradicted, **_found(text))


@blueprint.get("/records/<npi>")
@at_least("viewer")
def record(npi: str) -> str:
    """Show a record, its history, its calls and its reports."""
    found = _record(npi)
    return _show(found, record_form(found))


@blueprint.post("/records/<npi>")
@at_least("editor")
def correct(npi: str) -> ResponseReturnValue:
    """Keep corrections; where somebody else was quicker, show what they did and keep what was typed."""
    found = _record(npi)
    form = record_form(found, request.form)
    if not (form.validate() & knows_zip(form, services().gazetteer)):
        return _show(found, form), 422
    try:
        edits, ended = changes(found, form), withdrawn(found, form)
        if not edits and not ended:
            tell(N_("Nothing was changed."))
            return _back(npi)
        with services().installation.records.writing() as session:
            save_edits(session, npi, edits, version=_version(form), by=me().email, note=form.note.data or "")
            for edit in ended:
                end_edit(session, edit.id, by=me().email)
    except EditedMeanwhile as error:
        form.version.data = str(error.version)
        return _show(_record(npi), form, meanwhile=error), 409
    except FinderError as error:
        form.note.errors = [error_text(error, language())]
        return _show(found, form), 422
    tell(
        ngettext(
            "One correction is kept. It becomes public with the next release.",
            "%(num)s corrections are kept. They become public with the next release.",
            len(edits) + len(ended),
        )
    )
    return _back(npi)


@blueprint.post("/records/<npi>/call")
@at_least("editor")
def call(npi: str) -> ResponseReturnValue:
    """Write down what came of a call."""
    found = _record(npi)
    outcome, place = request.form.get("outcome", ""), request.form.get("place", "")
    if outcome not in set(CallOutcome) or place not in {"", *(one.location_key for one in found.provider.locations)}:
        abort(400)
    note = request.form.get("call_note", "")
    with services().installation.records.writing() as session:
        record_call(session, npi, CallOutcome(outcome), by=me().email, location_key=place, note=note)
        if CallOutcome(outcome) is CallOutcome.CONFIRMED:
            _confirm(session, found, place)
    tell(N_("The call is written down."))
    return _back(npi)


@blueprint.post("/records/<npi>/edits/<id:edit_id>/<decision>")
@at_least("editor")
def decide(npi: str, edit_id: int, decision: str) -> ResponseReturnValue:
    """Go back to what the source says, or keep an edit that a source contradicts."""
    if decision not in {"end", "keep", "take"}:
        abort(404)
    try:
        with services().installation.records.writing() as session:
            if edit_id not in {edit.id for edit in edits_in_force(session, npi)}:
                abort(404)
            if decision == "end":
                end_edit(session, edit_id, by=me().email)
            else:
                resolve_conflict(session, edit_id, keep=decision == "keep", by=me().email)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
    else:
        tell(N_("Done. It becomes public with the next release."))
    return _back(npi)


def _record(npi: str) -> Record:
    provider = services().directory().provider(npi)
    if provider is None:
        abort(404)
    with services().installation.records.reading() as session:
        return Record(provider=provider, edits=edits_in_force(session, npi), version=version_of(session, npi))


def _show(found: Record, form: RecordForm, meanwhile: EditedMeanwhile | None = None) -> str:
    npi = found.provider.npi
    with services().installation.records.reading() as session:
        history, calls = history_of(session, npi), calls_of(session, npi)
        reports = list_reports(session, state="open", npi=npi)
    return render_template(
        "staff/record.html",
        record=found,
        form=form,
        answers=ANSWERS,
        confirmations=CONFIRMATIONS,
        meanwhile=meanwhile,
        history=history,
        calls=calls,
        reports=reports,
        outcomes=OUTCOMES,
    )


def _confirm(session: Session, found: Record, place: str) -> None:
    """Put address and phone in force anew as they are, so that the public sees the day of the call beside them."""
    npi, edits = found.provider.npi, confirmations(found, place)
    for one in edits:
        if edit := found.edit(one.field, one.location_key):
            end_edit(session, edit.id, by=me().email)
    save_edits(session, npi, edits, version=version_of(session, npi), by=me().email, note=word(CONFIRMED))


def _version(form: RecordForm) -> int:
    """Read the version that the form was made from; whatever is no number is none that there is."""
    version = whole_number(form.version.data or "", 9)
    return -1 if version is None else version


def _found(text: str) -> dict[str, Sequence[Listing] | int]:
    """Find listings by name, in the whole country."""
    if not text:
        return {"listings": (), "total": 0, "page": 1, "pages": 1}
    result = services().directory().search(Query(name=text, sort="name", page=page_number()))
    return {"listings": result.listings, "total": result.total, "page": result.page, "pages": result.pages}


def _back(npi: str) -> Response:
    return redirect(url_for("staff.record", npi=npi), 303)
