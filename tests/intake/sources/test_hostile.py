"""Hostile files: each gets one clear error, in bounded memory, and no other exception."""

from __future__ import annotations

import contextlib
import gzip
import json
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.intake.sources import errors
from finder.intake.sources.formats.files import date_in_name
from finder.intake.sources.registry import read_file
from finder.intake.unpacking.errors import ArchiveTooLarge, BrokenArchive, UnreadableFile
from tests.intake.sources.nppes.nppes_files import header_line, line, main_file, npi
from tests.intake.sources.places import FewZips
from tests.intake.sources.reading import read, zipped

BINARY = bytes(range(256)) * 2_000


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"", errors.EmptyFile),
        ("a.csv", BINARY, errors.NotText),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + BINARY, errors.NotText),
        ("a.csv", "first,second\n1,2\n".encode("utf-16"), errors.UnknownFormat),
        ("a.csv", "npi,verified_on\n1,2\n".encode("utf-16-le"), errors.NotText),
        ("a.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", errors.WebPage),
        ("a.csv", b",".join(b"c%d" % number for number in range(1_000_000)), errors.TooManyColumns),
        ("a.csv", b"NPI," + b"," * 3_000 + b"\n1\n", errors.TooManyColumns),
        ("a.csv", b"name,age\nx,1\n", errors.UnknownFormat),
        ("a.csv", b"\n\n\n", errors.UnknownFormat),
        ("a.json", b"{}", errors.UnknownFormat),
        ("a.json", b"[" * 100_000, errors.UnknownFormat),
        ("a.json", b'{"result_count": 1, "results": [', errors.BrokenJson),
        ("a.json", b'{"result_count": 1, "results": [' + b"[" * 200_000, errors.NestedTooDeep),
        ("a.json", b'[{"npi": "1", "plans": ' + b'{"a": ' * 200_000, errors.NestedTooDeep),
        ("a.json", b'{"reporting_entity_name": "a", "in_network": ' + b"[" * 3_000_000, errors.NestedTooDeep),
        ("a.json", b'[{"npi": "1", "plans": [NaN]}]', errors.BrokenJson),
        ("a.json", b'[{"plans": [], "npi": ' + b"1" * 5_000_000 + b"}]", errors.LineTooLong),
        ("a.json", b'[{"plans": [], "npi": 1e' + b"9" * 900 + b"}]", errors.BrokenJson),
        ("a.json", b'[{"npi": "1", "plans": [' + b'{"plan_id": "1"},' * 2_000_000, errors.LineTooLong),
        ("a.json", b'{"result_count": "\xff\xfe", "results": []}', errors.BrokenJson),
        ("a.zip", b"PK\x03\x04 no zip", BrokenArchive),
        ("a.zip", BINARY, BrokenArchive),
        ("a.csv.gz", b"\x1f\x8b broken", BrokenArchive),
        ("a.xlsx", b"PK\x03\x04" + BINARY, BrokenArchive),
    ],
)
def test_whole_files(tmp_path: Path, name: str, content: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error, match=name.replace(".", r"\.")):
        read(tmp_path, content, name)


def test_no_such_file_and_none_that_can_be_opened(tmp_path: Path) -> None:
    for path, error in {
        tmp_path / "none.csv": errors.SourceFileMissing,
        tmp_path: errors.EmptyFolder,
        tmp_path / ("x" * 300): errors.FileUnopened,
    }.items():
        with pytest.raises(error):
            read_file([path], gazetteer=FewZips())


def test_a_line_without_end_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "npidata_pfile_20260601-20260607.csv"
    with path.open("wb") as file:
        file.write(header_line().encode() + b'"')
        for _ in range(64):
            file.write(b"x" * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(errors.LineTooLong):
            read_file([path], gazetteer=FewZips())
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("npidata_pfile.csv", "w") as member:
        member.write(header_line().encode())
        for _ in range(100):
            member.write(b" " * 1024 * 1024)
    with pytest.raises(ArchiveTooLarge):
        read_file([path], gazetteer=FewZips())


def test_archives_of_many_files_of_none_and_of_others(tmp_path: Path) -> None:
    with pytest.raises(ArchiveTooLarge):
        read_file([zipped(tmp_path, "many.zip", {f"{n}.csv": b"a" for n in range(600)})], gazetteer=FewZips())
    with pytest.raises(errors.EmptyFile):
        read_file([zipped(tmp_path, "none.zip", {})], gazetteer=FewZips())
    with pytest.raises(errors.UnknownFormat):
        read_file([zipped(tmp_path, "other.zip", {"a.txt": b"a", "b.zip": b"PK"})], gazetteer=FewZips())


def test_a_damaged_member(tmp_path: Path) -> None:
    path = zipped(tmp_path, "npidata.zip", {"npidata_pfile_20260607.csv": main_file(*map(line, range(400)))})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(BrokenArchive):
        read_file([path], gazetteer=FewZips())


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    layer = read(tmp_path, gzip.compress(main_file(line(1))), "npidata_pfile_20260607.csv.gz")
    assert len(layer.tables["provider"]) == 1


@pytest.mark.slow
@settings(max_examples=150)
@given(
    start=st.sampled_from(
        [
            b"", header_line().encode(), b"npi,verified_on,zip,phone,latitude\n", b'{"result_count": 1, "results": [',
            b"NPI,Provider Name,Primary Specialty,Address,City/Town,State,ZIP Code\n", b'[{"npi": 1, "plans": [',
            b'{"reporting_entity_name": "x", "last_updated_on": "2026-01-01", "in_network": [',
            b'{"resourceType": "Bundle", "entry": [',
        ]
    ),
    content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode),
)  # fmt: skip
def test_no_content_raises_an_unexpected_exception(tmp_path: Path, start: bytes, content: bytes) -> None:
    for name in ("file_20260601.csv", "file_20260601.json"):
        with contextlib.suppress(UnreadableFile):
            read(tmp_path, start + content, name)


