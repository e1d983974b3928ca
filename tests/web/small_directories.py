"""Pages over a small fictional directory, for what the sample does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.directory.builder import DirectoryBuilder


def visitor_of(builder: DirectoryBuilder, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Publish a directory in an application, and return a visitor."""
    directory = builder.directory(folder / "release.sqlite")
    monkeypatch.setattr(app.extensions["finder"].current, "get", lambda: directory)
    return app.test_client()


def priced_directory() -> DirectoryBuilder:
    """A directory of one therapist with negotiated rates of plans and charges to Medicare."""
    builder = DirectoryBuilder()
    npi = builder.provider(1, "Ana Lee")
    builder.location(npi, 42.36, -71.1)
    for plan in ("evry-health", "harborlight-ppo"):
        builder.insurance(npi, plan, "yes")
        builder.plan(plan, f"{plan.upper()} of 2026")
    agreed = {"97110": "34.55-118.19", "97112": "30.00-30.00", "97014": "5.00-7.00", "97116": "x-1"}
    for code, value in agreed.items():
        builder.fact(npi, f"negotiated_rate:evry-health:{code}", value)
    builder.fact(npi, "negotiated_rate:harborlight-ppo:97110", "41.00-41.00")
    for code in ("97110", "97112", "97140", "97162"):
        builder.fact(npi, f"average_charge:{code}", "1181.95")
        builder.fact(npi, f"average_allowed_amount:{code}", "98.76")
    return builder
