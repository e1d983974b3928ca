"""The benchmarks: their fictional population is a valid release."""

from __future__ import annotations

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
    directory = Directory(Release.open(tmp_path / "release.sqlite"))
    found = directory.search(Query(origin=None))
    assert found.total == len(people.owner)
    named = [plan for plan in directory.plans if plan in PLANS and plan not in payers()]
    assert named
    assert [directory.plan_names.name(plan) for plan in named] == [f"Plan {plan}" for plan in named]
