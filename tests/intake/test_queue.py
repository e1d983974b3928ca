"""The re-verification queue: reported first, then the oldest; who was called lately rests."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from finder.intake.merge import merge
from finder.intake.queue import Queue, list_queue
from tests.intake.rows import NPIS, make_layer, place, provider

TODAY = date(2026, 11, 20)
DATES = ("2026-11-01", "2026-03-01", "2025-06-01", "2026-05-01")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    rows = list(zip(NPIS, DATES, strict=False))
    layer = make_layer(
        "nppes",
        provider=[provider(npi, as_of=day) for npi, day in rows],
        location=[place(npi, as_of=day, state="MA" if npi != NPIS[3] else "NH") for npi, day in rows],
    )
    return dict(merge([layer]).tables)


def ask(tables: dict[str, pd.DataFrame], **more: object) -> Queue:
    settled: dict[str, object] = {"reported": [], "resting": frozenset(), "today": TODAY} | more
    return list_queue(tables, **settled)  # type: ignore[arg-type]


def npis(queue: Queue) -> list[str]:
    return [entry.npi for entry in queue.entries]


def test_stale_listings_wait_the_oldest_first(tables: dict[str, pd.DataFrame]) -> None:
    queue = ask(tables)
    assert npis(queue) == [NPIS[2], NPIS[1], NPIS[3]]
    assert queue.entries[0].oldest == date(2025, 6, 1)


def test_reported_listings_go_before_however_fresh(tables: dict[str, pd.DataFrame]) -> None:
    key = str(tables["location"]["location_key"].iloc[0])
    queue = ask(tables, reported=[(NPIS[3], ""), (NPIS[0], key), (NPIS[0], "")])
    assert npis(queue) == [NPIS[0], NPIS[3], NPIS[2], NPIS[1]]
    assert [entry.reports for entry in queue.entries] == [2, 1, 0, 0]


def test_who_was_called_lately_rests(tables: dict[str, pd.DataFrame]) -> None:
    key = str(tables["location"]["location_key"].iloc[1])
    assert npis(ask(tables, resting={(NPIS[1], key), (NPIS[2], "")})) == [NPIS[3]]


def test_by_state_and_by_page(tables: dict[str, pd.DataFrame]) -> None:
    assert npis(ask(tables, state="NH")) == [NPIS[3]]
    page = ask(tables, limit=1, offset=1)
    assert (page.total, npis(page)) == (3, [NPIS[1]])
    assert ask(tables, offset=99).entries == ()


def test_nothing_is_due_in_an_empty_release() -> None:
    assert ask(dict(merge([]).tables)) == Queue(total=0, entries=())
