"""Typed needs lead to specialties in both languages and despite typos; other words are a name."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.directory.vocabulary.need import LONGEST_NEED, Need, need_rows, understand
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.specialties import specialty_values

NEEDS = need_rows()


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("numb feet", "neurologic"), ("my feet are numb", "neurologic"), ("Numbness in both of my feet", "neurologic"),
        ("neropathy", "treats_neuropathy"), ("nueropathy", "neurologic"), ("neuropaty in my feet", "neurologic"),
        ("dizzy", "neurologic"), ("dizy", "neurologic"), ("after chemo", "neurologic"),
        ("parkinson's walking", "neurologic"),
        ("Parkinson’s", "neurologic"), ("guillian barre", "neurologic"), ("Guillain-Barré", "neurologic"),
        ("carpel tunnel", "hand"), ("weak hands", "hand"), ("dropping things", "hand"), ("foot drop", "neurologic"),
        ("mother fell last week", "geriatric"), ("losing my balance", "neurologic"), ("MS", "neurologic"),
        ("pies dormidos", "neurologic"), ("se me duermen los pies", "neurologic"), ("quimio", "treats_neuropathy"),
        ("hormigueo en las manos", "neurologic"), ("mareos", "neurologic"), ("caídas", "geriatric"),
        ("túnel carpiano", "hand"),
        ("esclerosis múltiple", "neurologic"), ("mal de Parkinson", "neurologic"), ("no siento los pies", "neurologic"),
        ("knee pain", "orthopedic"), ("my child", "pediatric"), ("COPD", "cardiopulmonary"),
        ("EMG", "electrophysiology"),
        ("nuropathy", "treats_neuropathy"), ("numb feets", "neurologic"), ("tingely hands", "neurologic"),
        ("can not feel my toes", "neurologic"), ("dont feel my feet", "neurologic"), ("feet on fire", "neurologic"),
        ("balence", "neurologic"), ("scared of falling", "geriatric"), ("using a walker", "neurologic"),
        ("cant get up from a chair", "neurologic"), ("my legs give way", "treats_neuropathy"),
        ("chemo hands", "treats_neuropathy"), ("kemo feet", "treats_neuropathy"), ("high sugar", "treats_neuropathy"),
        ("had a stroke", "neurologic"), ("ministroke", "neurologic"), ("cant lift my foot", "treats_neuropathy"),
        ("drop everything", "hand"), ("arthritis in my hands", "hand"), ("low vitamin B12", "treats_neuropathy"),
        ("se me duerme la pierna", "neurologic"), ("ormigueo", "neurologic"), ("agujas en los pies", "neurologic"),
        ("piquetes en los pies", "neurologic"), ("toques en las manos", "neurologic"),
        ("daño en los nervios", "treats_neuropathy"), ("tengo azúcar", "treats_neuropathy"),
        ("me caí en el baño", "geriatric"), ("mi mamá se cae", "geriatric"), ("pérdida de balance", "neurologic"),
        ("camino mal", "neurologic"), ("uso bastón", "neurologic"), ("arrastro los pies", "treats_neuropathy"),
        ("se me va la cabeza", "neurologic"), ("no tengo fuerza en las manos", "hand"),
        ("me fallan las piernas", "treats_neuropathy"), ("embolia", "neurologic"), ("artritis en las manos", "hand"),
        ("nervio pellizcado", "orthopedic"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es"])
def test_leads_to_the_specialty(text: str, facet: str, language: str) -> None:
    need = understand(text, language)
    assert facet in need.specialties
    assert need.leftover == ""


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("neuropatya", "neuropatia"), ("numness", "numbness"), ("vertago", "vertigo"), ("hormigeo", "hormigueo")],
)
def test_says_what_a_typo_was_taken_for(text: str, phrase: str) -> None:
    [match] = understand(text).matched
    assert (match.word, match.phrase, match.typo) == (text, phrase, True)


def test_says_how_each_word_was_understood() -> None:
    need = understand("Dizzy since CHEMO")
    assert [(match.word, match.label, match.typo) for match in need.matched] == [
        ("Dizzy", "Dizziness or vertigo", False),
        ("CHEMO", "Neuropathy after chemotherapy", False),
    ]
    assert {"neurologic", "treats_neuropathy"} <= set(need.specialties)
    assert need.type_names == ("neuropathy after chemotherapy",)


def test_the_longest_phrase_wins() -> None:
    [match] = understand("small fiber neuropathy").matched
    assert match.type_name == "small fiber neuropathy"
    assert understand("cerebral palsy").specialties == ("pediatric", "neurologic")


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe",
        "Ana de la Cruz",
        "Dr. Smith-Jones",
        "O'Brien",
        "Trevor Smith",
        "Tom Hanks",
        "Ms Jane Doe",
        "李",
        "Mario",
    ],
)
def test_a_name_stays_a_name(name: str) -> None:
    assert understand(name) == understand(name, "es") == Need((), name)


def test_other_words_beside_a_symptom_are_a_name() -> None:
    need = understand("stroke, with Ana de la Cruz please")
    assert (need.specialties[0], need.leftover) == ("neurologic", "Ana de la Cruz")
    assert understand("ms walking").specialties[0] == "neurologic"


def test_with_the_names_on_the_list_other_words_are_ignored() -> None:
    names = {"ana", "cruz", "tremblor"}
    need = understand("dizzy on escalators Ana Cruz", is_name=names.__contains__)
    assert (need.leftover, need.ignored) == ("", "escalators Ana Cruz")
    need = understand("Ana de la Cruz dizzy upon escalators", is_name=names.__contains__)
    assert (need.leftover, need.ignored) == ("Ana de la Cruz", "upon escalators")


def test_a_name_on_the_list_is_no_typo() -> None:
    assert understand("strokes").matched[0].phrase == "stroke"
    assert understand("parkinsan").matched[0].typo
    assert understand("parkinsan", is_name={"parkinsan"}.__contains__) == Need((), "parkinsan")


def test_words_without_a_meaning_filter_nothing() -> None:
    assert understand("physical therapist near me") == Need((), "")
    assert understand("  ") == Need((), "")


@pytest.mark.parametrize(
    "text", ["sudden weakness", "face drooping", "lost bladder control", "no puedo hablar", "boca torcida"]
)
def test_words_of_an_emergency_are_recognized(text: str) -> None:
    assert understand(text).urgent


def test_an_old_weakness_is_no_emergency() -> None:
    assert not understand("weak legs for years").urgent


def test_every_phrase_of_the_vocabulary_is_understood_as_its_own_row_says() -> None:
    for row in NEEDS:
        for language in ("en", "es"):
            for phrase in row[language]:
                need = understand(phrase.upper(), language)
                assert [match.label for match in need.matched] == [row["label"]], phrase
                assert need.leftover == "", phrase
                assert not need.matched[0].typo, phrase


def test_the_vocabulary_leads_only_to_what_can_be_searched_and_gives_its_reasons() -> None:
    assert len({row["label"] for row in NEEDS}) == len(NEEDS)
    for row in NEEDS:
        assert bool(row.get("facets")) != bool(row.get("offers")), f"one of them can be left out alone: {row['label']}"
        assert set(row.get("facets", ())) <= set(specialty_values()), row["label"]
        assert set(row.get("offers", ())) <= set(offers()), row["label"]
        assert row["why"].endswith("."), row["label"]
        assert row["source"], row["label"]
        assert all(phrase == phrase.lower() for phrase in (*row["en"], *row["es"])), row["label"]


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("a pool near me", "aquatic"), ("water exercise", "aquatic"), ("exercises in the water", "aquatic"),
        ("I want to go swimming again", "aquatic"), ("swiming", "aquatic"), ("hydrotherapy", "aquatic"),
        ("piscina", "aquatic"), ("terapia en el agua", "aquatic"), ("ejercicios acuáticos", "aquatic"),
        ("by video", "telehealth"), ("telehealth", "telehealth"), ("tele-health", "telehealth"),
        ("online visit", "telehealth"), ("videollamada", "telehealth"), ("telesalud", "telehealth"),
        ("taking new patients", "accepting_patients"), ("are you taking new patients?", "accepting_patients"),
        ("accepts new patients", "accepting_patients"), ("acepta pacientes nuevos", "accepting_patients"),
        ("¿aceptan pacientes nuevos?", "accepting_patients"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es"])
def test_leads_to_what_a_place_offers_and_to_no_specialty(text: str, offer: str, language: str) -> None:
    need = understand(text, language, is_name={"nobody"}.__contains__)
    assert (need.specialties, need.offers, need.leftover) == ((), (offer,), "")


def test_a_symptom_and_an_offer_are_both_understood() -> None:
    need = understand("numb feet, exercise in a pool, by video")
    assert need.specialties == ("neurologic", "treats_neuropathy")
    assert need.offers == ("aquatic", "telehealth")


@pytest.mark.parametrize(
    "name", ["Alberta", "Priscila", "Priscilla", "Walter", "Waters", "Nadia", "Nader", "Poole", "Linda", "Linnea"]
)
def test_names_near_the_words_for_offers_stay_names(name: str) -> None:
    assert understand(name) == understand(name, "es") == Need((), name)


def test_every_offer_can_be_asked_for_in_words() -> None:
    assert {offer for row in NEEDS for offer in row.get("offers", ())} == set(offers())


def test_every_specialty_can_be_asked_for_in_words() -> None:
    led_to = {facet for row in NEEDS for facet in row.get("facets", ())}
    assert led_to == {value for value in specialty_values() if ":" not in value}


@given(st.text(max_size=300) | st.text("numb fetparkisoncheyzp '’-.", max_size=250))
def test_never_fails_and_means_the_same_in_both_languages(text: str) -> None:
    need = understand(text)
    assert need.specialties == understand(text, "es").specialties
    assert len(need.leftover) <= LONGEST_NEED
    assert need.offers == understand(text, "es").offers
    assert all(match.facets or match.offers for match in need.matched)


@pytest.mark.parametrize(
    "text",
    ["a " * 100_000, "neropathyx " * 50_000, "x" * 1_000_000, "tremer " * 40, "\x00\ud800\u202e" * 99,
     "'; DROP TABLE providers; --", "<script>alert(1)</script>"],
)  # fmt: skip
def test_hostile_text_costs_little(text: str) -> None:
    understand("warm")
    start = time.process_time()
    understand(text)
    assert time.process_time() - start < 0.1


@pytest.mark.shared
def test_hardly_any_real_name_is_taken_for_a_symptom(shared_data: Path) -> None:
    words = set()
    with (shared_data / "nppes" / "sample-nppes-practitioner_20181204-data.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            words |= {row["Provider Last Name (Legal Name)"].lower(), row["Provider First Name"].lower()}
    assert len(words) > 2_000
    for language in ("en", "es"):
        taken = [word for word in words if understand(word, language).matched]
        assert len(taken) <= len(words) / 1000
