"""The staff pages: one module for each group of pages, behind one guard (``room``). ``register`` adds them all.

What works on whole files is imported by the page that needs it: it loads pandas, which the public pages do without.
"""

from __future__ import annotations

from flask import Flask

from finder.web.staff import session
from finder.web.staff.room import blueprint

__all__ = ["register"]


def register(app: Flask) -> None:
    """Give the application its staff pages."""
    from finder.web.staff import (  # noqa: F401 - importing a module adds its pages to the blueprint
        accounts,
        audit,
        dashboard,
        drafts,
        edited,
        log_in,
        my_account,
        queue,
        records,
        releases,
        reports,
        uploads,
        waiting,
    )

    session.register(app)
    app.extensions["csrf"].exempt(blueprint)  # the guard of the room checks the token itself, after the role
    app.register_blueprint(blueprint)
