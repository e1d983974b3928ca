"""Cards: words for each kind of evidence, yes, no and unknown apart, old facts marked, miles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from finder.directory.provider import FRESH as FRESH_FOR
from finder.directory.provider import UNDATED, EvidenceKind, Fact, InsuranceStatus, Listing, Sourced
from finder.i18n import Message, word
from finder.places.gazetteer import Gazetteer
from finder.web.presentation.formats import day, source_note
from finder.web.profile.profile import profile
from finder.web.search.cards import Card, Old, answer, card, is_old, old_facts, proofs
from tests.conftest import TODAY
from tests.web.listings import FRESH, OLD, evidence, insurance, listing, location, provider


@pytest.fixture(autouse=True)
def _page(sample_app: Flask) -> Iterator[None]:
    with sample_app.test_request_context("/therapists"):
        yield


def card_near(near: str = "02139", **values: object) -> Card:
    """Make the card of a listing for a search near a place."""
    return card(listing(**values), plans=("medicare",), origin=Gazetteer.load().resolve(near), today=TODAY)  # type: ignore[arg-type]


def test_the_distance_names_its_origin() -> None:
    words = [card_near(near).distance for near in ("02139", "Cambridge, MA")]
    assert [word(one) for one in words if one] == [
        "3.2 miles from the center of 02139",
        "3.2 miles from the center of Cambridge, MA",
    ]


def test_a_listing_in_the_searched_zip_code_has_no_miles() -> None:
    here = card_near("02139", distance=0.0).distance
    assert here
    assert word(here) == "0 miles: in ZIP code 02139"


def test_long_distances_have_no_decimals() -> None:
    far = card_near("02139", distance=1976.04).distance
    assert far
    assert word(far) == "1,976 miles from the center of 02139"


def test_without_a_point_there_is_no_distance() -> None:
    assert card_near("MA", distance=None).distance is None


@pytest.mark.parametrize(
    ("kind", "facet", "detail", "words"),
    [
        ("board_certified", "neurologic", "NCS", "Board-certified in neurologic physical therapy (NCS)"),
        ("confirmed", "neurologic", "by phone", "Confirmed by the clinic: neurologic physical therapy"),
        ("confirmed", "treats_neuropathy", "by phone", "Confirmed by the clinic: treats neuropathy"),
        (
            "taxonomy",
            "neurologic",
            "2251N0400X",
            "Says it on the federal registry: neurologic physical therapy (self-declared)",
        ),
        (
            "source_specialty",
            "physical_therapy",
            "PHYSICAL THERAPY",
            "Listed as a physical therapist",
        ),
        ("taxonomy", "a new field", "x", "Says it on the federal registry: a new field (self-declared)"),
    ],
)
def test_each_kind_of_evidence_has_words_of_its_own(kind: EvidenceKind, facet: str, detail: str, words: str) -> None:
    assert [word(proof.words) for proof in proofs([evidence(facet, kind, detail)])] == [words]


def test_the_strongest_evidence_comes_first_and_being_a_therapist_at_all_is_said_only_alone() -> None:
    general = evidence("physical_therapy", "taxonomy", "225100000X")
    declared = evidence("neurologic", "taxonomy", "2251N0400X")
    certified = evidence("neurologic", "board_certified")
    assert [proof.kind for proof in proofs([general, declared, certified])] == ["board_certified", "taxonomy"]
    assert len(proofs([general])) == 1


def test_unknown_is_not_no() -> None:
    insurances = [insurance("medicaid", "no"), insurance("medicare", "yes")]
    words = {plan: word(answer(plan, insurances, TODAY).words) for plan in ("medicare", "medicaid", "va", "a plan")}
    assert words == {
        "medicare": "Takes Medicare",
        "medicaid": "Does not take Medicaid",
        "va": "VA Community Care: ask whether they take it",
        "a plan": "a plan: ask whether they take it",
    }
    assert answer("va", insurances, TODAY).sourced is None


def test_of_two_answers_the_newer_counts() -> None:
    insurances = [insurance("medicare", "no", as_of=OLD), insurance("medicare", "yes", as_of=FRESH)]
    assert answer("medicare", insurances, TODAY).status == "yes"
    assert answer("medicare", reversed(insurances), TODAY).status == "yes"


def test_what_has_no_date_is_never_fresh() -> None:
    undated = Sourced(source="nppes", as_of=UNDATED)
    assert is_old(undated, TODAY)
    assert word(Old(UNDATED, (Message("the address"),)).words) == "No date is known for: the address."
    assert source_note(undated) == "Source: national provider registry (NPPES), date unknown"
    assert day(UNDATED) == "date unknown"


@pytest.mark.parametrize(("age", "marked"), [(0, False), (90, False), (91, True), (4000, True), (-5, False)])
def test_a_fact_older_than_ninety_days_is_marked(age: int, marked: bool) -> None:
    as_of = TODAY - timedelta(days=age)
    assert is_old(location(as_of=as_of).address, TODAY) is marked
    medicare = insurance("medicare", "yes", as_of=as_of)
    assert answer("medicare", [medicare], TODAY).is_old is marked
    assert timedelta(days=90) == FRESH_FOR


def test_the_warning_names_each_old_fact_that_a_visit_depends_on_once_and_by_its_day() -> None:
    def warnings(of: Listing) -> list[str]:
        return [word(one.words) for one in card(of, plans=("medicare",), origin=None, today=TODAY).old]

    fresh, old = location(), location(as_of=OLD)
    june, older = (insurance("medicare", "yes", as_of=day) for day in (OLD, date(2025, 6, 23)))
    assert warnings(listing(at=fresh)) == []
    assert warnings(listing(at=old)) == ["Last checked on June 7, 2026: the address, the telephone number."]
    assert warnings(listing(at=location(as_of=OLD, phone=""))) == ["Last checked on June 7, 2026: the address."]
    moved = replace(fresh, phone_origin=Sourced(source="nppes", as_of=OLD))
    assert warnings(listing(at=moved)) == ["Last checked on June 7, 2026: the telephone number."]
    assert warnings(listing(at=fresh, insurance=(june,))) == ["Last checked on June 7, 2026: Medicare."]
    assert warnings(listing(at=old, insurance=(older,))) == [
        "Last checked on June 23, 2025: Medicare.",
        "Last checked on June 7, 2026: the address, the telephone number.",
    ]
    assert warnings(listing(at=fresh, insurance=(insurance("va", "yes", as_of=OLD),))) == []
    assert old_facts(old, (), TODAY)[0].day == OLD


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("yes", "Listed as taking Medicare on June 7, 2026. Ask again."),
        ("no", "Listed as not taking Medicare on June 7, 2026. Ask again."),
        ("unknown", "Medicare: ask whether they take it"),
    ],
)
def test_an_old_answer_asks_to_confirm_and_keeps_its_status(status: InsuranceStatus, words: str) -> None:
    old_answer = answer("medicare", [insurance("medicare", status, as_of=OLD)], TODAY)
    assert word(old_answer.words) == words
    assert old_answer.status == status


def test_an_old_yes_has_no_check_on_a_page(sample_app: Flask) -> None:
    evidence_of = sample_app.jinja_env.get_template("components/evidence.html").module
    drawn = {}
    for as_of in (FRESH, OLD):
        drawn[as_of] = str(evidence_of.insurance(answer("va", [insurance("va", "yes", as_of=as_of)], TODAY)))  # type: ignore[attr-defined]
    assert "fact-yes" in drawn[FRESH]
    assert "fact-ask" in drawn[OLD]
    assert "fact-yes" not in drawn[OLD]


def test_an_old_offer_asks_to_confirm() -> None:
    fact = Fact(field="telehealth", value="yes", location_key="", source="staff", as_of=OLD)
    of = replace(provider(), facts=(fact,))
    (offer,) = card(listing(of), plans=(), offers_wanted=("telehealth",), origin=None, today=TODAY).offers
    assert word(offer.words) == "Listed on June 7, 2026: Offers visits by video. Ask again."
    assert offer.is_old
    (profile_fact,) = profile(of, TODAY).facts
    assert word(profile_fact.value) == "Yes, but ask again"


def test_the_cost_is_that_of_the_location_and_links_its_estimate() -> None:
    cost = card_near().cost
    assert cost is not None
    assert cost.address.startswith("/estimate?zip=02139&date=2026-11-20&visit=follow_up")
    assert cost.bounds
    assert cost.bounds[0] == cost.bounds[1]
    assert 15 < cost.bounds[0] < 35


def test_without_published_amounts_there_is_no_cost() -> None:
    later = card(listing(), plans=(), origin=None, today=date(2030, 1, 1))
    assert later.cost is None


def test_a_provider_with_one_location_has_one_list_of_insurance() -> None:
    here = location("here")
    insurances = (insurance("medicaid", "no", location_key="here"), insurance("va", "yes", location_key="here"))
    whole = profile(provider(insurance=(*insurances, insurance("medicaid", "yes")), locations=(here,)), TODAY)
    assert [(one.plan, one.status) for one in whole.insurance] == [
        ("va", "yes"),
        ("medicare", "unknown"),
        ("tricare", "unknown"),
        ("medicaid", "no"),
    ]
    assert whole.places[0].insurance == ()
    assert whole.elsewhere == ()


def test_a_profile_shows_answers_of_one_location_at_that_location() -> None:
    here, there = location("here"), location("there")
    insurances = (insurance("medicare", "yes", location_key="here"), insurance("va", "no"))
    whole = profile(provider(insurance=insurances, locations=(here, there)), TODAY)
    assert [(one.plan, one.status) for one in whole.insurance] == [
        ("medicaid", "unknown"),
        ("tricare", "unknown"),
        ("va", "no"),
    ]
    assert [[one.status for one in place.insurance] for place in whole.places] == [["yes"], ["unknown"]]
    assert [word(name) for name in whole.elsewhere] == ["Medicare"]


def test_the_plans_of_a_profile_stand_in_one_order_whatever_that_of_the_data() -> None:
    here, there = location("here"), location("there")
    insurances = [
        insurance("zenith-ppo", "yes"),
        insurance("harborlight-ppo", "no"),
        insurance("alder-hmo", "yes"),
        insurance("medicare", "yes"),
    ]
    order = ["medicare", "alder-hmo", "zenith-ppo", "harborlight-ppo"]
    for answers in (insurances, insurances[::-1]):
        whole = profile(provider(insurance=tuple(answers), locations=(here, there)), TODAY)
        assert [one.plan for one in whole.insurance if one.sourced] == order
        local = tuple(replace(one, location_key="here") for one in answers)
        first, _ = profile(provider(insurance=local, locations=(here, there)), TODAY).places
        assert [one.plan for one in first.insurance] == order


def test_a_profile_shows_the_distance_of_each_location_from_the_search() -> None:
    (place,) = profile(provider(locations=(location(),)), TODAY, Gazetteer.load().resolve("02139")).places
    assert place.distance
    assert "from the center of 02139" in word(place.distance) or word(place.distance).startswith("0 miles")
    assert profile(provider(locations=(location(),)), TODAY).places[0].distance is None


def test_a_card_shows_only_requested_offers_with_yes() -> None:
    fact = {"location_key": "", "source": "staff", "as_of": FRESH}
    facts = (
        Fact(field="aquatic", value="no", **fact),  # type: ignore[arg-type]
        Fact(field="telehealth", value="yes", **fact),  # type: ignore[arg-type]
        Fact(field="accepting_patients", value="yes", **fact),  # type: ignore[arg-type]
    )
    of = replace(provider(), facts=facts)
    for offers_wanted, words in {
        (): [],
        ("aquatic",): [],
        ("telehealth", "aquatic"): ["Offers visits by video"],
        ("accepting_patients", "telehealth"): ["Takes new patients", "Offers visits by video"],
    }.items():
        made = card(listing(of), plans=(), offers_wanted=offers_wanted, origin=None, today=TODAY)
        assert [word(one.words) for one in made.offers] == words
        assert {one.source for one in made.offers} <= {"staff"}
