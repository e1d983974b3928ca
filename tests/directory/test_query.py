from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from finder.directory.plans.answers import at_location
from finder.directory.plans.plans import Plans
from finder.directory.query import INSURANCE_STATUSES, SORTS, Query, parse_query
from finder.directory.release.rows import read_provider
from finder.directory.release.tables import RELEASE
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import specialty_values
from finder.errors import InvalidRequest
from finder.places.errors import AmbiguousPlace, EmptyPlace, PlaceError, UnknownZip
from finder.places.gazetteer import Gazetteer
from tests.directory.builder import DAY, DirectoryBuilder, npi


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def parse(gazetteer: Gazetteer, *pairs: tuple[str, str]) -> Query:
    return parse_query(MultiDict(pairs), gazetteer, Plans(answered=["aqua"]))


def fields(gazetteer: Gazetteer, *pairs: tuple[str, str]) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        parse(gazetteer, *pairs)
    return [error.field for error in caught.value.errors]


def test_a_place_is_enough(gazetteer: Gazetteer) -> None:
    query = parse(gazetteer, ("near", "02139"))
    assert query.origin is not None
    assert (query.origin.zip, query.radius_miles, query.sort, query.page) == ("02139", 25, "distance", 1)
    assert query == Query(origin=query.origin)
    assert query.to_args() == {"near": ["02139"]}


def test_every_argument_is_read(gazetteer: Gazetteer) -> None:
    query = parse(
        gazetteer, ("near", "Cambridge, MA"), ("miles", "50"),
        ("specialty", "hand"), ("specialty", "neurologic:taxonomy"),
        ("insurance", "aqua"), ("insurance", "va"), ("insurance_status", "unknown"), ("offers", "aquatic"),
        ("offers", "telehealth"), ("entity", "organization"),
        ("name", " Harbor   Rehab "), ("sort", "evidence"), ("page", "3"),
    )  # fmt: skip
    assert query == Query(
        origin=query.origin, radius_miles=50, specialties=("neurologic:taxonomy", "hand"), insurance=("va", "aqua"),
        insurance_status="unknown", offers=("telehealth", "aquatic"), entity="organization", name="Harbor Rehab",
        sort="evidence", page=3,
    )  # fmt: skip


@pytest.mark.parametrize("near", ["02139", " 02139 ", "02139-4307", "Cambridge, MA 02139"])
@pytest.mark.parametrize("miles", ["25", "25.0", " 25.000 ", "", "025"])
def test_equal_searches_have_one_url(near: str, miles: str, gazetteer: Gazetteer) -> None:
    pairs = [("near", near), ("miles", miles), ("specialty", "hand"), ("specialty", "geriatric"), ("specialty", "hand")]
    query = parse(gazetteer, *pairs, ("entity", ""), ("page", "1"), ("unheard_of", "x"))
    assert query.to_args() == {"near": ["02139"], "specialty": ["geriatric", "hand"]}


def test_a_state_has_no_radius(gazetteer: Gazetteer) -> None:
    query = parse(gazetteer, ("near", "Rhode Island"), ("miles", "50"))
    assert query.state == "RI"
    assert query == parse(gazetteer, ("near", "RI"))
    assert query.to_args() == {"near": ["RI"]}


def test_a_name_needs_no_place(gazetteer: Gazetteer) -> None:
    assert parse(gazetteer, ("name", "Harbor")).to_args() == {"name": ["Harbor"]}


