"""What the forms answer while another program holds the records database: soon, politely, with all that was typed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from finder.http import services
from finder.records.people.accounts import find_account
from finder.records.people.passwords import issue_link
from finder.records.writer_gate import WEB, Patience
from finder.web.staff import session
from tests.fixtures.databases import held
from tests.web.reading import parsed, some_npis
from tests.web.reports.report_form import send_report
from tests.web.staff.office import PASSWORD, Office, hidden


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose forms wait a moment in place of two seconds."""
    assert (WEB.seconds, WEB.writers) == (2, 2)
    monkeypatch.setattr(services, "WEB", Patience(0.05, writers=2))
    return Office(app)


def database_held(office: Office) -> AbstractContextManager[None]:
    return held(office.app.config["FINDER_SETTINGS"].records_url())


def polite(answer: TestResponse) -> str:
    """Return the page of a refusal for now."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Somebody else is writing at this moment, so nothing was saved." in answer.text
    return answer.text


def test_a_report_can_be_pressed_again(office: Office) -> None:
    with database_held(office):
        page = polite(send_report(office.app.test_client(), some_npis(office.app)[0]))
    assert 'value="wrong_phone"' in page
    assert hidden(page, "form_token")


def test_a_request_about_a_listing_keeps_what_was_typed(office: Office) -> None:
    visitor = office.app.test_client()
    typed = {"npi": some_npis(office.app)[0], "message": "The suite is 4B.", "contact": "front.desk@example.org"}
    token = hidden(visitor.get("/listing-request").text, "form_token")
    with database_held(office):
        answer = visitor.post("/listing-request", data={"form_token": token, "kind": "remove_my_listing", **typed})
    page = polite(answer)
    assert all(text in page for text in typed.values())
    checked = [one.get("value") for one in parsed(page).iter("input") if one.get("checked") is not None]
    assert checked == ["remove_my_listing"]


def test_log_in_and_code_wait_for_the_count_of_attempts(office: Office) -> None:
    person = office.add_member("publisher")
    with database_held(office):
        page = polite(person.log_in())
    assert f'value="{person.email}"' in page
    proof_page = person.client.post(
        "/staff/login", data={"form_token": hidden(page, "form_token"), "email": person.email, "password": PASSWORD}
    )
    form = {"proof": hidden(proof_page.text, "proof"), "code": person.code()}
    with database_held(office):
        polite(person.client.post("/staff/login/code", data=form))
    assert person.client.post("/staff/login/code", data=form).status_code == 303


def test_a_one_time_link_is_not_used_up(office: Office) -> None:
    person = office.add_member("viewer")
    with office.installation.records.writing() as session:
        account = find_account(session, person.email)
        assert account
        address = f"/staff/password/{issue_link(session, account, by='test')}"
    token = hidden(person.get(address).text, "form_token")
    form = {"form_token": token, "password": "four other words here", "again": "four other words here"}
    with database_held(office):
        polite(person.client.post(address, data=form))
    assert person.client.post(address, data=form).status_code == 303


def test_a_form_of_the_staff_is_refused_with_a_page(office: Office) -> None:
    editor = office.add_logged_in("editor")
    npi, reason = some_npis(office.app)[0], {"reason": "The clinic asked for it."}
    token = editor.token
    assert token
    with database_held(office):
        polite(editor.send("/staff/suppressions", {"npi": npi, **reason}))
    assert editor.send("/staff/suppressions", {"npi": npi, **reason}).status_code == 303


def test_a_page_of_the_staff_is_shown_without_noting_that_its_session_was_used(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = office.add_logged_in("viewer")
    monkeypatch.setattr(session, "SEEN_EVERY", timedelta(0))
    with database_held(office):
        assert viewer.get("/staff/").status_code == 200
