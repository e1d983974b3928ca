"""``staff``: accounts of staff, from the shell of a trusted operator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from finder.cli.refusals import reading, refusing
from finder.records.database import Records
from finder.records.people.accounts import (
    Role,
    add_account,
    clean_email,
    deactivate_account,
    get_account,
    list_accounts,
)
from finder.records.people.attempts import unlock_networks
from finder.records.people.login import unlock
from finder.records.people.passwords import issue_link, set_password
from finder.records.people.second_factor import has_second_factor, remove_second_factor
from finder.records.people.sessions import end_sessions
from finder.releases.installation import Installation

SHELL = "shell"

staff_group = AppGroup("staff", help="Accounts of staff.")


@staff_group.command("add")
@click.argument("email", callback=reading(clean_email))
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input in place of a link.")
@refusing
def add_command(email: str, role: str, password_stdin: bool) -> None:
    """Add EMAIL, and print the link with which the person sets a password."""
    with _records() as records, records.writing() as session:
        account = add_account(session, email, Role(role), by=SHELL)
        if password_stdin:
            set_password(session, account, sys.stdin.readline().rstrip("\r\n"), by=SHELL)
            message = f"{account.email} can log in as {account.role}."
        else:
            message = _link_line(issue_link(session, account, by=SHELL))
    click.echo(message)


@staff_group.command("link")
@click.argument("email")
@click.option("--lost-second-factor", is_flag=True, help="Take the second factor off, too.")
@refusing
def link_command(email: str, lost_second_factor: bool) -> None:
    """Print a new one-time link for EMAIL, who lost the password; failed attempts are forgotten."""
    with _records() as records, records.writing() as session:
        account = get_account(session, email)
        unlock(session, account, by=SHELL)
        if lost_second_factor:
            remove_second_factor(session, account, by=SHELL)
        message = _link_line(issue_link(session, account, by=SHELL))
    click.echo(message)


@staff_group.command("unlock")
@click.argument("email", required=False)
@click.option("--networks", is_flag=True, help="All networks with too many failed log-ins or reports.")
@refusing
def unlock_command(email: str | None, networks: bool) -> None:
    """End the wait after too many tries: of EMAIL, of all networks, or of both."""
    if not (email or networks):
        raise click.UsageError("Say an e-mail address or --networks.")
    with _records() as records, records.writing() as session:
        if email:
            unlock(session, get_account(session, email), by=SHELL)
        if networks:
            unlock_networks(session, by=SHELL)


@staff_group.command("log-out")
@click.argument("email")
@refusing
def log_out_command(email: str) -> None:
    """End all sessions of EMAIL."""
    with _records() as records, records.writing() as session:
        end_sessions(session, get_account(session, email), by=SHELL)


@staff_group.command("list")
@refusing
def list_command() -> None:
    """Show everybody."""
    with _records() as records, records.reading() as session:
        for account in list_accounts(session):
            state = (
                "deactivated" if account.deactivated_at else "active" if account.password_hash else "no password yet"
            )
            factor = "second factor" if has_second_factor(account) else "no second factor"
            click.echo(f"{account.email}  {account.role}  {state}  {factor}")


@staff_group.command("deactivate")
@click.argument("email")
@refusing
def deactivate_command(email: str) -> None:
    """Shut EMAIL out; what the person did stays in the records."""
    with _records() as records, records.writing() as session:
        deactivate_account(session, get_account(session, email), by=SHELL)


def _link_line(token: str) -> str:
    """Return the line with the link for setting a password. The shell does not know the site's host name."""
    path = current_app.url_map.bind("").build("staff.new_password", {"token": token})
    return f"Give the person this link, behind the address of your site; it works once, for 48 hours: {path}"


@contextmanager
def _records() -> Iterator[Records]:
    with closing(Installation.open(current_app.config["FINDER_SETTINGS"]).records) as records:
        yield records
