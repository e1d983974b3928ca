from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from finder.places.gazetteer import Gazetteer
from finder.places.point import Point, great_circle_miles
from tests.conftest import TODAY, make_app


def find(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["find", *args])


def find_json(app: Flask, *args: str) -> dict[str, Any]:
    result = find(app, *args, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_the_json_has_the_documented_form(sample_app: Flask) -> None:
    answer = find_json(sample_app, "--near", "10001", "--miles", "50", "--specialty", "neurologic")
    assert {"origin", "total", "therapists", "clinics", "page", "pages", "facets", "providers"} <= set(answer)
    assert set(answer["origin"]) == {"label", "latitude", "longitude", "source"}
    assert answer["origin"]["label"] == "center of 10001 (New York, NY)"
    assert len(answer["providers"]) == min(answer["total"], 20) > 0
    for one in answer["providers"]:
        assert {"npi", "name", "credentials", "entity", "evidence", "location", "distance_miles", "insurance"} <= set(
            one
        )
        assert {"name", "address", "city", "state", "zip", "phone", "latitude", "longitude"} <= set(one["location"])
        assert all({"kind", "detail", "source", "as_of"} <= set(each) for each in one["evidence"])
        assert {"medicare", "medicaid", "tricare", "va"} <= {each["plan"] for each in one["insurance"]}
        fields = {"plan", "name", "network", "status", "accepting_patients", "source", "as_of"}
        assert all(fields <= set(each) for each in one["insurance"])
        assert any(each["facet"] == "neurologic" for each in one["evidence"])


def test_distances_are_correct_and_ascending(sample_app: Flask) -> None:
    answer = find_json(sample_app, "--near", "10001", "--miles", "100")
    origin = Gazetteer.load().centroid("10001")
    assert origin is not None
    distances = [one["distance_miles"] for one in answer["providers"]]
    assert distances == sorted(distances)
    for one in answer["providers"]:
        point = Point(latitude=one["location"]["latitude"], longitude=one["location"]["longitude"])
        assert one["distance_miles"] == pytest.approx(great_circle_miles(origin, point), abs=0.01)


def test_the_order_by_cost_follows_the_fees_of_each_place(sample_app: Flask) -> None:
    near = ("--near", "10001", "--miles", "100")
    by_cost = find_json(sample_app, *near, "--sort", "cost")
    pages = [
        find_json(sample_app, *near, "--sort", "cost", "--page", str(page)) for page in range(1, by_cost["pages"] + 1)
    ]
    listings = [one for page in pages for one in page["providers"]]
    medicare = [
        {answer["plan"]: answer["status"] for answer in one["insurance"]}.get("medicare", "unknown") for one in listings
    ]
    prices = sample_app.extensions["finder"].prices.of(None, TODAY)
    shares = [prices.most(one["location"]["zip"], status) for one, status in zip(listings, medicare, strict=True)]
    known = [share for share in shares if share is not None]
    assert known == sorted(known)
    assert len(set(known)) > 1
    assert shares[: len(known)] == known
    assert "no" in medicare


def test_all_pages_together_have_the_total(sample_app: Flask) -> None:
    args = ("--near", "New York, NY", "--insurance", "medicare", "--include-unknown")
    first = find_json(sample_app, *args)
    pages = [find_json(sample_app, *args, "--page", str(page)) for page in range(1, first["pages"] + 1)]
    cards = [
        (one["npi"], one["location"]["address"], one["location"]["zip"]) for page in pages for one in page["providers"]
    ]
    assert len(cards) == len(set(cards)) == first["total"]
    assert len({one["npi"] for page in pages for one in page["providers"]}) == first["therapists"] + first["clinics"]


def test_listings_of_unknown_insurance_are_listed_only_on_request(sample_app: Flask) -> None:
    near = ("--near", "10001", "--miles", "100", "--insurance", "tricare")
    certain, all_of_them = find_json(sample_app, *near), find_json(sample_app, *near, "--include-unknown")
    assert certain["total"] == all_of_them["yes_total"] < all_of_them["total"]
    statuses = [
        [each["status"] for each in one["insurance"] if each["plan"] == "tricare"] for one in certain["providers"]
    ]
    assert statuses == [["yes"]] * len(statuses)
    last = find_json(sample_app, *near, "--include-unknown", "--page", str(all_of_them["pages"]))
    (unknown,) = [each for each in last["providers"][-1]["insurance"] if each["plan"] == "tricare"]
    assert (unknown["status"], unknown["source"], unknown["as_of"]) == ("unknown", None, None)


def test_all_answers_of_a_therapist_stand_by_the_npi(sample_app: Flask) -> None:
    listed = find_json(sample_app, "--near", "10001", "--insurance", "harborlight-ppo")["providers"][0]
    found = find_json(sample_app, "--npi", listed["npi"])
    answers = {each["plan"]: each["status"] for one in found["providers"] for each in one["insurance"]}
    assert answers["harborlight-ppo"] == "yes"
    assert set(answers) >= {"medicare", "medicaid", "tricare", "va"}
    refused = find(sample_app, "--npi", "2999999999")
    assert (refused.exit_code, "Nobody with this NPI" in refused.output) == (1, True)


def test_offers_are_filtered_counted_and_listed(sample_app: Flask) -> None:
    near = ("--near", "02139", "--miles", "100")
    unfiltered, offering = find_json(sample_app, *near), find_json(sample_app, *near, "--offers", "aquatic")
    assert list(unfiltered["facets"]["offers"]) == ["accepting_patients", "telehealth", "aquatic"]
    assert offering["total"] == unfiltered["facets"]["offers"]["aquatic"] == offering["facets"]["offers"]["aquatic"] > 0
    for one in offering["providers"]:
        assert [each["offer"] for each in one["offers"]] == ["aquatic"]
        assert {"offer", "source", "as_of"} == set(one["offers"][0])
    assert find_json(sample_app, *near, "--offers", "telehealth")["total"] == 0
    table = find(sample_app, *near, "--offers", "aquatic").stdout
    assert "Offers" in table
    assert "Therapy in water" in table
    assert "Offers" not in find(sample_app, *near).stdout


@pytest.mark.parametrize("near", ["New York, NY", "new york,ny", " NEW  YORK, New York "])
def test_every_spelling_of_a_place_has_the_same_answer(near: str, sample_app: Flask) -> None:
    assert find_json(sample_app, "--near", near) == find_json(sample_app, "--near", "New York, NY")


def test_the_table_names_the_place_and_the_sample_data(sample_app: Flask) -> None:
    result = find(sample_app, "--near", "10001", "--insurance", "medicare")
    assert result.exit_code == 0
    assert "Sample data" in result.stdout
    assert "within 25 miles of the center of 10001 (New York, NY)" in " ".join(result.stdout.split())
    assert "Medicare: yes" in result.stdout


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--near", "00000"), "ZIP code"),
        (("--near", "Springfield"), "Springfield, "),
    ],
)
def test_a_place_that_cannot_be_searched_is_refused_with_the_reason(
    args: tuple[str, ...], reason: str, sample_app: Flask
) -> None:
    result = find(sample_app, *args, "--json")
    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("args", "choices"),
    [
        (("--specialty", "brain"), "neurologic:board_certified"),
        (("--insurance", "cash"), "medicare, medicaid"),
        (("--offers", "gym"), "accepting_patients, telehealth, aquatic."),
    ],
)
def test_an_unknown_value_lists_the_choices(args: tuple[str, ...], choices: str, sample_app: Flask) -> None:
    result = find(sample_app, "--near", "10001", *args)
    assert result.exit_code == 2
    assert choices in result.stderr


@pytest.mark.parametrize("args", [("--sort", "random"), ("--entity", "robot"), ("--nearby", "10001"), ("10001",)])
def test_wrong_usage_exits_2(args: tuple[str, ...], sample_app: Flask) -> None:
    assert find(sample_app, *args).exit_code == 2


def test_nothing_published_is_a_refusal(tmp_path: Path) -> None:
    result = find(make_app(tmp_path / "instance"), "--near", "10001")
    assert result.exit_code == 1
    assert result.stderr
