"""The same visit side by side, as a page (the amounts: tests/coverage/billing/test_side_by_side.py)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.reading import parsed, text_of
from tests.web.validity import page_faults

VISIT = {"zip": "43210", "date": "2026-10-05", "codes": "97112", "deductible": "met"}


def rows(client: FlaskClient, **changes: str) -> list[str]:
    """Return the rows of the table as text."""
    response = client.get("/fees/settings", query_string=VISIT | changes)
    assert page_faults(response, "en") == []
    assert response.status_code == 200, text_of(parsed(response.text))
    return [text_of(row) for table in parsed(response.text).iter("table") for row in table.iter("tr")][1:]


def test_every_place_has_its_amounts_and_the_reason(client: FlaskClient) -> None:
    found = rows(client, charge="$100")
    assert len(found) == 6
    assert found[0].endswith("You pay 20% of it, once the deductible is paid. $31.37 $6.27 $25.10 –")
    assert found[2].endswith("$29.80 $10.43 $23.84 $4.16")
    assert found[3].endswith("by the same fee schedule as a private practice. $31.37 $6.27 $25.10 $0.00")
    assert "(CORF)" in found[4]
    assert "You pay 20% of what it charges. $100.00 $20.00" in found[5]


def test_without_its_charge_a_critical_access_hospital_has_no_figure(client: FlaskClient) -> None:
    assert rows(client)[5].endswith("No figure: ask for its charge. not known not known not known not known")


def test_a_usual_visit_can_be_chosen(client: FlaskClient) -> None:
    # a follow-up visit in Ohio: 20% of 103.35 (tests/web/estimates/test_views.py)
    assert "$103.35 $20.67" in rows(client, codes="", visit="follow_up")[0]


def test_before_anything_is_asked_there_is_the_form(client: FlaskClient) -> None:
    page = client.get("/fees/settings").text
    assert "<table" not in page
    assert "paid by one fee schedule" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zip": ""}, "ZIP code of the place of care: This is needed."),
        ({"date": "2020-01-01"}, "Day of the visit: We do not have the 2020 amounts."),
        ({"codes": "97112**2"}, "Or its codes: Write each code with its units"),
        ({"codes": "12345"}, "Or its codes: We do not know this therapy code."),
        ({"codes": "", "visit": "moon"}, "What kind of visit? Choose one of these."),
        ({"deductible": "part"}, "Only if you had paid part of it: how much was left?"),
        ({"charge": "x"}, "What does a critical access hospital charge for the visit?"),
    ],
)
def test_what_is_wrong_is_said_at_its_question(client: FlaskClient, changes: dict[str, str], sentence: str) -> None:
    response = client.get("/fees/settings", query_string=VISIT | changes)
    assert response.status_code == 400
    assert page_faults(response, "en") == []
    assert sentence in text_of(parsed(response.text))
