"""The list of therapists that a search finds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from finder.errors import InvalidRequest
from finder.http.services import services
from finder.places.errors import PlaceError
from finder.web.http.urls import RESULTS, address, carried, changed, shared
from finder.web.prices import card_price
from finder.web.prices.insurance_answers import ARGUMENT, visitor_answers, write_answers
from finder.web.prices.views import answers_in_words
from finder.web.search.forms import search_form
from finder.web.search.home import ask_again
from finder.web.search.no_results import no_results
from finder.web.search.results_page import results_page
from finder.web.search.search_args import query_of

blueprint = Blueprint("therapists", __name__)


@blueprint.get("/therapists")
def results() -> str | tuple[str, int]:
    """Show the listings that a search finds; an invalid search is asked again, with the reason."""
    directory, args = services().directory(), request.args
    try:
        query = query_of(args)
    except (PlaceError, InvalidRequest) as error:
        return ask_again(args, error), 400
    today = services().today()
    found = directory.search(query, card_price.cost_of(today))
    return render_template(
        "therapists/results.html",
        form=search_form(args),
        results=results_page(query, found, args, today),
        **_about_prices(args),
        no_results=no_results(directory, query, args, today) if found.total == 0 else None,
    )


def _about_prices(args: MultiDict[str, str]) -> dict[str, Any]:
    """Say whose prices the cards show, how to go back to the usual ones, and the links of the list to send to others.

    The reader's own answers are in the second link alone, for who asks for it.
    """
    answers = visitor_answers()
    plain = changed(args, **dict.fromkeys(name for name, _ in carried()))
    return {
        "answers": answers_in_words(answers) if answers else (),
        "forget": address(RESULTS, changed(args, **{ARGUMENT: None})),
        "link": shared(RESULTS, plain),
        "link_with_answers": shared(RESULTS, [*plain, (ARGUMENT, write_answers(answers))]) if answers else "",
    }
