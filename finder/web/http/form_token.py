"""Forms that are posted without a cookie: a signed token that soon ends.

The token shows that the form was made here a short while ago, and carries what must not be changed on the way (the
therapist that a report is about). It does not say who the visitor is. Where a form came from: ``origin``.
"""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from finder.errors import FinderError
from finder.http.compression import leave_plain

FIELD = "form_token"
"""The name of the hidden field."""


class FormExpired(FinderError):
    """This form had been open too long, so nothing was sent. What you chose is still there: please send it again."""


def make_token(purpose: str, *about: str) -> str:
    """Sign what a form is about; a token is valid for its own purpose alone."""
    leave_plain()
    return str(_serializer(purpose).dumps(list(about)))


def read_token(purpose: str, *, max_age: int, token: str | None = None) -> list[str]:
    """Return what a form is about, from the field that was posted. Raises FormExpired; ``max_age`` in seconds."""
    sent = request.form.get(FIELD, "") if token is None else token
    try:
        about: list[str] = _serializer(purpose).loads(sent, max_age=max_age)
    except BadData:
        raise FormExpired from None
    return about


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"finder form: {purpose}")
