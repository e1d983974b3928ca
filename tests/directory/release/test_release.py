from __future__ import annotations

import dataclasses
import hashlib
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from finder.directory.index.build import make_arrays
from finder.directory.provider import Evidence, Fact, Insurance, Sourced
from finder.directory.release import write
from finder.directory.release.file_format import FORMAT
from finder.directory.release.release import DamagedRelease, OtherFormat, Release
from finder.directory.release.tables import NUMBERS, RELEASE
from finder.directory.release.write import write_release
from finder.places.gazetteer import Gazetteer
from finder.places.point import Point
from tests.directory.builder import DAY, MANIFEST, DirectoryBuilder


@pytest.fixture
def builder() -> DirectoryBuilder:
    builder = DirectoryBuilder()
    ana = builder.provider(1, "Ana Lee", credentials="PT, DPT, NCS")
    here = builder.location(ana, 42.36, -71.1, name="Harbor Rehab")
    builder.location(ana, float("nan"), float("nan"), state="AE", zip_code="09001")
    builder.evidence(ana, "physical_therapy")
    builder.evidence(ana, "neurologic", "board_certified", "NCS")
    builder.evidence(ana, "geriatric")
    builder.insurance(ana, "medicare", "yes")
    builder.insurance(ana, "medicare", "no", here)
    builder.fact(ana, "telehealth", "yes", here)
    builder.provider(2, "Harbor Clinic", entity="organization", credentials="")
    return builder


@pytest.fixture
def path(builder: DirectoryBuilder, tmp_path: Path) -> Path:
    write_release(tmp_path / "release.sqlite", builder.tables(), MANIFEST, Gazetteer.load())
    return tmp_path / "release.sqlite"


def test_the_same_tables_give_the_same_bytes_in_any_row_order(builder: DirectoryBuilder, tmp_path: Path) -> None:
    tables = builder.tables()
    shuffled = {name: table.sample(frac=1, random_state=7) for name, table in tables.items()}
    first = write_release(tmp_path / "a.sqlite", tables, MANIFEST, Gazetteer.load())
    second = write_release(tmp_path / "b.sqlite", shuffled, dict(reversed(list(MANIFEST.items()))), Gazetteer.load())
    assert first == second == hashlib.sha256((tmp_path / "a.sqlite").read_bytes()).hexdigest()
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def test_any_changed_value_changes_the_sha256(builder: DirectoryBuilder, tmp_path: Path) -> None:
    first = write_release(tmp_path / "a.sqlite", builder.tables(), MANIFEST, Gazetteer.load())
    assert (
        write_release(tmp_path / "b.sqlite", builder.tables(), {**MANIFEST, "sample": False}, Gazetteer.load()) != first
    )
    builder.rows["fact"][0]["value"] = "no"
    assert write_release(tmp_path / "c.sqlite", builder.tables(), MANIFEST, Gazetteer.load()) != first


def test_a_release_returns_its_tables(builder: DirectoryBuilder, path: Path) -> None:
    tables = Release.open(path).tables()
    assert list(tables) == list(RELEASE)
    for name, expected in builder.tables().items():
        key = list(expected.columns)
        pd.testing.assert_frame_equal(
            tables[name].sort_values(key, ignore_index=True), expected.sort_values(key, ignore_index=True)
        )
        assert {column: str(kind) for column, kind in tables[name].dtypes.items()} == {
            column: NUMBERS.get(column, "str") for column in RELEASE[name]
        }


def test_a_release_made_of_its_own_tables_is_the_same_release(path: Path, tmp_path: Path) -> None:
    release = Release.open(path)
    assert write_release(tmp_path / "again.sqlite", release.tables(), MANIFEST, Gazetteer.load()) == release.sha256


def test_the_stored_arrays_are_those_of_the_tables(builder: DirectoryBuilder, path: Path) -> None:
    assert_same(Release.open(path).arrays, make_arrays(builder.tables(), Gazetteer.load()))


def assert_same(one: Any, other: Any) -> None:
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
        assert not one.flags.writeable
    else:
        assert one == other


def test_the_manifest_says_what_is_inside(path: Path) -> None:
    release = Release.open(path)
    assert release.manifest["layers"] == MANIFEST["layers"]
    assert release.manifest["counts"] == {"providers": 2, "therapists": 1, "clinics": 1, "listings": 2}
    assert release.manifest["format"] == FORMAT
    assert release.is_sample


def test_a_provider_is_read_whole(path: Path) -> None:
    provider = Release.open(path).provider("2000000001")
    assert provider is not None
    assert (provider.name, provider.credentials, provider.entity) == ("Ana Lee", "PT, DPT, NCS", "individual")
    origin: dict[str, Any] = {"source": "test", "as_of": date(2026, 11, 1)}
    assert provider.name_origin == Sourced(**origin)
    assert [one.facet for one in provider.evidence] == ["neurologic", "geriatric", "physical_therapy"]
    assert provider.evidence[0] == Evidence(facet="neurologic", kind="board_certified", detail="NCS", **origin)
    here, away = sorted(provider.locations, key=lambda location: location.name, reverse=True)
    assert here.point == Point(latitude=42.36, longitude=-71.1)
    assert (away.point, away.zip, away.state) == (None, "09001", "AE")
    assert here.phone_origin == Sourced(source="test", as_of=date(2026, 10, 1))
    assert provider.facts == (Fact(field="telehealth", value="yes", location_key=here.location_key, **origin),)


