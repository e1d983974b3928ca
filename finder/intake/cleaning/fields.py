"""Cleaning of NPI, ZIP, phone, date and state as public files spell them. Names of people are in ``names``.

Each function takes the text of one field and returns the clean value with the code of a notice, if one is due
(see ``finder.notices.notices``). An empty field is an empty value without notice: its reader decides whether it may be.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from finder.digits import is_digits
from finder.places.states import find_state

_DOUBLED = str.maketrans("0123456789", "0246813579")
"""For each digit, the digit sum of its double."""

_FLOAT_TAIL = re.compile(r"\.0+$")
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x)\s*[:#]?\s*(\d{1,8})\s*$", re.IGNORECASE)
_AREA_AND_EXCHANGE = re.compile(r"[2-9]\d\d[2-9]\d{6}")


class Cleaned(NamedTuple):
    """A clean value (empty where it cannot be read) and the code of the notice that is due."""

    value: str
    finding: str | None = None


class CleanedPhone(NamedTuple):
    """Ten digits and an extension, both text, and the code of the notice that is due."""

    number: str
    extension: str
    finding: str | None = None


class CleanedDate(NamedTuple):
    """A date, or None, and the code of the notice that is due."""

    value: date | None
    finding: str | None = None


def collapse(text: str) -> str:
    """Collapse every run of white space (tabs, line breaks, no-break spaces) to one space and strip the ends."""
    return " ".join(text.split())


def clean_npi(text: str) -> Cleaned:
    """Read an NPI: ten digits, the first 1 or 2, the last a check digit over 80840 and the NPI (45 CFR 162.406)."""
    npi = _FLOAT_TAIL.sub("", text.strip()) if len(text) != 10 else text
    if not npi:
        return Cleaned("", "npi_missing")
    return Cleaned(npi) if is_npi(npi) else Cleaned("", "npi_invalid")


def is_npi(npi: str) -> bool:
    """Return whether the text is an NPI with a valid check digit."""
    return is_digits(npi, 10) and npi[0] in "12" and check_digit(npi[:9]) == npi[9]


def check_digit(first_nine: str) -> str:
    """Return the tenth digit of an NPI from its first nine: Luhn with the prefix 80840, which adds 24."""
    total = 24 + sum(map(int, first_nine[1::2])) + sum(map(int, first_nine[::2].translate(_DOUBLED)))
    return str(-total % 10)


@lru_cache(maxsize=16_384)
def clean_zip(text: str) -> Cleaned:
    """Read the five digits of a ZIP code: ``021394307``, ``02139-4307``, ``2139`` and ``2139.0`` become ``02139``."""
    digits = _FLOAT_TAIL.sub("", text.strip())
    if not digits:
        return Cleaned("")
    plus_4 = re.fullmatch(r"(\d{5})\s*-\s*\d{0,4}", digits)
    if plus_4:
        digits = plus_4[1]
    if not is_digits(digits):
        return Cleaned("", "zip_invalid")
    lost_zeros = len(digits) in (3, 4, 7, 8)
    whole = digits.zfill(5 if len(digits) <= 5 else 9) if lost_zeros else digits
    if len(whole) not in (5, 9) or whole[:5] == "00000":
        return Cleaned("", "zip_invalid")
    return Cleaned(whole[:5], "zip_leading_zero" if lost_zeros else None)


def clean_phone(text: str, extension: str = "") -> CleanedPhone:
    """Read a North American telephone number as ten digits; an extension has its own field or follows the number."""
    bare = _FLOAT_TAIL.sub("", text.strip()) if "." in text else text.strip()
    if not bare:
        return CleanedPhone("", "")
    number = bare
    tail = None if is_digits(bare) else _EXTENSION.search(bare)
    if tail:
        number, extension = bare[: tail.start()], extension.strip() or tail[1]
    if not is_digits(number):
        number = "" if re.search(r"[A-Za-z]", number) else re.sub(r"[^0-9]", "", number)
    if len(number) == 11 and number[0] == "1":
        number = number[1:]
    if not _AREA_AND_EXCHANGE.fullmatch(number) or len(set(number)) == 1:
        return CleanedPhone("", "", "phone_invalid")
    return CleanedPhone(number, re.sub(r"[^0-9]", "", _FLOAT_TAIL.sub("", extension.strip())) if extension else "")


_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_051)
"""Serial numbers of spreadsheet dates from 1990 to 2099; other numbers are no dates."""


@lru_cache(maxsize=16_384)
def clean_date(text: str) -> CleanedDate:
    """Read a date: ``2026-10-05``, ``10/05/2026``, ``20261005``; with a notice also ``10/5/26`` and ``46300``."""
    text = text.strip()
    if not text:
        return CleanedDate(None)
    try:
        if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ].*)?", text):
            return CleanedDate(date(int(match[1]), int(match[2]), int(match[3])))
        if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
            return CleanedDate(date(int(match[1]), int(match[2]), int(match[3])))
        if match := re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d{4})(?: .*)?", text):
            return CleanedDate(date(int(match[3]), int(match[1]), int(match[2])))
        if match := re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d\d)(?: .*)?", text):
            return CleanedDate(date(2000 + int(match[3]), int(match[1]), int(match[2])), "date_respelled")
    except ValueError:
        return CleanedDate(None, "date_invalid")
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
    if serial and int(serial[1]) in _EXCEL_DAYS:
        return CleanedDate(_EXCEL_EPOCH + timedelta(days=int(serial[1])), "date_respelled")
    return CleanedDate(None, "date_invalid")


@lru_cache(maxsize=4_096)
def clean_state(text: str) -> Cleaned:
    """Read a state or territory, by code or name, as its two letters; military mail (AA, AE, AP) is accepted."""
    if not text.strip():
        return Cleaned("")
    state = find_state(text)
    return Cleaned(state.code) if state else Cleaned("", "state_unknown")


def is_po_box(street: str) -> bool:
    """Return whether a street line is a post office box, where no patient is seen."""
    return bool(re.match(r"P\.?\s*O\.?\s*BOX\b|POST OFFICE BOX\b", street.strip(), re.IGNORECASE))
