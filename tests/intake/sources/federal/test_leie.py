"""The exclusion list (LEIE): excluded providers are not listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.intake.sources.nppes.nppes_files import npi
from tests.intake.sources.reading import codes, read, rows

HEADER = (
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,EXCLTYPE,EXCLDATE,REINDATE,"
    "WAIVERDATE,WVRSTATE\n"
)


def row(
    number: str, excluded: str = "20240119", reinstated: str = "00000000", specialty: str = "PHYSICAL THERAPIST"
) -> str:
    return (
        f"OAKAPPLE,ROSA,,,IND- LIC HC SERV PRO,{specialty},,{number},19700101,1 KITE RD,CAMBRIDGE,MA,02139,1128b4,"
        f"{excluded},{reinstated},00000000,\n"
    )


def test_an_exclusion_and_a_reinstatement_set_the_status(tmp_path: Path) -> None:
    content = HEADER + row(npi(1)) + row(npi(2), reinstated="20260301") + row("0000000000", specialty="NURSE")
    layer = read(tmp_path, content, "UPDATED.csv")
    assert (layer.source, layer.as_of, layer.rows) == ("leie", date(2026, 3, 1), 3)
    assert [(found["npi"], found["status"], found["as_of"]) for found in rows(layer, "provider")] == [
        (npi(1), "excluded", "2024-01-19"),
        (npi(2), "", "2026-03-01"),
    ]
    assert codes(layer) == [("reinstated", 2), ("without_npi", 0)]


def test_a_therapist_without_an_npi_has_a_notice_with_the_name(tmp_path: Path) -> None:
    layer = read(tmp_path, HEADER + row("0000000000"), "UPDATED.csv")
    assert [(found.code, found.value) for found in layer.notices] == [
        ("excluded_without_npi", "OAKAPPLE, ROSA, CAMBRIDGE, MA")
    ]


def test_an_exclusion_outweighs_an_older_reinstatement(tmp_path: Path) -> None:
    content = HEADER + row(npi(1)) + row(npi(1), reinstated="20260301") + row("1234567890")
    layer = read(tmp_path, content, "UPDATED.csv")
    assert [found["status"] for found in rows(layer, "provider")] == ["excluded"]
    assert codes(layer) == [("npi_repeated", 2), ("npi_invalid", 3)]
