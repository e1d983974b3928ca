"""Small files of NPPES: main files in the published layout of 330 columns, their companions, and deactivations."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime

import openpyxl

from finder.intake.cleaning.fields import check_digit

SLOTS = range(1, 16)


def _header() -> list[str]:
    names = [
        "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
        "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)", "Provider First Name",
        "Provider Middle Name", "Provider Name Prefix Text", "Provider Name Suffix Text", "Provider Credential Text",
        "Provider Other Organization Name", "Provider Other Organization Name Type Code", "Provider Other Last Name",
        "Provider Other First Name", "Provider Other Middle Name", "Provider Other Name Prefix Text",
        "Provider Other Name Suffix Text", "Provider Other Credential Text", "Provider Other Last Name Type Code",
    ]  # fmt: skip
    for kind in ("Mailing", "Practice Location"):
        lines = [f"Provider {line} Line Business {kind} Address" for line in ("First", "Second")]
        names += lines + [
            f"Provider Business {kind} Address {part}"
            for part in (
                "City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)", "Telephone Number",
                "Fax Number",
            )
        ]  # fmt: skip
    names += [
        "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date",
        "NPI Reactivation Date", "Provider Sex Code",
    ]  # fmt: skip
    names += [
        f"Authorized Official {part}"
        for part in ("Last Name", "First Name", "Middle Name", "Title or Position", "Telephone Number")
    ]
    for slot in SLOTS:
        names += [
            f"Healthcare Provider Taxonomy Code_{slot}", f"Provider License Number_{slot}",
            f"Provider License Number State Code_{slot}", f"Healthcare Provider Primary Taxonomy Switch_{slot}",
        ]  # fmt: skip
    for number in range(1, 51):
        names += [f"Other Provider Identifier{part}_{number}" for part in ("", " Type Code", " State", " Issuer")]
    names += ["Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN"]
    names += [f"Authorized Official {part}" for part in ("Name Prefix Text", "Name Suffix Text", "Credential Text")]
    return [*names, *(f"Healthcare Provider Taxonomy Group_{slot}" for slot in SLOTS), "Certification Date"]


HEADER = _header()
assert len(HEADER) == 330

PRACTICE = "Provider Business Practice Location Address"

THERAPIST = {
    "Entity Type Code": "1",
    "Provider Last Name (Legal Name)": "MCALDERLY",
    "Provider First Name": "ROSA",
    "Provider Middle Name": "L",
    "Provider Credential Text": "PT, DPT",
    "Provider First Line Business Mailing Address": "PO BOX 7",
    "Provider Business Mailing Address City Name": "NEW YORK",
    "Provider Business Mailing Address State Name": "NY",
    "Provider Business Mailing Address Postal Code": "10001",
    "Provider First Line Business Practice Location Address": "77 PINWHEEL STREET",
    "Provider Second Line Business Practice Location Address": "SUITE 3",
    f"{PRACTICE} City Name": "CAMBRIDGE",
    f"{PRACTICE} State Name": "MA",
    f"{PRACTICE} Postal Code": "021394307",
    f"{PRACTICE} Country Code (If outside U.S.)": "US",
    f"{PRACTICE} Telephone Number": "6175550123",
    "Provider Enumeration Date": "05/23/2007",
    "Last Update Date": "06/01/2026",
    "Provider Sex Code": "F",
    "Healthcare Provider Taxonomy Code_1": "225100000X",
    "Provider License Number_1": "12345",
    "Provider License Number State Code_1": "MA",
    "Healthcare Provider Primary Taxonomy Switch_1": "Y",
}
CLINIC = {
    **THERAPIST,
    "Entity Type Code": "2",
    "Provider Last Name (Legal Name)": "",
    "Provider First Name": "",
    "Provider Middle Name": "",
    "Provider Credential Text": "",
    "Provider Organization Name (Legal Business Name)": "PAPER CRANE REHAB LLC",
    "Healthcare Provider Taxonomy Code_1": "261QP2000X",
}


def npi(number: int) -> str:
    """The fictional NPI of a number: 2, eight digits, check digit."""
    nine = f"2{number:08d}"
    return nine + check_digit(nine)


def line(number: int | str, base: Mapping[str, str] = THERAPIST, /, **values: str) -> str:
    """One row, all quoted, with CRLF. Values are given by the last part of their column's name; see ``column``."""
    filled = dict(base) | {column(name): value for name, value in values.items()}
    filled["NPI"] = number if isinstance(number, str) else npi(number)
    return ",".join('"' + filled.get(name, "").replace('"', '""') + '"' for name in HEADER) + "\r\n"


_SHORT = {
    "entity": "Entity Type Code",
    "last": "Provider Last Name (Legal Name)",
    "first": "Provider First Name",
    "organization": "Provider Organization Name (Legal Business Name)",
    "credentials": "Provider Credential Text",
    "street": "Provider First Line Business Practice Location Address",
    "street_2": "Provider Second Line Business Practice Location Address",
    "city": f"{PRACTICE} City Name",
    "state": f"{PRACTICE} State Name",
    "zip": f"{PRACTICE} Postal Code",
    "country": f"{PRACTICE} Country Code (If outside U.S.)",
    "phone": f"{PRACTICE} Telephone Number",
    "updated": "Last Update Date",
    "certified": "Certification Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
    "other_name": "Provider Other Organization Name",
    "other_kind": "Provider Other Organization Name Type Code",
}


def column(short: str) -> str:
    """The published name of a column by its short one; ``taxonomy_3`` is the code in slot 3."""
    if short.startswith("taxonomy_"):
        return f"Healthcare Provider Taxonomy Code_{short.removeprefix('taxonomy_')}"
    return _SHORT[short]


def header_line(names: Iterable[str] = HEADER) -> str:
    return ",".join(f'"{name}"' for name in names) + "\r\n"


def main_file(*lines: str, header: str | None = None) -> bytes:
    """A whole main file."""
    return ((header or header_line()) + "".join(lines)).encode()


PL_HEADER = (
    '"NPI","Provider Secondary Practice Location Address- Address Line 1",'
    '"Provider Secondary Practice Location Address-  Address Line 2",'
    '"Provider Secondary Practice Location Address - City Name",'
    '"Provider Secondary Practice Location Address - State Name",'
    '"Provider Secondary Practice Location Address - Postal Code",'
    '"Provider Secondary Practice Location Address - Country Code (If outside U.S.)",'
    '"Provider Secondary Practice Location Address - Telephone Number",'
    '"Provider Secondary Practice Location Address - Telephone Extension",'
    '"Provider Practice Location Address - Fax Number"\r\n'
)

NAMES_HEADER = (
    '"NPI","Provider Other Organization Name","Provider Other Organization Name Type Code","Created Date"\r\n'
)


def place(number: int, street: str = "5 KITE HILL RD", country: str = "US", phone: str = "6175550188") -> str:
    values = [npi(number), street, "", "CAMBRIDGE", "MA", "021394307", country, phone, "12", ""]
    return ",".join(f'"{value}"' for value in values) + "\r\n"


def workbook(
    *body: tuple[str | int | datetime | None, ...], title: str = "NPPES Deactivated Records as of Jun 08 2026"
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((title,), ("NPI", "NPPES Deactivation Date"), *body):
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
