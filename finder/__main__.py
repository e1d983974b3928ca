"""The program ``finder``, also ``python -m finder``: the same commands as ``flask --app wsgi``, without a checkout.

``create_app`` is what both start from; ``wsgi.py`` hands it to a WSGI server.
"""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import ScriptInfo

import finder
from finder.cli import Commands
from finder.disk import DiskError
from finder.errors import error_text
from finder.settings import WrongSetting


def create_app() -> Flask:
    """Make the application from the environment; to a command a wrong setting is one line and exit status 1."""
    try:
        return finder.create_app()
    except (WrongSetting, DiskError) as error:
        raise click.ClickException(error_text(error)) from error


def main() -> None:
    """Run the command that the arguments name."""
    commands = Commands("finder", help="Find a physical therapist, estimate what a visit costs, and serve the pages.")
    commands.main(prog_name="finder", obj=ScriptInfo(create_app=create_app, set_debug_flag=False))


if __name__ == "__main__":
    main()
