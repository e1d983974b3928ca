"""The public pages: one module for each group of pages, and what all pages share (words, language, assets, security).

``register`` is all that the application knows of this room. What a page needs from outside it takes from
``finder.web.services``; nothing here reads the environment or the clock.
"""

from __future__ import annotations

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from finder.web import (
    asked,
    assets,
    compare,
    compressed,
    cover,
    csv_out,
    errors,
    estimates,
    guide,
    health,
    kept,
    language,
    links,
    looks,
    maps,
    my_insurance,
    observe,
    reported,
    reports,
    search,
    security,
    sheets,
    shortlist,
    staff,
    statements,
    styleguide,
    therapist_view,
    therapists,
    whereabouts,
    words,
)

__all__ = ["register"]


def register(app: Flask) -> None:
    """Give the application its pages."""
    app.config.setdefault("BOOTSTRAP_SERVE_LOCAL", True)
    Bootstrap5(app)
    CSRFProtect(app)
    for shared in (compressed, observe, links, asked, language, looks, kept, cover, words, whereabouts):
        shared.register(app)
    for shared in (assets, security, errors):
        shared.register(app)
    for pages in (search, therapists, maps, csv_out, shortlist, compare, sheets):
        app.register_blueprint(pages.blueprint)
    for pages in (estimates, guide, looks, statements, styleguide, health):
        app.register_blueprint(pages.blueprint)
    for pages_with_forms in (my_insurance, reported, reports, staff):
        pages_with_forms.register(app)
