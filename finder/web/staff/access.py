"""Access to the staff pages: their blueprint, and the guard that runs before each view of ``/staff/``.

Each view declares who may come in (``open_to_all`` or ``at_least``). A view that declares nothing is closed to
everybody, so that forgetting is harmless. Roles come first, then the form's token: who may not come in learns no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from finder.http.compression import leave_plain
from finder.i18n import N_
from finder.records.people.accounts import Role
from finder.web.presentation.formats import word
from finder.web.staff.next_url import page_here
from finder.web.staff.session import person

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a view: from which role up (None: anybody), and whether a second factor must have been shown."""

    role: Role | None = None
    second_factor: bool = False


RULES: dict[Callable[..., Any], Rule] = {}
"""The rule of each staff view."""


def open_to_all(view: View) -> View:
    """Open a view to everybody: the pages that lead to the log-in."""
    RULES[view] = Rule()
    return view


def at_least(role: str, *, second_factor: bool = False) -> Callable[[View], View]:
    """Open a view to a role or a higher one; ``second_factor``: only where it was shown in this session."""
    rule = Rule(Role(role), second_factor)

    def declare(view: View) -> View:
        RULES[view] = rule
        return view

    return declare


def may(role: str) -> bool:
    """Return whether the person who is logged in has at least this role: templates leave out a button otherwise."""
    here = person()
    return here is not None and here.role.may(Role(role))


@blueprint.before_request
def guard() -> AnyResponse | None:
    """Admit the request, lead to the log-in or to the second factor, or refuse."""
    rule = RULES.get(current_app.view_functions[request.endpoint or ""])
    if rule is None:
        abort(403)
    if rule.role is not None:
        here = person()
        if here is None:
            return _to_log_in()
        if not here.role.may(rule.role):
            abort(403)
        if rule.second_factor and not here.second_factor:
            return _to_second_factor()
        csrf: CSRFProtect = current_app.extensions["csrf"]
        try:
            csrf.protect()
        except CSRFError:
            return _ask_again()
    return None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Leave nothing of these pages in any cache, and let the browser name this site to itself, as ``origin`` needs."""
    response.cache_control.no_store = True
    if response.mimetype == "text/html":
        leave_plain()
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def _to_log_in() -> AnyResponse:
    """Redirect to the log-in, which leads back to the present page if it was a GET."""
    next_page = page_here() if request.method == "GET" else ""
    if request.path == url_for("staff.dashboard"):
        next_page = ""
    return redirect(url_for("staff.log_in", next=next_page or None))


def _to_second_factor() -> AnyResponse:
    flash(word(N_("This step needs a second factor. Set it up here; it takes two minutes.")), "ask")
    return redirect(url_for("staff.second_factor", next=page_here()))


def _ask_again() -> AnyResponse:
    """Answer a form whose token is of another session: nothing was done, and the page can be sent again."""
    flash(word(N_("That page had been open too long, so nothing was changed. Please do it once more.")), "alert")
    return redirect(page_here(), 303)