def test_a_listing_has_the_answers_of_its_own_location(path: Path) -> None:
    listings = Release.open(path).listings([1, 0], DAY)
    assert [one.listing_id for one in listings] == [1, 0]
    statuses = {one.listing_id: [answer.status for answer in one.insurance] for one in listings}
    assert statuses == {0: ["no"], 1: ["yes"]}
    assert all(isinstance(answer, Insurance) for one in listings for answer in one.insurance)
    assert Release.open(path).listings([], DAY) == []


@pytest.mark.parametrize("npi", ["2999999999", "", "' OR 1=1 --", "\x00", "2000000001\n", "²000000001"])
def test_an_npi_that_is_not_in_the_release_finds_no_provider(npi: str, path: Path) -> None:
    assert Release.open(path).provider(npi) is None


def test_a_provider_without_a_practice_location_is_kept(path: Path) -> None:
    provider = Release.open(path).provider("2000000002")
    assert provider is not None
    assert (provider.locations, provider.credentials) == ((), "")


def test_many_threads_read_at_once(path: Path) -> None:
    release = Release.open(path)
    start = threading.Barrier(8)

    def read() -> set[str]:
        start.wait()
        return {release.listings([0], DAY)[0].provider.name for _ in range(50)}

    with ThreadPoolExecutor(8) as threads:
        assert [job.result() for job in [threads.submit(read) for _ in range(8)]] == [{"Ana Lee"}] * 8


def test_the_file_can_only_be_read(path: Path) -> None:
    with pytest.raises(DamagedRelease, match="readonly"):
        Release.open(path)._query("DELETE FROM provider")


def test_a_missing_file_is_an_error_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Release.open(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 10, 100, 4096, 20_000])
def test_a_truncated_file_is_refused(size: int, path: Path) -> None:
    os.truncate(path, size)
    with pytest.raises(DamagedRelease):
        Release.open(path)


def test_a_byte_changed_anywhere_is_refused_where_the_sha256_is_known(path: Path) -> None:
    sha256 = Release.open(path, hashlib.sha256(path.read_bytes()).hexdigest()).sha256
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedRelease, match="SHA-256"):
        Release.open(path, sha256)


def test_a_file_that_is_no_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 1000)
    (tmp_path / "other").unlink(missing_ok=True)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE provider (npi)").connection.close()
    for name in ("text", "other"):
        with pytest.raises(DamagedRelease):
            Release.open(tmp_path / name)


@pytest.mark.parametrize("number", [1, 99])
def test_an_older_or_newer_format_is_reported_as_another_format(number: int, path: Path) -> None:
    execute_sql(path, f"PRAGMA user_version = {number}")
    with pytest.raises(OtherFormat, match="Start the server again"):
        Release.open(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE manifest SET json = '{'",
        "UPDATE manifest SET json = '[]'",
        "DELETE FROM manifest",
        "DELETE FROM index_array WHERE name = 'cell'",
        "UPDATE index_array SET data = x'00' WHERE name = 'insurance_set'",
        "UPDATE index_array SET kind = 'nonsense' WHERE name = 'zip'",
        "UPDATE index_array SET shape = '[7, 7]' WHERE name = 'position'",
        "UPDATE index_array SET data = x'78' WHERE name = 'plans'",
        "DELETE FROM index_array WHERE name = 'offer_set'",
        "UPDATE index_array SET data = x'00' WHERE name = 'offers.starts'",
        "DROP TABLE index_array",
    ],
)
def test_damaged_content_is_refused(damage: str, path: Path) -> None:
    execute_sql(path, damage)
    with pytest.raises(DamagedRelease):
        Release.open(path)


def execute_sql(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(sql)
    database.close()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("provider", {"npi": "2000000001"}),
        ("provider", {"npi": "12345"}),
        ("provider", {"entity": "robot"}),
        ("location", {"npi": "2999999999"}),
        ("location", {"listing_id": 7}),
        ("insurance", {"status": "maybe"}),
        ("specialty", {"kind": "hearsay"}),
    ],
)
def test_invalid_tables_leave_no_file(
    table: str, row: dict[str, object], builder: DirectoryBuilder, tmp_path: Path
) -> None:
    builder.rows[table].append(builder.rows[table][-1] | {"npi": "2000000003"} | row)
    with pytest.raises((ValueError, sqlite3.IntegrityError)):
        write_release(tmp_path / "release.sqlite", builder.tables(), MANIFEST, Gazetteer.load())
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_existing_release(
    builder: DirectoryBuilder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def fail(_: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(write, "to_disk", fail)
    with pytest.raises(OSError, match="full"):
        write_release(path, builder.tables(), {**MANIFEST, "sample": False}, Gazetteer.load())
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_text_of_any_language_and_length_is_read_back(tmp_path: Path) -> None:
    builder = DirectoryBuilder()
    name = "Ña 'O\"Brien; DROP TABLE\n" + "x" * 10_000 + " 李"
    builder.location(builder.provider(1, name), 0.0, 0.0)
    write_release(tmp_path / "release.sqlite", builder.tables(), MANIFEST, Gazetteer.load())
    provider = Release.open(tmp_path / "release.sqlite").provider("2000000001")
    assert provider is not None
    assert provider.name == name
