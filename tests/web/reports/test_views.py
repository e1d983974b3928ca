"""Reports of visitors: two taps, no cookie, no health data, a reference number, a mark until staff close them."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from finder.records.casework.reports import (
    ReportKind,
    ReportOutcome,
    TooManyFromHere,
    close_report,
    count_report,
    list_reports,
)
from finder.records.people.attempts import REPORTS_BY_NETWORK
from finder.records.tables.accounts import Attempt
from finder.records.tables.casework import Report
from finder.releases.installation import Installation
from finder.web.http import form_token
from finder.web.reports.views import PROBLEMS
from tests.conftest import make_app
from tests.web.reading import parsed, some_npis
from tests.web.reports.report_form import send_report
from tests.web.staff.office import hidden

MARK = "Problem reported: call first"


@pytest.fixture
def npi(app: Flask) -> str:
    """The NPI of a listed provider."""
    return some_npis(app)[0]


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


def reports(app: Flask) -> list[Report]:
    """Return all reports."""
    installation = Installation.open(app.config["FINDER_SETTINGS"])
    with installation.records.reading() as session:
        return list(list_reports(session))


def test_a_report_takes_two_taps_and_gives_a_number(app: Flask, visitor: FlaskClient, npi: str) -> None:
    page = visitor.get(f"/therapists/{npi}").text
    assert f'href="/therapists/{npi}/report"' in page
    answer = send_report(visitor, npi)
    assert answer.status_code == 303
    receipt = visitor.get(answer.location)
    (report,) = reports(app)
    assert report.reference in receipt.text
    assert answer.location == f"/reports/{report.reference}"
    assert (report.npi, report.kind, report.state, report.message, report.contact) == (
        npi,
        "wrong_phone",
        "open",
        "",
        "",
    )


def test_reporting_sets_no_cookie(visitor: FlaskClient, npi: str) -> None:
    for answer in (
        visitor.get(f"/therapists/{npi}/report"),
        send_report(visitor, npi),
        visitor.get("/listing-request"),
    ):
        assert "Set-Cookie" not in answer.headers


def test_the_report_form_has_no_text_fields(visitor: FlaskClient, npi: str) -> None:
    form = parsed(visitor.get(f"/therapists/{npi}/report").text).find(".//main//form")
    assert form is not None
    assert {field.get("type") for field in form.iter("input")} == {"hidden"}
    assert not list(form.iter("textarea"))
    assert [button.get("value") for button in form.iter("button")] == [kind.value for kind in PROBLEMS]


def test_a_reported_listing_is_marked_until_staff_close_the_report(app: Flask, visitor: FlaskClient, npi: str) -> None:
    search = "/therapists?near=02139&miles=100&q=" + name_of(visitor, npi)
    assert MARK not in visitor.get(search).text
    send_report(visitor, npi)
    assert MARK in visitor.get(search).text
    assert MARK in visitor.get(f"/therapists/{npi}").text
    installation = Installation.open(app.config["FINDER_SETTINGS"])
    with installation.records.writing() as session:
        close_report(session, reports(app)[0].id, ReportOutcome.RESOLVED, by="staff@example.org")
    app.extensions["finder_reported"].ask_again()
    assert MARK not in visitor.get(search).text
    assert MARK not in visitor.get(f"/therapists/{npi}").text


def name_of(visitor: FlaskClient, npi: str) -> str:
    """Return the name of a provider."""
    heading = parsed(visitor.get(f"/therapists/{npi}").text).find(".//h1")
    assert heading is not None
    assert heading.text
    return heading.text.strip()


def test_a_report_marks_one_location_only(app: Flask, visitor: FlaskClient) -> None:
    open_reports = app.extensions["finder_reported"]
    with app.test_request_context():
        open_reports._places, open_reports._next_check = frozenset({("1", "02139 1 ELM ST"), ("2", "")}), float("inf")
        assert open_reports.has("1", "02139 1 ELM ST")
        assert not open_reports.has("1", "02139 2 ELM ST")
        assert open_reports.has("1")
        assert open_reports.has("2", "02139 2 ELM ST")
        assert not open_reports.has("3")


def test_pages_are_served_without_the_records(app: Flask, visitor: FlaskClient, npi: str) -> None:
    send_report(visitor, npi)
    assert MARK in visitor.get(f"/therapists/{npi}").text
    path = app.config["FINDER_SETTINGS"].home / "records.sqlite"
    path.rename(path.with_suffix(".away"))
    app.extensions["finder_reported"].ask_again()
    page = visitor.get(f"/therapists/{npi}")
    assert page.status_code == 200
    assert MARK in page.text


def test_the_same_form_sent_twice_is_one_report(app: Flask, visitor: FlaskClient, npi: str) -> None:
    address = f"/therapists/{npi}/report"
    token = hidden(visitor.get(address).text, "form_token")
    first, second = (visitor.post(address, data={"form_token": token, "kind": "other"}) for _ in range(2))
    assert first.location == second.location
    assert len(reports(app)) == 1


def test_two_taps_at_once_are_one_report(app: Flask, visitor: FlaskClient, npi: str) -> None:
    address = f"/therapists/{npi}/report"
    token = hidden(visitor.get(address).text, "form_token")
    answers: list[int] = []

    def send_form() -> None:
        answers.append(app.test_client().post(address, data={"form_token": token, "kind": "other"}).status_code)

    threads = [threading.Thread(target=send_form) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert len(reports(app)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Referer": "https://evil.example/?http://localhost/"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_report(app: Flask, visitor: FlaskClient, npi: str, headers: dict[str, str]) -> None:
    answer = send_report(visitor, npi, headers=headers)
    assert answer.status_code == 403
    assert "did not come from our own page" in answer.text
    assert reports(app) == []


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/x"}, {}])
def test_our_own_page_can_report(visitor: FlaskClient, npi: str, headers: dict[str, str]) -> None:
    assert send_report(visitor, npi, headers=headers).status_code == 303


def test_a_token_is_for_one_therapist_one_purpose_and_a_short_while(
    app: Flask, visitor: FlaskClient, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/therapists/{npi}/report"
    other = some_npis(app)[1]
    tokens = {
        "of another therapist": hidden(visitor.get(f"/therapists/{other}/report").text, "form_token"),
        "of another form": hidden(visitor.get("/listing-request").text, "form_token"),
        "forged": "x.y.z",
        "none": "",
    }
    for name, token in tokens.items():
        answer = visitor.post(address, data={"form_token": token, "kind": "other"})
        assert answer.status_code == 400, name
        assert "please send it again" in answer.text, name
    old = hidden(visitor.get(address).text, "form_token")
    monkeypatch.setattr("finder.web.reports.views.FORM_SECONDS", -1)
    assert visitor.post(address, data={"form_token": old, "kind": "other"}).status_code == 400
    assert reports(app) == []


def test_a_token_of_another_key_is_refused(app: Flask, npi: str) -> None:
    with app.test_request_context():
        token = form_token.make_token("report", npi)
        assert form_token.read_token("report", max_age=60, token=token) == [npi]
        app.config["SECRET_KEY"] = "another"
        with pytest.raises(form_token.FormExpired):
            form_token.read_token("report", max_age=60, token=token)


@pytest.mark.parametrize("more", [{"kind": "nonsense"}, {"kind": "remove_my_listing"}, {"place": "elsewhere"}])
def test_a_kind_of_report_that_the_form_lacks_is_refused(
    app: Flask, visitor: FlaskClient, npi: str, more: dict[str, str]
) -> None:
    assert send_report(visitor, npi, more=more).status_code == 400
    assert reports(app) == []


def test_too_many_reports_from_one_address_are_refused_over_all_processes_and_others_are_not(
    app: Flask, home: Path
) -> None:
    listed, settings = some_npis(app), app.config["FINDER_SETTINGS"]
    processes = [make_app(home) for _ in range(2)]
    answers = []
    for number in range(REPORTS_BY_NETWORK.most + 2):
        person = processes[number % 2].test_client()
        person.environ_base["REMOTE_ADDR"] = "203.0.113.1"
        answers.append(send_report(person, listed[number % len(listed)]))
    assert [answer.status_code for answer in answers] == [303] * REPORTS_BY_NETWORK.most + [429] * 2
    assert "Many reports came from your network" in answers[-1].text
    assert len(reports(app)) == REPORTS_BY_NETWORK.most
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "203.0.113.2"
    assert send_report(other, listed[0]).status_code == 303
    with Installation.open(settings).records.reading() as session:
        subjects = {attempt.subject for attempt in session.scalars(select(Attempt))}
    assert len(subjects) == 2
    assert not any("203" in subject or sha256(b"203.0.113.1").hexdigest()[:8] in subject for subject in subjects)


def test_after_an_hour_reports_of_an_address_are_accepted_again(app: Flask) -> None:
    records = Installation.open(app.config["FINDER_SETTINGS"]).records
    start = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    for _ in range(REPORTS_BY_NETWORK.most):
        with records.writing() as session:
            count_report(session, "mark", at=start)
    with pytest.raises(TooManyFromHere), records.writing() as session:
        count_report(session, "mark", at=start + timedelta(minutes=59))
    with records.writing() as session:
        count_report(session, "other", at=start + timedelta(minutes=61))
        assert [attempt.subject for attempt in session.scalars(select(Attempt))] == ["report:other"]
        count_report(session, "mark", at=start + timedelta(minutes=61))


def test_reports_are_counted_by_network(app: Flask, visitor: FlaskClient, npi: str) -> None:
    for address in ("2001:db8:1:2::3", "2001:db8:1:2:ffff::1", "::ffff:203.0.113.1", "203.0.113.1", "198.51.100.1"):
        visitor.environ_base["REMOTE_ADDR"] = address
        assert send_report(visitor, npi).status_code == 303
    with Installation.open(app.config["FINDER_SETTINGS"]).records.reading() as session:
        counts = Counter(session.scalars(select(Attempt.subject)))
    assert sorted(counts.values()) == [1, 2, 2]


def test_an_unlisted_npi_cannot_be_reported(visitor: FlaskClient) -> None:
    for path in ("/therapists/9999999999/report", "/therapists/x/report"):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path).status_code == 404


def test_an_unknown_reference_number_is_not_found(visitor: FlaskClient) -> None:
    for reference in ("AAAA-AAAA", "x", "%00", "1" * 300):
        assert visitor.get(f"/reports/{reference}").status_code == 404


def test_a_receipt_is_found_however_the_number_is_spelled(app: Flask, visitor: FlaskClient, npi: str) -> None:
    send_report(visitor, npi)
    reference = reports(app)[0].reference
    for spelled in (reference.lower(), reference.replace("-", ""), reference.replace("-", " ")):
        assert visitor.get(f"/reports/{spelled}").status_code == 200


def ask(visitor: FlaskClient, **given: str) -> TestResponse:
    """Send the form of the owner of a listing."""
    token = hidden(visitor.get("/listing-request").text, "form_token")
    return visitor.post("/listing-request", data={"form_token": token, **given})


def test_a_therapist_can_request_removal(app: Flask, visitor: FlaskClient, npi: str) -> None:
    spaced = f" {npi[:4]} {npi[4:]} "
    answer = ask(visitor, npi=spaced, kind="remove_my_listing", contact="desk@clinic.example", message="It is my home.")
    assert answer.status_code == 303
    (report,) = reports(app)
    assert (report.npi, ReportKind(report.kind)) == (npi, ReportKind.REMOVE_MY_LISTING)
    assert (report.contact, report.message) == ("desk@clinic.example", "It is my home.")
    receipt = visitor.get(answer.location).text
    assert report.reference in receipt
    assert "desk@clinic.example" not in receipt
    assert "my home" not in receipt


@pytest.mark.parametrize("missing", ["npi", "kind", "contact"])
def test_a_missing_value_is_an_error_at_its_field_and_the_rest_stays_typed(
    app: Flask, visitor: FlaskClient, npi: str, missing: str
) -> None:
    given = {"npi": npi, "kind": "correct_my_listing", "contact": "desk@clinic.example", "message": "Another phone"}
    answer = ask(visitor, **{name: value for name, value in given.items() if name != missing})
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert "Another phone" in answer.text
    assert reports(app) == []


def test_an_unlisted_npi_is_an_error_at_its_field(visitor: FlaskClient, npi: str) -> None:
    answer = ask(visitor, npi="1234567890", kind="remove_my_listing", contact="desk@clinic.example")
    assert answer.status_code == 422
    assert "We do not list this number" in answer.text


def test_a_message_is_shown_to_staff_as_plain_text(visitor: FlaskClient, npi: str) -> None:
    answer = ask(visitor, npi="<b>", kind="remove_my_listing", contact='"><script>', message="</textarea><script>")
    assert not re.search(r"<script>|<b>", answer.text)
