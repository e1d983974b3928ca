"""The physician fee schedule.

Relative values by code, price indices by locality, the conversion factor, and the fee computed from them.

A schedule is one folder ``fee_schedule/<first day>/`` with ``schedule.toml``, ``relative_values.csv`` and ``gpci.csv``,
written by ``fees import`` from the official files.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from finder.coverage.basics.money import to_cents
from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.figures.parameters import Certainty, Value, read_value

THERAPY_INDICATOR = "5"
"""The multiple-procedure indicator of the therapy services to which the reduction applies."""

RESTRICTED = "R"
"""The status of a service that is covered in special cases only."""

RELATIVE_VALUE_COLUMNS = ("code", "status", "work_rvu", "pe_rvu", "mp_rvu", "multiple_procedure")
GPCI_COLUMNS = ("carrier", "locality", "name", "work_gpci", "pe_gpci", "mp_gpci")


@dataclass(frozen=True, slots=True)
class RelativeValue:
    """The value of a service: work, non-facility practice expense and malpractice, in relative value units.

    Therapy uses the non-facility practice expense in every setting.
    """

    code: str
    status_code: str
    work_rvu: Decimal
    pe_rvu: Decimal
    mp_rvu: Decimal
    multiple_procedure: str

    @property
    def status(self) -> LineStatus:
        """What Medicare does with the service.

        A restricted service (R) without relative values is priced by the contractor. Source: CMS, notes on PPRRVU.
        """
        if self.status_code == RESTRICTED and not (self.work_rvu or self.pe_rvu or self.mp_rvu):
            return LineStatus.PRICED_BY_CONTRACTOR
        return LineStatus.of_code(self.status_code)

    @property
    def is_reducible(self) -> bool:
        """Return whether the multiple procedure payment reduction applies to it."""
        return self.multiple_procedure == THERAPY_INDICATOR


@dataclass(frozen=True, slots=True)
class Gpci:
    """The price indices of a locality (geographic practice cost indices), and its name."""

    carrier: str
    locality: str
    name: str
    work_gpci: Decimal
    pe_gpci: Decimal
    mp_gpci: Decimal


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of a table, and its certainty."""

    source: str
    certainty: Certainty
    sha256: str = ""
    """SHA-256 of the official file in hexadecimal, for comparison."""


def price(value: RelativeValue, gpci: Gpci, conversion_factor: Decimal, pe_share: Decimal = Decimal(1)) -> Decimal:
    """Price one unit: (work × its index + practice expense × its index + malpractice × its index) × conversion factor.

    Dollars, rounded half up to cents once, at the end. The non-facility practice expense is used in every setting;
    where a reduction applies, only a share of it (``pe_share``) is paid.
    Source: 42 USC 1395w-4(b)(1).
    """
    relative = value.work_rvu * gpci.work_gpci + value.pe_rvu * pe_share * gpci.pe_gpci + value.mp_rvu * gpci.mp_gpci
    return to_cents(relative * conversion_factor)


class FeeSchedule:
    """The fees of a span of days. Its tables are read when first needed."""

    def __init__(self, folder: Path) -> None:
        content = tomllib.loads((folder / "schedule.toml").read_text(encoding="utf-8"))
        self.folder = folder
        self.first_day: date = content["from"]
        self.last_day: date = content["to"]
        self.conversion_factor = self._factor("conversion_factor", content["conversion_factor"])
        apm = content.get("qualifying_apm_conversion_factor")
        self.qualifying_apm_conversion_factor = self._factor("qualifying_apm_conversion_factor", apm) if apm else None
        self.relative_values_citation = Citation(**content["relative_values"])
        self.gpci_citation = Citation(**content["gpci"])
        zips = dict(content["zip_localities"])
        self.zip_localities: str = zips.pop("file")
        self.zip_citation = Citation(**zips)

    def until(self, last_day: date) -> FeeSchedule:
        """Return the same schedule in force until another day."""
        schedule = copy(self)
        schedule.last_day = last_day
        return schedule

    def _factor(self, name: str, content: Mapping[str, str]) -> Value:
        return read_value(name, {**content, "from": self.first_day, "to": self.last_day})

    @cached_property
    def relative_values(self) -> Mapping[str, RelativeValue]:
        """The relative values of the therapy codes, by code."""
        return {
            row["code"]: RelativeValue(
                row["code"],
                row["status"],
                Decimal(row["work_rvu"]),
                Decimal(row["pe_rvu"]),
                Decimal(row["mp_rvu"]),
                row["multiple_procedure"],
            )
            for row in self._rows("relative_values.csv")
        }

    @cached_property
    def gpcis(self) -> Mapping[tuple[str, str], Gpci]:
        """The price indices, by carrier and locality number."""
        return {
            (row["carrier"], row["locality"]): Gpci(
                row["carrier"],
                row["locality"],
                row["name"],
                Decimal(row["work_gpci"]),
                Decimal(row["pe_gpci"]),
                Decimal(row["mp_gpci"]),
            )
            for row in self._rows("gpci.csv")
        }

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
