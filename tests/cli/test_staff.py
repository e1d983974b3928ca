"""``flask staff``: the printed link leads to the page that sets a password."""

from __future__ import annotations

import re

from flask import Flask

from tests.web.staff.office import PASSWORD, hidden


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
