"""A desk of a test's own, and fictional layers staged at it without a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from finder.intake.desk import Desk
from finder.intake.layer import Layer
from finder.intake.stage import Request, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.tables.data import DraftRecord
from finder.settings import Settings
from tests.records.conftest import empty_url, postgres_server

__all__ = ["empty_url", "postgres_server"]

Stage = Callable[..., DraftRecord]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "instance", today=date(2026, 11, 20))


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    opened = Desk.open(settings)
    yield opened
    opened.records.close()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def stage(desk: Desk, gazetteer: Gazetteer) -> Stage:
    """Stage layers as if they had been read from files."""

    def stage(*layers: Layer, by: str = "eva", replace: bool = False) -> DraftRecord:
        base, stack = published_stack(desk)
        request = Request(paths=[Path("november.csv")], by=by, replace=replace)
        return stage_layers(desk, layers, request, base=base, stack=stack, gazetteer=gazetteer)

    return stage
