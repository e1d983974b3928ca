from __future__ import annotations

import csv
import typing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.directory.provider import EvidenceKind
from finder.directory.vocabulary.specialties import (
    EvidenceRow,
    credential_tokens,
    evidence_for,
    evidence_names,
    is_clinic,
    is_physical_therapist,
    proves,
    specialties,
    specialty_values,
)


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("PT, DPT, NCS", ("PT", "DPT", "NCS")),
        ("PT, DPT,NCS", ("PT", "DPT", "NCS")),
        ("PT, DPT, NCS, CBIS", ("PT", "DPT", "NCS", "CBIS")),
        ("D.P.T., N.C.S.", ("DPT", "NCS")),
        ("P.T. N.C.S.", ("PT", "NCS")),
        ("P. T., N. C. S.", ("PT", "NCS")),
        ("N C S", ("NCS",)),
        ("PT.DPT.NCS", ("PT", "DPT", "NCS")),
        ("P.T.NCS", ("PT", "NCS")),
        ("pt/ncs", ("PT", "NCS")),
        ("DPT-NCS (2019)", ("DPT", "NCS", "2019")),
        ("ＮＣＳ", ("NCS",)),
        ("RNCS", ("RNCS",)),
        ("", ()),
        (" . , ; ", ()),
    ],
)
def test_credentials_are_split_into_words(written: str, tokens: tuple[str, ...]) -> None:
    assert credential_tokens(written) == tokens


@given(st.text())
def test_any_text_can_stand_where_credentials_are_written(text: str) -> None:
    assert all(token and token == token.strip() for token in credential_tokens(text))


def test_very_long_credentials_are_cut_off() -> None:
    assert len(credential_tokens("NCS, " * 100_000)) <= 100


def test_letters_inside_another_word_are_no_certification() -> None:
    assert evidence_for([], "RNCS, ANCS, NCSW") == ()


def test_a_code_and_a_certification_are_two_kinds_of_evidence() -> None:
    assert evidence_for(["225100000X", "2251N0400X"], "PT, N.C.S.") == (
        EvidenceRow("physical_therapy", "taxonomy", "225100000X"),
        EvidenceRow("neurologic", "taxonomy", "2251N0400X"),
        EvidenceRow("neurologic", "board_certified", "NCS"),
    )


def test_a_code_repeated_in_two_slots_is_one_piece_of_evidence() -> None:
    assert len(evidence_for(["2251G0304X", "2251G0304X"], "GCS; G.C.S.")) == 2


def test_codes_of_other_professions_are_no_evidence() -> None:
    assert evidence_for(["225200000X", "2084N0400X", "225XN1300X", "", "2251"], "MD") == ()


def test_a_therapist_code_without_a_specialty_of_ours_is_general_evidence() -> None:
    assert evidence_for(["2251Z9999X"], "") == (EvidenceRow("physical_therapy", "taxonomy", "2251Z9999X"),)


def test_assistants_are_neither_therapists_nor_clinics() -> None:
    assert not is_physical_therapist("225200000X")
    assert not is_clinic("225200000X")
    assert is_clinic("261QP2000X")


@pytest.mark.parametrize("code", ["2251", "2251n0400x", " 2251N0400X", "2251N0400X\n", "2251N0400XX", "２251N0400X"])
def test_what_is_not_a_taxonomy_code_is_no_therapist(code: str) -> None:
    assert not is_physical_therapist(code)


def test_the_vocabulary_is_the_published_one() -> None:
    published = """neurologic neurologic:board_certified neurologic:confirmed neurologic:taxonomy treats_neuropathy
    geriatric orthopedic sports pediatric cardiopulmonary hand ergonomics electrophysiology human_factors"""
    assert set(published.split()) <= set(specialty_values())
    assert "physical_therapy" not in specialty_values()


@pytest.mark.parametrize(
    ("credentials", "held"),
    [
        ("PT, former NCS", []),
        ("NCS eligible", []),
        ("N.C.S.-candidate", []),
        ("NCS (expired 2019)", []),
        ("PT, NCS, expired 2019", []),
        ("ex-NCS, OCS", ["OCS"]),
        ("PT DPT OCS NCS (lapsed)", ["OCS"]),
        ("GCS, not yet NCS", ["GCS"]),
        ("candidate for SCS", []),
        ("PT, NCS (2014-2024)", []),
        ("PT, NCS, 2014 to 24, OCS", ["OCS"]),
        ("PT, NCS 2015–2025", []),
        ("NCS (2014 - 2024)", []),
        ("NCS EMERITUS", []),
        ("NCS 2015", ["NCS"]),
        ("NCS (2015, 2025)", ["NCS"]),
        ("RNCS", []),
        ("PT, DPT, NCS, CBIS", ["NCS"]),
    ],
)
def test_a_certification_that_is_over_or_hoped_for_is_none(credentials: str, held: list[str]) -> None:
    assert [row.detail for row in evidence_for((), credentials)] == held


@pytest.mark.parametrize(("year", "held"), [(2024, True), (2025, False)])
def test_the_years_of_a_certification_are_measured_by_the_day_of_the_file(year: int, held: bool) -> None:
    assert bool(evidence_for((), "PT, NCS (2014-2024)", date(year, 6, 1))) == held


def test_neurologic_is_any_evidence_and_its_kinds_are_kept_apart() -> None:
    kinds: tuple[str, ...] = typing.get_args(EvidenceKind)
    assert all(proves("neurologic", "neurologic", kind) for kind in kinds)
    for chosen in ("board_certified", "confirmed", "taxonomy"):
        assert [kind for kind in kinds if proves(f"neurologic:{chosen}", "neurologic", kind)] == [chosen]


def test_treating_neuropathy_must_be_confirmed_and_is_not_neurologic() -> None:
    assert proves("treats_neuropathy", "treats_neuropathy", "confirmed")
    assert not proves("treats_neuropathy", "treats_neuropathy", "taxonomy")
    assert not proves("neurologic", "treats_neuropathy", "confirmed")
    assert not proves("neurologic", "a facet of tomorrow", "confirmed")


def test_every_kind_of_evidence_has_a_name_strongest_first() -> None:
    assert tuple(evidence_names()) == typing.get_args(EvidenceKind)
    assert all(evidence_names().values())


def test_no_code_or_certification_stands_for_two_specialties() -> None:
    signs = [sign for one in specialties().values() for sign in (*one.taxonomies, *one.credentials)]
    assert len(signs) == len(set(signs))


def test_every_therapist_code_of_the_taxonomy_has_its_specialty(shared_data: Path) -> None:
    with (shared_data / "nucc" / "nucc_taxonomy_251.csv").open(encoding="cp1252", newline="") as file:
        codes = {row["Code"] for row in csv.DictReader(file) if is_physical_therapist(row["Code"])}
    known = {code for one in specialties().values() for code in one.taxonomies}
    assert codes == known - {"261QP2000X"}
