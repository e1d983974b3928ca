"""Fixtures of the tests of the staff pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.staff import files
from tests.web.staff.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """An office over a state folder of the test's own, with the sample published."""
    return Office(app)


@pytest.fixture
def published_office(office: Office) -> Office:
    """An office that has published ten therapists."""
    editor, publisher = office.add_logged_in("editor", 8), office.add_logged_in("publisher", 8)
    editor.upload(files.write([files.row(number) for number in range(10)]))
    assert publisher.send("/staff/drafts/2/publish").status_code == 303
    office.app.extensions["finder"].current._next_check = 0
    return office
