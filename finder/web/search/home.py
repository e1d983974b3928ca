"""The first page: the search, and what to do before it. Also what the search says when it cannot use a place."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from finder.directory.query import AmbiguousPlan
from finder.errors import InvalidRequest
from finder.http.services import services
from finder.places.errors import AmbiguousPlace, PlaceError, UnknownPlace
from finder.web.http.urls import RESULTS, Link, Pairs, address, changed
from finder.web.presentation.formats import word
from finder.web.presentation.plan_names import plan_name
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
    if isinstance(error, AmbiguousPlan):
        form.insurance.errors = [word(error.message())]
        return _page(form, unseen=_unseen(args), plans=_plans_meant(args, error))
    for field_error in error.errors:
        field = form[field_error.field] if field_error.field in QUESTIONS else form.near
        field.errors = [*field.errors, word(field_error.message)]
    return _page(form, unseen=_unseen(args))


def _page(
    form: SearchForm,
    offers: tuple[Link, ...] = (),
    unseen: Sequence[tuple[str, str]] = (),
    plans: tuple[Link, ...] = (),
) -> str:
    """Lay out the form; ``offers`` are places, and ``plans`` insurance plans, that may be meant."""
    return render_template(
        "search/home.html",
        form=form,
        goals_to_choose=_goals(request.args),
        offers=offers,
        plans=plans,
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


def _plans_meant(args: MultiDict[str, str], error: AmbiguousPlan) -> tuple[Link, ...]:
    """Return the plans that may be meant, each as a link to the same search with it."""
    others = [plan for plan in args.getlist("insurance") if plan != error.written]
    rest = changed(args, insurance=None)
    return tuple(
        Link(word(plan_name(plan)), address(RESULTS, [*rest, *(("insurance", one) for one in (*others, plan))]))
        for plan in error.choices
    )
