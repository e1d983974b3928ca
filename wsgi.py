"""The entry point for a WSGI server: ``gunicorn 'wsgi:create_app()'``, ``flask --app wsgi``."""

from finder.__main__ import create_app

__all__ = ["create_app"]
