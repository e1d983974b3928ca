"""Sending the form of a report, as its page does."""

from __future__ import annotations

from collections.abc import Mapping

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.staff.office import hidden


def send_report(
    visitor: FlaskClient, npi: str, *, headers: Mapping[str, str] | None = None, more: Mapping[str, str] | None = None
) -> TestResponse:
    """Open the report form and send it with a wrong telephone number."""
    address = f"/therapists/{npi}/report"
    token = hidden(visitor.get(address).text, "form_token")
    return visitor.post(address, data={"form_token": token, "kind": "wrong_phone", **(more or {})}, headers=headers)
