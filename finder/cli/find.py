"""``find``: search the published directory from the command line, as a table or as JSON."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Table
from rich.text import Text
from werkzeug.datastructures import MultiDict

from finder.cli.refusals import refusing
from finder.directory.plans.answers import answer_for
from finder.directory.plans.plans import Plans
from finder.directory.provider import Evidence, Listing
from finder.directory.query import ENTITIES, SORTS, AmbiguousPlan, InsuranceFilter, Query, parse_query
from finder.directory.search import Directory, SearchResult, provider_json, to_json
from finder.directory.vocabulary.offers import offered_at, offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import GENERAL, evidence_names, specialties, specialty_values
from finder.errors import FieldError, FinderError, InvalidRequest
from finder.http.services import services
from finder.i18n import word
from finder.places.origin import Origin

COLUMNS = ("Miles", "Name", "Evidence", "Practice", "Phone", "Insurance")

MOST_PLANS_NAMED = 50
"""Plans that an error names; there may be thousands."""

NARROWEST_TABLE = 110
"""Width of a table that is not written to a terminal."""


class NotListed(FinderError):
    """Nobody with this NPI is listed here."""


@click.command("find")
@click.option("--near", default="", help='ZIP code, "City, ST", city, county, state, or "latitude,longitude".')
@click.option("--miles", default="", metavar="MILES", help="Radius, 5 to 100.  [default: 25; a state has none]")
@click.option("--specialty", multiple=True, metavar="VALUE", help="Any of: " + ", ".join(specialty_values()) + ".")
@click.option(
    "--insurance",
    multiple=True,
    metavar="PLAN",
    help="Any of: " + ", ".join(payers()) + ", or a plan, network or issuer.",
)
@click.option("--include-unknown", is_flag=True, help="Also list, after the others, whoever has to be asked.")
@click.option("--offers", "offered", multiple=True, metavar="VALUE", help="Any of: " + ", ".join(offers()) + ".")
@click.option("--name", default="", help="Words of a person's or a clinic's name.")
@click.option("--npi", default="", help="The therapist or clinic with this number, with everything about insurance.")
@click.option("--entity", type=click.Choice(ENTITIES), help="Therapists or clinics only.")
@click.option("--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True)
@click.option("--page", default="1", show_default=True, metavar="NUMBER")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
@refusing
def find_command(
    near: str,
    miles: str,
    specialty: tuple[str, ...],
    insurance: tuple[str, ...],
    include_unknown: bool,
    offered: tuple[str, ...],
    name: str,
    npi: str,
    entity: str | None,
    sort: str,
    page: str,
    as_json: bool,
) -> None:
    """Find physical therapists and clinics near a place."""
    directory = services().directory()
    if npi:
        _show_provider(directory, npi, as_json=as_json)
        return
    search_args: MultiDict[str, str] = MultiDict(
        [("near", near), ("miles", miles), ("name", name), ("entity", entity or ""), ("sort", sort), ("page", page)]
    )
    search_args.setlist("specialty", list(specialty))
    search_args.setlist("insurance", list(insurance))
    search_args.setlist("offers", list(offered))
    query = _query(search_args, directory, include_unknown=include_unknown)
    result = directory.search(query, services().prices.of(None, services().today()).most)
    if as_json:
        click.echo(json.dumps(to_json(result, _label(result.query.origin), directory.plans), ensure_ascii=False))
    else:
        _show(result, directory.plans, sample=directory.release.is_sample)


def _query(search_args: MultiDict[str, str], directory: Directory, *, include_unknown: bool) -> Query:
    """Read the options as the pages read a search. Raises InvalidRequest with the possible choices."""
    status: InsuranceFilter = "yes_or_unknown" if include_unknown else "yes"
    try:
        return parse_query(search_args, services().gazetteer, directory.plans, insurance_status=status)
    except AmbiguousPlan as ambiguous:
        meant = ", ".join(f"{plan} ({word(directory.plans.name(plan))})" for plan in ambiguous.choices)
        raise InvalidRequest([FieldError("insurance", f"{ambiguous.message()} {meant}.")]) from ambiguous
    except InvalidRequest as invalid:
        plans = (*payers(), *directory.plans.choices[:MOST_PLANS_NAMED])
        choices = {"specialty": specialty_values(), "insurance": plans, "offers": tuple(offers())}
        raise InvalidRequest(
            [
                FieldError(error.field, f"{word(error.message)} {', '.join(choices[error.field])}.")
                if error.field in choices
                else error
                for error in invalid.errors
            ]
        ) from invalid


def _show_provider(directory: Directory, npi: str, *, as_json: bool) -> None:
    """Show every listing of one provider. Raises NotListed."""
    listings = directory.listings_of(npi)
    if not listings:
        raise NotListed
    if as_json:
        click.echo(json.dumps(provider_json(listings, directory.plans), ensure_ascii=False))
        return
    for listing in listings:
        for cell in filter(None, _cells(listing, Query(), directory.plans)):
            click.echo(cell)
        click.echo()


def _label(origin: Origin | None) -> str:
    return word(origin.label) if origin else "anywhere"


def _show(result: SearchResult, plans: Plans, *, sample: bool) -> None:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST_TABLE)
    if sample:
        console.print("Sample data: these people and clinics are made up.")
    console.print(_heading(result))
    if not result.listings:
        return
    table = Table(box=None, pad_edge=False)
    for column in (*COLUMNS, "Offers") if result.query.offers else COLUMNS:
        table.add_column(column, justify="right" if column == "Miles" else "left", overflow="fold")
    for listing in result.listings:
        table.add_row(*(Text(cell) for cell in _cells(listing, result.query, plans)))
    console.print(table)
    if result.pages > 1:
        console.print(f"Page {result.page} of {result.pages}.")


def _heading(result: SearchResult) -> str:
    """Return the heading: what was found, and the origin of distances."""
    query = result.query
    place = _label(query.origin)
    if query.origin and query.origin.point:
        place = f"within {query.radius_miles:g} miles of the {place}"
    elif query.origin:
        place = f"in {place}"
    listings, therapists, clinics = (
        f"{count:,} {noun if count == 1 else noun + 's'}"
        for count, noun in ((result.total, "listing"), (result.therapists, "therapist"), (result.clinics, "clinic"))
    )
    return f"{listings} ({therapists}, {clinics}) {place}"


def _cells(listing: Listing, query: Query, plans: Plans) -> tuple[str, ...]:
    provider, location = listing.provider, listing.location
    special = [one for one in provider.evidence if one.facet != GENERAL] or provider.evidence
    plan_keys = query.insurance or tuple(answer.plan for answer in listing.insurance)
    answers = {plan: answer_for(plan, listing.insurance, plans) for plan in plan_keys}
    cells = (
        "" if listing.distance_miles is None else f"{listing.distance_miles:.1f}",
        ", ".join(filter(None, [provider.name, provider.credentials])),
        "\n".join(dict.fromkeys(_evidence(one) for one in special)),
        ", ".join(filter(None, [location.name, location.street, location.city, f"{location.state} {location.zip}"])),
        location.phone,
        "\n".join(f"{plans.name(plan)}: {found.status if found else 'unknown'}" for plan, found in answers.items()),
    )
    if not query.offers:
        return cells
    clear = offered_at(provider.facts, location.location_key)
    return (*cells, "\n".join(offers()[value].name for value in clear if value in query.offers))


def _evidence(evidence: Evidence) -> str:
    known = specialties().get(evidence.facet)
    name = known.name.partition(":")[0] if known else evidence.facet
    return f"{name}: {evidence_names()[evidence.kind]}"
