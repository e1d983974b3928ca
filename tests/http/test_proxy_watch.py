"""A proxy that is not declared, or declared and not there, is noticed, logged once and shown to staff."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask

from finder import create_app
from finder.http.proxy_watch import FEWEST, MOST, ProxyFault, ProxyWatch
from tests.web.staff.office import Office

THROUGH_A_PROXY = {"X-Forwarded-For": "203.0.113.1"}


def watched(app: Flask, trusted_proxies: int = 0) -> tuple[Flask, ProxyWatch]:
    """Return the application behind so many declared proxies, and what watches them."""
    made = create_app(replace(app.config["FINDER_SETTINGS"], trusted_proxies=trusted_proxies))
    made.testing = True
    return made, made.extensions["finder_proxy_watch"]


@pytest.mark.parametrize(
    ("trusted", "headers", "fault"),
    [
        (0, {}, None),
        (0, THROUGH_A_PROXY, ProxyFault.UNDECLARED),
        (0, {"Forwarded": "for=203.0.113.1"}, ProxyFault.UNDECLARED),
        (0, {"X-Real-IP": "203.0.113.1"}, ProxyFault.UNDECLARED),
        (1, THROUGH_A_PROXY, None),
        (1, {}, ProxyFault.MISSING),
        (2, THROUGH_A_PROXY, ProxyFault.MISSING),
        (2, {"X-Forwarded-For": "203.0.113.1, 10.0.0.1"}, None),
    ],
)
def test_proxies_are_held_against_the_settings(
    sample_app: Flask,
    capsys: pytest.CaptureFixture[str],
    trusted: int,
    headers: dict[str, str],
    fault: ProxyFault | None,
) -> None:
    app, watch = watched(sample_app, trusted)
    client = app.test_client()
    for number in range(FEWEST + 5):
        client.get("/favicon.ico", headers=headers)
        if number < FEWEST - 1:
            assert watch.fault() is None, "a few requests say nothing"
    assert watch.fault() == fault
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if '"proxy"' in line]
    assert [line["fault"] for line in lines] == ([fault.value] if fault else [])


def test_one_visitor_among_many_and_monitors_say_nothing_and_a_mended_fault_goes_away(sample_app: Flask) -> None:
    app, watch = watched(sample_app)
    client = app.test_client()
    for _ in range(MOST):
        client.get("/healthz", headers=THROUGH_A_PROXY)
    assert watch.fault() is None
    for _ in range(FEWEST):
        client.get("/favicon.ico", headers=THROUGH_A_PROXY)
    assert watch.fault()
    for _ in range(FEWEST):
        client.get("/favicon.ico")
    assert watch.fault() is None


@pytest.mark.parametrize(("trusted", "words"), [(0, "is not declared"), (1, "is declared and not there")])
def test_staff_see_the_fault_on_the_overview(app: Flask, trusted: int, words: str) -> None:
    served, _watch = watched(app, trusted)
    viewer = Office(served).add_logged_in("viewer")
    assert words not in viewer.get("/staff/").text
    for _ in range(3 * FEWEST):
        viewer.client.get("/favicon.ico", headers={} if trusted else THROUGH_A_PROXY)
    assert words in viewer.get("/staff/").text