KEPT_RELEASES: dict[str, Any] = {
    "bundle.json": {
        "resourceType": "Bundle",
        "timestamp": "2026-09-01",
        "entry": [
            {
                "fullUrl": "urn:uuid:1",
                "resource": {
                    "resourceType": "PractitionerRole",
                    "id": "r1",
                    "meta": {"lastUpdated": "2026-09-01"},
                    "practitioner": {"reference": "#p", "identifier": {"system": "a", "value": "b"}},
                    "specialty": [{"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "225100000X"}]}],
                    "location": [{"reference": "#l"}],
                    "network": [{"reference": "Organization/n"}],
                    "extension": [{"url": "newpatients", "extension": [{"valueCodeableConcept": {"coding": []}}]}],
                    "contained": [
                        {
                            "resourceType": "Practitioner",
                            "id": "p",
                            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi(1)}],
                            "name": [{"family": "Oakapple", "given": ["Rosa"], "suffix": ["PT"]}],
                            "qualification": [{"code": {"coding": [{"code": "225100000X"}]}}],
                        },
                        {
                            "resourceType": "Location",
                            "id": "l",
                            "address": {"line": ["77 Pinwheel St"], "city": "Cambridge", "postalCode": "02139"},
                            "position": {"latitude": 42.3, "longitude": -71.1},
                            "telecom": [{"system": "phone", "value": "6175550123"}],
                        },
                    ],
                },
            },
            {"resource": {"resourceType": "InsurancePlan", "id": "i", "network": [], "coverage": [{"network": []}]}},
        ],
    },
    "rates.json": {
        "reporting_entity_name": "x",
        "last_updated_on": "2026-06-01",
        "provider_references": [{"provider_group_id": 1, "provider_groups": [{"npi": [1], "tin": {}}]}],
        "in_network": [
            {
                "billing_code": "97110",
                "negotiation_arrangement": "ffs",
                "negotiated_rates": [
                    {
                        "provider_references": [1],
                        "provider_groups": [{"npi": [npi(1)]}],
                        "negotiated_prices": [
                            {"negotiated_rate": 1, "expiration_date": "9999-12-31", "billing_code_modifier": ["GP"]}
                        ],
                    }
                ],
            }
        ],
    },
    "providers.json": [
        {
            "npi": npi(1),
            "type": "INDIVIDUAL",
            "name": {"first": "Rosa", "last": "Oakapple"},
            "addresses": [{"address": "77 Pinwheel St", "city": "Cambridge", "state": "MA", "zip": "02139"}],
            "specialty": ["Physical Therapist"],
            "last_updated_on": "2026-10-01",
            "plans": [{"plan_id": "1"}],
        }
    ],
    "answer.json": {
        "result_count": 1,
        "Errors": [{"description": "x"}],
        "results": [
            {
                "number": npi(1),
                "enumeration_type": "NPI-1",
                "basic": {"first_name": "Rosa", "last_name": "Oakapple", "last_updated": "2026-06-01"},
                "addresses": [{"address_purpose": "LOCATION", "address_1": "77 Pinwheel St", "city": "Cambridge"}],
                "practiceLocations": [{"address_1": "x"}],
                "taxonomies": [{"code": "225100000X", "state": "MA", "license": "1"}],
            }
        ],
    },
}
"""A small file of each format of JSON, in which any value may become any other."""


def swapped(value: Any, draw: st.DataObject) -> Any:
    """Replace a random part of a JSON value by another value."""
    others: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, 5, -1.5, "", "x", [], {}, [None], ["x"], [[]], {"x": "y"}, [{"x": 1}]]
    )
    inside = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    if not inside or draw.draw(st.integers(0, 4)) == 0:
        return draw.draw(others)
    place, chosen = draw.draw(st.sampled_from(inside))
    changed = swapped(chosen, draw)
    if isinstance(value, dict):
        return {**value, place: changed}
    return [changed if number == place else one for number, one in enumerate(value)]


@pytest.mark.slow
@settings(max_examples=150)
@given(name=st.sampled_from(sorted(KEPT_RELEASES)), draw=st.data())
def test_no_replaced_value_raises_an_unexpected_exception(tmp_path: Path, name: str, draw: st.DataObject) -> None:
    content = json.dumps(swapped(KEPT_RELEASES[name], draw))
    for known in ([], [npi(1)]):
        with contextlib.suppress(UnreadableFile):
            read(tmp_path, content, name, known=known)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("npidata_pfile_20050523-20260607.csv", date(2026, 6, 7)),
        ("2025-06-23_Payer_in-network-rates.json", date(2025, 6, 23)),
        ("NPPES_Data_Dissemination_June_2026_V2.zip", date(2026, 6, 1)),
        ("Medicare_PUF_CY2012_tab_17027.txt", date(2012, 12, 31)),
        ("MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv", date(2023, 12, 31)),
        ("doctors_and_clinicians_11_2022.zip", date(2022, 11, 1)),
        ("clinicians-2022-11.csv", date(2022, 11, 1)),
        ("Nov2022.csv", date(2022, 11, 1)),
        ("Market_2022.csv", None),
        ("calls-2026-1-2.csv", None),
        ("calls_2022_13.csv", None),
        ("calls-2026-13-45.csv", None),
        ("DAC_Maine_7cols_excel.csv", None),
        ("HEADER_DAC_2021.csv", None),
        ("providers.json", None),
    ],
)
def test_the_date_in_a_name(name: str, day: date | None) -> None:
    assert date_in_name(name) == day
