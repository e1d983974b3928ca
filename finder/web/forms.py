"""The questions of the search, as a form whose answers are the address of the results. Nothing is posted."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, SearchField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from finder.directory.insurance import payers
from finder.directory.query import RADIUS_MILES, SORTS
from finder.directory.specialty import specialties
from finder.i18n import N_
from finder.web.language import gettext
from finder.web.words import word

RADII = (5, 10, 25, 50, 100)

SORT_NAMES = {
    "distance": N_("Nearest first"),
    "evidence": N_("Strongest proof first"),
    "name": N_("By name"),
    "cost": N_("Lowest cost first"),
}


class SearchForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Where, how far, what for, which insurance, which name, in which order."""

    near = StringField(
        lazy_gettext("Where do you want care?"),
        description=lazy_gettext("A ZIP code, or a city and state, like 02139 or Cambridge, MA"),
        render_kw={"required": True, "autocomplete": "postal-code", "enterkeyhint": "search", "maxlength": 100},
    )
    specialty = SelectField(lazy_gettext("What kind of therapist?"), validate_choice=False)
    insurance = SelectField(lazy_gettext("Your insurance"), validate_choice=False)
    miles = SelectField(lazy_gettext("How far can you go?"), default=f"{RADIUS_MILES:g}", validate_choice=False)
    q = SearchField(lazy_gettext("Name of a therapist or clinic"), render_kw={"maxlength": 100, "form": "search"})
    sort = SelectField(lazy_gettext("Order"), validate_choice=False, render_kw={"form": "search"})


def search_form(asked: MultiDict[str, str]) -> SearchForm:
    """Make the form with what was asked still in it; an unasked search is for neurologic therapists."""
    form = SearchForm(asked) if asked else SearchForm(data={"specialty": "neurologic"})
    form.specialty.choices = _choices(
        [
            ("", N_("Any physical therapist")),
            *((facet, one.name) for facet, one in specialties().items() if one.offered),
        ]
    )
    form.insurance.choices = _choices([("", N_("I will choose later")), *payers().items()])
    form.sort.choices = _choices((sort, SORT_NAMES[sort]) for sort in SORTS)
    form.miles.choices = [SelectChoice(str(miles), _within(miles)) for miles in _radii(form.miles.data or "")]
    return form


def _choices(names: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, word(name)) for value, name in names]


def _radii(asked: str) -> list[int]:
    """Give the distances to choose from, with the one that was asked among them."""
    sensible = asked.isascii() and asked.isdigit() and len(asked) <= 3
    return sorted({*RADII, int(asked)}) if sensible else list(RADII)


def _within(miles: int) -> str:
    return gettext("%(miles)s miles", miles=miles)
