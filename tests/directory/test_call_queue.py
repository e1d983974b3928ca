"""The queue of listings to verify: reported ones first, then the oldest, without recently called ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from finder.directory.call_queue import Queue, list_queue
from finder.directory.provider import UNDATED
from finder.directory.release.release import Release
from finder.directory.release.tables import location_key
from finder.directory.release.write import write_release
from finder.intake.merging.merge import merge
from finder.places.gazetteer import Gazetteer
from tests.intake.rows import NPIS, make_layer, place, provider

TODAY = date(2026, 11, 20)
DATES = ("2026-11-01", "2026-03-01", "2025-06-01", "2026-05-01")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    rows = list(zip(NPIS, DATES, strict=False))
    layer = make_layer(
        "nppes",
        provider=[provider(npi, as_of=day) for npi, day in rows],
        location=[place(npi, as_of=day, state="MA" if npi != NPIS[3] else "NH") for npi, day in rows],
    )
    path = tmp_path_factory.mktemp("queue") / "release.sqlite"
    write_release(path, merge([layer]).tables, {}, Gazetteer.load())
    return Release.open(path)


def ask(release: Release, **more: object) -> Queue:
    settled: dict[str, object] = {"report_places": [], "recently_called": frozenset(), "today": TODAY} | more
    return list_queue(release, **settled)  # type: ignore[arg-type]


def npis(queue: Queue) -> list[str]:
    return [entry.npi for entry in queue.entries]


def test_stale_listings_are_queued_oldest_first(release: Release) -> None:
    queue = ask(release)
    assert npis(queue) == [NPIS[2], NPIS[1], NPIS[3]]
    assert queue.entries[0].oldest == date(2025, 6, 1)


def test_a_listing_without_a_date_is_older_than_all_others_and_one_without_a_phone_is_not(tmp_path: Path) -> None:
    layer = make_layer(
        "nppes",
        provider=[provider(npi) for npi in NPIS[:3]],
        location=[place(NPIS[0], as_of="", phone=""), place(NPIS[1], phone=""), place(NPIS[2], phone_extension="1")],
    )
    write_release(tmp_path / "release.sqlite", merge([layer]).tables, {}, Gazetteer.load())
    undated = Release.open(tmp_path / "release.sqlite")
    assert [(entry.npi, entry.oldest) for entry in ask(undated).entries] == [(NPIS[0], UNDATED)]
    found = undated.provider(NPIS[0])
    assert found
    assert (found.locations[0].address.iso_date, found.name_origin.iso_date) == ("", "2026-11-01")


def test_reported_listings_come_first_however_fresh(release: Release) -> None:
    key = location_key("99 Elm Street", "02139")
    queue = ask(release, report_places=[(NPIS[3], ""), (NPIS[0], key), (NPIS[0], "")])
    assert npis(queue) == [NPIS[0], NPIS[3], NPIS[2], NPIS[1]]
    assert [entry.reports for entry in queue.entries] == [2, 1, 0, 0]


def test_a_recently_called_listing_is_not_queued(release: Release) -> None:
    key = location_key("99 Elm Street", "02139")
    assert npis(ask(release, recently_called={(NPIS[1], key), (NPIS[2], "")})) == [NPIS[3]]


def test_by_state_and_by_page(release: Release) -> None:
    assert npis(ask(release, state="NH")) == [NPIS[3]]
    page = ask(release, limit=1, offset=1)
    assert (page.total, npis(page)) == (3, [NPIS[1]])
    assert ask(release, offset=99).entries == ()


def test_nothing_is_due_in_an_empty_release(tmp_path: Path) -> None:
    write_release(tmp_path / "release.sqlite", merge([]).tables, {}, Gazetteer.load())
    assert ask(Release.open(tmp_path / "release.sqlite")) == Queue(total=0, entries=())


def test_a_missing_phone_is_not_stale_and_reports_on_unlisted_providers_are_ignored(tmp_path: Path) -> None:
    layer = make_layer("nppes", provider=[provider(NPIS[0])], location=[place(NPIS[0], phone="")])
    write_release(tmp_path / "release.sqlite", merge([layer]).tables, {}, Gazetteer.load())
    release = Release.open(tmp_path / "release.sqlite")
    assert ask(release).total == 0
    assert npis(ask(release, report_places=[(NPIS[5], ""), (NPIS[0], "elsewhere"), (NPIS[0], "")])) == [NPIS[0]]
