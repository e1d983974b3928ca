"""The accounts of staff, for administrators: who there is, what each may do, and the one-time links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import RadioField, StringField

from finder.errors import FinderError, error_text
from finder.http.hosts import root_for_secrets
from finder.http.services import services
from finder.i18n import N_
from finder.records.database import Session
from finder.records.people.accounts import (
    Role,
    add_account,
    change_role,
    deactivate_account,
    list_accounts,
    reactivate_account,
)
from finder.records.people.attempts import count_locked_networks, unlock_networks
from finder.records.people.login import is_locked, unlock
from finder.records.people.passwords import issue_link
from finder.records.people.second_factor import has_second_factor, remove_second_factor
from finder.records.people.sessions import end_sessions
from finder.records.tables.accounts import Account
from finder.web.http.forms import PostedForm
from finder.web.http.language import language
from finder.web.presentation.formats import word
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import tell
from finder.web.staff.session import me

ROLES = {
    Role.VIEWER: N_("Viewer: sees everything, changes nothing"),
    Role.EDITOR: N_("Editor: uploads files, corrects records, answers reports"),
    Role.PUBLISHER: N_("Publisher: also publishes and takes back (with a second factor)"),
    Role.ADMIN: N_("Administrator: also looks after accounts"),
}

ACTIONS: dict[str, Callable[[Session, Account, str], None]] = {
    "deactivate": lambda records, account, by: deactivate_account(records, account, by=by),
    "reactivate": lambda records, account, by: reactivate_account(records, account, by=by),
    "unlock": lambda records, account, by: unlock(records, account, by=by),
    "log-out": lambda records, account, by: end_sessions(records, account, by=by),
    "remove-second-factor": lambda records, account, by: remove_second_factor(records, account, by=by),
}
"""What a button on the page of an account does."""

DONE = {
    "deactivate": N_("The account is shut. Nobody can log in with it."),
    "reactivate": N_("The account is open again."),
    "unlock": N_("The wait is over: they can try again now."),
    "log-out": N_("They are logged out everywhere."),
    "remove-second-factor": N_("The second factor is taken off. They set up a new one after they log in."),
}


class AccountForm(PostedForm):
    """A new member of staff, or another role for one."""

    email = StringField(
        lazy_gettext("E-mail address"), render_kw={"type": "email", "autocomplete": "off", "maxlength": 254}
    )
    role = RadioField(lazy_gettext("What may this person do?"), default=Role.VIEWER.value)


@blueprint.get("/accounts")
@at_least("admin", second_factor=True)
def accounts() -> ResponseReturnValue:
    """List everybody."""
    return _list(_form())


@blueprint.post("/accounts")
@at_least("admin", second_factor=True)
def add() -> ResponseReturnValue:
    """Add a person and show the link with which they set their password, this once."""
    form = _form()
    if not form.role.validate(form):
        return _list(form), 422
    try:
        with services().installation.records.writing() as writing:
            account = add_account(writing, form.email.data or "", Role(form.role.data), by=me().email)
            token = issue_link(writing, account, by=me().email)
    except FinderError as error:
        form.email.errors = [error_text(error, language())]
        return _list(form), 422
    return _show_link(account, token)


@blueprint.post("/accounts/unlock-networks")
@at_least("admin", second_factor=True)
def unlock_all_networks() -> ResponseReturnValue:
    """End the wait of all networks from which there were too many failed log-ins, or too many reports."""
    with services().installation.records.writing() as writing:
        unlock_networks(writing, by=me().email)
    tell(DONE["unlock"])
    return redirect(url_for("staff.accounts"), 303)


@blueprint.get("/accounts/<id:account_id>")
@at_least("admin", second_factor=True)
def account(account_id: int) -> ResponseReturnValue:
    """Show one account and what can be done with it."""
    with services().installation.records.reading() as reading:
        found = _account(reading, account_id)
        locked = is_locked(reading, found)
    form = _form(role=found.role)
    return render_template(
        "staff/account.html", account=found, form=form, locked=locked, has_factor=has_second_factor(found)
    )


@blueprint.post("/accounts/<id:account_id>/role")
@at_least("admin", second_factor=True)
def set_role(account_id: int) -> ResponseReturnValue:
    """Change the role of a person."""
    chosen = request.form.get("role", "")
    if chosen not in {role.value for role in Role}:
        abort(400)
    return _apply(
        account_id,
        lambda records, found, by: change_role(records, found, Role(chosen), by=by),
        N_("The role is changed. They log in again to use it."),
    )


@blueprint.post("/accounts/<id:account_id>/link")
@at_least("admin", second_factor=True)
def give_link(account_id: int) -> ResponseReturnValue:
    """Make a one-time link for a person who has forgotten the password, and show it, this once."""
    with services().installation.records.writing() as writing:
        found = _account(writing, account_id)
        token = issue_link(writing, found, by=me().email)
    return _show_link(found, token)


@blueprint.post("/accounts/<id:account_id>/<action>", endpoint="do_to_account")
@at_least("admin", second_factor=True)
def act_on_account(account_id: int, action: str) -> ResponseReturnValue:
    """Apply the action of a button to an account."""
    if action not in ACTIONS:
        abort(404)
    return _apply(account_id, ACTIONS[action], DONE[action])


def _apply(account_id: int, action: Callable[[Session, Account, str], None], done: str) -> ResponseReturnValue:
    try:
        with services().installation.records.writing() as writing:
            action(writing, _account(writing, account_id), me().email)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
    else:
        tell(done)
    return redirect(url_for("staff.account", account_id=account_id), 303)


def _account(records: Session, account_id: int) -> Account:
    found: Account | None = records.get(Account, account_id)
    if found is None:
        abort(404)
    return found


def _form(**values: str) -> AccountForm:
    form = AccountForm(data=values)
    form.role.choices = {role.value: word(name) for role, name in ROLES.items()}
    return form


def _list(form: AccountForm) -> str:
    with services().installation.records.reading() as reading:
        found, locked = list_accounts(reading), count_locked_networks(reading, at=datetime.now(UTC))
    return render_template("staff/accounts.html", accounts=found, form=form, roles=ROLES, locked_networks=locked)


def _show_link(account: Account, token: str) -> str:
    root = root_for_secrets()
    link = root + url_for("staff.new_password", token=token)
    return render_template("staff/link.html", account=account, link=link, is_whole=bool(root))
