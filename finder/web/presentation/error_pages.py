"""The pages that say what went wrong and what to do now, and which HTTP status each kind of error becomes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from finder.disk import DiskError, DiskFull, disk_error
from finder.errors import FinderError, InvalidRequest
from finder.i18n import N_
from finder.places.errors import PlaceError
from finder.records.casework.faulty_rows import UnknownFaultyRow
from finder.records.database import RecordsBusy, RecordsUnavailable
from finder.records.drafts import BaseChanged, DraftClosed, UnknownDraft
from finder.records.people.passwords import LinkSpent
from finder.releases.installation import NothingPublished
from finder.releases.store import ReleaseFileDamaged, ReleaseFileMissing, StoreUnavailable
from finder.web.http.form_token import FormExpired
from finder.web.http.origin import ForeignForm
from finder.web.presentation.formats import word

STATUS: dict[type[FinderError], int] = {
    InvalidRequest: 400,
    PlaceError: 400,
    FormExpired: 400,
    ForeignForm: 403,
    UnknownDraft: 404,
    UnknownFaultyRow: 404,
    BaseChanged: 409,
    DraftClosed: 409,
    LinkSpent: 410,
    NothingPublished: 503,
    RecordsUnavailable: 503,
    StoreUnavailable: 503,
    ReleaseFileMissing: 503,
    ReleaseFileDamaged: 503,
    DiskError: 503,
    DiskFull: 507,
}
"""The HTTP status of our own errors, by their nearest ancestor that is named here."""

RETRY_SECONDS = "60"


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: a heading, and what to do."""

    heading: str
    advice: str


PAGES = {
    400: Words(
        N_("We could not read that address"), N_("Part of it was changed or cut off. Start again from the search.")
    ),
    403: Words(N_("You may not see this page"), N_("If you think that you should, ask the person who runs this site.")),
    404: Words(
        N_("We could not find that page"),
        N_("The link may be old, or a letter may be missing. The search can find the therapist again."),
    ),
    405: Words(N_("This page cannot do that"), N_("Go back, and use the buttons on the page.")),
    413: Words(N_("That was too large to send"), N_("Go back, and send a shorter text or a smaller file.")),
    429: Words(N_("Too many requests in a short time"), N_("Wait a minute, then try again. Nothing is lost.")),
    500: Words(
        N_("Something broke on our side"),
        N_("You did nothing wrong. Try again in a minute. If you need a therapist now, call your doctor’s office."),
    ),
    507: Words(
        N_("There is no space left on our side"),
        N_("Nothing was changed. Tell the person who runs this site, and try again later."),
    ),
    503: Words(N_("We are not ready yet"), N_("The list of therapists is being loaded. Try again in a minute.")),
}


HEADINGS: dict[type[FinderError], str] = {ForeignForm: N_("Nothing was sent"), RecordsBusy: N_("Nothing was saved")}
"""The headings of errors that have one of their own."""


def register(app: Flask) -> None:
    """Answer every error with a page in the same design."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(FinderError, finder_error)
    for kind in (OSError, sqlite3.Error):
        app.register_error_handler(kind, refused_by_the_disk)
    app.after_request(ask_to_try_again)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask refuses; redirects that Flask raises as errors stay redirects."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    return page(status)


def status_of(error: FinderError, otherwise: int = 500) -> int:
    """Return the HTTP status of an error; ``otherwise`` where it has none of its own."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), otherwise)


def refused_by_the_disk(error: Exception) -> ResponseReturnValue:
    """Answer what a disk refuses as such; raise every other error of a file again."""
    refused = disk_error(error)
    if refused is None:
        raise error
    return finder_error(refused)


def finder_error(error: FinderError) -> ResponseReturnValue:
    """Answer an error of the program in its own words."""
    status = status_of(error)
    sentence = word(error.detail if error.detail and status < 500 else error.message())  # no inside of ours is told
    return page(status, sentence=sentence, heading=HEADINGS.get(type(error)))


def ask_to_try_again(response: Response) -> Response:
    """Tell programs when to come back to what is not available now."""
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", RETRY_SECONDS)
    return response


def page(status: int, *, sentence: str | None = None, heading: str | None = None) -> ResponseReturnValue:
    """Return the page of an error, or JSON where the request asks for JSON."""
    words = PAGES.get(status) or PAGES[500 if status >= 500 else 400]
    if heading:
        words = replace(words, heading=heading)
    if _wants_json():
        return jsonify(error=word(words.heading), message=sentence or word(words.advice)), status
    return render_template("errors/error.html", words=words, sentence=sentence, status=status), status


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
