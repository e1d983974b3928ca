"""What this site says of itself: about, privacy, accessibility. Every sentence is true of this software, and says when.

What only the operator can know, such as an address to write to, is in the settings; without it nothing is promised.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, render_template

from finder.settings import Settings

blueprint = Blueprint("statements", __name__)

STATED_ON = date(2026, 11, 20)
"""The day on which the statements were last held against the software."""


@blueprint.get("/about")
def about() -> str:
    """Show what this is, where its facts come from, and how to have them corrected."""
    return _page("statements/about.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """Show what is stored of a visit, and what is not."""
    return _page("statements/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """Show whom the pages are made for, how that was checked, and what is not known yet."""
    return _page("statements/accessibility.html")


def _page(template: str) -> str:
    settings: Settings = current_app.config["FINDER_SETTINGS"]
    return render_template(
        template,
        contact=settings.contact,
        may_show_tiles=bool(settings.tiles_url),
        stated_on=STATED_ON,
    )
