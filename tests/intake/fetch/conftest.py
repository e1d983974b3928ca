"""A publisher for a test, and manners that do not wait."""

from __future__ import annotations

from collections.abc import Iterator

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
    return Manners(delay=0, timeout=0.4, whole=1.0, tries=3, sleep=waits.append)
