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
_TEXT_MARKS = "'’‘`\""
"""The marks that people and programs put in front of digits, so that a spreadsheet takes them for text."""

_AREA_AND_EXCHANGE = re.compile(r"[2-9]\d\d[2-9]\d{6}", re.ASCII)


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


def _code(text: str) -> str:
    """Return the text of a code without what spreadsheets add: ``'02110`` and ``02110.0`` become ``02110``."""
    return _FLOAT_TAIL.sub("", text.strip().strip(_TEXT_MARKS).strip())


_HYPHEN = r"[-\u2010-\u2015\u2212]"
"""The hyphens and dashes that programs write, the non-breaking one among them."""

_WRITTEN_NPI = re.compile(rf"(?:NPI\b[\s#:.]*)?(\d(?:(?:\s|{_HYPHEN})?\d){{9}})", re.IGNORECASE)


def clean_npi(text: str) -> Cleaned:
    """Read an NPI: ten digits, the first 1 or 2, the last a check digit over 80840 and the NPI (45 CFR 162.406).

    ``123-456-7893``, ``1 234 567 893`` and ``NPI 1234567893`` are one too.
    """
    npi = text if len(text) == 10 else _code(text)
    if not npi:
        return Cleaned("", "npi_missing")
    if not is_npi(npi) and (written := _WRITTEN_NPI.fullmatch(_code(npi))):
        npi = re.sub(rf"\s|{_HYPHEN}", "", written[1])
    return Cleaned(npi) if is_npi(npi) else Cleaned("", "npi_invalid")


def is_npi(npi: str) -> bool:
    """Return whether the text is an NPI with a valid check digit."""
    return is_digits(npi, 10) and npi[0] in "12" and check_digit(npi[:9]) == npi[9]


def check_digit(first_nine: str) -> str:
    """Return the tenth digit of an NPI from its first nine: Luhn with the prefix 80840, which adds 24."""
    total = 24 + sum(map(int, first_nine[1::2])) + sum(map(int, first_nine[::2].translate(_DOUBLED)))
    return str(-total % 10)


_ZIP_PLUS_4 = re.compile(rf"(\d{{5}})\s*{_HYPHEN}\s*\d{{0,4}}|(\d{{3,5}})(?:\s*{_HYPHEN}\s*|\s+)\d{{4}}", re.ASCII)
_STATE_BEFORE = re.compile(r"([A-Z]{2})[\s,.]+(?=\d)", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=16_384)
def clean_zip(text: str) -> Cleaned:
    """Read the five digits of a ZIP code.

    ``021394307``, ``02139-4307``, ``02139 4307``, ``'02139``, ``2139``, ``2139-4307``, ``MA 02139`` and
    ``2139.0`` become ``02139``.
    """
    digits = _code(text)
    if (state := _STATE_BEFORE.match(digits)) and find_state(state[1]):
        digits = digits[state.end() :]
    if not digits:
        return Cleaned("")
    if plus_4 := _ZIP_PLUS_4.fullmatch(digits):
        digits = plus_4[1] or plus_4[2]
    if not is_digits(digits):
        return Cleaned("", "zip_invalid")
    lost_zeros = len(digits) in (3, 4, 7, 8)
    whole = digits.zfill(5 if len(digits) <= 5 else 9) if lost_zeros else digits
    if len(whole) not in (5, 9) or whole[:5] == "00000":
        return Cleaned("", "zip_invalid")
    return Cleaned(whole[:5], "zip_leading_zero" if lost_zeros else None)


_PHONE = re.compile(
    r"(?P<label>[^0-9+]*)(?:(?:\+|00)?1[^0-9A-Za-z]{0,3})?"
    r"(?P<area>[2-9]\d\d)[^0-9A-Za-z]{0,3}(?P<exchange>[2-9]\d\d)[^0-9A-Za-z]{0,3}(?P<line>\d{4})(?!\d)",
    re.ASCII,
)
"""A North American number, with the words before it and without what follows."""

_EXTENSION = re.compile(
    r"[\s,;:./(\[-]*(?:ext(?:ension|ensi[oó]n|n)?|xt?|local|loc|#)[\s.:#=]*(\d{1,8})(?!\d)|\s*[,;]+\s*(\d{1,6})\W*$",
    re.IGNORECASE | re.ASCII,
)
"""An extension behind a number: ``x12``, ``ext. 12``, ``local 12``, ``#12``, ``;12``."""

_REMARK = re.compile(r"\W*$|\s*[/;,&|(\[\n]|\s*[^\W\d]|\s+[-–—:]\s*[^\W\d]")
"""What may follow a number without belonging to it: another number, or words such as whom to ask for."""

