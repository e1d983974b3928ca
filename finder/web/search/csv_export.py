"""The list that a search finds as a table for a spreadsheet: a row a listing, each fact with its source and date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from finder.directory.provider import Listing, Sourced
from finder.directory.query import Query
from finder.directory.search import Directory
from finder.directory.vocabulary.offers import answer_at, offers
from finder.errors import InvalidRequest
from finder.http.services import services
from finder.places.errors import PlaceError
from finder.spreadsheet import spreadsheet_csv
from finder.web.http.language import gettext
from finder.web.presentation.formats import phone, source_name, word
from finder.web.presentation.plan_names import plan_name
from finder.web.prices import card_price
from finder.web.search.cards import Card, Proof, card
from finder.web.search.filters import ENTITIES
from finder.web.search.home import ask_again
from finder.web.search.results_page import USUAL_PLAN
from finder.web.search.search_args import query_of

blueprint = Blueprint("csv_out", __name__)

MOST_ROWS = 1_000
"""Rows of one table; who wants the whole dataset asks the people who run the site for it."""

_ROWS_AT_ONCE = 100


@blueprint.get("/therapists.csv")
def results() -> ResponseReturnValue:
    """Send what a search finds as CSV, in its order, row by row as it is read."""
    try:
        query = query_of(request.args)
    except (PlaceError, InvalidRequest) as error:
        return ask_again(request.args, error), 400
    rows = table(services().directory(), query, services().today())
    response = Response(cast(Iterator[str], stream_with_context(spreadsheet_csv(rows))), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=therapists.csv"
    return response


def table(directory: Directory, query: Query, today: date) -> Iterator[Sequence[str]]:
    """Return the header and then the rows of a search, at most ``MOST_ROWS``."""
    plans = query.insurance or (USUAL_PLAN,)
    yield header(plans, query.every_offer)
    for number in range(1, MOST_ROWS // _ROWS_AT_ONCE + 1):
        page = replace(query, page=number, per_page=_ROWS_AT_ONCE)
        found = directory.search(page, card_price.cost_of(today))
        for listing in found.listings:
            listed_card = card(listing, plans=plans, offers_wanted=query.every_offer, origin=query.origin, today=today)
            yield row(listing, listed_card, query.every_offer)
        if number >= found.pages:
            return


def header(plans: Sequence[str], offered: Sequence[str]) -> list[str]:
    """Return the names of the columns in the language of the page; ``offered`` are the offers of the search."""
    source, day = gettext("Source"), gettext("Date")
    names = [
        gettext("Name"), gettext("Credentials"), gettext("Therapist or clinic"), gettext("NPI"),
        gettext("Place"), gettext("Street"), gettext("City"), gettext("State"), gettext("ZIP code"),
        *_sourced(gettext("Address"), source, day),
        gettext("Phone"), *_sourced(gettext("Phone"), source, day),
        gettext("Miles"),
        gettext("Best evidence"), *_sourced(gettext("Best evidence"), source, day), gettext("Other evidence"),
    ]  # fmt: skip
    for name in [*(word(plan_name(plan)) for plan in plans), *(word(offers()[value].name) for value in offered)]:
        names += [name, *_sourced(name, source, day)]
    least = gettext("The least that you may pay for a follow-up visit, US dollars")
    return [*names, least, gettext("The most that you may pay for a follow-up visit, US dollars")]


def row(listing: Listing, listed_card: Card, offered: Sequence[str]) -> list[str]:
    """Return the cells of a listing. Money and miles are bare figures and dates are ISO, for spreadsheets."""
    provider, place = listing.provider, listing.location
    facts = [answer_at(provider.facts, offers()[value].fact, place.location_key) for value in offered]
    best, others = listed_card.evidence[:1], listed_card.evidence[1:]
    return [
        provider.name, provider.credentials, word(ENTITIES[provider.entity]), provider.npi,
        place.name, place.street, place.city, place.state, place.zip[:5],
        source_name(place.address.source), place.address.iso_date,
        phone(place.phone, place.phone_extension) if place.phone else "",
        source_name(place.phone_origin.source) if place.phone_origin else "",
        place.phone_origin.iso_date if place.phone_origin else "",
        "" if listing.distance_miles is None else f"{listing.distance_miles:.1f}",
        *(_proof(best[0]) if best else ("", "", "")), "; ".join(_with_source(proof) for proof in others),
        *(cell for answer in listed_card.insurance for cell in _answer_cells(answer.status, answer.sourced)),
        *(cell for fact in facts for cell in _answer_cells(fact.value if fact else "", fact)),
        *_bounds(listed_card.cost),
    ]  # fmt: skip


def _sourced(name: str, source: str, day: str) -> tuple[str, str]:
    return f"{name}: {source}", f"{name}: {day}"


def _bounds(cost: card_price.Price | None) -> tuple[str, str]:
    """Write the least and the most that a visit costs; empty where nobody knows."""
    low, high = (cost and cost.bounds) or (None, None)
    return "" if low is None else f"{low}", "" if high is None else f"{high}"


def _proof(proof: Proof) -> tuple[str, str, str]:
    return word(proof.words), source_name(proof.source), proof.iso_date


def _with_source(proof: Proof) -> str:
    words, *origin = _proof(proof)
    return f"{words} ({', '.join(filter(None, origin))})"


def _answer_cells(answer: str, sourced: Sourced | None) -> tuple[str, str, str]:
    """Return the cells of an answer with its source; what is neither yes nor no is "ask"."""
    words = {"yes": gettext("Yes"), "no": gettext("No")}.get(answer, gettext("Ask"))
    return (words, source_name(sourced.source), sourced.iso_date) if sourced else (words, "", "")
