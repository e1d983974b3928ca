"""The page that somebody wanted who must first log in or set up a second factor: its address goes along (``next``)."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from finder.web.http.return_to import is_ours, this_page

NEXT = "next"

STAFF_ROOT = "/staff/"


def next_arguments() -> str:
    """Give what goes along as it came, for a form to carry on unseen."""
    return request.form.get(NEXT) or request.args.get(NEXT, "")


def next_url() -> str:
    """Give the page to go to: the one that was wanted if it is one of these, never another site."""
    address = next_arguments()
    ours = address.startswith(STAFF_ROOT) and is_ours(address) and "\\" not in address
    return address if ours else url_for("staff.dashboard")


def page_here() -> str:
    """Give the page that one is at, to come back to: of a form that was sent, the page that it stands on."""
    if request.method in {"GET", "HEAD"}:
        return this_page()
    path = request.path
    while path != STAFF_ROOT and not _can_be_looked_at(path):
        path = path.rpartition("/")[0] or STAFF_ROOT
    query = request.query_string.decode("ascii", "ignore")
    return f"{path}?{query}" if query else path


def _can_be_looked_at(path: str) -> bool:
    """Whether there is a page at an address; its forms are sent to addresses below it."""
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    return True
