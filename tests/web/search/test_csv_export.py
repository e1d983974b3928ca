"""The CSV of results: every row of the search, with sources and dates, and no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.directory.query import Query
from finder.directory.search import Directory
from finder.spreadsheet import spreadsheet_csv
from finder.web.search import csv_export
from finder.web.search.cards import card
from finder.web.search.csv_export import row, table
from tests.conftest import TODAY
from tests.web import listings


def read(text: str) -> list[dict[str, str]]:
    """Read a table as a spreadsheet does."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def download(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """Fetch a table."""
    response = client.get(f"/therapists.csv?{query}")
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == "attachment; filename=therapists.csv"
    return read(response.get_data(as_text=True))


def test_the_rows_are_all_that_the_search_finds_in_its_order(client: FlaskClient, sample_app: Flask) -> None:
    rows = download(client, "near=02139&miles=100&sort=name&page=3")
    heading = client.get("/therapists?near=02139&miles=100").text.split("listings (")[0].rsplit(">", 1)[-1]
    assert len(rows) == int(heading.strip().replace(",", ""))
    assert len(rows) > 100
    assert len({(one["NPI"], one["Street"]) for one in rows}) == len(rows)


def test_each_fact_has_its_source_and_date_in_columns(client: FlaskClient) -> None:
    for one in download(client, "near=02139&insurance=medicare&insurance=medicaid"):
        assert one["Address: Source"] == "made-up sample data"
        assert one["Address: Date"][:2] == "20"
        assert one["Best evidence"]
        assert one["Best evidence: Source"]
        assert "Yes" in (answers := {one["Medicare"], one["Medicaid"]}) or "Ask" in answers
        assert answers <= {"Yes", "No", "Ask"}
        assert bool(one["Medicaid: Source"]) == bool(one["Medicaid: Date"])
        assert float(one["Miles"]) <= 25
        assert one["ZIP code"][0] == "0"
        most = one["The most that you may pay for a follow-up visit, US dollars"]
        assert not most if one["Medicare"] == "No" else float(most) > 0


def test_requested_offers_have_a_column_and_unknown_is_not_no(client: FlaskClient) -> None:
    rows = download(client, "near=02139&miles=100&offers=aquatic&offers=telehealth")
    assert rows
    assert {one["Therapy in water"] for one in rows} == {"Yes"}
    assert {one["Therapy in water: Source"] for one in rows} == {"made-up sample data"}
    assert {one["Therapy in water: Date"][:2] for one in rows} == {"20"}
    assert {(one["Visits by video"], one["Visits by video: Source"]) for one in rows} == {("Ask", "")}
    assert "Therapy in water" not in download(client, "near=02139")[0]


def test_the_table_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert len(download(client, "near=02139&lang=es")) == len(download(client, "near=02139&lang=en"))


def test_an_invalid_search_shows_the_form_with_errors(client: FlaskClient) -> None:
    response = client.get("/therapists.csv?near=zzzz")
    assert response.status_code == 400
    assert "We do not know that place" in response.text


def test_no_result_is_a_table_with_a_header_only(client: FlaskClient) -> None:
    assert download(client, "near=99723&miles=5") == []


def test_a_table_has_a_limited_number_of_rows(sample_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_export, "MOST_ROWS", 200)
    with sample_app.test_request_context():
        directory: Directory = sample_app.extensions["finder"].directory()
        assert len(directory) > 200
        assert len(list(table(directory, Query(), TODAY))) == 1 + 200


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+1", "-1", "@SUM(1)", "\tx", "\rx"])
def test_no_name_becomes_a_formula(sample_app: Flask, name: str) -> None:
    provider = replace(listings.provider(), name=name)
    with sample_app.test_request_context():
        listing = listings.listing(provider)
        cells = row(listing, card(listing, plans=("medicare",), origin=None, today=TODAY), ())
        text = "".join(spreadsheet_csv(iter([cells])))
    (read_back,) = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert read_back[0] == f"'{name}"


def test_commas_quotes_and_line_ends_stay_in_their_cell() -> None:
    cells = ['A "B", C', "two\r\nlines", "Peña"]

    def rows() -> Iterator[list[str]]:
        yield cells

    (read_back,) = csv.reader(io.StringIO("".join(spreadsheet_csv(rows())).removeprefix("\ufeff"), newline=""))
    assert read_back == cells
