"""The style guide: for developers, with every component and token; not there in production."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from finder import create_app
from finder.http.assets import asset_text
from finder.resources import TEMPLATES
from finder.settings import Settings
from finder.web.pages.styleguide import tokens
from tests.conftest import TODAY
from tests.web.validity import page_faults


@pytest.fixture
def developer(sample_home: Path) -> FlaskClient:
    """A visitor of a site whose settings show the page."""
    app = create_app(Settings(home=sample_home, today=TODAY, secret_key="a key for the tests alone", styleguide=True))
    return app.test_client()


def test_the_style_guide_is_off_by_default(client: FlaskClient) -> None:
    assert client.get("/styleguide").status_code == 404


def test_every_component_is_on_the_style_guide(developer: FlaskClient) -> None:
    text = developer.get("/styleguide").text
    unseen = {"carried.html"}  # hidden fields: there is nothing to see
    for file in sorted((TEMPLATES / "components").glob("*.html")):
        if file.name not in unseen:
            assert f'from "components/{file.name}"' in (TEMPLATES / "styleguide" / "page.html").read_text(
                encoding="utf-8"
            )
    for name in tokens():
        assert f"swatch-{name}" in text
        assert f".swatch-{name} {{" in asset_text("styleguide.css")
    assert len(tokens()) > 15


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'id="([a-z]+)"', asset_text("icons.svg")))
    named = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r"icon\('([a-z]+)'\)", file.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= drawn


def test_the_style_guide_is_valid(developer: FlaskClient) -> None:
    response = developer.get("/styleguide?lang=en")
    assert page_faults(response, "en") == []