@pytest.mark.parametrize("pairs", [[], [("near", "")], [("near", "  ")], [("name", " .,! ")]])
def test_an_empty_search_asks_for_a_place(pairs: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    with pytest.raises(EmptyPlace):
        parse(gazetteer, *pairs)


def test_an_ambiguous_place_alone_keeps_its_choices(gazetteer: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        parse(gazetteer, ("near", "Springfield"))
    assert len(caught.value.choices) > 1
    with pytest.raises(UnknownZip):
        parse(gazetteer, ("near", "00000"))


HOSTILE = [
    ("miles", "4.9"), ("miles", "101"), ("miles", "-25"), ("miles", "nan"), ("miles", "inf"), ("miles", "1e1"),
    ("miles", "９"), ("miles", "25 miles"), ("miles", "9" * 10_000), ("page", "0"), ("page", "-1"), ("page", "1.5"),
    ("page", "99999999"), ("page", "x"), ("page", "²"), ("sort", "random"), ("entity", "robot"),
    ("specialty", "Neurologic"), ("specialty", "neurologic:source_specialty"),
    ("specialty", "physical_therapy"), ("specialty", "' OR 1=1"),
    ("offers", "gym"), ("offers", "aquatic=yes"), ("insurance", "cash"), ("insurance", "\x00"),
    ("insurance_status", "no"), ("name", "x" * 101),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), HOSTILE)
def test_an_invalid_value_is_an_error_of_its_field(field: str, value: str, gazetteer: Gazetteer) -> None:
    assert fields(gazetteer, ("near", "02139"), (field, value)) == [field]


def test_all_errors_are_reported_at_once(gazetteer: Gazetteer) -> None:
    errors = fields(
        gazetteer, ("near", "00000"), ("miles", "x"), ("specialty", "y"), ("specialty", "hand"), ("sort", "z")
    )
    assert sorted(errors) == ["miles", "near", "sort", "specialty"]


@given(
    st.lists(st.tuples(st.sampled_from(["near", "miles", "page", "name", "insurance_status"]), st.text()), max_size=6)
)
def test_any_text_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    gazetteer = Gazetteer.load()
    try:
        query = parse(gazetteer, *pairs)
    except (InvalidRequest, PlaceError):
        return
    args = [(key, value) for key, values in query.to_args().items() for value in values]
    assert parse(gazetteer, *args) == query


def some_of(choices: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the choices, in their order."""
    return st.sets(st.sampled_from(choices)).map(lambda batch: tuple(choice for choice in choices if choice in batch))


@given(
    st.builds(
        Query,
        radius_miles=st.just(25.0),
        specialties=some_of(specialty_values()),
        insurance=some_of((*payers(), "aqua")),
        insurance_status=st.sampled_from(INSURANCE_STATUSES),
        offers=some_of(tuple(offers())),
        entity=st.sampled_from([None, "individual", "organization"]),
        name=st.just("Lee"),
        sort=st.sampled_from(SORTS),
        page=st.integers(1, 1_000_000),
    )
)
def test_a_query_is_read_back_from_its_arguments(query: Query) -> None:
    args = [(key, value) for key, values in query.to_args().items() for value in values]
    read = parse(Gazetteer.load(), *args)
    assert read == (query if query.insurance else replace(query, insurance_status="yes"))


def test_filters_from_words_are_not_in_the_arguments(gazetteer: Gazetteer) -> None:
    query = parse(gazetteer, ("near", "02139"), ("specialty", "hand"), ("offers", "aquatic"))
    with_words = replace(query, need_specialties=("neurologic", "hand"), need_offers=("telehealth",))
    assert with_words.to_args() == query.to_args()
    assert with_words.every_specialty == ("hand", "neurologic")
    assert with_words.every_offer == ("telehealth", "aquatic")


def test_the_caller_sets_the_default_insurance_status(gazetteer: Gazetteer) -> None:
    args = MultiDict([("near", "02139"), ("insurance", "va")])
    query = parse_query(args, gazetteer, insurance_status="yes_or_unknown")
    assert query.insurance_status == "yes_or_unknown"
    assert query.to_args()["insurance_status"] == ["yes_or_unknown"]


def test_answers_for_another_location_say_nothing_here() -> None:
    builder = DirectoryBuilder()
    for plan, status, key in [("va", "yes", ""), ("va", "no", "there"), ("medicaid", "yes", "there")]:
        builder.insurance(npi(1), plan, status, key)
    builder.provider(1, "Ana Lee")
    rows = {
        name: [tuple(row[column] for column in RELEASE[name]) for row in builder.rows[name]]
        for name in ("provider", "insurance")
    }
    answers = read_provider(rows).insurance
    assert [(one.plan, one.status) for one in at_location(answers, "here", DAY)] == [("va", "yes")]
    assert [(one.plan, one.status) for one in at_location(answers, "there", DAY)] == [("medicaid", "yes"), ("va", "no")]
