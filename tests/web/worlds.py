"""The pages over a small made-up directory, for tests of what the sample does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.directory.world import World


def visitor_of(world: World, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Publish a world in an application, and visit it."""
    directory = world.directory(folder / "release.sqlite")
    monkeypatch.setattr(app.extensions["finder"].current, "get", lambda: directory)
    return app.test_client()
