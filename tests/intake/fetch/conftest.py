"""A publisher for a test, and manners that do not wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from finder.intake.fetch.client import Manners
from tests.intake.fetch.server import Publisher, serving


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """The waits that the client would have made."""
    return []


@pytest.fixture
def manners(waits: list[float]) -> Manners:
    return Manners(delay=0, timeout=20, whole=60, tries=3, sleep=waits.append)


@pytest.fixture
def impatient(manners: Manners) -> Manners:
    """For a server that goes silent: long enough for a true answer on a busy machine."""
    return replace(manners, timeout=1.0, whole=2.0)
