"""The printed sheets: the script with the plan, space to write, the cautions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.directory.provider import Evidence, Insurance, PracticeLocation, Provider, Sourced
from finder.places.point import Point
from finder.records.casework.reports import ReportKind, add_report
from finder.web.profile.printed_sheets import sheet
from tests.web.reading import parsed, prose, some_npis, text_of

TODAY = date(2026, 11, 20)
SOURCE = {"source": "sample", "as_of": date(2026, 11, 1)}


def location(key: str) -> PracticeLocation:
    return PracticeLocation(
        location_key=key,
        name="Riverside Rehab",
        street=f"{key} Main St",
        city="Cambridge",
        state="MA",
        zip="02139",
        phone="6175550101",
        phone_extension="",
        point=Point(latitude=42.36, longitude=-71.1),
        geocode_source="zipcodes",
        address=Sourced(source="sample", as_of=date(2026, 11, 1)),
        phone_origin=None,
    )


def provider(*insurance: Insurance, places: int = 1) -> Provider:
    return Provider(
        npi="2000000001",
        entity="individual",
        name="Alex Sample",
        credentials="PT, NCS",
        name_origin=Sourced(source="sample", as_of=date(2026, 11, 1)),
        credentials_origin=None,
        evidence=(Evidence(facet="neurologic", kind="board_certified", detail="NCS", source="sample", as_of=TODAY),),
        insurance=insurance,
        locations=tuple(location(str(number)) for number in range(1, places + 1)),
        facts=(),
    )


def insurance(plan: str, status: str, location_key: str = "") -> Insurance:
    return Insurance(plan=plan, status=status, location_key=location_key, source="sample", as_of=TODAY)  # type: ignore[arg-type]


@pytest.fixture
def published(sample_app: Flask) -> Iterator[None]:
    """The published sample at hand, as in a request: it says what plans are called."""
    with sample_app.app_context():
        yield


@pytest.fixture
def npi(client: FlaskClient) -> str:
    return some_npis(client.application)[0]


def test_the_script_asks_for_this_plan_by_name(client: FlaskClient, npi: str) -> None:
    text = prose(client.get(f"/therapists/{npi}/call-sheet?plan=tricare").text)
    assert any("“Do you take TRICARE?”" in line for line in text)
    assert any("Do you treat neuropathy?" in line for line in text)
    assert any("Are you taking new patients?" in line for line in text)
    assert not any("accept assignment" in line for line in text)


def test_with_medicare_the_script_asks_for_assignment(client: FlaskClient, npi: str) -> None:
    assert "Do you accept assignment?" in client.get(f"/therapists/{npi}/call-sheet?plan=medicare").text


@pytest.mark.parametrize("plan", ["", "no-such-plan", "<script>alert(1)</script>", "medicare'--"])
def test_without_a_plan_that_we_know_the_name_is_written_by_hand(client: FlaskClient, npi: str, plan: str) -> None:
    page = client.get(f"/therapists/{npi}/call-sheet", query_string={"plan": plan})
    assert page.status_code == 200
    assert "My plan:" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("name", ["call-sheet", "doctor-sheet"])
def test_a_sheet_has_the_cautions_one_heading_the_day_and_the_number(client: FlaskClient, npi: str, name: str) -> None:
    page = client.get(f"/therapists/{npi}/{name}")
    text = " ".join(prose(page.text))
    assert len(list(parsed(page.text).iter("h1"))) == 1
    for caution in ("Ask your doctor first.", "Never work through pain.", "A little is a lot.", "Too much does harm."):
        assert caution in text
    assert "Made on November 20, 2026" in text
    assert f"National provider number (NPI): {npi}." in text
    assert "Sample data." in text_of(parsed(page.text))


def test_the_doctor_sheet_asks_whether_therapy_is_safe_and_promises_nothing(client: FlaskClient, npi: str) -> None:
    text = " ".join(prose(client.get(f"/therapists/{npi}/doctor-sheet").text))
    assert "Is physical therapy safe for me now?" in text
    assert "physical therapy does not cure neuropathy" in text
    assert "My type of neuropathy, if I know it:" in text


SEARCH = "near=02139&miles=50&q=numb+feet&insurance=va&page=2"
LINKS = ["Sheet for the call", "Sheet for my doctor", "Sheet for the call here"]


@pytest.mark.parametrize("words", LINKS)
@pytest.mark.parametrize("carried", ["", "&cover=c-medicare~d-met&lang=en&keep=2000000001"])
def test_a_sheet_leads_back_to_the_therapist_with_the_search_that_led_there(
    client: FlaskClient, words: str, carried: str
) -> None:
    listed = client.get(f"/therapists?{SEARCH}{carried}").text
    therapist = next(link for link in links(listed) if re.match(r"/therapists/[0-9]{10}\?", link))
    at_first = client.get(therapist).text
    called = client.get(link_named(at_first, words)).text
    (crumb,) = [link for link in links(called) if link.startswith(therapist.partition("?")[0] + "?")][:1]
    assert search_args(crumb) == search_args(therapist) == search_args(f"?{SEARCH}{carried}")
    again = client.get(crumb).text
    assert link_named(again, "Back to the list") == link_named(at_first, "Back to the list")
    assert "50 miles" in again or "miles from the center of 02139" in again


def test_the_search_stays_when_a_plan_is_put_in_and_the_language_changes(client: FlaskClient, npi: str) -> None:
    page = parsed(client.get(f"/therapists/{npi}/call-sheet?{SEARCH}&plan=va&location=x").text)
    form = next(form for form in page.iter("form") if "plan-form" in (form.get("class") or ""))
    hidden = [(str(one.get("name")), str(one.get("value"))) for one in form.iter("input")]
    assert sorted(hidden) == sorted([*parse_qsl(SEARCH), ("location", "x")])
    spanish = next(str(one.get("href")) for one in page.iter("a") if one.get("lang") == "es")
    crumb = next(link for link in links(client.get(spanish).text) if link.startswith(f"/therapists/{npi}?"))
    assert {"near": "02139", "miles": "50", "q": "numb feet", "insurance": "va", "lang": "es"}.items() <= dict(
        parse_qsl(crumb.partition("?")[2])
    ).items()


def test_insurance_answers_that_were_left_out_of_a_link_stay_out(client: FlaskClient, npi: str) -> None:
    shared = parsed(client.get(f"/therapists?{SEARCH}&cover=c-medicare~d-met").text)
    sent = next(text_of(one) for one in shared.iter("p") if one.get("class") == "share-address")
    assert "near=02139" in sent
    pages = [client.get(sent).text, client.get(f"/therapists/{npi}?{SEARCH}").text]
    pages += [client.get(link_named(pages[1], words)).text for words in LINKS]
    assert not [link for text in pages for link in links(text) if "cover=" in link]


def test_without_a_search_the_sheet_leads_back_to_the_therapist_alone(client: FlaskClient, npi: str) -> None:
    assert f"/therapists/{npi}" in links(client.get(f"/therapists/{npi}/call-sheet?plan=va").text)


def links(text: str) -> list[str]:
    return [str(link.get("href")) for link in parsed(text).iter("a")]


def link_named(text: str, words: str) -> str:
    return next(
        str(link.get("href")) for link in parsed(text).iter("a") if text_of(link).partition(":")[0].strip() == words
    )


def search_args(link: str) -> list[tuple[str, str]]:
    return sorted(parse_qsl(link.partition("?")[2]))


@pytest.mark.parametrize("name", ["call-sheet", "doctor-sheet"])
def test_a_sheet_of_an_unknown_npi_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/therapists/2999999999/{name}").status_code == 404


def test_the_large_print_is_linked(client: FlaskClient, npi: str) -> None:
    page = parsed(client.get(f"/therapists/{npi}/call-sheet").text)
    styles = [str(link.get("href")) for link in page.iter("link") if link.get("rel") == "stylesheet"]
    assert any(style.endswith("/sheet.css") for style in styles)
    assert all(client.get(style).status_code == 200 for style in styles)


@pytest.mark.usefixtures("published")
def test_the_answer_of_the_plan_is_that_of_the_location() -> None:
    someone = provider(insurance("medicare", "no"), insurance("medicare", "yes", "2"), places=2)
    at_second = sheet(someone, plan="medicare", location_key="2", today=TODAY)
    assert [place.location.location_key for place in at_second.places] == ["2"]
    assert at_second.plan is not None
    assert at_second.plan.answer.status == "yes"


@pytest.mark.usefixtures("published")
def test_where_the_locations_differ_the_answer_is_to_ask() -> None:
    someone = provider(insurance("medicare", "no"), insurance("medicare", "yes", "2"), places=2)
    everywhere = sheet(someone, plan="medicare", location_key="", today=TODAY)
    assert everywhere.plan is not None
    assert everywhere.plan.answer.status == "unknown"


@pytest.mark.usefixtures("published")
def test_a_plan_that_nobody_has_asked_about_is_unknown_never_no() -> None:
    unknown = sheet(provider(), plan="medicaid", location_key="", today=TODAY)
    assert unknown.plan is not None
    assert unknown.plan.answer.status == "unknown"


@pytest.mark.usefixtures("published")
def test_locations_beyond_the_limit_are_counted() -> None:
    many = sheet(provider(places=51), plan="", location_key="", today=TODAY)
    assert len(many.places) == 3
    assert many.more_places == 48


PAPERS = ["/therapists/{npi}/call-sheet", "/therapists/{npi}/doctor-sheet", "/compare?npis={npi}"]


@pytest.mark.parametrize("address", PAPERS)
def test_printed_sheets_warn_of_a_reported_problem(app: Flask, address: str) -> None:
    npi, visitor = some_npis(app)[0], app.test_client()
    text = "Problem reported: call first"
    assert text not in visitor.get(address.format(npi=npi)).text
    report_address(app, npi)
    assert text in visitor.get(address.format(npi=npi)).text


def test_the_printed_list_says_it_in_the_note_and_on_the_page_of_the_call(app: Flask) -> None:
    npi = some_npis(app)[0]
    report_address(app, npi)
    page = parsed(app.test_client().get(f"/shortlist?npis={npi}").text)
    papers = [one for one in page.iter("section") if "sheet-page" in (one.get("class") or "")]
    assert len(papers) == 2
    assert all("Problem reported: call first" in text_of(one) for one in papers)


def report_address(app: Flask, npi: str) -> None:
    """Report that a listing is wrong."""
    with app.extensions["finder"].installation.records.writing() as session:
        add_report(session, npi, ReportKind.WRONG_ADDRESS, form_token="one form")
    app.extensions["finder_reported"].ask_again()
