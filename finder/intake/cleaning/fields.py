"""From the spellings of public files to clean values: NPI, ZIP, phone, date, state. Names of people are in ``names``.

Each function takes the text of one field and gives the clean value with the code of the notice that is due, if any
(see ``finder.notices.notices``). An empty field is an empty value and no notice: its reader knows whether that may be.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from finder.places.states import find_state

_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Of each digit: the digits of its double, added up."""

_FLOAT_TAIL = re.compile(r"\.0+$")
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x)\s*[:#]?\s*(\d{1,8})\s*$", re.IGNORECASE)
_AREA_AND_EXCHANGE = re.compile(r"[2-9]\d\d[2-9]\d{6}")


class Cleaned(NamedTuple):
    """A clean value and the code of the notice that is due; ``""`` where the value could not be had."""

    value: str
    finding: str | None = None


class Phone(NamedTuple):
    """Ten digits and an extension, both text, and the code of the notice that is due."""

    number: str
    extension: str
    finding: str | None = None


class Day(NamedTuple):
    """A date, or None, and the code of the notice that is due."""

    value: date | None
    finding: str | None = None


def collapse(text: str) -> str:
    """Make one space of every run of white space (tabs, line breaks, no-break spaces), none at the ends."""
    return " ".join(text.split())


def clean_npi(text: str) -> Cleaned:
    """Read an NPI: ten digits, the first 1 or 2, the last a check digit over 80840 and the NPI (45 CFR 162.406)."""
    npi = _FLOAT_TAIL.sub("", text.strip()) if len(text) != 10 else text
    if not npi:
        return Cleaned("", "npi_missing")
    return Cleaned(npi) if is_npi(npi) else Cleaned("", "npi_invalid")


def is_npi(npi: str) -> bool:
    """Whether the text is an NPI with a right check digit."""
    return len(npi) == 10 and npi.isascii() and npi.isdigit() and npi[0] in "12" and check_digit(npi[:9]) == npi[9]


def check_digit(nine: str) -> str:
    """Give the tenth digit of an NPI from its first nine: Luhn with the prefix 80840, which adds 24."""
    total = 24 + sum(map(int, nine[1::2])) + sum(map(int, nine[::2].translate(_DOUBLED)))
    return str(-total % 10)


@lru_cache(maxsize=16_384)
def clean_zip(text: str) -> Cleaned:
    """Read a ZIP code to its five digits: ``021394307``, ``02139-4307``, ``2139`` and ``2139.0`` all give ``02139``."""
    digits = _FLOAT_TAIL.sub("", text.strip())
    if not digits:
        return Cleaned("")
    plus_4 = re.fullmatch(r"(\d{5})\s*-\s*\d{0,4}", digits)
    if plus_4:
        digits = plus_4[1]
    if not (digits.isascii() and digits.isdigit()):
        return Cleaned("", "zip_invalid")
    lost_zeros = len(digits) in (3, 4, 7, 8)
    whole = digits.zfill(5 if len(digits) <= 5 else 9) if lost_zeros else digits
    if len(whole) not in (5, 9) or whole[:5] == "00000":
        return Cleaned("", "zip_invalid")
    return Cleaned(whole[:5], "zip_leading_zero" if lost_zeros else None)


def clean_phone(text: str, extension: str = "") -> Phone:
    """Read a telephone number of North America to ten digits; an extension may have its field or stand behind it."""
    bare = _FLOAT_TAIL.sub("", text.strip()) if "." in text else text.strip()
    if not bare:
        return Phone("", "")
    number = bare
    tail = None if bare.isdigit() else _EXTENSION.search(bare)
    if tail:
        number, extension = bare[: tail.start()], extension.strip() or tail[1]
    if not number.isdigit():
        number = "" if re.search(r"[A-Za-z]", number) else re.sub(r"\D", "", number)
    if len(number) == 11 and number[0] == "1":
        number = number[1:]
    if not _AREA_AND_EXCHANGE.fullmatch(number) or len(set(number)) == 1:
        return Phone("", "", "phone_invalid")
    return Phone(number, re.sub(r"\D", "", _FLOAT_TAIL.sub("", extension.strip())) if extension else "")


_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_051)
"""Serial numbers of spreadsheet dates from 1990 to 2099: anything else is no date."""


@lru_cache(maxsize=16_384)
def clean_date(text: str) -> Day:
    """Read a date: ``2026-10-05`` (without a time), ``10/05/2026``, ``20261005``; spoiled: ``10/5/26``, ``46300``."""
    text = text.strip()
    if not text:
        return Day(None)
    try:
        if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ].*)?", text):
            return Day(date(int(match[1]), int(match[2]), int(match[3])))
        if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
            return Day(date(int(match[1]), int(match[2]), int(match[3])))
        if match := re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d{4})(?: .*)?", text):
            return Day(date(int(match[3]), int(match[1]), int(match[2])))
        if match := re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d\d)(?: .*)?", text):
            return Day(date(2000 + int(match[3]), int(match[1]), int(match[2])), "date_respelled")
    except ValueError:
        return Day(None, "date_invalid")
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
    if serial and int(serial[1]) in _EXCEL_DAYS:
        return Day(_EXCEL_EPOCH + timedelta(days=int(serial[1])), "date_respelled")
    return Day(None, "date_invalid")


@lru_cache(maxsize=4_096)
def clean_state(text: str) -> Cleaned:
    """Read a state or territory, code or name, to its two letters; military mail (AA, AE, AP) passes."""
    if not text.strip():
        return Cleaned("")
    state = find_state(text)
    return Cleaned(state.code) if state else Cleaned("", "state_unknown")


def is_po_box(street: str) -> bool:
    """Whether a street line is a post office box, where nobody is treated."""
    return bool(re.match(r"P\.?\s*O\.?\s*BOX\b|POST OFFICE BOX\b", street.strip(), re.IGNORECASE))
