"""An address whose ZIP code is in another state: shown at its city or without a point, and without a price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from finder.directory.provider import PracticeLocation
from finder.i18n import word
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, stage
from finder.places.gazetteer import Gazetteer
from finder.releases.installation import Installation
from finder.web.estimates.past_charges import known_answers
from finder.web.presentation.addresses import misplaced
from finder.web.search.cards import Card, card
from tests.conftest import TODAY, make_app
from tests.web.listings import listing, location, provider
from tests.web.reading import parsed, text_of

ROWS = """npi,entity,first_name,last_name,taxonomy_codes,street,city,state,zip,verified_on
2000000002,individual,Rosa,Oakapple,225100000X,1 Kite Road,Two Harbors,MN,85616,2026-11-10
2000000010,individual,Ida,Nowhere,225100000X,2 Kite Road,Nosuchtown,MN,85616,2026-11-10
2000000028,individual,Lou,Harbor,225100000X,3 Kite Road,Two Harbors,MN,55616,2026-11-10
"""


@pytest.fixture
def _page(sample_app: Flask) -> Iterator[None]:
    with sample_app.test_request_context("/therapists"):
        yield


def location_at_city(**values: object) -> PracticeLocation:
    """Make a location in Cambridge, Massachusetts, with a ZIP code of Arizona."""
    return replace(location(), zip="856161234", geocode_source="city_centroid", **values)  # type: ignore[arg-type]


def card_at(at: PracticeLocation) -> Card:
    origin = Gazetteer.load().resolve("02139")
    return card(listing(provider(locations=(at,)), at=at), plans=(), origin=origin, today=TODAY)


@pytest.mark.usefixtures("_page")
def test_there_is_no_price_of_another_state() -> None:
    assert card_at(location()).cost is not None
    assert card_at(location_at_city()).cost is None
    assert ("zip", "02139") in known_answers(provider(), Gazetteer.load())
    assert known_answers(provider(locations=(location_at_city(),)), Gazetteer.load()) == []


@pytest.mark.usefixtures("_page")
def test_the_card_says_that_the_zip_code_does_not_fit() -> None:
    template = "{% from 'components/card.html' import card %}{{ card(listing_card) }}"
    doubtful = text_of(parsed(render_template_string(template, listing_card=card_at(location_at_city()))))
    assert "Distances are to the center of Cambridge, MA. Ask for the full address." in doubtful
    assert "We cannot estimate a cost for this address." in doubtful
    assert "Ask for the full address." not in text_of(
        parsed(render_template_string(template, listing_card=card_at(location())))
    )


@pytest.mark.usefixtures("_page")
def test_each_kind_of_misplaced_address_has_its_sentence() -> None:
    assert misplaced(location()) is None
    assert misplaced(replace(location(), zip="99999")) is None
    words = [misplaced(one) for one in (location_at_city(), location_at_city(point=None))]
    given = misplaced(replace(location_at_city(), geocode_source="given"))
    assert [word(one) for one in (*words, given) if one] == [
        "The ZIP code 85616 is not in MA. Distances are to the center of Cambridge, MA.",
        "The ZIP code 85616 is not in MA, so we cannot say how far it is.",
        "The ZIP code 85616 is not in MA.",
    ]


def test_a_search_finds_them_in_their_city_or_their_state_and_never_where_the_zip_code_is(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(ROWS)
    app = make_app(home)
    installation = Installation.open(app.extensions["finder"].settings)
    publish(installation, stage(installation, StageRequest(paths=[path], by="eva")).id, by="ben")
    installation.records.close()
    client = app.test_client()

    def names(address: str) -> set[str]:
        titles = parsed(client.get(f"/therapists?{address}").text).iter("h3")
        return {text_of(one).split(",")[0] for one in titles}

    assert names("near=Two+Harbors,+MN&miles=5") == {"Rosa Oakapple", "Lou Harbor"}
    assert not {"Rosa Oakapple", "Ida Nowhere"} & names("near=85616&miles=25")
    assert names("near=MN") == {"Rosa Oakapple", "Ida Nowhere", "Lou Harbor"}
    assert "Ida Nowhere" in names("near=MN&q=nowhere")
    page = text_of(parsed(client.get("/therapists/2000000010").text))
    assert "The ZIP code 85616 is not in MN, so we cannot say how far it is." in page
    assert "/estimate?zip=" not in client.get("/therapists/2000000010").text
