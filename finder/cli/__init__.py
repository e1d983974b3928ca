"""The commands: ``flask --app wsgi COMMAND``. Exit status 0 done, 1 refused with the reason, 2 wrong usage.

A command's module is imported when the command runs, so that an estimate does not wait for the imports of staging.
"""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "find": "finder.cli.find:find_command",
    "estimate": "finder.cli.estimate:estimate_command",
    "data": "finder.cli.data:data_group",
    "fees": "finder.cli.fees:fees_group",
    "places": "finder.cli.places:places_group",
    "records": "finder.cli.records:records_group",
    "staff": "finder.cli.staff:staff_group",
    "sample": "finder.cli.sample:sample_command",
    "catalogues": "finder.cli.catalogues:catalogues_group",
    "serve": "finder.cli.serve:serve_command",
}
"""All commands: the module of each, and its name there."""


class Commands(AppGroup):
    """The commands of the application, each imported when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def register(app: Flask) -> None:
    """Register the commands of the application."""
    app.cli = Commands(app.name)
