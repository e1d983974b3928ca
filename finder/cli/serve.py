"""``serve``: the records migrated, the sample loaded where nothing is published yet, then the server."""

from __future__ import annotations

import gc
import socket
import sys
from contextvars import Context

import click
from flask.cli import ScriptInfo

from finder.cli.refusals import refusing
from finder.cli.server import Server
from finder.disk import DiskError
from finder.errors import FinderError, error_text
from finder.intake.publishing.bootstrap import ensure_ready
from finder.places.gazetteer import Gazetteer
from finder.records.database import RecordsUnavailable
from finder.releases.current import CurrentDirectory
from finder.settings import Settings


class AddressInUse(FinderError):
    """Another program already serves at this address. Stop it, or choose another port."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.pass_obj
@refusing
def serve_command(script: ScriptInfo, host: str, port: int) -> None:
    """Serve the pages, ready to search and estimate."""
    _check_free(host, port)
    app = script.load_app()
    settings: Settings = app.config["FINDER_SETTINGS"]
    _make_ready(settings)
    _load_for_all()
    displayed_host = f"[{host}]" if ":" in host else host
    server = Server(app, f"{displayed_host}:{port}")
    click.echo(f"Ready: open http://{displayed_host}:{port} in a browser. Stop with Ctrl+C.")
    sys.stdout.flush()
    Context().run(server.run)  # a context of its own: no request may find that of this command


def _make_ready(settings: Settings) -> None:
    """Prepare the installation; while the records cannot be used the last release is served, if there is one."""
    try:
        ensure_ready(settings)
    except (RecordsUnavailable, DiskError) as error:
        if CurrentDirectory(settings).state().release is None:
            raise
        click.echo(f"{error_text(error)} The last release is served, staff pages wait.", err=True)


def _load_for_all() -> None:
    """Load the places before the first request; the workers share the memory.

    Objects that exist when the server starts are frozen, so that the garbage collector never scans them.
    """
    gc.disable()
    Gazetteer.load().warm()
    gc.freeze()
    gc.enable()


def _check_free(host: str, port: int) -> None:
    """Raise AddressInUse if another program listens: with ``reuse_port`` both would share the visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(f"Cannot serve on {host}:{port} ({error.strerror}). Try: make run PORT=8001") from None