_FAX_BEFORE = re.compile(r"\bfax\b|\bf:", re.IGNORECASE)
_FAX_BEHIND = re.compile(r"[\s(\[,-]*fax\s*(?:[)\]/;,&|]|$)", re.IGNORECASE)


def clean_phone(text: str, extension: str = "") -> CleanedPhone:
    """Read a North American telephone number as ten digits; an extension has its own field or follows the number.

    Of several numbers in one field the first is read, with the finding ``phone_first_taken``; fax numbers are not.
    """
    bare = text.strip()
    if not bare:
        return CleanedPhone("", "")
    tail = ""
    if not is_digits(bare):
        bare, tail = _first_number(_code(bare))
    if len(bare) == 11 and bare[0] == "1":
        bare = bare[1:]
    if not _AREA_AND_EXCHANGE.fullmatch(bare) or len(set(bare)) == 1:
        return CleanedPhone("", "", "phone_invalid")
    behind = _EXTENSION.match(tail)
    own = _extension(extension) or (behind[1] or behind[2] if behind else "")
    rest = tail[behind.end() :] if behind else tail
    return CleanedPhone(bare, own, "phone_first_taken" if _PHONE.match(rest) else None)


def _first_number(text: str) -> tuple[str, str]:
    """Return the digits of the first number that is no fax, and what follows it; empty if none can be read."""
    while found := _PHONE.match(text):
        text = text[found.end() :]
        fax = _FAX_BEHIND.match(text)
        if not fax and not _FAX_BEFORE.search(found["label"]):
            is_whole = _EXTENSION.match(text) or _REMARK.match(text)
            return (found["area"] + found["exchange"] + found["line"], text) if is_whole else ("", "")
        text = text[fax.end() :] if fax else text
    return "", ""


def _extension(text: str) -> str:
    """Read the field of an extension: its digits, of two extensions the first."""
    first = re.split(r"[/;,&|]|\bor\b|\band\b", _code(text), maxsplit=1)[0]
    return re.sub(r"[^0-9]", "", first)[:8]


_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_051)
"""Serial numbers of spreadsheet dates from 1990 to 2099; other numbers are no dates."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril", "may mayo",
            "jun june junio", "jul july julio", "aug august ago agosto", "sep sept september set septiembre setiembre",
            "oct october octubre", "nov november noviembre", "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_TIME = r"(?:(?:T|,?\s+)\d\d?:\d\d.*|Z)?"
_DAYS = tuple(
    re.compile(_WEEKDAY + form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        r"(?P<y>\d{4})([-/])(?P<m>\d\d?)\2(?P<d>\d\d?)",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<m>\d\d?)([-/])(?P<d>\d\d?)\2(?P<y>\d{4}|\d\d)",
        r"(?P<d>\d\d?)(?:st|nd|rd|th)?[-\s/.]*(?:de\s+)?(?P<name>[a-z]{3,10})[-,\s/.]*(?:del?\s+)?['’]?(?P<y>\d{4}|\d\d)",
        r"(?P<name>[a-z]{3,10})[-.\s]*(?P<d>\d\d?)(?:st|nd|rd|th)?(?:,\s*|\s+|-)['’]?(?P<y>\d{4}|\d\d)",
    )
)
"""The spellings of a day that mean one day only; numbers alone are month, day, year, as Americans write them."""


@lru_cache(maxsize=16_384)
def clean_date(text: str) -> CleanedDate:
    """Read a date: ``2026-10-05``, ``10/05/2026``, ``20261005``, ``Oct 5, 2026``; a time behind it is passed over.

    What a spreadsheet made of a date is read with a notice: ``10/5/26``, ``5-Oct-26``, ``46300``. A date without a
    year, or with words beside it, is none.
    """
    text = _code(text)
    if not text:
        return CleanedDate(None)
    found = next((match for form in _DAYS if (match := form.fullmatch(text))), None)
    if found:
        parts = found.groupdict()
        month = _MONTHS.get(parts["name"].lower(), 0) if "name" in parts else int(parts["m"])
        return _day(parts["y"], month, int(parts["d"]))
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
    if serial and is_digits(serial[1]) and int(serial[1]) in _EXCEL_DAYS:
        return CleanedDate(_EXCEL_EPOCH + timedelta(days=int(serial[1])), "date_respelled")
    return CleanedDate(None, "date_invalid")


def _day(year: str, month: int, day: int) -> CleanedDate:
    """Return a day; two digits of a year are those of this century up to 69, as everywhere in computing (POSIX)."""
    whole_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 69 else 1900)
    try:
        return CleanedDate(date(whole_year, month, day), None if len(year) == 4 else "date_respelled")
    except ValueError:
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
