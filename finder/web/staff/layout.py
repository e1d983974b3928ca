"""What all staff pages have around them: the links of the header, moments in words, pages of a list, notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from flask import flash, request, url_for
from flask_babel import get_locale

from finder.digits import whole_number
from finder.disk import DiskError
from finder.i18n import N_, Message
from finder.records.database import RecordsUnavailable
from finder.web.http.urls import address, changed
from finder.web.presentation.formats import word
from finder.web.staff.access import blueprint, may
from finder.web.staff.session import person

LINKS = (
    ("dashboard", N_("Overview"), "viewer"),
    ("upload", N_("Upload"), "editor"),
    ("drafts", N_("Drafts"), "viewer"),
    ("releases", N_("Releases"), "viewer"),
    ("collections", N_("Collections"), "viewer"),
    ("records", N_("Records"), "viewer"),
    ("queue", N_("Calls"), "viewer"),
    ("reports", N_("Reports"), "viewer"),
    ("audit", N_("Log"), "viewer"),
    ("accounts", N_("Accounts"), "admin"),
)
"""The pages of the header: endpoint, words, and the role that it takes to see them."""

PER_PAGE = 50
"""Rows of one page of any list."""

HIGHEST_PAGE = 10**6


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """One link of the header."""

    address: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list of ``total`` rows, and the address of any other page of it."""

    page: int
    pages: int
    total: int

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * PER_PAGE

    @property
    def address(self) -> Callable[[int], str]:
        """The address of this list at another page, with everything else that was asked."""
        return lambda page: address(
            request.endpoint or "", changed(request.args, page=str(page)), **(request.view_args or {})
        )


def paging(total: int) -> Paging:
    """Return the page of a list of so many rows that the address asks for, or the nearest that exists."""
    pages = max(1, -(-total // PER_PAGE))
    return Paging(min(page_number(), pages), pages, total)


def page_number() -> int:
    """Return the number of the page in the address; whatever is no number is the first."""
    number = whole_number(request.args.get("page", ""), 8)
    return min(number or 1, HIGHEST_PAGE)


def tell(message: Message | str, tone: str = "info") -> None:
    """Say something at the head of the next page; ``tone``: info, ask or alert."""
    flash(word(message), tone)


def moment(at: datetime) -> str:
    """Write a moment in words, in the time zone of the server."""
    return str(format_datetime(at.astimezone(), format="medium", locale=get_locale()))


@blueprint.app_template_filter("moment")
def _moment(at: datetime | str) -> str:
    return moment(datetime.fromisoformat(at) if isinstance(at, str) else at)


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """Return what the layout shows; the page that says that the records cannot be read shows nobody."""
    try:
        here = person()
    except (RecordsUnavailable, DiskError):
        here = None
    own = [link for link in LINKS if here and may(link[2])]
    return {
        "staff_person": here,
        "may": may,
        "staff_links": [
            HeaderLink(url_for(f"staff.{name}"), words, (request.endpoint or "").split(".")[-1] == name)
            for name, words, _role in own
        ],
    }
