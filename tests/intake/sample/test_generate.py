"""The bundled sample: fictional, reproducible, and with every kind of row that the pages show."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from finder.cli.sample import sample_command
from finder.directory.provider import EVIDENCE_LADDER
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import specialties
from finder.intake.cleaning.fields import is_npi
from finder.intake.layers.layer import Layer
from finder.intake.sample.generate import csv_text, generate
from finder.intake.sample.sample_data import POPULATION
from finder.intake.sources.registry import read_file
from finder.places.gazetteer import Gazetteer
from finder.places.point import Point, great_circle_miles
from finder.resources import SAMPLE_PROVIDERS


@pytest.fixture(scope="module")
def sample() -> Layer:
    (layer,) = read_file([SAMPLE_PROVIDERS], source="sample", gazetteer=Gazetteer.load())
    return layer


def test_the_file_is_what_the_generator_makes() -> None:
    assert SAMPLE_PROVIDERS.read_bytes() == csv_text(generate()).encode()
    assert SAMPLE_PROVIDERS.stat().st_size < 1_000_000


def test_another_seed_makes_other_providers() -> None:
    assert not {row["npi"] for row in generate(1)} & {row["npi"] for row in generate(2)}


def test_npis_and_telephones_are_fictional() -> None:
    for row in generate():
        assert is_npi(row["npi"])
        assert row["npi"][0] == "2"
        assert row["phone"][3:8] == "55501"


def test_every_row_is_read_without_a_notice(sample: Layer) -> None:
    assert sample.notices == ()
    assert 1_900 <= sample.tables["provider"]["npi"].nunique() <= 2_200
    assert sample.tables["location"]["latitude"].notna().all()


def test_states_with_more_people_have_more_providers(sample: Layer) -> None:
    by_state = Counter(sample.tables["location"]["state"])
    assert set(by_state) == set(POPULATION)
    assert by_state["CA"] > by_state["OH"] > by_state["VT"]


def test_the_sample_has_every_kind_of_evidence_for_every_specialty(sample: Layer) -> None:
    specialty = sample.tables["specialty"]
    assert set(specialty["kind"]) == set(EVIDENCE_LADDER)
    with_a_code = {facet for facet, known in specialties().items() if known.taxonomies}
    assert with_a_code | {"treats_neuropathy"} <= set(specialty["facet"])
    neurologic = specialty[specialty["facet"] == "neurologic"]
    assert set(neurologic["kind"]) == {"board_certified", "confirmed", "taxonomy"}
    kinds = neurologic.groupby("npi")["kind"].agg(set)
    assert any(found == {"board_certified"} for found in kinds)
    assert any(found == {"taxonomy"} for found in kinds)


def test_the_sample_has_yes_no_and_unknown_for_every_payer(sample: Layer) -> None:
    answers = sample.tables["insurance"]
    for plan in [*payers(), "harborlight-hmo"]:
        assert set(answers.loc[answers["plan"] == plan, "status"]) == {"yes", "no"}
        assert answers.loc[answers["plan"] == plan, "npi"].nunique() < sample.tables["provider"]["npi"].nunique()


def test_the_sample_has_fresh_and_stale_rows(sample: Layer) -> None:
    days = [(date(2026, 11, 20) - date.fromisoformat(text)).days for text in sample.tables["provider"]["as_of"]]
    assert min(days) >= 7
    assert 0.2 < sum(age <= 90 for age in days) / len(days) < 0.6
    assert max(days) > 700


def test_the_sample_has_shared_clinics_and_several_locations(sample: Layer) -> None:
    places = sample.tables["location"]
    assert places.groupby("location_key")["npi"].nunique().max() >= 4
    assert 3 in set(places.groupby("npi")["location_key"].nunique())


def test_cambridge_has_many_providers_and_rural_places_none(sample: Layer) -> None:
    gazetteer = Gazetteer.load()

    def npis_near(zip_code: str, miles: float) -> set[str]:
        center = gazetteer.centroid(zip_code)
        assert center is not None
        return {
            row["npi"]
            for row in sample.tables["location"].to_dict("records")
            if great_circle_miles(center, Point(latitude=row["latitude"], longitude=row["longitude"])) <= miles
        }

    specialty = sample.tables["specialty"]
    neurologic = set(specialty.loc[specialty["facet"] == "neurologic", "npi"])
    near = npis_near("02139", 25)
    assert len(near) > 40
    assert len(near & neurologic) > 10
    assert npis_near("82633", 25) == set()


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(sample_command, ["--output", str(tmp_path / "providers.csv")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "providers.csv").read_bytes() == SAMPLE_PROVIDERS.read_bytes()
