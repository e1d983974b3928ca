"""Numbers that are none, or far too long: refused at their field, on every page, in every form, by every command."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.hard_numbers import HARD_NUMBERS
from tests.web.reading import parsed, some_npis
from tests.web.staff.office import Office

PAGES = (
    "/therapists?near=02139",
    "/therapists.csv?near=02139",
    "/compare?near=02139",
    "/shortlist",
    "/display",
    "/my-insurance?coverage=medigap",
)
"""Those of the estimates have a test of their own, ``estimates.test_hostile``, which sends these numbers too."""

ARGUMENTS = ("page", "miles", "near", "view", "my", "npis", "visits", "list")


def fields(html: str) -> set[str]:
    """Return the names of the fields of all forms of a page."""
    elements = (element for element in parsed(html).iter() if element.tag in {"input", "select", "textarea"})
    return {name for element in elements if (name := element.get("name"))}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_field_of_a_public_page_takes_or_refuses_a_hard_number(client: FlaskClient, page: str) -> None:
    path, given = urlsplit(page).path, dict(parse_qsl(urlsplit(page).query))
    answer = client.get(page)
    names = {*ARGUMENTS, *(fields(answer.text) if answer.mimetype == "text/html" else ())}
    for name, hard in zip(sorted(names), itertools.cycle(HARD_NUMBERS)):
        status = client.get(path, query_string={**given, name: hard}).status_code
        assert status in {200, 302, 400, 404}, (name, hard[:12])


@pytest.mark.parametrize("hard", HARD_NUMBERS)
def test_a_hard_number_is_refused_at_its_field(client: FlaskClient, hard: str) -> None:
    for address, name in (
        ("/therapists?near=02139", "page"),
        ("/therapists?near=02139", "miles"),
        ("/estimate?zip=43210", "deductible_left"),
        ("/estimate?zip=43210", "zip"),
        ("/estimate?zip=43210&visit=by_hand&services-0-code=97112", "services-0-units"),
        ("/estimate/course?zip=43210", "weeks"),
    ):
        given = dict(parse_qsl(urlsplit(address).query))
        more = {"deductible": "part"} if name == "deductible_left" else {}
        answer = client.get(urlsplit(address).path, query_string={**given, **more, name: hard})
        assert answer.status_code == 400, (address, name)


@pytest.mark.parametrize("hard", HARD_NUMBERS)
def test_a_hard_number_in_a_path_is_no_page(client: FlaskClient, hard: str) -> None:
    for path in ("/therapists/{}", "/therapists/{}/report", "/reports/{}", "/staff/drafts/{}", "/assets/{}/site.css"):
        assert client.get(path.format(hard)).status_code == 404


@pytest.mark.slow
def test_every_field_of_a_staff_page_takes_or_refuses_a_hard_number(app: Flask) -> None:
    office = Office(app)
    admin = office.add_logged_in("admin")
    npi = some_npis(app)[0]
    hard = itertools.cycle(HARD_NUMBERS)
    pages = ("audit", "drafts", "drafts/1", "drafts/1/notices", "records", f"records/{npi}", "queue", "reports", "rows")
    for page in (*pages, "upload", "accounts", "accounts/1", "suppressions", "me"):
        address = f"/staff/{page}"
        for name in sorted({*fields(admin.get(address).text), "page"} - {"csrf_token"}):
            value = next(hard)
            assert admin.get(address, query_string={name: value}).status_code in {200, 404}, (page, name)
            for target in (address, f"{address}/publish", f"{address}/call"):
                assert admin.send(target, {name: value}).status_code < 500, (target, name)
    assert office.account(admin).role == "admin"


def numbers_of(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    """Yield each parameter of a command, and of those below it, that is a number."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from numbers_of(below, (*path, name))
        return
    for parameter in command.params:
        if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
            yield path, parameter


def test_every_number_of_a_command_is_refused_as_wrong_usage(app: Flask) -> None:
    shell = app.test_cli_runner()
    found = list(numbers_of(app.cli))
    assert len(found) >= 6
    for path, parameter in found:
        for hard in ("9" * 5000, "NaN", "1e999999", "²"):
            given = [hard] if isinstance(parameter, click.Argument) else [parameter.opts[0], hard]
            answer = shell.invoke(args=[*path, *given])
            seed = parameter.name == "seed"  # of any size
            assert answer.exit_code == 2 or (seed and hard.isdecimal()), (path, parameter.name, hard[:9], answer.output)
