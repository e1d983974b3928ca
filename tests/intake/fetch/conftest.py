"""A publisher for a test, and manners that do not wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from finder.intake.fetch.client import RequestPolicy
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
def policy(waits: list[float]) -> RequestPolicy:
    return RequestPolicy(delay=0, timeout=20, total_timeout=60, tries=3, sleep=waits.append)


@pytest.fixture
def impatient(policy: RequestPolicy) -> RequestPolicy:
    """For a server that goes silent: long enough for a true answer on a busy machine."""
    return replace(policy, timeout=1.0, total_timeout=2.0)
