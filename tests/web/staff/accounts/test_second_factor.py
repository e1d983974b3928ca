"""A second factor that must be set up first redirects to the requested page, and to no other site."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from tests.web.reading import parsed
from tests.web.staff import files
from tests.web.staff.office import PASSWORD, Office, StaffMember

DRAFT = "/staff/drafts/2"
"""The first draft after that of the sample."""


@pytest.mark.parametrize("language", ["", "?lang=es"])
def test_setting_up_the_second_factor_leads_back_to_the_draft(office: Office, language: str) -> None:
    office.add_logged_in("editor").upload(files.write([files.row(1)]))
    publisher = office.add_member("publisher", second_factor=False)
    publisher.log_in()
    address = publisher.send(f"{DRAFT}/publish{language}").location
    done = set_up_second_factor(publisher, address)
    assert main_link(done.text) == f"{DRAFT}{language}"
    assert publisher.send(f"{DRAFT}/publish").status_code == 303


@pytest.mark.parametrize(
    ("address", "back"),
    [("/staff/accounts", "/staff/accounts"), ("/staff/accounts/1?x=a%20b", "/staff/accounts/1?x=a%20b")],
)
def test_setting_up_the_second_factor_redirects_to_the_requested_page(office: Office, address: str, back: str) -> None:
    admin = office.add_member("admin", second_factor=False)
    admin.log_in()
    assert main_link(set_up_second_factor(admin, admin.get(address).location).text) == back


def test_a_form_leads_back_to_the_page_that_it_stands_on(office: Office) -> None:
    admin = office.add_member("admin", second_factor=False)
    admin.log_in()
    for form, page in (
        ("/staff/accounts/1/role", "/staff/accounts/1"),
        ("/staff/accounts/1/log-out", "/staff/accounts/1"),
        ("/staff/accounts", "/staff/accounts"),
        ("/staff/releases/roll-back", "/staff/releases"),
        ("/staff/me/recovery-codes", "/staff/me"),
    ):
        assert admin.send(form).location == f"/staff/me/second-factor?next={page}"


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/staff/", "//evil.example/staff/", "/staff/\\evil", "/therapists", "javascript:alert(1)"],
)
def test_setting_up_the_second_factor_leads_to_no_other_site(office: Office, next_url: str) -> None:
    publisher = office.add_member("publisher", second_factor=False)
    publisher.log_in()
    done = set_up_second_factor(publisher, "/staff/me/second-factor?" + urlencode({"next": next_url}))
    assert main_link(done.text) == "/staff/"
    assert "evil" not in done.text


def set_up_second_factor(member: StaffMember, address: str) -> TestResponse:
    """Set up a second factor, beginning at the page that asks for it, by the forms of its pages; with slips."""
    page = member.get(address).text
    for password, status in (("a wrong one", 422), (PASSWORD, 303)):
        answer = member.client.post(action_of(page), data={**hidden_fields(page), "current": password})
        assert answer.status_code == status
        page = answer.text if status == 422 else member.get(answer.location).text
    found = re.search(r'<code class="link-once">([A-Z2-7 ]+)</code>', page)
    assert found
    member.secret = found[1].replace(" ", "")
    for code, status in (("000000", 422), (member.code(), 200)):
        answer = member.client.post(action_of(page), data={**hidden_fields(page), "code": code})
        assert answer.status_code == status
        page = answer.text
    assert "recovery codes" in answer.text or "códigos de recuperación" in answer.text
    return answer


def main_form(page: str) -> Element:
    return next(form for form in next(parsed(page).iter("main")).iter("form"))


def action_of(page: str) -> str:
    return str(main_form(page).get("action"))


def hidden_fields(page: str) -> dict[str, str]:
    fields = main_form(page).iter("input")
    return {str(one.get("name")): str(one.get("value")) for one in fields if one.get("type") == "hidden"}


def main_link(page: str) -> str:
    """Return the address of the button that is a link."""
    (link,) = [one for one in next(parsed(page).iter("main")).iter("a") if "btn-primary" in (one.get("class") or "")]
    return str(link.get("href"))
