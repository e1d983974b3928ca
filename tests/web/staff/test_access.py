"""Access to the staff pages: every route with every role, and no route without a rule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from finder.i18n import LANGUAGES
from finder.records.casework.reports import ReportKind, add_report
from finder.resources import ROOT
from finder.web.staff.access import RULES
from tests.web.reading import some_npis
from tests.web.staff import files
from tests.web.staff.office import Office, StaffMember
from tests.web.staff.routes import ANYONE, ROLE_OF_ENDPOINT, routes
from tests.web.validity import page_faults

ROLES = ["nobody", "viewer", "editor", "publisher", "admin"]


def test_every_staff_endpoint_has_the_role_listed_here(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in routes(app)} == set(ROLE_OF_ENDPOINT)
    for endpoint in ROLE_OF_ENDPOINT:
        rule = RULES[app.view_functions[f"staff.{endpoint}"]]
        assert (rule.role or ANYONE) == ROLE_OF_ENDPOINT[endpoint]


@pytest.mark.parametrize("role", ROLES[:-1])
def test_no_role_reaches_an_endpoint_of_a_higher_role(office: Office, role: str) -> None:
    client = office.app.test_client() if role == "nobody" else office.add_logged_in(role).client
    tried = 0
    for endpoint, method, address in routes(office.app):
        needed = ROLE_OF_ENDPOINT[endpoint]
        if needed == ANYONE or ROLES.index(needed) <= ROLES.index(role):
            continue
        answer = client.open(address, method=method)
        tried += 1
        if role == "nobody":
            assert answer.status_code == 302, (endpoint, method)
            assert answer.location.startswith("/staff/login"), (endpoint, method)
        else:
            assert answer.status_code == 403, (endpoint, method)
    assert tried > 3


@pytest.mark.slow
def test_every_page_is_valid_in_every_language_and_has_one_heading(office: Office) -> None:
    office.add_logged_in("editor", 2).upload(files.with_faults(60))
    with office.installation.records.writing() as session:
        add_report(session, some_npis(office.app)[0], ReportKind.OTHER, form_token="x")
    admin = office.add_logged_in("admin")
    faults = {}
    for endpoint, method, address in routes(office.app):
        answer = admin.get(address) if method == "GET" and ROLE_OF_ENDPOINT[endpoint] != ANYONE else None
        if answer and answer.mimetype == "text/html":
            for language in LANGUAGES:
                found = page_faults(admin.get(f"{address}?lang={language}"), language)
                faults[address, language] = [one for one in found if one != "sets a cookie"]
    assert len(faults) > 30
    assert {page: found for page, found in faults.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES[1:])
def test_each_role_reaches_the_pages_of_its_role(office: Office, role: str) -> None:
    office.add_logged_in("editor", 2).upload(files.with_faults(60))
    member = office.add_logged_in(role)
    with office.installation.records.writing() as session:
        assert add_report(session, some_npis(office.app)[0], ReportKind.OTHER, form_token="x").id == 1
    for endpoint, method, address in routes(office.app):
        needed = ROLE_OF_ENDPOINT[endpoint]
        if method == "GET" and needed != ANYONE and ROLES.index(needed) <= ROLES.index(role):
            assert member.get(address).status_code == 200, endpoint


def test_a_page_without_a_declared_role_is_refused(office: Office) -> None:
    office.app.add_url_rule("/staff/forgotten", "staff.forgotten", lambda: "secret")
    admin = office.add_logged_in("admin")
    assert admin.get("/staff/").status_code == 200
    assert admin.get("/staff/forgotten").status_code == 403


def test_a_post_without_the_token_changes_nothing(office: Office) -> None:
    admin = office.add_logged_in("admin")
    before = office.account(admin).session_version
    for form in ({}, {"csrf_token": "x"}, {"csrf_token": other_token(office)}):
        answer = admin.client.post("/staff/accounts/1/log-out", data=form)
        assert answer.status_code == 303
        assert answer.location == "/staff/accounts/1", "the page that the form stands on"
    assert office.account(admin).session_version == before
    assert "Please do it once more" in admin.get("/staff/").text


def other_token(office: Office) -> str:
    """Return a token of somebody else's session."""
    other: StaffMember = office.add_logged_in("viewer")
    return other.token


@pytest.mark.parametrize("address", ["/staff/", "/staff/drafts/1", "/staff/audit", "/staff/login"])
def test_staff_pages_are_never_cached(office: Office, address: str) -> None:
    answer = office.add_logged_in("viewer").get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_numbers_that_are_far_too_large_are_not_found(office: Office) -> None:
    viewer = office.add_logged_in("viewer")
    for number in ("2147483648", "9" * 30, "9" * 5000, "-1", "３", "٣"):
        assert viewer.get(f"/staff/drafts/{number}").status_code == 404
    assert viewer.get("/staff/drafts/2147483647").status_code == 404


@pytest.mark.process
def test_the_application_does_not_import_what_only_updates_need(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from finder import create_app; from finder.settings import Settings;"
        f"create_app(Settings(home=Path({str(home)!r}), secret_key='x')); sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0
