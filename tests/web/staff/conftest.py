"""What the tests of the staff pages may ask for."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.staff.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """An office over a state folder of the test's own, with the sample published."""
    return Office(app)
