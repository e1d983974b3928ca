"""Host names: which are answered, and that no link which is a secret is made of a name that somebody sent."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask

from finder import create_app
from finder.http.hosts import host_name
from finder.resources import ROOT
from tests.web.staff.office import Office

MALFORMED = ('evil.example"><x', "a" * 300, "a..b", "localhost:99999", "a,b", "[::1", "b\xfccher.example", "")


def answering(app: Flask, *hosts: str, trusted_proxies: int = 0) -> Flask:
    """Return the application with host names of its own."""
    settings = replace(app.config["FINDER_SETTINGS"], hosts=hosts, trusted_proxies=trusted_proxies)
    made = create_app(settings)
    made.testing = True
    return made


@pytest.mark.parametrize("host", MALFORMED)
def test_a_host_that_is_no_name_gets_a_page_of_ours(sample_app: Flask, host: str) -> None:
    client = sample_app.test_client()
    for path in ("/about", "/staff", "/no-such-page", "/therapists?near=02139"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "We could not read that address" in answer.text
        assert "Location" not in answer.headers


def test_only_the_hosts_of_the_settings_are_answered(sample_app: Flask) -> None:
    client = answering(sample_app, "finder.example.org", "::1").test_client()
    for host in ("finder.example.org", "FINDER.example.org:8443", "[::1]:8000"):
        assert client.get("/about", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "finder.example.org.evil.example", "xfinder.example.org", "localhost", "127.0.0.1"):
        for path in ("/about", "/staff", "/staff/login", "/no-such-page"):
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 400
            assert host not in answer.text + answer.headers.get("Location", "")
    assert client.post("/staff/login", headers={"Host": "evil.example"}).status_code == 400


def test_a_monitor_may_call_a_machine_by_its_address(sample_app: Flask) -> None:
    client = answering(sample_app, "finder.example.org").test_client()
    assert client.get("/healthz", headers={"Host": "192.0.2.1:8000"}).status_code == 200


def test_a_forwarded_host_is_held_to_the_same_names(sample_app: Flask) -> None:
    client = answering(sample_app, "finder.example.org", trusted_proxies=1).test_client()
    for forwarded, status in (("finder.example.org", 200), ("evil.example", 400)):
        headers = {"Host": "10.0.0.1", "X-Forwarded-Host": forwarded, "X-Forwarded-For": "203.0.113.1"}
        assert client.get("/about", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("hosts", "base", "root"),
    [
        ((), "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ((), "http://localhost", "http://localhost"),
        ((), "http://[::1]:8000", "http://[::1]:8000"),
        ((), "http://evil.example", ""),
        ((), "http://127.0.0.1.evil.example", ""),
        (("finder.example.org",), "https://finder.example.org", "https://finder.example.org"),
    ],
)
def test_a_one_time_link_is_made_of_a_known_host_alone(
    app: Flask, hosts: tuple[str, ...], base: str, root: str
) -> None:
    office = Office(answering(app, *hosts) if hosts else app)
    admin = office.add_member("admin")
    admin.client.application.config["PREFERRED_URL_SCHEME"] = "https"
    client = admin.client
    environ = {"base_url": base}
    page = client.get("/staff/login", **environ)
    form = {"form_token": value(page.text, "form_token"), "email": admin.email, "password": "four words that wander"}
    proof = value(client.post("/staff/login", data=form, **environ).text, "proof")
    client.post("/staff/login/code", data={"proof": proof, "code": admin.code()}, **environ)
    token = value(client.get("/staff/accounts", **environ).text, "csrf_token")
    answer = client.post("/staff/accounts/1/link", data={"csrf_token": token}, **environ)
    found = re.search(r'<code class="link-once">([^<]+)</code>', answer.text)
    assert found
    assert unescape(found[1]).startswith(f"{root}/staff/password/")
    assert ("Put the address of your site before it" in answer.text) == (root == "")
    assert "evil.example" not in found[1]


def value(html: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return unescape(found[1])


def test_absolute_addresses_are_made_in_one_place() -> None:
    makers = re.compile(r"\b(_external|host_url|url_root|base_url)\b|request\.host\b")
    found = {
        path.relative_to(ROOT / "finder").as_posix()
        for path in (ROOT / "finder").rglob("*.py")
        if makers.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"http/hosts.py", "web/http/origin.py", "web/staff/next_url.py"}
    assert not [path for path in (ROOT / "templates").rglob("*.html") if makers.search(path.read_text("utf-8"))]


def test_names_are_compared_without_port_and_case() -> None:
    assert host_name("Finder.Example.org:8000") == "finder.example.org"
    assert host_name("[2001:DB8::1]:8000") == "2001:db8::1"
    assert host_name("a..b") == host_name("[::1") == host_name("") == ""
