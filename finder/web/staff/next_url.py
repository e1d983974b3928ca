"""The page that somebody wanted who must first log in or set up a second factor: its address goes along (``next``)."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from finder.web.http.return_to import is_ours, this_page

NEXT = "next"

STAFF_ROOT = "/staff/"


def next_arguments() -> str:
    """Return the next page as the address has it, for a form to carry on."""
    return request.form.get(NEXT) or request.args.get(NEXT, "")


def next_url() -> str:
    """Return the page to go to next: a staff page, never another site."""
    address = next_arguments()
    ours = address.startswith(STAFF_ROOT) and is_ours(address) and "\\" not in address
    return address if ours else url_for("staff.dashboard")


def page_here() -> str:
    """Return the present page, to come back to; for a form that was sent, the page that it stands on."""
    if request.method in {"GET", "HEAD"}:
        return this_page()
    path = request.path
    while path != STAFF_ROOT and not _can_be_looked_at(path):
        path = path.rpartition("/")[0] or STAFF_ROOT
    query = request.query_string.decode("ascii", "ignore")
    return f"{path}?{query}" if query else path


def _can_be_looked_at(path: str) -> bool:
    """Return whether there is a page at an address; its forms are sent to addresses below it."""
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    return True
