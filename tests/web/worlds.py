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


def priced_world() -> World:
    """Make a world of one therapist whose prices are known: what plans agreed to pay, and what Medicare was charged."""
    world = World()
    npi = world.provider(1, "Ana Lee")
    world.location(npi, 42.36, -71.1)
    for plan in ("evry-health", "harborlight-ppo"):
        world.insurance(npi, plan, "yes")
        world.plan(plan, f"{plan.upper()} of 2026")
    agreed = {"97110": "34.55-118.19", "97112": "30.00-30.00", "97014": "5.00-7.00", "97116": "x-1"}
    for code, value in agreed.items():
        world.fact(npi, f"negotiated_rate:evry-health:{code}", value)
    world.fact(npi, "negotiated_rate:harborlight-ppo:97110", "41.00-41.00")
    for code in ("97110", "97112", "97140", "97162"):
        world.fact(npi, f"average_charge:{code}", "1181.95")
        world.fact(npi, f"average_allowed_amount:{code}", "98.76")
    return world
