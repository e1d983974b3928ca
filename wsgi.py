"""The entry point for a WSGI server: ``gunicorn 'wsgi:create_app()'``, ``flask --app wsgi``."""

import click
from flask import Flask

import finder
from finder.settings import WrongSetting


def create_app() -> Flask:
    """Make the application from the environment; to a command a wrong setting is one line and exit status 1."""
    try:
        return finder.create_app()
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
