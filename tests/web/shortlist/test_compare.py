"""The comparison of up to four listings, fact by fact, as an accessible table."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient

from tests.web.documents import argument, links, npis, page
from tests.web.reading import text_of


def columns(document: Element) -> list[str]:
    """Return the names above the columns."""
    return [text_of(cell) for cell in document.iter("th") if cell.get("scope") == "col"]


def rows(document: Element) -> dict[str, list[str]]:
    """Return the cells of each row by its heading."""
    found = {}
    for row in document.iter("tr"):
        heading = next((text_of(cell) for cell in row.iter("th") if cell.get("scope") == "row"), None)
        if heading:
            found[heading] = [text_of(cell) for cell in row.iter("td")]
    return found


def test_each_fact_has_a_row_and_each_listing_a_column(client: FlaskClient) -> None:
    document = page(client, f"/compare?npis={','.join(npis(client, 3))}&near=02139&insurance=medicaid")
    facts = rows(document)
    assert len(columns(document)) == 3
    assert {len(cells) for cells in facts.values()} == {3}
    assert all("miles from the center of 02139" in cell for cell in facts["How far"])
    assert all("Medicaid" in cell for cell in facts["Insurance"])
    assert all("Source:" in cell for cell in facts["Proof of their field"] + facts["How fresh this is"])
    assert all("About $" in cell for cell in facts["Cost of a follow-up visit"])
    assert all("Call (" in cell for cell in facts["Telephone"])


def test_four_listings_are_compared_and_the_others_counted(client: FlaskClient) -> None:
    document = page(client, f"/compare?npis={','.join(npis(client, 6))}")
    assert len(columns(document)) == 4
    assert "2 more are on your list." in text_of(document)


def test_without_a_choice_the_list_is_compared(client: FlaskClient) -> None:
    document = page(client, f"/compare?keep={','.join(npis(client, 2))}")
    assert len(columns(document)) == 2


def test_a_listing_can_leave_the_comparison_and_stays_on_the_list(client: FlaskClient) -> None:
    first, second, third = npis(client, 3)
    document = page(client, f"/compare?npis={first},{second},{third}&near=02139")
    without = links(document, "Leave out")[1]
    assert argument(without, "npis") == [f"{first},{third}"]
    assert argument(without, "keep") == [f"{first},{second},{third}"]
    assert argument(without, "near") == ["02139"]
    fewer = page(client, without)
    assert len(columns(fewer)) == 2
    assert links(fewer, "My list (3)")


def test_the_list_leads_to_the_comparison(client: FlaskClient) -> None:
    few = page(client, f"/shortlist?npis={','.join(npis(client, 4))}")
    (address,) = links(few, "Compare side by side")
    assert len(columns(page(client, address))) == 4
    assert links(page(client, f"/shortlist?npis={npis(client, 1)[0]}"), "Compare side by side") == []


def test_of_a_long_list_four_are_chosen(client: FlaskClient) -> None:
    several = npis(client, 6)
    document = page(client, f"/shortlist?npis={','.join(several)}&near=02139")
    (form,) = [form for form in document.iter("form") if form.get("action", "").startswith("/compare")]
    boxes = [box.get("value") for box in form.iter("input") if box.get("type") == "checkbox"]
    assert boxes == several
    hidden = {box.get("name"): box.get("value") for box in form.iter("input") if box.get("type") == "hidden"}
    assert hidden == {"keep": ",".join(several), "near": "02139"}
    chosen = page(client, f"/compare?npis={several[4]}&npis={several[5]}&keep={','.join(several)}")
    assert len(columns(chosen)) == 2


def test_nothing_to_compare_says_what_to_do(client: FlaskClient) -> None:
    for address in ("/compare", "/compare?npis=1234567890", "/compare?npis=x"):
        document = page(client, address)
        assert text_of(next(document.iter("h1"))) == "Nothing to compare yet"
        assert [urlsplit(one).path for one in links(document, "Find therapists")] == ["/"]
