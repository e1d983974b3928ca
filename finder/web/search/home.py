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

ASKED = ("q", "near", "insurance", "miles")
"""The questions of the first page; the others belong to the list, and are carried through unseen."""


@blueprint.get("/")
def home() -> str:
    """Ask what for, where and which insurance. Answers in the address are there already."""
    return _page(search_form(request.args))


def refused(asked: MultiDict[str, str], error: PlaceError | InvalidRequest) -> str:
    """Show the search again: all that was typed, what is wrong at its field, and the places that may be meant."""
    form = search_form(asked)
    if isinstance(error, PlaceError):
        form.near.errors = [word(error.message())]
        return _page(form, _offers(asked, error), _unseen(asked))
    for wrong in error.errors:
        field = form[wrong.field] if wrong.field in ASKED else form.near
        field.errors = [*field.errors, word(wrong.message)]
    return _page(form, unseen=_unseen(asked))


def _page(form: SearchForm, offers: tuple[Link, ...] = (), unseen: Sequence[tuple[str, str]] = ()) -> str:
    return render_template(
        "search/home.html",
        form=form,
        goals_to_choose=_goals(request.args),
        offers=offers,
        unseen=unseen,
        sample=services().directory().release.is_sample,
    )


def _goals(asked: MultiDict[str, str]) -> tuple[Link, ...]:
    """Give each goal as a link that puts it into the box, with all else that was asked."""
    return tuple(Link(word(goal), address("search.home", changed(asked, q=word(goal)))) for goal in GOALS)


def _unseen(asked: MultiDict[str, str]) -> Pairs:
    """Give what was asked beside the questions of this page: other filters, and what a filter has more than once."""
    first = {name: asked.get(name) for name in ASKED}
    return [(name, value) for name, value in changed(asked, lang=None, keep=None) if value and first.get(name) != value]


def _offers(asked: MultiDict[str, str], error: PlaceError) -> tuple[Link, ...]:
    """Give the places that may be meant, each as a link to the same search there."""
    match error:
        case UnknownPlace(suggestions=places) | AmbiguousPlace(choices=places):
            return tuple(Link(place, address(RESULTS, changed(asked, near=place))) for place in places)
    return ()
