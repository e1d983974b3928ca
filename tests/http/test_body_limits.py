"""Every route that takes a body has a limit: that of a form, or one that its view declares."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from finder.http.body_limits import FORM_BYTES, FORM_FIELDS, LARGE_BODIES, largest_body
from finder.web.estimates import batch
from finder.web.estimates.batch import LARGEST_BATCH
from finder.web.staff.drafts.uploads import LARGEST_UPLOAD, upload
from tests.http.bodies import cookie_of, routes_with_body

WORDS = "That was too large to send"


def environ(path: str, method: str, cookie: str = "") -> dict[str, Any]:
    """Return what the server knows of a request before its body."""
    return EnvironBuilder(path, method=method, headers=[("Cookie", cookie)] if cookie else []).get_environ()


def test_every_route_takes_a_form_and_no_more(sample_app: Flask) -> None:
    routes = routes_with_body(sample_app)
    assert len(routes) > 20
    sizes = {path: largest_body(sample_app, environ(path, method)) for method, path in routes}
    assert {path: size for path, size in sizes.items() if size != FORM_BYTES} == {"/estimate/batch": LARGEST_BATCH}
    assert set(LARGE_BODIES) == {upload, batch.answer}


def test_a_body_over_the_limit_is_refused_with_our_page(sample_app: Flask, client: FlaskClient) -> None:
    for method, path in routes_with_body(sample_app):
        too_large = b"a=" + b"x" * largest_body(sample_app, environ(path, method))
        for form in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
            answer = client.open(path, method=method, data=too_large, content_type=form)
            if path == "/staff/upload":  # strangers are led to the log-in, whatever they send
                assert (answer.status_code, answer.location) == (302, "/staff/login"), form
            else:
                assert answer.status_code == 413, (path, form)
                assert (WORDS if path != "/estimate/batch" else "larger than 400 kB") in answer.text


@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_of_very_many_fields_is_refused(client: FlaskClient, multipart: bool) -> None:
    for number, status in ((FORM_FIELDS, 422), (FORM_FIELDS + 1, 413)):
        fields = {f"f{one}": "" for one in range(number)}
        form = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
        assert client.post("/listing-request", data=fields, content_type=form).status_code == status


def test_a_body_that_no_view_takes_is_not_read(sample_app: Flask, client: FlaskClient) -> None:
    for method, path in (("GET", "/"), ("HEAD", "/"), ("POST", "/"), ("POST", "/nowhere"), ("PUT", "/listing-request")):
        assert largest_body(sample_app, environ(path, method)) == 0
    assert client.get("/", data=b"x" * 100).status_code == 200


def test_uploads_are_taken_from_those_who_have_logged_in(sample_app: Flask) -> None:
    cookies = {
        "": FORM_BYTES,
        "finder_staff=eyJfdXNlcl9pZCI6IjEuMSJ9.aaaa.bbbb": FORM_BYTES,
        cookie_of(sample_app, csrf_token="x"): FORM_BYTES,
        cookie_of(sample_app, _user_id="1.1"): LARGEST_UPLOAD,
    }
    for cookie, size in cookies.items():
        assert largest_body(sample_app, environ("/staff/upload", "POST", cookie)) == size
    assert (
        largest_body(sample_app, environ("/staff/login", "POST", cookie_of(sample_app, _user_id="1.1"))) == FORM_BYTES
    )
