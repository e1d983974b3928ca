"""The first page: the search, and what to do before it. Also what the search says when it cannot use a place."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from finder.errors import InvalidRequest
from finder.http.services import services
from finder.places.errors import AmbiguousPlace, PlaceError, UnknownPlace
from finder.web.http.urls import RESULTS, Link, Pairs, address, changed
from finder.web.presentation.formats import word
from finder.web.search.forms import GOALS, SearchForm, search_form

blueprint = Blueprint("search", __name__)

QUESTIONS = ("q", "near", "insurance", "miles")
"""The questions of the first page; the others belong to the list, and are carried through unseen."""


@blueprint.get("/")
def home() -> str:
    """Show the search form, filled in from the address: what for, where, which insurance. Raises NothingPublished."""
    services().directory()  # no form where there is nobody to find
    return _page(search_form(request.args))


def ask_again(args: MultiDict[str, str], error: PlaceError | InvalidRequest) -> str:
    """Show the search form again with everything typed, errors at their fields, and the places that may be meant."""
    form = search_form(args)
    if isinstance(error, PlaceError):
        form.near.errors = [word(error.message())]
        return _page(form, _offers(args, error), _unseen(args))
    for field_error in error.errors:
        field = form[field_error.field] if field_error.field in QUESTIONS else form.near
        field.errors = [*field.errors, word(field_error.message)]
    return _page(form, unseen=_unseen(args))


def _page(form: SearchForm, offers: tuple[Link, ...] = (), unseen: Sequence[tuple[str, str]] = ()) -> str:
    return render_template(
        "search/home.html",
        form=form,
        goals_to_choose=_goals(request.args),
        offers=offers,
        unseen=unseen,
    )


def _goals(args: MultiDict[str, str]) -> tuple[Link, ...]:
    """Return each goal as a link that puts it into the need box and keeps the other arguments."""
    return tuple(Link(word(goal), address("search.home", changed(args, q=word(goal)))) for goal in GOALS)


def _unseen(args: MultiDict[str, str]) -> Pairs:
    """Return the arguments beside the questions of this page: other filters, and further values of a filter."""
    first = {name: args.get(name) for name in QUESTIONS}
    return [(name, value) for name, value in changed(args, lang=None, keep=None) if value and first.get(name) != value]


def _offers(args: MultiDict[str, str], error: PlaceError) -> tuple[Link, ...]:
    """Return the places that may be meant, each as a link to the same search there."""
    match error:
        case UnknownPlace(suggestions=places) | AmbiguousPlace(choices=places):
            return tuple(Link(place, address(RESULTS, changed(args, near=place))) for place in places)
    return ()
