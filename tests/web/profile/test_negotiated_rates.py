"""Negotiated rates on a profile: a range for each service, by plan, with its source."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from finder.directory.provider import Provider
from finder.web.profile.negotiated_rates import MOST, AgreedPrice, agreed_prices
from tests.directory.builder import DirectoryBuilder
from tests.web.reading import parsed, text_of
from tests.web.small_directories import priced_directory, visitor_of

TODAY = date(2026, 11, 30)


@pytest.fixture
def builder() -> DirectoryBuilder:
    return priced_directory()


def test_a_page_shows_the_range_of_each_service_and_who_says_so(
    builder: DirectoryBuilder, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visitor_of(builder, app, tmp_path, monkeypatch)
    text = text_of(parsed(visitor.get("/therapists/2000000001").text))
    assert "What insurers agreed to pay here" in text
    assert "EVRY-HEALTH of 2026" in text
    assert "$34.55 to $118.19" in text
    assert "$30.00" in text
    assert "$30.00 to" not in text
    assert "x-1" not in text
    assert "$41.00" in text
    text_for_plan = text_of(parsed(visitor.get("/therapists/2000000001?insurance=harborlight-ppo").text))
    assert "$41.00" in text_for_plan
    assert "$34.55" not in text_for_plan


def test_nothing_is_shown_where_nothing_is_known(
    builder: DirectoryBuilder, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.location(builder.provider(2, "Bo Low"), 42.36, -71.1)
    visitor = visitor_of(builder, app, tmp_path, monkeypatch)
    assert "agreed to pay" not in text_of(parsed(visitor.get("/therapists/2000000002").text))


def test_services_of_usual_visits_come_first_and_not_all_are_shown(
    builder: DirectoryBuilder, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(97010, 97040):
        builder.fact("2000000001", f"negotiated_rate:harborlight-ppo:{number}", "1.00-2.00")
    builder.fact("2000000001", "negotiated_rate:harborlight-ppo:97530", "50.00-60.00")
    visitor_of(builder, app, tmp_path, monkeypatch)
    with app.test_request_context():
        provider = app.extensions["finder"].directory().provider("2000000001")
        assert isinstance(provider, Provider)
        (prices,) = agreed_prices(provider, "harborlight-ppo", TODAY)
    assert len(prices.prices) == MOST
    assert (prices.prices[0].code, prices.prices[0].bounds) == ("97530", (Decimal("50.00"), Decimal("60.00")))


def test_a_price_is_shown_to_its_last_day(
    builder: DirectoryBuilder, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("99.00-99.00 until 2026-11-29", "50.00-50.00 until 2026-11-30", "45.00-45.00", "99.00 to 100.00"):
        builder.fact("2000000001", "negotiated_rate:harborlight-ppo:97530", value)
    visitor_of(builder, app, tmp_path, monkeypatch)
    with app.test_request_context():
        provider = app.extensions["finder"].directory().provider("2000000001")
        found = [
            dict(price for one in agreed_prices(provider, "harborlight-ppo", day) for price in map(bounds, one.prices))
            for day in (TODAY, TODAY + timedelta(days=1))
        ]
    assert [prices["97530"] for prices in found] == [(Decimal(45), Decimal(50)), (Decimal(45), Decimal(45))]


def bounds(price: AgreedPrice) -> tuple[str, tuple[Decimal, Decimal]]:
    return price.code, price.bounds
