"""A local publisher of files, and request policies without waits."""

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
    """The seconds of each wait that the client asked for; none takes place."""
    return []


@pytest.fixture
def policy(waits: list[float]) -> RequestPolicy:
    return RequestPolicy(delay=0, timeout=20, total_timeout=60, max_attempts=3, sleep=waits.append)


@pytest.fixture
def short_timeouts(policy: RequestPolicy) -> RequestPolicy:
    """A policy for a silent server; the time-outs are long enough for a real response on a busy machine."""
    return replace(policy, timeout=1.0, total_timeout=2.0)
