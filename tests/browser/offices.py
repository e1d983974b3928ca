"""A served application with staff accounts, over a state folder that may be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page

from tests.browser.keyboard import fill, press
from tests.browser.serving import serving
from tests.web.staff.office import PASSWORD, Office, StaffMember


@dataclass(frozen=True)
class ServedOffice:
    """An office whose application is served at an address."""

    office: Office
    address: str


@contextmanager
def serve_office(app: Flask) -> Iterator[ServedOffice]:
    """Serve an application on loopback while the block runs."""
    with serving(app) as address:
        yield ServedOffice(Office(app), address)


def log_in(page: Page, member: StaffMember) -> None:
    """Log in by keyboard alone, with the second factor where there is one."""
    page.goto("/staff/login")
    fill(page, "E-mail address", member.email)
    fill(page, "Password", PASSWORD)
    press(page, "Log in")
    if member.secret:
        fill(page, "Code", member.code())
        press(page, "Go on")
