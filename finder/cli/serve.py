"""``serve``: the records migrated, the sample loaded where nothing is published yet, then gunicorn."""

from __future__ import annotations

import os
import socket
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from finder.cli.refusals import refusing
from finder.errors import FinderError
from finder.intake.ready import ensure_ready
from finder.settings import Settings

WORKERS, THREADS = 2, 4


class AddressInUse(FinderError):
    """Another program already serves at this address. Stop it, or choose another port."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@with_appcontext
@refusing
def serve_command(host: str, port: int) -> None:
    """Serve the pages, ready to search and estimate."""
    _check_free(host, port)
    settings: Settings = current_app.config["FINDER_SETTINGS"]
    ensure_ready(settings)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Ready: open http://{shown}:{port} in a browser. Stop with Ctrl+C.")
    sys.stdout.flush()
    os.execv(  # noqa: S606 - this process becomes the server
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--bind", f"{shown}:{port}", "--reuse-port",
            "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS),
            # not "warning": then gunicorn writes down the address of whoever sends a request that it cannot read
            "--log-level", "error", "--no-control-socket",
        ],
    )  # fmt: skip


def _check_free(host: str, port: int) -> None:
    """Refuse where another program listens: with ``--reuse-port`` the two would silently share the visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(f"Cannot serve on {host}:{port} ({error.strerror}). Try: make run PORT=8001") from None
