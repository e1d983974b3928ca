"""The pages: one folder for each group of pages, on ``http`` (addresses, language) and ``presentation`` (formats).

``register`` is all that the application knows of this package. What a page needs from outside it takes from
``finder.http.services``; nothing here reads the environment or the clock.
"""

from __future__ import annotations

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from finder.http import assets, compression, health, metrics, open_reports, security_headers
from finder.web import estimates, staff
from finder.web.billing import bill, fees, settings_page
from finder.web.estimates import batch
from finder.web.guide import views as guide_views
from finder.web.http import display, language, origin, path_numbers, urls
from finder.web.map import views as map_views
from finder.web.pages import statements, styleguide
from finder.web.presentation import addresses, controls, error_pages, formats, sample_notice
from finder.web.prices import insurance_answers
from finder.web.prices import views as prices_views
from finder.web.profile import printed_sheets
from finder.web.profile import views as profile_views  # noqa: F401 - adds its page to the blueprint of the search
from finder.web.reports import views as reports_views
from finder.web.search import csv_export, home, search_args
from finder.web.search import views as search_views
from finder.web.shortlist import compare, url_list
from finder.web.shortlist import views as shortlist_views

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the pages to the application."""
    app.config.setdefault("BOOTSTRAP_SERVE_LOCAL", True)
    Bootstrap5(app)
    CSRFProtect(app)
    for shared in (compression, metrics, origin, path_numbers, urls, search_args, language, display, url_list):
        shared.register(app)
    for shared in (
        insurance_answers,
        formats,
        addresses,
        controls,
        assets,
        security_headers,
        sample_notice,
        error_pages,
    ):
        shared.register(app)
    for pages in (home, search_views, map_views, csv_export, shortlist_views, compare, printed_sheets):
        app.register_blueprint(pages.blueprint)
    for pages in (estimates, fees, settings_page, guide_views, display, statements, styleguide, health):
        app.register_blueprint(pages.blueprint)
    for pages_with_forms in (prices_views, batch, open_reports, reports_views, bill, staff):
        pages_with_forms.register(app)
