"""The HTML of questions is kept, and never taken for that of another answer, language, page or error."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.web.estimates.questions import field_html

ADDRESSES = [
    "/estimate?zip=43210&lang=en", "/estimate?zip=43210&lang=es", "/estimate?zip=10001", "/my-insurance?lang=es",
    "/estimate/course?zip=43210", "/estimate?zip=abc&lang=en", "/estimate?lang=en", "/estimate?lang=es",
]  # fmt: skip


def test_a_page_is_the_same_whatever_was_asked_before(app: Flask) -> None:
    alone = {}
    for address in ADDRESSES:
        app.extensions.pop("estimate_questions", None)
        alone[address] = app.test_client().get(address).text
    app.extensions.pop("estimate_questions", None)
    assert {address: app.test_client().get(address).text for address in ADDRESSES} == alone
    assert {address: app.test_client().get(address).text for address in reversed(ADDRESSES)} == alone


def test_no_more_questions_are_kept_than_allowed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_html, "MOST_QUESTIONS", 30)
    client.application.extensions.pop("estimate_questions", None)
    client.get("/estimate?zip=43210")
    written = client.application.extensions["estimate_questions"]
    assert 0 < len(written) <= 30


def test_long_answers_are_not_kept(client: FlaskClient) -> None:
    client.get(f"/estimate?zip={'9' * 61}")
    written = client.application.extensions["estimate_questions"]
    assert not any("9" * 61 in html for _, html in written.values())
