"""How the pages look to one reader: large targets, strong contrast, light or dark. It stands in the address (``view``).

What a browser or a system asks for (dark, more contrast, less motion, forced colors) is followed without being chosen
here; the style sheet does that. There is no cookie, so that links carry the choice from page to page.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, render_template, request

from finder.http.request_context import per_request
from finder.i18n import N_
from finder.web.http.return_to import THEN, back, came_from, this_page
from finder.web.http.urls import address, carried, carry

LOOK = "view"

LARGE, CONTRAST, LIGHT, DARK = "large", "contrast", "light", "dark"
DISPLAY_SETTINGS = (LARGE, CONTRAST, LIGHT, DARK)
"""The looks that can be chosen; any of them together, but that light and dark exclude one another."""

EXCLUDES = {LIGHT: DARK, DARK: LIGHT}

blueprint = Blueprint("looks", __name__)


@dataclass(frozen=True, slots=True)
class Option:
    """One look: its name, what it does, whether it is on, and the address of this page with that changed."""

    name: str
    does: str
    is_on: bool
    address: str


OPTIONS = {
    LARGE: (
        N_("Large buttons"),
        N_("Everything to press is at least as big as a thumb. A press anywhere on a card opens it."),
    ),
    CONTRAST: (N_("Strong contrast"), N_("Black and white, with thick lines.")),
    LIGHT: (N_("Light"), N_("Dark words on a light ground, whatever your device prefers.")),
    DARK: (N_("Dark"), N_("Light words on a dark ground, whatever your device prefers.")),
}
"""The name of each look, and what it does."""


def register(app: Flask) -> None:
    """Make every link carry the display settings, and offer them to templates."""
    carry(app, LOOK, lambda: ",".join(display_settings()))
    app.jinja_env.globals.update(display_settings=display_settings, display_address=display_address)


@per_request
def display_settings() -> tuple[str, ...]:
    """Return the looks that the address of the present page names."""
    named = request.args.get(LOOK, "").split(",")
    found = [look for look in DISPLAY_SETTINGS if look in named]
    return tuple(look for look in found if not (look == DARK and LIGHT in found))


def display_address() -> str:
    """Return the address of the page of display settings, which leads back to the present page."""
    then = came_from() if request.endpoint == "looks.display" else this_page()
    return address("looks.display", [*carried(), (THEN, then)])


@blueprint.get("/display")
def display() -> str:
    """Offer the looks; each link shows this very page with the look put on or taken off."""
    options = [_option(look) for look in DISPLAY_SETTINGS]
    return render_template("display/display.html", options=options, done=back(**{LOOK: ",".join(display_settings())}))


def _option(look: str) -> Option:
    on = display_settings()
    changed = [
        one
        for one in DISPLAY_SETTINGS
        if (one in on) != (one == look) and not (one in on and EXCLUDES.get(look) == one)
    ]
    name, does = OPTIONS[look]
    others = [*carried(but=(LOOK,)), (THEN, came_from())]
    return Option(name, does, look in on, address("looks.display", [*others, (LOOK, ",".join(changed))]))
