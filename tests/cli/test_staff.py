"""``flask staff``: the printed link leads to the page that sets a password."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask

from finder.records.people.attempts import FAILURES_BY_NETWORK, add_attempt, count_locked_networks
from finder.records.people.login import is_locked
from finder.records.people.sessions import begin_session, find_session
from tests.web.staff.office import PASSWORD, Office, hidden


def link_in(output: str) -> str:
    found = re.search(r"(/staff/\S+)\s*$", output)
    assert found, output
    return found[1]


def test_the_first_administrator_sets_a_password_by_the_printed_link(app: Flask) -> None:
    added = app.test_cli_runner().invoke(args=["staff", "add", "first@example.org", "--role", "admin"])
    assert added.exit_code == 0, added.output
    client, address = app.test_client(), link_in(added.output)
    form = {"password": PASSWORD, "again": PASSWORD, "form_token": hidden(client.get(address).text, "form_token")}
    assert client.post(address, data=form).status_code == 303
    log_in = {"email": "first@example.org", "password": PASSWORD}
    token = hidden(client.get("/staff/login").text, "form_token")
    assert client.post("/staff/login", data={**log_in, "form_token": token}).location == "/staff/"


def test_a_new_link_leads_to_the_same_page(app: Flask) -> None:
    shell = app.test_cli_runner()
    shell.invoke(args=["staff", "add", "ana@example.org", "--role", "viewer"])
    again = shell.invoke(args=["staff", "link", "ana@example.org"])
    assert app.test_client().get(link_in(again.output)).status_code == 200


def test_a_wait_is_ended_and_a_person_logged_out_from_the_shell(app: Flask) -> None:
    office, now = Office(app), datetime.now(UTC)
    viewer = office.add_member("viewer")
    for _ in range(5):
        viewer.log_in("a wrong one")
    with office.installation.records.writing() as session:
        token = begin_session(session, office.account(viewer), second_factor=False)
        for _ in range(FAILURES_BY_NETWORK.most):
            add_attempt(session, FAILURES_BY_NETWORK, "a mark", at=now)
    shell = app.test_cli_runner()
    assert shell.invoke(args=["staff", "unlock"]).exit_code == 2
    assert shell.invoke(args=["staff", "unlock", "nobody@example.org"]).exit_code == 1
    assert shell.invoke(args=["staff", "unlock", viewer.email, "--networks"]).exit_code == 0
    assert shell.invoke(args=["staff", "log-out", viewer.email]).exit_code == 0
    with office.installation.records.reading() as session:
        assert not is_locked(session, office.account(viewer))
        assert count_locked_networks(session, at=now) == 0
        assert find_session(session, token) is None
