"""One's own account: a new password, the second factor with its QR code, and recovery codes to print."""

from __future__ import annotations

import segno
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import Form, PasswordField

from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.records.database import Session
from finder.records.people.login import log_in as check_password
from finder.records.people.login import prove_second_factor
from finder.records.people.passwords import set_password
from finder.records.people.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    count_recovery_codes,
    make_recovery_codes,
    second_factor_address,
    unconfirmed_secret,
)
from finder.records.people.sessions import count_sessions, end_sessions
from finder.records.tables.accounts import Account
from finder.web.http.language import language
from finder.web.staff import session
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.accounts.log_in import CodeForm, PasswordForm, check_same
from finder.web.staff.layout import tell
from finder.web.staff.next_url import next_arguments, next_url
from finder.web.staff.session import me


class ProofForm(Form):
    """The password of the person who is logged in, asked again where much depends on it."""

    current = PasswordField(
        lazy_gettext("Your password now"), render_kw={"autocomplete": "current-password", "maxlength": 256}
    )


class ChangePasswordForm(PasswordForm, ProofForm):
    """The old password and the new one."""


@blueprint.get("/me")
@at_least("viewer")
def my_account() -> ResponseReturnValue:
    """Show one's own account."""
    return _show(ChangePasswordForm())


@blueprint.post("/me/password")
@at_least("viewer")
def change_password() -> ResponseReturnValue:
    """Set a new password; every other session of this account ends."""
    form = ChangePasswordForm(request.form)
    records = services().installation.records
    try:
        check_same(form)
        check_password(records, me().email, form.current.data or "", address=request.remote_addr or "")
        with records.writing() as writing:
            account = _mine(writing)
            set_password(writing, account, form.password.data or "", by=account.email)
    except FinderError as error:
        form.current.errors = [error_text(error, language())]
        return _show(form), 422
    session.begin(account, second_factor=me().second_factor)
    tell(N_("Your password is changed. Everywhere else you are logged out."))
    return redirect(url_for("staff.my_account"), 303)


@blueprint.post("/me/log-out-everywhere")
@at_least("viewer")
def log_out_everywhere() -> ResponseReturnValue:
    """End all sessions of the person, this one too."""
    with services().installation.records.writing() as writing:
        end_sessions(writing, _mine(writing), by=me().email)
    session.forget()
    tell(N_("You are logged out everywhere."))
    return redirect(url_for("staff.log_in"), 303)


@blueprint.get("/me/second-factor")
@at_least("viewer")
def second_factor() -> ResponseReturnValue:
    """Show how to set up a second factor, or the QR code of one that is half set up."""
    return _ask_code(ProofForm(), CodeForm())


@blueprint.post("/me/second-factor")
@at_least("viewer")
def begin() -> ResponseReturnValue:
    """Make a secret for the telephone, once the password, and the old second factor if there is one, are proved."""
    proof, code = ProofForm(request.form), CodeForm(request.form)
    records = services().installation.records
    address = request.remote_addr or ""
    try:
        check_password(records, me().email, proof.current.data or "", address=address)
        if me().has_second_factor:
            prove_second_factor(records, me().id, code.code.data or "", address=address)
        with records.writing() as writing:
            begin_second_factor(writing, _mine(writing), records.seal)
    except FinderError as error:
        proof.current.errors = [error_text(error, language())]
        return _ask_code(proof, code), 422
    return redirect(url_for("staff.second_factor", next=next_arguments() or None), 303)


@blueprint.post("/me/second-factor/confirm")
@at_least("viewer")
def confirm() -> ResponseReturnValue:
    """Switch the second factor on with its first code, and show the recovery codes, this once; then go on."""
    form = CodeForm(request.form)
    try:
        records = services().installation.records
        with records.writing() as writing:
            account = _mine(writing)
            codes = confirm_second_factor(writing, account, form.code.data or "", records.seal)
    except FinderError as error:
        form.code.errors = [error_text(error, language())]
        return _ask_code(ProofForm(), form), 422
    session.begin(account, second_factor=True)
    return render_template("staff/recovery_codes.html", codes=codes, then=next_url())


@blueprint.post("/me/recovery-codes")
@at_least("viewer", second_factor=True)
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes in place of the old ones."""
    with services().installation.records.writing() as writing:
        codes = make_recovery_codes(writing, _mine(writing))
    return render_template("staff/recovery_codes.html", codes=codes, then=next_url())


def _mine(records: Session) -> Account:
    account: Account = records.get_one(Account, me().id)
    return account


def _show(form: ChangePasswordForm) -> str:
    with services().installation.records.reading() as reading:
        account = _mine(reading)
        left, sessions = count_recovery_codes(reading, account), count_sessions(reading, account)
    return render_template("staff/my_account.html", form=form, person=me(), codes_left=left, sessions=sessions)


def _ask_code(proof: ProofForm, code: CodeForm) -> str:
    """Show the QR code where a secret waits for its first code, else ask for the proof that makes one."""
    records = services().installation.records
    with records.reading() as reading:
        account = _mine(reading)
    secret = unconfirmed_secret(account, records.seal)
    picture = segno.make(second_factor_address(account, secret), error="m").svg_data_uri(scale=6) if secret else ""
    return render_template(
        "staff/second_factor.html",
        proof=proof,
        form=code,
        picture=picture,
        secret=_in_fours(secret),
        person=me(),
        next=next_arguments(),
    )


def _in_fours(secret: str) -> str:
    """Write a secret in groups, for who types it in by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
