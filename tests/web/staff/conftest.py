"""Fixtures of the tests of the staff pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import made_once, make_app
from tests.web.staff import files
from tests.web.staff.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """An office over a state folder of the test's own, with the sample published."""
    return Office(app)


@pytest.fixture(scope="session")
def published_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder in which an office has published ten therapists. Tests only copy it."""

    def publish(folder: Path) -> None:
        office = Office(make_app(Path(shutil.copytree(sample_home, folder))))
        editor, publisher = office.add_logged_in("editor", 8), office.add_logged_in("publisher", 8)
        editor.upload(files.write([files.row(number) for number in range(10)]))
        assert publisher.send("/staff/drafts/2/publish").status_code == 303
        office.installation.records.close()
        office.app.extensions["finder"].installation.records.close()

    return made_once(tmp_path_factory, "published_office", publish)


@pytest.fixture
def published_office(published_home: Path, tmp_path: Path) -> Office:
    """An office that has published ten therapists, over a state folder of the test's own."""
    return Office(make_app(Path(shutil.copytree(published_home, tmp_path / "instance"))))
