"""Geocoding of staged files: located addresses, and notices for the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from finder.cli.data import data_group
from finder.intake.publishing.geocode import NoMapService, locate_layers, open_geocoder
from finder.intake.publishing.stage import StageRequest, stage
from finder.places.gazetteer import Gazetteer
from finder.places.geocoder import Geocoder
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.intake.fetch.server import Publisher, json_page, serving, status
from tests.intake.rows import NPIS, make_layer, place, provider
from tests.intake.sources.nppes.nppes_files import line, main_file

HERE = {"lat": "42.3655", "lon": "-71.1036", "display_name": "99, Elm Street"}


@pytest.fixture
def service() -> Iterator[Publisher]:
    with serving() as running:
        running.pages["/search"] = lambda request: json_page([HERE] if "Elm" in request.path else [])(request)
        yield running


@pytest.fixture
def geocoder(service: Publisher, tmp_path: Path, settings: Settings, gazetteer: Gazetteer) -> Geocoder:
    today = settings.current_date()
    return Geocoder(service.url(""), folder=tmp_path, gazetteer=gazetteer, today=today, delay=0)


def test_unlocated_addresses_have_a_notice(service: Publisher, geocoder: Geocoder) -> None:
    layer = make_layer(
        "nppes",
        provider=[provider(npi) for npi in NPIS[:3]],
        location=[
            place(NPIS[0]),
            place(NPIS[1]),
            place(NPIS[1], "5 Lost Way"),
            place(NPIS[2], "7 Elm Court", latitude=42.0, longitude=-71.0, geocode_source="given"),
        ],
    )
    steps: list[tuple[int, int]] = []
    (located,) = locate_layers([layer], geocoder, lambda done, total: steps.append((done, total)))
    rows = located.tables["location"].to_dict("records")
    points = [(row["latitude"], row["longitude"], row["geocode_source"]) for row in rows]
    here = (42.3655, -71.1036, "geocoded")
    assert points == [here, here, (42.36, -71.1, "zip_centroid"), (42.0, -71.0, "given")]
    assert [(found.code, found.value) for found in located.notices] == [("address_not_found", "5 Lost Way, 02139")]
    assert steps == [(1, 2), (2, 2)], "one address is asked for once"
    assert len(service.requested) == 2
    assert list(layer.tables["location"]["geocode_source"]).count("geocoded") == 0, "the layer given is unchanged"


def test_a_failing_map_service_changes_nothing(service: Publisher, geocoder: Geocoder) -> None:
    service.pages["/search"] = status(400)
    layer = make_layer("nppes", provider=[provider(NPIS[0])], location=[place(NPIS[0])])
    (located,) = locate_layers([layer], geocoder)
    assert located.tables["location"].equals(layer.tables["location"])
    assert [found.code for found in located.notices] == ["address_not_answered"]


def test_an_empty_layer_sends_no_request(service: Publisher, geocoder: Geocoder) -> None:
    (located,) = locate_layers([make_layer("nppes")], geocoder)
    assert (len(located.tables["location"]), service.requested) == (0, [])


def test_geocoding_is_off_unless_a_service_is_set(settings: Settings, gazetteer: Gazetteer) -> None:
    with pytest.raises(NoMapService):
        open_geocoder(settings, gazetteer)


def test_a_staged_file_is_located(installation: Installation, service: Publisher, tmp_path: Path) -> None:
    service.pages["/search"] = json_page([HERE])
    path = tmp_path / "npidata_pfile_20050523-20261108.csv"
    path.write_bytes(main_file(line(1)))
    set_up = replace(installation, settings=replace(installation.settings, geocoder_url=service.url("")))
    stage(set_up, StageRequest(paths=[path], by="eva"))
    assert service.requested == []
    stage(set_up, StageRequest(paths=[path], by="eva", geocode=True))
    assert len(service.requested) == 1
    stage(set_up, StageRequest(paths=[path], by="eva", geocode=True))
    assert len(service.requested) == 1, "the answer is kept"


def test_the_command_refuses_without_a_service(settings: Settings, tmp_path: Path) -> None:
    app = Flask("data")
    app.config["FINDER_SETTINGS"] = settings
    app.cli.add_command(data_group)
    path = tmp_path / "file.csv"
    path.write_text(json.dumps({}))
    result = app.test_cli_runner().invoke(args=["data", "stage", str(path), "--geocode"])
    assert result.exit_code == 1
    assert "FINDER_GEOCODER_URL" in result.stderr
