"""The staff pages: one folder for each group of pages, behind one guard (``access``). ``register`` adds them all.

What works on whole files is imported by the page that needs it: it loads pandas, which the public pages do without.
"""

from __future__ import annotations

from flask import Flask

from finder.web.staff import session
from finder.web.staff.access import blueprint

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the staff pages to the application: importing a module adds its pages to the blueprint."""
    from finder.web.staff import audit, dashboard  # noqa: F401
    from finder.web.staff.accounts import log_in, my_account  # noqa: F401
    from finder.web.staff.accounts import views as accounts_views  # noqa: F401
    from finder.web.staff.drafts import collections, releases, uploads  # noqa: F401
    from finder.web.staff.drafts import views as drafts_views  # noqa: F401
    from finder.web.staff.queue import call_queue, reports, row_corrections  # noqa: F401
    from finder.web.staff.records import edit_formats  # noqa: F401
    from finder.web.staff.records import views as records_views  # noqa: F401

    session.register(app)
    app.extensions["csrf"].exempt(blueprint)  # the guard of the staff pages checks the token itself, after the role
    app.register_blueprint(blueprint)
