"""Which spellings of an address are one door of a provider, and which are two."""

from __future__ import annotations

import pandas as pd
import pytest

from finder.directory.release.tables import location_key
from finder.intake.cleaning.names import street
from finder.intake.merging.same_address import canonical_keys, is_at

SUITE = location_key("12 Maple St, Ste 200", "02139")


def key(first_line: str, second_line: str = "") -> str:
    return location_key(street(first_line, second_line), "021394307")


def places(*keys: str) -> pd.DataFrame:
    return pd.DataFrame({"npi": ["1400000018"] * len(keys), "location_key": list(keys)}, dtype="str")


def is_one(*keys: str) -> bool:
    """Return whether the keys are one door of a provider, for listings and for places that are closed."""
    changed = canonical_keys(places(*keys))
    one = len(changed) == len(set(keys)) - 1
    assert bool(is_at(places(keys[0]), places(*keys[1:])).all()) is one
    return one


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 MAPLE ST", "# 200"),
        ("12 MAPLE ST #200", ""),
        ("12 MAPLE STREET", "SUITE200"),
        ("12 MAPLE ST", "STE. 200"),
        ("12 MAPLE ST", "SUITE #200"),
        ("12 MAPLE ST", "STE NO. 0200"),
        ("12 MAPLE ST", "UNIT 200"),
        ("12 MAPLE ST RM 200", ""),
        ("12 MAPLE ST", "OFFICE 200"),
        ("SUITE 200", "12 MAPLE ST"),
        ("MAPLE TOWER SUITE 200", "12 MAPLE ST"),
        ("MAPLE MEDICAL BUILDING", "12 MAPLE ST STE 200"),
        ("12 MAPLE ST", "MAPLE MEDICAL BLDG STE 200"),
        ("12 MAPLE ST STE 200", "MAPLE MEDICAL CENTER"),
        ("12 MAPLE ST", "2ND FLOOR, STE 200"),
        ("12 MAPLE ST", "BLDG B STE 200"),
        ("12 MAPLE ST", "MAPLE MEDICAL BUILDING"),
        ("12 MAPLE ST", ""),
    ],
)
def test_spellings_of_one_door(first: str, second: str) -> None:
    assert is_one(key(first, second), SUITE)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 MAPLE ST", "STE 201"),
        ("12 MAPLE ST", "# 20"),
        ("12 MAPLE ST", "STE 200A"),
        ("12 MAPLE ST", "FL 2"),
        ("12 MAPLE AVE", "STE 200"),
        ("14 MAPLE ST", "STE 200"),
        ("14 MAPLE ST", ""),
    ],
)
def test_other_doors_stay_apart(first: str, second: str) -> None:
    assert not is_one(key(first, second), SUITE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("46 MAPLE ST A", "46 MAPLE ST STE A", True),
        ("46 MAPLE ST STE 4 B", "46 MAPLE ST # 4B", True),
        ("12 BROADWAY # 200", "12 BROADWAY STE 200", True),
        ("ONE MAPLE PLAZA STE 3", "1 MAPLE PLZ # 3", True),
        ("1 ELM ST BLDG A STE 2", "1 ELM ST BLDG B STE 2", False),
        ("1 ELM ST BLDG A STE 2", "1 ELM ST BLDG A", True),
        ("100 HWY 20", "100 HWY 30", False),
        ("100 COUNTY RD 200", "100 COUNTY RD 300", False),
        ("12345 RM 620", "12345 RM 12", False),
        ("1 AVENUE A", "1 AVENUE B", False),
        ("12 MAPLE ST N", "12 MAPLE ST S", False),
        ("PO BOX 12", "PO BOX 13", False),
    ],
)
def test_what_belongs_to_the_street_is_no_room(one: str, other: str, same: bool) -> None:
    assert is_one(key(one), key(other)) is same


def test_the_spelling_with_the_word_for_a_suite_is_taken_and_one_without_joins_the_first() -> None:
    plain, suite, number, other = key("12 MAPLE ST"), key("12 MAPLE ST RM 200"), key("12 MAPLE ST # 200"), "STE 150"
    changed = canonical_keys(places(plain, suite, number, SUITE, key("12 MAPLE ST", other)))
    assert dict(zip(changed["location_key"], changed["canonical_key"], strict=True)) == {
        suite: SUITE, number: SUITE, plain: key("12 MAPLE ST", other),
    }  # fmt: skip
    assert canonical_keys(places(suite)).empty
