"""The commands: ``flask --app wsgi COMMAND``. Exit status 0 done, 1 refused with the reason, 2 wrong usage."""

from __future__ import annotations

from flask import Flask

from finder.cli.data import data_group
from finder.cli.estimate import estimate_command
from finder.cli.fees import fees_group
from finder.cli.find import find_command
from finder.cli.places import places_group
from finder.cli.records import records_group
from finder.cli.sample import sample_command
from finder.cli.serve import serve_command
from finder.cli.staff import staff_group

COMMANDS = (
    find_command, estimate_command, data_group, fees_group, places_group, records_group, sample_command, serve_command,
    staff_group,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add every command to the application."""
    for command in COMMANDS:
        app.cli.add_command(command)
