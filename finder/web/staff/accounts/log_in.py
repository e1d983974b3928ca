"""Logging in and out: the password, then the second factor where there is one. No cookie is set before both are right.

Between the two steps a signed token in the form says whose password was right; it lasts five minutes.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import Form, PasswordField, StringField

from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.records.people.login import log_in as check_password
from finder.records.people.login import prove_second_factor
from finder.records.people.passwords import find_link, redeem_link
from finder.records.people.second_factor import has_second_factor
from finder.records.tables.accounts import Account
from finder.web.http.form_token import FormExpired, make_token, read_token
from finder.web.http.language import language
from finder.web.presentation.error_pages import status_of
from finder.web.staff import session
from finder.web.staff.access import at_least, blueprint, open_to_all
from finder.web.staff.layout import tell
from finder.web.staff.next_url import next_arguments, next_url

LOG_IN, CODE, PASSWORD = "log in", "second factor", "set password"
"""What the tokens of these forms are for."""

FORM_SECONDS = 12 * 3600
CODE_SECONDS = 5 * 60


class LogInForm(Form):
    """Who, and the proof."""

    email = StringField(
        lazy_gettext("E-mail address"), render_kw={"type": "email", "autocomplete": "username", "maxlength": 254}
    )
    password = PasswordField(lazy_gettext("Password"), render_kw={"autocomplete": "current-password", "maxlength": 256})


class CodeForm(Form):
    """The second proof."""

    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("The six digits that your phone shows now, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "maxlength": 30},
    )


class PasswordForm(Form):
    """A new password, seen by nobody else."""

    password = PasswordField(
        lazy_gettext("New password"),
        description=lazy_gettext("At least 12 characters. Four words that do not belong together are good."),
        render_kw={"autocomplete": "new-password", "maxlength": 256},
    )
    again = PasswordField(lazy_gettext("The same again"), render_kw={"autocomplete": "new-password", "maxlength": 256})


@blueprint.get("/login")
@open_to_all
def log_in() -> ResponseReturnValue:
    """Ask for the e-mail address and the password."""
    if session.person():
        return redirect(url_for("staff.dashboard"))
    return _ask_password(LogInForm())


@blueprint.post("/login")
@open_to_all
def check_log_in() -> ResponseReturnValue:
    """Check the password; go on to the second factor, or in."""
    form = LogInForm(request.form)
    try:
        read_token(LOG_IN, max_age=FORM_SECONDS)
        account = check_password(
            services().installation.records,
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
        )
    except FinderError as error:
        form.password.errors = [error_text(error, language())]
        return _ask_password(form), _status(error)
    if has_second_factor(account):
        return _ask_code(CodeForm(), make_token(CODE, str(account.id), str(account.session_version)))
    session.begin(account, second_factor=False)
    return redirect(next_url(), 303)


@blueprint.post("/login/code")
@open_to_all
def check_code() -> ResponseReturnValue:
    """Check the second factor of the person whose password was right."""
    form = CodeForm(request.form)
    proof = request.form.get("proof", "")
    records = services().installation.records
    try:
        number, version = read_token(CODE, max_age=CODE_SECONDS, token=proof)
    except FinderError:
        tell(N_("That took longer than five minutes. Please log in again."), "alert")
        return redirect(url_for("staff.log_in", next=next_arguments() or None), 303)
    try:
        prove_second_factor(records, int(number), form.code.data or "", address=request.remote_addr or "")
        with records.reading() as reading:
            account = reading.get_one(Account, int(number))
        if account.session_version != int(version) or account.deactivated_at:
            raise FormExpired
    except FinderError as error:
        form.code.errors = [error_text(error, language())]
        return _ask_code(form, proof), _status(error)
    session.begin(account, second_factor=True)
    return redirect(next_url(), 303)


@blueprint.post("/logout")
@at_least("viewer")
def log_out() -> ResponseReturnValue:
    """End the session."""
    session.end()
    tell(N_("You are logged out."))
    return redirect(url_for("staff.log_in"), 303)


@blueprint.get("/password/<token>")
@open_to_all
def new_password(token: str) -> ResponseReturnValue:
    """Ask the person whose one-time link this is for a new password."""
    with services().installation.records.reading() as reading:
        account = find_link(reading, token)
    return _ask_new_password(PasswordForm(), account.email)


@blueprint.post("/password/<token>")
@open_to_all
def set_new_password(token: str) -> ResponseReturnValue:
    """Set the new password, and use up the link."""
    form = PasswordForm(request.form)
    records = services().installation.records
    with records.reading() as reading:
        email = find_link(reading, token).email
    try:
        read_token(PASSWORD, max_age=FORM_SECONDS)
        check_same(form)
        with records.writing() as writing:
            redeem_link(writing, token, form.password.data or "")
    except NotTheSame as error:
        form.again.errors = [error_text(error, language())]
        return _ask_new_password(form, email), 422
    except FinderError as error:
        form.password.errors = [error_text(error, language())]
        return _ask_new_password(form, email), _status(error)
    tell(N_("Your password is set. Log in with it."))
    return redirect(url_for("staff.log_in"), 303)


def _status(error: FinderError) -> int:
    """Return the HTTP status of a refusal: that of the error where the fault is ours, as of a database that is away."""
    status = status_of(error, 422)
    return status if status >= 500 else 422


class NotTheSame(FinderError):
    """The two passwords are not the same. Type both again."""


def check_same(form: PasswordForm) -> None:
    """Refuse a slip of the fingers. Raises NotTheSame."""
    if form.password.data != form.again.data:
        raise NotTheSame


def _ask_password(form: LogInForm) -> str:
    return render_template("staff/log_in.html", form=form, token=make_token(LOG_IN), next=next_arguments())


def _ask_code(form: CodeForm, proof: str) -> str:
    return render_template("staff/code.html", form=form, proof=proof, next=next_arguments())


def _ask_new_password(form: PasswordForm, email: str) -> str:
    return render_template("staff/new_password.html", form=form, email=email, token=make_token(PASSWORD))
