"""Providers near a place from the NPI Registry: complete, each once, and resumed after a stop."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from finder.intake.fetch.client import RequestPolicy
from finder.intake.fetch.errors import (
    AlreadyFetching,
    FetchFailed,
    IncompleteResponse,
    NoCenter,
    RegistryError,
    TooManyProviders,
    UnexpectedContentType,
)
from finder.intake.fetch.job import open_job
from finder.intake.fetch.near import fetch_near
from finder.intake.sources.registry import read_file
from finder.places.errors import UnknownZip
from finder.places.gazetteer import Gazetteer
from tests.intake.fetch.registry import CHIROPRACTOR, CLINIC, NEUROLOGY, THERAPIST, provider, registry_page
from tests.intake.fetch.server import Publisher, error_json, half_json, html, json_page, status
from tests.intake.sources.nppes.nppes_files import npi

TODAY = date(2026, 11, 20)

NEAR = [provider(1, "021394307"), provider(2, "02138", NEUROLOGY), provider(3, "021390001", CLINIC)]


def fetch(
    publisher: Publisher,
    policy: RequestPolicy,
    root: Path,
    *,
    near: str = "02139",
    miles: float = 3,
    today: date = TODAY,
) -> tuple[Path, ...]:
    return fetch_near(root, near, miles, today, url=publisher.url("/api/"), policy=policy)


def npis(paths: tuple[Path, ...]) -> list[str]:
    return [result["number"] for path in paths for result in json.loads(path.read_bytes())["results"]]


def requested(publisher: Publisher) -> list[tuple[str, str]]:
    fields = [parse_qs(urlsplit(path).query) for path in publisher.requested]
    return [(provider["postal_code"][0], provider["skip"][0]) for provider in fields]


def test_only_therapists_and_clinics_within_the_miles_are_fetched(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    far = provider(4, "02368")  # Randolph, 14 miles to the south
    publisher.pages["/api/"] = registry_page(
        [
            *NEAR,
            far,
            provider(5, "02139", CHIROPRACTOR),
            provider(6, "02368", mail="02139"),
            provider(7, "02368", also=["021399999"]),
        ]
    )
    paths = fetch(publisher, policy, tmp_path)
    assert sorted(npis(paths)) == [npi(number) for number in (1, 2, 3, 7)]
    assert [path.name for path in paths] == ["npi-registry_2026-11-20_001.json"]


def test_the_files_are_read_as_registry_pages_of_that_day(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    publisher.pages["/api/"] = registry_page([*NEAR, *(provider(number, "02139") for number in range(10, 460))])
    paths = fetch(publisher, policy, tmp_path)
    (layer,) = read_file(paths, gazetteer=gazetteer)
    assert (layer.source, layer.as_of, layer.rows, len(paths)) == ("npi_registry", TODAY, 453, 3)
    assert not [found.code for found in layer.notices if found.code.startswith("results")]


def test_a_full_prefix_is_queried_with_one_more_digit(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    many_providers = [provider(number, f"0213{number % 10}") for number in range(1, 3000)]
    many_providers.insert(1100, provider(3000, "021"))  # no ZIP code, and no reason to stop
    publisher.pages["/api/"] = registry_page(many_providers)
    found = npis(fetch(publisher, policy, tmp_path, miles=1.5))
    assert sorted(found) == sorted(set(found))
    assert {npi(number) for number in range(1, 3000) if number % 10 == 9} <= set(found)
    prefixes = {prefix for prefix, _ in requested(publisher)}
    assert {"021*", "0213*", "02139*"} <= prefixes
    assert "0217*" not in prefixes, "nobody there is near"
    assert max(int(skip) for _, skip in requested(publisher)) == 1000


def test_a_full_zip_code_is_queried_by_nine_digits_and_five(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    five_digit_providers = [provider(number, "02139") for number in range(1, 101)]
    many_providers = [provider(number, f"02139{number % 10}{number:03}"[:9]) for number in range(101, 1500)]
    publisher.pages["/api/"] = registry_page([*five_digit_providers, *many_providers])
    assert len(npis(fetch(publisher, policy, tmp_path, miles=1))) == 1499


def test_a_zip_code_over_the_query_limit_is_an_error(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/api/"] = registry_page(provider(number, "02139") for number in range(1, 1300))
    with pytest.raises(TooManyProviders, match="02139"):
        fetch(publisher, policy, tmp_path, miles=1)


def test_results_outside_the_prefix_end_the_queries(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    elsewhere = [provider(number, "99501") for number in range(1, 201)]
    publisher.pages["/api/"] = json_page({"result_count": 200, "results": elsewhere})
    with pytest.raises(RegistryError):
        fetch(publisher, policy, tmp_path)
    assert len(publisher.requested) == 6


@pytest.mark.parametrize("fault", [error_json, half_json, html, status(500), status(429)])
def test_one_temporary_failure_changes_nothing(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, fault: object
) -> None:
    publisher.pages["/api/"] = registry_page(NEAR)
    publisher.faults.append(fault)  # type: ignore[arg-type]
    assert len(npis(fetch(publisher, policy, tmp_path))) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [(error_json, RegistryError), (half_json, IncompleteResponse), (html, UnexpectedContentType)],
    ids=["error", "half", "html"],
)
def test_the_next_run_resumes_after_a_lasting_failure(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path, fault: object, error: type[FetchFailed]
) -> None:
    all_providers = [*NEAR, *(provider(number, "02140") for number in range(10, 700))]
    good = registry_page(all_providers)
    publisher.pages["/api/"] = lambda request: (
        fault(request) if len(publisher.requested) > 4 else good(request)  # type: ignore[operator]
    )
    with pytest.raises(error):
        fetch(publisher, policy, tmp_path)
    before = requested(publisher)[:4]
    publisher.pages["/api/"] = good
    publisher.requested.clear()
    paths = fetch(publisher, policy, tmp_path)
    assert sorted(npis(paths)) == sorted(provider["number"] for provider in all_providers)
    assert publisher.requested
    assert len(before) == 4
    assert sum(question in before for question in requested(publisher)) < 4, "what has come is not asked for again"


def test_a_finished_fetch_is_reused_on_its_day(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/api/"] = registry_page(NEAR)
    first = fetch(publisher, policy, tmp_path)
    publisher.requested.clear()
    assert fetch(publisher, policy, tmp_path) == first
    assert publisher.requested == []
    (later,) = fetch(publisher, policy, tmp_path, today=date(2026, 11, 21))
    assert later.name == "npi-registry_2026-11-21_001.json"
    assert publisher.requested


def test_an_unfinished_fetch_is_not_resumed_after_a_week(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/api/"] = registry_page(NEAR)
    with open_job(tmp_path, "near-02139-3", date(2026, 11, 12)) as job:
        (job.folder / "old").touch()
    fetch(publisher, policy, tmp_path)
    assert not (tmp_path / "near-02139-3" / "old").exists()


def test_two_processes_do_not_fetch_the_same_at_once(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    with open_job(tmp_path, "near-02139-3", TODAY), pytest.raises(AlreadyFetching):
        fetch(publisher, policy, tmp_path)


def test_a_description_unknown_to_the_registry_yields_no_provider(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    unknown = {"field": "taxonomy_description", "description": "No taxonomy codes found with entered description"}
    good = registry_page(NEAR)
    publisher.pages["/api/"] = lambda request: (
        json_page({"Errors": [unknown]})(request) if "Clinic" in request.path else good(request)
    )
    assert sorted(npis(fetch(publisher, policy, tmp_path))) == [npi(1), npi(2)]
    publisher.pages["/api/"] = json_page({"Errors": [unknown]})
    with pytest.raises(FetchFailed, match="No taxonomy codes found"):
        fetch(publisher, policy, tmp_path, miles=4)


def test_no_provider_near_makes_no_file(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    publisher.pages["/api/"] = registry_page([provider(1, "99501")])
    assert fetch(publisher, policy, tmp_path) == ()


def test_an_unknown_place_and_a_state_are_refused(publisher: Publisher, policy: RequestPolicy, tmp_path: Path) -> None:
    with pytest.raises(UnknownZip):
        fetch(publisher, policy, tmp_path, near="00000")
    with pytest.raises(NoCenter):
        fetch(publisher, policy, tmp_path, near="MA")
    assert publisher.requested == []


@pytest.mark.shared
def test_recorded_responses(publisher: Publisher, policy: RequestPolicy, tmp_path: Path, shared_data: Path) -> None:
    """Each recorded body in place of every page: errors and the cut page are refused, the others hold no therapist."""
    outcomes = {}
    for path in sorted((shared_data / "npi_api" / "recorded").glob("*.json")):
        body = path.read_bytes()
        publisher.pages["/api/"] = lambda request, body=body: request.respond(  # type: ignore[misc]
            body, {"Content-Type": "application/json"}
        )
        try:
            fetch(publisher, policy, tmp_path / path.stem)
            outcomes[path.stem] = "taken"
        except FetchFailed as error:
            outcomes[path.stem] = type(error).__name__
    errors = {name: outcome for name, outcome in outcomes.items() if outcome != "taken"}
    assert errors == {
        "api-8d2d52": "RegistryError",
        "api-c85286": "RegistryError",
        "api-a769af": "IncompleteResponse",
    }
    assert len(outcomes) == 11


def test_each_taxonomy_is_queried_with_its_enumeration_type(
    publisher: Publisher, policy: RequestPolicy, tmp_path: Path
) -> None:
    publisher.pages["/api/"] = registry_page([provider(1, "02139", THERAPIST)])
    fetch(publisher, policy, tmp_path)
    fields = [parse_qs(urlsplit(path).query) for path in publisher.requested]
    queries = {(provider["enumeration_type"][0], provider["taxonomy_description"][0]) for provider in fields}
    assert queries == {
        ("NPI-1", "Physical Therapist*"),
        ("NPI-2", "Physical Therapist*"),
        ("NPI-2", "Physical Therapy*"),
        ("NPI-2", "Clinic/Center, Physical Therapy"),
    }
