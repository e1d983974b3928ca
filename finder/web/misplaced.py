"""What a page says of an address whose ZIP code is another state's: where we show it, and that it must be asked for."""

from __future__ import annotations

from flask import Flask

from finder.directory.provider import PracticeLocation
from finder.i18n import N_, Message
from finder.places.gazetteer import Gazetteer


def register(app: Flask) -> None:
    """Let templates ask ``place | misplaced``."""
    app.jinja_env.filters["misplaced"] = misplaced


def misplaced(location: PracticeLocation) -> Message | None:
    """Say that the ZIP code and the state of a location do not fit, and where it is shown; None where they fit."""
    said = {"zip": location.zip[:5], "city": location.city, "state": location.state}
    if Gazetteer.load().in_state(said["zip"], said["state"]):
        return None
    if location.point is None:
        return Message(N_("The ZIP code {zip} is not in {state}, so we cannot say how far it is."), said)
    if location.geocode_source == "city_centroid":
        return Message(
            N_("The ZIP code {zip} is not in {state}. Distances are to the center of {city}, {state}."), said
        )
    return Message(N_("The ZIP code {zip} is not in {state}."), said)
