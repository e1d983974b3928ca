"""The benchmarks: their fictional population is a valid release."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from finder.directory.query import Query
from finder.directory.release.release import Release
from finder.directory.release.write import write_release
from finder.directory.search import Directory
from finder.directory.vocabulary.payers import payers
from finder.places.gazetteer import Gazetteer
from tests.bench.population import PLANS, as_tables, populate


def test_the_fictional_population_is_a_release_that_can_be_searched(tmp_path: Path) -> None:
    people = populate(300)
    write_release(tmp_path / "release.sqlite", as_tables(people), {"layers": [], "sample": False}, Gazetteer.load())
    directory = Directory(Release.open(tmp_path / "release.sqlite"), date(2026, 11, 30))
    found = directory.search(Query(origin=None))
    assert found.total == len(people.owner)
    assert directory.plans.choices
    assert set(directory.plans.choices) <= set(PLANS) - set(payers())
    assert [directory.plans.name(plan) for plan in directory.plans.choices] == [
        f"Plan {plan}" for plan in directory.plans.choices
    ]
