"""The gazetteer, read once for all tests of places."""

from __future__ import annotations

import pytest

from finder.places import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()
