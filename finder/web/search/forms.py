"""The questions of the search, as a form whose answers are the address of the results. Nothing is posted."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, SearchField, SelectField, StringField

from finder.digits import whole_number
from finder.directory.names import LONGEST_NAME
from finder.directory.query import RADIUS_MILES, SORTS
from finder.directory.vocabulary.need import LONGEST_NEED
from finder.directory.vocabulary.payers import payers
from finder.i18n import N_
from finder.web.http.language import gettext
from finder.web.presentation.formats import word

RADII = (5, 10, 25, 50, 100)

GOALS = (
    N_("numb feet"),
    N_("balance"),
    N_("walking"),
    N_("strength"),
    N_("coordination"),
    N_("flexibility"),
    N_("grip"),
    N_("dizzy"),
    N_("falls"),
    N_("after chemo"),
    N_("diabetic neuropathy"),
)
"""Needs to choose from for somebody who does not know what to type, or cannot; each is in the search's vocabulary."""

SORT_NAMES = {
    "distance": N_("Nearest first"),
    "evidence": N_("Strongest proof first"),
    "name": N_("By name"),
    "cost": N_("Lowest cost first"),
}


class SearchForm(Form):
    """What for, where, how far, which insurance, which name, in which order."""

    goals = GOALS
    q = SearchField(
        lazy_gettext("What do you need help with?"),
        description=lazy_gettext(
            "In your own words, like numb feet, dizzy or after chemo. Or a name. You may leave it empty."
        ),
        render_kw={"maxlength": LONGEST_NEED, "autocomplete": "off", "list": "goals"},
    )
    near = StringField(
        lazy_gettext("Where do you want care?"),
        description=lazy_gettext("A ZIP code, or a city and state, like 02139 or Cambridge, MA"),
        render_kw={"required": True, "autocomplete": "postal-code", "enterkeyhint": "search", "maxlength": 100},
    )
    insurance = SelectField(lazy_gettext("Your insurance"), validate_choice=False)
    miles = SelectField(lazy_gettext("How far?"), default=f"{RADIUS_MILES:g}", validate_choice=False)
    plan_search = SearchField(
        lazy_gettext("Find your plan by name"),
        description=lazy_gettext("A word from your card. Then press “Show these”."),
        render_kw={"maxlength": LONGEST_NAME, "form": "search", "autocomplete": "off"},
    )
    name = SearchField(
        lazy_gettext("Name of a therapist or clinic"), render_kw={"maxlength": LONGEST_NAME, "form": "search"}
    )
    sort = SelectField(lazy_gettext("Order"), validate_choice=False, render_kw={"form": "search"})


def search_form(args: MultiDict[str, str]) -> SearchForm:
    """Return the form filled in with the arguments of the page."""
    form = SearchForm(args)
    form.insurance.choices = _choices({"": N_("I will choose later"), **payers()})
    form.sort.choices = _choices({sort: SORT_NAMES[sort] for sort in SORTS})
    form.miles.choices = {str(miles): _within(miles) for miles in _radii(form.miles.data or "")}
    return form


def _choices(names: Mapping[str, str]) -> dict[str, str]:
    return {value: word(name) for value, name in names.items()}


def _radii(given: str) -> list[int]:
    """Return the distances to choose from, with the given one among them."""
    miles = whole_number(given, 3)
    return list(RADII) if miles is None else sorted({*RADII, miles})


def _within(miles: int) -> str:
    return gettext("%(miles)s miles", miles=miles)
