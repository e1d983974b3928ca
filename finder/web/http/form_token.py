"""Forms that are posted without a cookie: a signed token that soon ends, and a look at where the form came from.

The token shows that the form was made here a short while ago, and carries what must not be changed on the way (the
therapist that a report is about). The origin shows that no other site sent it. Neither says who the visitor is.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from finder.errors import FinderError

FIELD = "form_token"
"""The name of the hidden field."""


class FormExpired(FinderError):
    """This form had been open too long, so nothing was sent. What you chose is still there: please send it again."""


class ForeignForm(FinderError):
    """This form did not come from our own page, so nothing was sent. Open the page here and send it again."""


def make_token(purpose: str, *about: str) -> str:
    """Sign what a form is about; a token is valid for its own purpose alone."""
    return str(_serializer(purpose).dumps(list(about)))


def read_token(purpose: str, *, max_age: int, token: str | None = None) -> list[str]:
    """Return what a form is about, from the field that was posted. Raises FormExpired; ``max_age`` in seconds."""
    sent = request.form.get(FIELD, "") if token is None else token
    try:
        about: list[str] = _serializer(purpose).loads(sent, max_age=max_age)
    except BadData:
        raise FormExpired from None
    return about


def check_origin() -> None:
    """Refuse a form that another site sent. Raises ForeignForm.

    Browsers say where a form comes from in one of these headers; what is no browser says nothing and has no visitor
    whose hand it could guide.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site", "")
    if fetch_site and fetch_site not in {"same-origin", "none"}:
        raise ForeignForm
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if origin and urlsplit(origin)[:2] != (request.scheme, request.host):
        raise ForeignForm


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"finder form: {purpose}")
