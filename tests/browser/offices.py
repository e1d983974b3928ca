"""A running site with staff, over a state folder that may be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page

from tests.browser.keyboard import fill, press
from tests.browser.serving import serving
from tests.web.staff.office import PASSWORD, Office, Worker


@dataclass(frozen=True)
class OpenOffice:
    """An office with an address."""

    office: Office
    address: str


@contextmanager
def running(app: Flask) -> Iterator[OpenOffice]:
    """Serve an application on loopback for as long as the block lasts."""
    with serving(app) as address:
        yield OpenOffice(Office(app), address)


def log_in(page: Page, worker: Worker) -> None:
    """Log in by keyboard alone, with the second factor where there is one."""
    page.goto("/staff/login")
    fill(page, "E-mail address", worker.email)
    fill(page, "Password", PASSWORD)
    press(page, "Log in")
    if worker.secret:
        fill(page, "Code", worker.code())
        press(page, "Go on")
