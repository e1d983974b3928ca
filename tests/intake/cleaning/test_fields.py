"""Single values from public files: NPI, ZIP, telephone, date, state."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.intake.cleaning.fields import (
    check_digit,
    clean_date,
    clean_npi,
    clean_phone,
    clean_state,
    clean_zip,
    is_npi,
    is_po_box,
)


@pytest.mark.parametrize(
    ("text", "value", "finding"),
    [
        ("1234567893", "1234567893", None),
        (" 1234567893.0 ", "1234567893", None),
        ("'1234567893", "1234567893", None),
        ("’1234567893", "1234567893", None),
        ("123-456-7893", "1234567893", None),
        ("1 234 567 893", "1234567893", None),
        ("12345 6789", "", "npi_invalid"),
        ("NPI 1234567893", "1234567893", None),
        ("npi#: 1234567893.0", "1234567893", None),
        ("NPI 1234567890", "", "npi_invalid"),
        ("1234567890", "", "npi_invalid"),
        ("123456789", "", "npi_invalid"),
        ("3234567891", "", "npi_invalid"),
        ("1.23457E+09", "", "npi_invalid"),
        ("١٢٣٤٥٦٧٨٩٣", "", "npi_invalid"),
        ("", "", "npi_missing"),
    ],
)
def test_npi(text: str, value: str, finding: str | None) -> None:
    assert clean_npi(text) == (value, finding)


@given(st.integers(10**8, 3 * 10**8 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(nine: int, place: int, shift: int) -> None:
    text = str(nine)
    npi = text + check_digit(text)
    changed = npi[:place] + str((int(npi[place]) + shift) % 10) + npi[place + 1 :]
    assert is_npi(npi)
    assert not is_npi(changed)


@pytest.mark.parametrize(
    ("text", "value", "finding"),
    [
        ("02139", "02139", None),
        ("021394307", "02139", None),
        ("02139-4307", "02139", None),
        ("02139-", "02139", None),
        ("02139.0", "02139", None),
        ("02139 4307", "02139", None),
        ("02139–4307", "02139", None),
        ("02139\u20114307", "02139", None),
        ("MA 02139", "02139", None),
        ("ma, 02139-4307", "02139", None),
        ("XX 02139", "", "zip_invalid"),
        ("'02139", "02139", None),
        ('"02139"', "02139", None),
        ("2139-4307", "02139", "zip_leading_zero"),
        ("659-1234", "00659", "zip_leading_zero"),
        ("123 45", "", "zip_invalid"),
        ("2139", "02139", "zip_leading_zero"),
        ("2139.0", "02139", "zip_leading_zero"),
        ("41023134", "04102", "zip_leading_zero"),
        ("659", "00659", "zip_leading_zero"),
        ("6591234", "00659", "zip_leading_zero"),
        ("", "", None),
        ("  ", "", None),
        ("0", "", "zip_invalid"),
        ("00000", "", "zip_invalid"),
        ("000000000", "", "zip_invalid"),
        ("L5C 3R7", "", "zip_invalid"),
        ("123456", "", "zip_invalid"),
        ("1234567890", "", "zip_invalid"),
        ("²²²²²", "", "zip_invalid"),
        ("-2139", "", "zip_invalid"),
    ],
)
def test_zip(text: str, value: str, finding: str | None) -> None:
    assert clean_zip(text) == (value, finding)


@pytest.mark.parametrize(
    ("text", "extension", "expected"),
    [
        ("6175550123", "", ("6175550123", "", None)),
        ("(860) 549-2020", "", ("8605492020", "", None)),
        ("1-617-555-0123", "", ("6175550123", "", None)),
        ("+1 617.555.0123", "12", ("6175550123", "12", None)),
        ("617-555-0123 ext. 45", "", ("6175550123", "45", None)),
        ("617-555-0123x45", "", ("6175550123", "45", None)),
        ("6175550123.0", "12.0", ("6175550123", "12", None)),
        ("'(617) 555-0123", "", ("6175550123", "", None)),
        ("tel:+1-617-555-0123", "", ("6175550123", "", None)),
        ("Phone: 617-555-0123", "", ("6175550123", "", None)),
        ("617-555-0123 local 212", "", ("6175550123", "212", None)),
        ("617-555-0123 #12", "", ("6175550123", "12", None)),
        ("617-555-0123;12", "", ("6175550123", "12", None)),
        ("617-555-0123, ext 12 (Ann)", "", ("6175550123", "12", None)),
        ("617-555-0123 extensión 12", "", ("6175550123", "12", None)),
        ("617-555-0123", "x12 / 14", ("6175550123", "12", None)),
        ("617-555-0123 (ask for Ann)", "", ("6175550123", "", None)),
        ("617-555-0123, weekdays 9-5", "", ("6175550123", "", None)),
        ("617-555-0123 / 617-555-0199", "", ("6175550123", "", "phone_first_taken")),
        ("617-555-0123 or 617-555-0199", "", ("6175550123", "", "phone_first_taken")),
        ("617-555-0123; 617-555-0199", "", ("6175550123", "", "phone_first_taken")),
        ("617-555-0123 x4, 617-555-0199", "", ("6175550123", "4", "phone_first_taken")),
        ("617-555-0123/0199", "", ("6175550123", "", None)),
        ("Fax 617-555-0199, phone 617-555-0123", "", ("6175550123", "", None)),
        ("617-555-0199 (fax) / 617-555-0123", "", ("6175550123", "", None)),
        ("Fax: 617-555-0199", "", ("", "", "phone_invalid")),
        ("617-555-0123 5", "", ("", "", "phone_invalid")),
        ("617-555-01234", "", ("", "", "phone_invalid")),
        ("+44 617 555 0123", "", ("", "", "phone_invalid")),
        ("617-555-KIDS", "", ("", "", "phone_invalid")),
        ("555-0123 / 617-555-0199", "", ("", "", "phone_invalid")),
        ("", "", ("", "", None)),
        ("", "99", ("", "", None)),
        ("0", "", ("", "", "phone_invalid")),
        ("247820197.0", "", ("", "", "phone_invalid")),
        ("3.0974E+12", "", ("", "", "phone_invalid")),
        ("1175550123", "", ("", "", "phone_invalid")),
        ("6171550123", "", ("", "", "phone_invalid")),
        ("9999999999", "", ("", "", "phone_invalid")),
        ("call us", "", ("", "", "phone_invalid")),
        ("617555012３", "", ("", "", "phone_invalid")),
    ],
)
def test_phone(text: str, extension: str, expected: tuple[str, str, str | None]) -> None:
    assert clean_phone(text, extension) == expected


@pytest.mark.parametrize(
    ("text", "value", "finding"),
    [
        ("2026-10-05", date(2026, 10, 5), None),
        ("2025-06-23T00:00:00-05:00", date(2025, 6, 23), None),
        ("10/05/2026", date(2026, 10, 5), None),
        ("20261005", date(2026, 10, 5), None),
        ("4/7/25", date(2025, 4, 7), "date_respelled"),
        ("46300", date(2026, 10, 5), "date_respelled"),
        ("5-Oct-26", date(2026, 10, 5), "date_respelled"),
        ("10/5/99", date(1999, 10, 5), "date_respelled"),
        ("'2026-10-05", date(2026, 10, 5), None),
        ("2026/10/5", date(2026, 10, 5), None),
        ("20261005.0", date(2026, 10, 5), None),
        ("2026-10-05 00:00:00", date(2026, 10, 5), None),
        ("10/5/2026 12:00 AM", date(2026, 10, 5), None),
        ("Oct 5, 2026", date(2026, 10, 5), None),
        ("Monday, October 5th, 2026", date(2026, 10, 5), None),
        ("Sept. 30, 2026", date(2026, 9, 30), None),
        ("5 October 2026", date(2026, 10, 5), None),
        ("05OCT2026", date(2026, 10, 5), None),
        ("5 de octubre de 2026", date(2026, 10, 5), None),
        ("Oct-26", None, "date_invalid"),
        ("5-Oct", None, "date_invalid"),
        ("10/5", None, "date_invalid"),
        ("13/5/2026", None, "date_invalid"),
        ("5.10.2026", None, "date_invalid"),
        ("30-Feb-26", None, "date_invalid"),
        ("10/05/2026 or 10/06/2026", None, "date_invalid"),
        ("", None, None),
        ("02/30/2026", None, "date_invalid"),
        ("99999", None, "date_invalid"),
        ("soon", None, "date_invalid"),
    ],
)
def test_date(text: str, value: date | None, finding: str | None) -> None:
    assert clean_date(text) == (value, finding)


@pytest.mark.parametrize(
    ("text", "value", "finding"),
    [
        ("MA", "MA", None),
        ("ma", "MA", None),
        ("Massachusetts", "MA", None),
        ("PR", "PR", None),
        ("AE", "AE", None),
        ("CE", "", "state_unknown"),
        ("", "", None),
    ],
)
def test_state(text: str, value: str, finding: str | None) -> None:
    assert clean_state(text) == (value, finding)


@pytest.mark.parametrize(
    ("street", "expected"),
    [("PO BOX 12", True), ("P.O. Box 12", True), ("Post Office Box 3", True), ("12 Box Hill Rd", False), ("", False)],
)
def test_po_box(street: str, expected: bool) -> None:
    assert is_po_box(street) is expected


@given(st.text(max_size=40))
def test_no_text_breaks_a_cleaner(text: str) -> None:
    npi = clean_npi(text).value
    assert npi == "" or is_npi(npi)
    zip_code = clean_zip(text).value
    assert zip_code == "" or (len(zip_code) == 5 and zip_code.isdigit())
    number = clean_phone(text, text).number
    assert number == "" or (len(number) == 10 and number.isdigit())
    clean_date(text)
    clean_state(text)
