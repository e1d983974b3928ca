"""The pages of costs as a test asks for them: a visit, a course of care, their tables."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO

from flask.testing import FlaskClient

from tests.web.reading import parsed, text_of

MONDAY = date(2026, 1, 5)

COURSE = {
    "zip": "",
    "visit": "known_amount",
    "fee": "120",
    "plan": "dates",
    "participation": "participating",
    "deductible": "met",
}
"""Visits for which Medicare approves $120, by a participating therapist, with the deductible met."""


def days(count: int, *, first: date = MONDAY) -> str:
    """Return so many days, three apart."""
    return " ".join(f"{first + timedelta(days=3 * number)}" for number in range(count))


def course(client: FlaskClient, count: int, **changes: str) -> str:
    """Ask for so many visits; give the text of the page."""
    response = client.get(
        "/estimate/course", query_string={**COURSE, "dates": days(count), **changes}, follow_redirects=True
    )
    assert response.status_code == 200, text_of(parsed(response.text))
    return text_of(parsed(response.text))


def visit(client: FlaskClient, **changes: str) -> str:
    """Ask for one visit; give the text of the page."""
    args = {"zip": "", "date": "2026-10-05", "visit": "known_amount", "fee": "120", "deductible": "met"}
    response = client.get(
        "/estimate", query_string={**args, "participation": "participating", **changes}, follow_redirects=True
    )
    assert response.status_code == 200, text_of(parsed(response.text))
    return text_of(parsed(response.text))


def visits_of(client: FlaskClient, **args: str) -> list[list[str]]:
    """Return the rows of the table of visits, cell by cell."""
    document = parsed(client.get("/estimate/course", query_string={**COURSE, **args}, follow_redirects=True).text)
    table = next(one for one in document.iter("table") if "visits" in (one.get("class") or ""))
    return [[text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]


def table_of(client: FlaskClient, **args: str) -> list[dict[str, str]]:
    """Return the rows of the table for a spreadsheet."""
    response = client.get("/estimate/course.csv", query_string={**COURSE, **args})
    return list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff"))))
