"""A living page of all components, for developers: the macros that pages are made of, with real listings in them.

It is served where the settings say so (``FINDER_STYLEGUIDE``), never in production: there the page does not exist.
"""

from __future__ import annotations

import re
from typing import cast

from flask import Blueprint, abort, current_app, render_template
from wtforms import Form, RadioField, SelectField, StringField

from finder.directory.query import Query
from finder.http.assets import asset_text
from finder.http.services import services
from finder.settings import Settings
from finder.web.prices.card_price import cost_of
from finder.web.search.cards import Card, card
from finder.web.search.results_page import USUAL_PLAN

blueprint = Blueprint("styleguide", __name__)

LISTINGS = 3
"""Cards on the page."""

CHOICES = {"a": "The first", "b": "The second"}


class StyleGuideForm(Form):
    """A question of each kind, and one with something wrong."""

    text = StringField("Text", description="A hint says how.")
    faulty = StringField("Text with an error", description="A hint says how.")
    near = StringField("Where do you want care?")
    choice = SelectField("One of many", choices=CHOICES)
    radio = RadioField("One of a few", choices=CHOICES, default="a")


@blueprint.get("/styleguide")
def page() -> str:
    """Show every component."""
    settings = cast(Settings, current_app.config["FINDER_SETTINGS"])
    if not settings.styleguide:
        abort(404)
    form = StyleGuideForm()
    form.faulty.errors = ["Say what to do about it."]
    cards = _cards()
    return render_template(
        "styleguide/page.html",
        form=form,
        cards=cards,
        tokens=tokens(),
        icons=re.findall(r'id="([a-z]+)"', asset_text("icons.svg")),
        page_address=lambda _page: "#component-pagination",
    )


def tokens() -> tuple[str, ...]:
    """Return the names of the colors: those of the first block of the style sheet."""
    first = asset_text("finder.css").partition(":root {")[2].partition("}")[0]
    return tuple(re.findall(r"--([a-z-]+): #", first))


def _cards() -> list[Card]:
    """Return the first few listings by name; of different kinds, as far as they go."""
    today = services().today()
    found = services().directory().search(Query(sort="evidence", per_page=LISTINGS), cost_of(today))
    return [card(listing, plans=(USUAL_PLAN,), origin=None, today=today) for listing in found.listings]
