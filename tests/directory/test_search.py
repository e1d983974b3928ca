"""The search: what is found, in what order, and what helps if nothing is found."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from finder.directory.index.build import make_arrays
from finder.directory.plans.plans import Plans
from finder.directory.provider import EvidenceKind, InsuranceStatus
from finder.directory.query import Query
from finder.directory.search import Directory, SearchResult, to_json
from finder.places.gazetteer import Gazetteer
from finder.places.point import EARTH_RADIUS_MILES, great_circle_miles
from tests.directory.builder import CAMBRIDGE, DirectoryBuilder, origin


def search(builder: DirectoryBuilder, path: Path, **filters: object) -> SearchResult:
    values: dict[str, object] = {"origin": origin(CAMBRIDGE)}
    return builder.directory(path / "release.sqlite").search(Query(**(values | filters)))  # type: ignore[arg-type]


NPI = DirectoryBuilder().provider(3, "Neurorehab Inc")


def add_providers_around(builder: DirectoryBuilder, count: int, *, entity: str = "individual") -> list[str]:
    """Put providers around Cambridge, each a little farther than the one before."""
    npis = [builder.provider(number, f"Person {chr(65 + number % 26)}", entity=entity) for number in range(count)]
    for number, npi in enumerate(npis):
        builder.location(npi, CAMBRIDGE.latitude + number / 1000, CAMBRIDGE.longitude)
    return npis


def test_a_point_exactly_on_the_circle_is_inside(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    (npi,) = add_providers_around(builder, 1)
    builder.location(npi, CAMBRIDGE.latitude + math.degrees(25 / EARTH_RADIUS_MILES), CAMBRIDGE.longitude)
    result = search(builder, tmp_path)
    assert result.total == 2
    assert result.listings[1].distance_miles == pytest.approx(25, abs=1e-6)


def test_a_listing_has_its_great_circle_distance(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    add_providers_around(builder, 5)
    for listing in search(builder, tmp_path).listings:
        assert listing.location.point is not None
        assert listing.distance_miles == great_circle_miles(CAMBRIDGE, listing.location.point)


def test_a_location_inside_two_radii_is_found_by_both(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    add_providers_around(builder, 30)
    small = search(builder, tmp_path, radius_miles=5.0, per_page=100)
    large = search(builder, tmp_path, radius_miles=100.0, per_page=100)
    assert {one.listing_id for one in small.listings} <= {one.listing_id for one in large.listings}


def test_a_person_at_two_locations_is_two_listings_and_one_therapist(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    (npi,) = add_providers_around(builder, 1)
    builder.location(npi, CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    result = search(builder, tmp_path)
    assert (result.total, result.therapists, result.clinics) == (2, 1, 0)


def test_each_listing_is_on_exactly_one_page(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    npis = add_providers_around(builder, 45)
    pages = [search(builder, tmp_path, page=page) for page in (1, 2, 3)]
    assert [len(page.listings) for page in pages] == [20, 20, 5]
    assert {page.pages for page in pages} == {3}
    assert [one.provider.npi for page in pages for one in page.listings] == npis
    assert search(builder, tmp_path, page=1_000_000).listings == ()


def test_unknown_insurance_comes_after_yes_however_near(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    near, _refuses, far = add_providers_around(builder, 3)
    builder.insurance(far, "medicare", "yes")
    builder.insurance(_refuses, "medicare", "no")
    result = search(builder, tmp_path, insurance=("medicare",), insurance_status="yes_or_unknown")
    assert [one.provider.npi for one in result.listings] == [far, near]
    assert (result.yes_total, result.unknown_total) == (1, 1)


def test_an_answer_for_a_location_overrides_the_general_one(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ana Lee")
    here = builder.location(npi, CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    builder.location(npi, CAMBRIDGE.latitude + 0.01, CAMBRIDGE.longitude)
    builder.insurance(npi, "medicare", "yes")
    builder.insurance(npi, "medicare", "no", here)
    result = search(builder, tmp_path, insurance=("medicare",))
    assert [one.location.location_key == here for one in result.listings] == [False]
    assert [one.status for one in result.listings[0].insurance] == ["yes"]


def test_an_offer_of_a_location_overrides_that_of_the_provider(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ana Lee")
    here = builder.location(npi, CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    there = builder.location(npi, CAMBRIDGE.latitude + 0.01, CAMBRIDGE.longitude)
    builder.fact(npi, "telehealth", "yes")
    builder.fact(npi, "telehealth", "no", here)
    builder.fact(npi, "aquatic", "yes", here)
    for value in ("no", "yes"):  # one source that says both says neither
        builder.fact(npi, "aquatic", value, there)
    result = search(builder, tmp_path, offers=("telehealth",))
    assert [one.location.location_key for one in result.listings] == [there]
    assert result.facets["offers"] == {"accepting_patients": 0, "telehealth": 1, "aquatic": 1}
    either = search(builder, tmp_path, offers=("telehealth", "aquatic"))
    assert [one.location.location_key for one in either.listings] == [here, there]
    offered = [one["offers"] for one in to_json(either, "", Plans())["providers"]]
    assert offered == [
        [{"offer": "aquatic", "source": "test", "as_of": "2026-11-01"}],
        [{"offer": "telehealth", "source": "test", "as_of": "2026-11-01"}],
    ]


def test_without_any_offer_no_listing_is_found_and_no_array_is_stored(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    (npi,) = add_providers_around(builder, 1)
    builder.fact(npi, "telehealth", "no")
    builder.fact(npi, "accepting_patients", "some")
    arrays = make_arrays(builder.tables(), Gazetteer.load())
    assert (len(arrays.offer_set), len(arrays.offers), arrays.offered) == (0, 0, [])
    result = search(builder, tmp_path, offers=("telehealth",))
    assert (result.total, set(result.facets["offers"].values())) == (0, {0})
    assert search(builder, tmp_path).total == 1


def test_the_order_by_cost_uses_the_callers_costs_with_unknown_last(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    for number, zip_code in enumerate(["00001", "00002", "00003", "00002"]):
        builder.location(
            builder.provider(number, "Ana Lee"), CAMBRIDGE.latitude, CAMBRIDGE.longitude, zip_code=zip_code
        )
    costs = {"00002": Decimal("19.99"), "00003": Decimal("19.98")}
    directory = builder.directory(tmp_path / "release.sqlite")
    requested: list[str] = []

    def cost_of(zip_code: str, _medicare: InsuranceStatus) -> Decimal | None:
        requested.append(zip_code)
        return costs.get(zip_code)

    found = directory.search(Query(origin=origin(CAMBRIDGE), sort="cost"), cost_of)
    assert [one.location.zip for one in found.listings] == ["00003", "00002", "00002", "00001"]
    assert sorted(requested) == ["00001", "00002", "00003"]


def test_no_cost_is_looked_up_by_a_zip_code_of_another_state(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ada One")
    builder.location(npi, 42.36, -71.1, zip_code="02139")
    builder.location(npi, 42.37, -71.1, zip_code="85616-1234")
    requested: list[str] = []

    def cost_of(zip_code: str, _medicare: InsuranceStatus) -> Decimal | None:
        requested.append(zip_code)
        return Decimal(1) if zip_code else None

    found = builder.directory(tmp_path / "release.sqlite").search(Query(sort="cost"), cost_of)
    assert sorted(requested) == ["", "02139"]
    assert [listing.location.zip for listing in found.listings] == ["02139", "85616-1234"]


def test_the_cost_may_depend_on_whether_they_take_medicare(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    for number, status in enumerate(["no", "yes", ""]):
        npi = builder.provider(number, "Ana Lee")
        builder.location(npi, CAMBRIDGE.latitude, CAMBRIDGE.longitude, zip_code="00001")
        if status:
            builder.insurance(npi, "medicare", status)

    def cost_of(_zip_code: str, medicare: InsuranceStatus) -> Decimal | None:
        return {"yes": Decimal("20.00"), "unknown": Decimal("40.00")}.get(medicare)

    found = builder.directory(tmp_path / "release.sqlite").search(Query(sort="cost"), cost_of)
    assert [[one.status for one in listing.insurance] for listing in found.listings] == [["yes"], [], ["no"]]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("garcia", {"José García-Núñez"}),
        ("NUNEZ josé", {"José García-Núñez"}),
        ("o'brien", {"Pat O’Brien"}),
        ("obrien", {"Pat O’Brien"}),
        ("Dr. Pat", {"Pat O’Brien"}),
        ("garcai", {"José García-Núñez"}),
        ("physcal therapy", {"Harbor Physical Therapy"}),
        ("harb", {"Harbor Physical Therapy"}),
        ("pt", {"Pt Ng"}),
        ("xq", set()),
        ("garcia brien", set()),
    ],
)
def test_names_are_found_as_people_type_them(typed: str, names: set[str], tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    for number, name in enumerate(["José García-Núñez", "Pat O’Brien", "Pt Ng"]):
        builder.location(builder.provider(number, name), CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    clinic = builder.provider(9, "Harbor Physical Therapy", entity="organization")
    builder.location(clinic, CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    result = search(builder, tmp_path, name=typed)
    assert {one.provider.name for one in result.listings} == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("saint marys", {"St. Mary's Rehab", "Saint Marys Care"}),
        ("st marys", {"St. Mary's Rehab", "Saint Marys Care"}),
        ("neurorehab", {"Neuro-Rehab Partners", "Neurorehab Inc", "Neuro Rehab of Elm"}),
        ("neuro rehab", {"Neuro-Rehab Partners", "Neurorehab Inc", "Neuro Rehab of Elm"}),
        ("neurorehab elm", {"Neuro Rehab of Elm"}),
        ("delacruz", {"Ana de la Cruz"}),
        (NPI, {"Neurorehab Inc"}),
        ("1000000000", set()),
    ],
)
def test_spellings_of_one_name_and_the_npi_find_it(typed: str, names: set[str], tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    for number, name in enumerate([
        "St. Mary's Rehab", "Saint Marys Care", "Neuro-Rehab Partners", "Neurorehab Inc", "Neuro Rehab of Elm",
        "Ana de la Cruz", "Stephen Marysson",
    ]):  # fmt: skip
        builder.location(builder.provider(number, name), CAMBRIDGE.latitude, CAMBRIDGE.longitude)
    result = search(builder, tmp_path, name=typed)
    assert {one.provider.name for one in result.listings} - {"Stephen Marysson"} == names


def test_a_person_is_found_by_the_name_of_the_practice(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    builder.location(builder.provider(1, "Ana Lee"), CAMBRIDGE.latitude, CAMBRIDGE.longitude, name="Harbor Rehab")
    assert search(builder, tmp_path, name="harbor").total == 1


def test_no_result_help_names_the_strictest_filter_and_the_nearest_listing(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    npis = add_providers_around(builder, 6)
    for npi in npis[:4]:
        builder.insurance(npi, "medicare", "yes")
    builder.evidence(npis[5], "hand")
    far = builder.provider(99, "Far Away")
    builder.location(far, CAMBRIDGE.latitude + 1, CAMBRIDGE.longitude)
    builder.evidence(far, "hand")
    builder.insurance(far, "medicare", "yes")
    directory = builder.directory(tmp_path / "release.sqlite")
    query = Query(origin=origin(CAMBRIDGE), specialties=("hand",), insurance=("medicare",))
    assert directory.search(query).total == 0
    found = directory.explain_empty(query)
    assert dict(found.without) == {"specialty": 4, "insurance": 1}
    assert found.removes_most == "specialty"
    assert found.anyone == 6
    assert dict(found.wider) == {50: 0, 75: 1, 100: 1}
    assert found.nearest is not None
    assert found.nearest.provider.npi == far
    assert found.nearest.distance_miles == pytest.approx(69.1, abs=0.1)


def test_no_result_help_treats_offers_as_a_filter(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    near = add_providers_around(builder, 3)
    builder.evidence(near[0], "hand")
    far = builder.provider(99, "Far Away")
    builder.location(far, CAMBRIDGE.latitude + 1, CAMBRIDGE.longitude)
    builder.evidence(far, "hand")
    builder.fact(far, "aquatic", "yes")
    directory = builder.directory(tmp_path / "release.sqlite")
    found = directory.explain_empty(Query(origin=origin(CAMBRIDGE), specialties=("hand",), offers=("aquatic",)))
    assert dict(found.without) == {"specialty": 0, "offers": 1}
    assert found.removes_most == "offers"
    assert found.anyone == 3
    assert found.nearest is not None
    assert found.nearest.provider.npi == far


def add_provider_with_evidence(
    builder: DirectoryBuilder, number: int, *evidence: tuple[str, EvidenceKind], miles_north: float = 0
) -> str:
    npi = builder.provider(number, "Ana Lee")
    builder.location(npi, CAMBRIDGE.latitude + math.degrees(miles_north / EARTH_RADIUS_MILES), CAMBRIDGE.longitude)
    for facet, kind in evidence:
        builder.evidence(npi, facet, kind)
    return npi


def test_a_chosen_specialty_narrows_the_results_of_the_words(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    certified = add_provider_with_evidence(builder, 1, ("neurologic", "board_certified"), ("geriatric", "taxonomy"))
    plain = add_provider_with_evidence(builder, 2, ("neurologic", "taxonomy"))
    treats = add_provider_with_evidence(builder, 3, ("treats_neuropathy", "confirmed"), ("hand", "taxonomy"))
    add_provider_with_evidence(builder, 4, ("hand", "taxonomy"), ("geriatric", "taxonomy"))
    directory = builder.directory(tmp_path / "release.sqlite")
    words = Query(origin=origin(CAMBRIDGE), need_specialties=("neurologic", "treats_neuropathy"))
    found = directory.search(words)
    assert {one.provider.npi for one in found.listings} == {certified, plain, treats}
    counts = found.facets["specialty"]
    assert {value: count for value, count in counts.items() if count} == {
        "neurologic": 2, "neurologic:board_certified": 1, "neurologic:taxonomy": 1, "treats_neuropathy": 1,
        "geriatric": 1, "hand": 1,
    }  # fmt: skip
    for value, count in counts.items():
        chosen = directory.search(replace(words, specialties=(value,)))
        assert (chosen.total, chosen.facets["specialty"]) == (count, counts)
    both = directory.search(replace(words, specialties=("geriatric", "hand")))
    assert {one.provider.npi for one in both.listings} == {certified, treats}


def test_a_chosen_offer_narrows_the_results_of_the_words(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    for npi, fields in zip(
        add_providers_around(builder, 4), [("aquatic",), ("aquatic", "telehealth"), ("telehealth",), ()], strict=True
    ):
        for field in fields:
            builder.fact(npi, field, "yes")
    directory = builder.directory(tmp_path / "release.sqlite")
    words = Query(origin=origin(CAMBRIDGE), need_offers=("aquatic",))
    found = directory.search(words)
    assert (found.total, found.facets["offers"]) == (2, {"accepting_patients": 0, "telehealth": 1, "aquatic": 2})
    assert directory.search(replace(words, offers=("telehealth",))).total == 1
    assert words.every_offer == ("aquatic",)
    assert replace(words, offers=("telehealth",)).every_offer == ("telehealth", "aquatic")


def test_the_order_by_evidence_counts_words_and_choices(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    taxonomy = add_provider_with_evidence(builder, 1, ("neurologic", "taxonomy"), ("hand", "taxonomy"))
    certified = add_provider_with_evidence(
        builder, 2, ("neurologic", "board_certified"), ("hand", "taxonomy"), miles_north=1
    )
    query = Query(origin=origin(CAMBRIDGE), need_specialties=("neurologic",), specialties=("hand",), sort="evidence")
    found = builder.directory(tmp_path / "release.sqlite").search(query)
    assert [one.provider.npi for one in found.listings] == [certified, taxonomy]


def test_no_result_help_treats_words_as_a_filter_of_their_own(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    add_provider_with_evidence(builder, 1, ("hand", "board_certified"))
    add_provider_with_evidence(builder, 2, ("geriatric", "taxonomy"))
    add_provider_with_evidence(builder, 3, ("neurologic", "taxonomy"), miles_north=40)
    both = add_provider_with_evidence(builder, 4, ("neurologic", "taxonomy"), ("hand", "taxonomy"), miles_north=60)
    builder.fact(both, "aquatic", "yes")
    directory = builder.directory(tmp_path / "release.sqlite")
    query = Query(origin=origin(CAMBRIDGE), specialties=("hand",), need_specialties=("neurologic",))
    found = directory.explain_empty(query)
    assert dict(found.without) == {"specialty": 0, "need_specialty": 1}
    assert (found.removes_most, found.anyone) == ("need_specialty", 2)
    assert dict(found.wider) == {50: 0, 75: 1, 100: 1}
    assert found.nearest is not None
    assert found.nearest.provider.npi == both
    pool = directory.explain_empty(replace(query, need_specialties=(), need_offers=("aquatic",)))
    assert dict(pool.without) == {"specialty": 0, "need_offers": 1}
    assert pool.nearest is not None
    assert pool.nearest.provider.npi == both


def test_of_two_equally_strict_filters_the_chosen_one_is_named(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    add_provider_with_evidence(builder, 1, ("hand", "taxonomy"))
    add_provider_with_evidence(builder, 2, ("neurologic", "taxonomy"))
    query = Query(origin=origin(CAMBRIDGE), specialties=("hand",), need_specialties=("neurologic",))
    found = builder.directory(tmp_path / "release.sqlite").explain_empty(query)
    assert dict(found.without) == {"specialty": 1, "need_specialty": 1}
    assert found.removes_most == "specialty"


def test_no_result_help_for_a_state_has_no_miles(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    add_providers_around(builder, 2)
    found = builder.directory(tmp_path / "release.sqlite").explain_empty(Query(origin=origin(None, "MA"), name="zzzz"))
    assert (dict(found.without), found.removes_most) == ({"name": 2}, "name")
    assert (dict(found.wider), found.nearest) == ({}, None)


def test_an_empty_release_can_be_searched(tmp_path: Path) -> None:
    directory: Directory = DirectoryBuilder().directory(tmp_path / "release.sqlite")
    result = directory.search(Query(origin=origin(CAMBRIDGE), insurance=("medicare",), name="ana", sort="evidence"))
    assert (result.total, result.pages, result.listings) == (0, 0, ())
    assert directory.plans.choices == ()
    assert directory.explain_empty(result.query).nearest is None
