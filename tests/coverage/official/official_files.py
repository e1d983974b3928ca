"""Official files of a year to come, written in CMS's layouts from the figures of 2026."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from finder.coverage import Figures
from finder.coverage.figures.fee_schedule import Gpci, RelativeValue

LAST = date(2026, 12, 31)
OTHER = RelativeValue("99213", "A", Decimal("1.30"), Decimal("1.43"), Decimal("0.10"), "0")
"""A code that is no therapy: official files hold thousands of them."""

STACKED_HEADER = """\
,,{year} National Physician Fee Schedule Relative Value File,,,,,,,,,
,,RELEASED 11/20/2026,,,,,,,,,
,,,,,,FACILITY,,,,,
,,,STATUS,WORK,NON-FAC,,MP,NON-FACILITY,FACILITY,MULT,CONV
HCPCS,MOD,DESCRIPTION,CODE,RVU,PE RVU,PE RVU,RVU,TOTAL,TOTAL,PROC,FACTOR
"""


def values_of_2026() -> list[RelativeValue]:
    return [*Figures.load().schedule(LAST).relative_values.values(), OTHER]


def gpcis_of_2026() -> list[Gpci]:
    return list(Figures.load().schedule(LAST).gpcis.values())


@dataclass(frozen=True)
class RelativeValues:
    """A relative value file, to be written in any layout."""

    year: int = 2027
    factor: str = "33.9001"
    values: Sequence[RelativeValue] = ()

    def rows(self) -> Sequence[RelativeValue]:
        return self.values or values_of_2026()

    def fixed_width(self) -> str:
        lines = [
            "HDR CPT CODES AND DESCRIPTIONS ONLY ARE COPYRIGHT ",
            f"HDR {self.year} AMERICAN MEDICAL ASSOCIATION.  ALL RIGHTS",
            *(self._fixed(value) for value in self.rows()),
            "TRL CPT CODES AND DESCRIPTIONS ONLY ARE COPYRIGHT ",
        ]
        return "\n".join([*lines, ""])

    def _fixed(self, it: RelativeValue) -> str:
        total = it.work_rvu + it.pe_rvu + it.mp_rvu
        line = [" "] * 171
        for start, text in (
            (0, it.code),
            (7, "Any description\xa0at all"),
            (57, it.status_code),
            (59, f"{it.work_rvu:6.2f}"),
            (65, f"{it.pe_rvu:7.2f}"),
            (74, f"{it.pe_rvu:7.2f}"),
            (83, f"{it.mp_rvu:6.2f}"),
            (89, f"{total:7.2f}"),
            (96, f"{total:6.2f}"),
            (115, it.multiple_procedure),
            (133, self.factor),
        ):
            line[start : start + len(text)] = text
        return "".join(line)

    def stacked_csv(self) -> str:
        """CMS's csv: titles, then a header over several lines."""
        return STACKED_HEADER.format(year=self.year) + _csv(self._cells())

    def plain_csv(self) -> str:
        """The same saved again, with one header line in lower case."""
        header = "hcpcs,mod,description,status_code,work_rvu,non_fac_pe_rvu,facility_pe_rvu,mp_rvu,non_facility_total"
        return _csv([[*header.split(","), "facility_total", "mult_proc", "conv_factor"], *self._cells()])

    def _cells(self) -> Iterable[list[str]]:
        for it in self.rows():
            total = f"{it.work_rvu + it.pe_rvu + it.mp_rvu:.2f}"
            rvus = (it.work_rvu, it.pe_rvu, it.pe_rvu, it.mp_rvu)
            yield [
                it.code, "", '"Any, description"', it.status_code, *(f"{rvu:.2f}" for rvu in rvus), total, total,
                it.multiple_procedure, self.factor,
            ]  # fmt: skip


def gpci_csv(year: int = 2027, gpcis: Sequence[Gpci] = (), *, both: bool = False) -> str:
    """The price-index file; ``both``: with the work index without and with the floor of 1.0."""
    work = [f"{year} PW GPCI (with{kind} 1.0 Floor)" for kind in ("out", "")] if both else [f"{year} PW GPCI"]
    rows = []
    for it in gpcis or gpcis_of_2026():
        unfloored = replace(it, work_gpci=it.work_gpci - Decimal("0.020")) if both else it
        indices = [unfloored.work_gpci, max(Decimal("1.000"), unfloored.work_gpci)] if both else [it.work_gpci]
        numbers = [f"{index:.3f}" for index in (*indices, it.pe_gpci, it.mp_gpci)]
        rows.append([it.carrier, "XX", it.locality, f'"{it.name.upper()}**"', *numbers])
    head = ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name"]
    return _csv(
        [
            [f"ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES"],
            [""],
            [*head, *work, f"{year} PE GPCI", f"{year} MP GPCI"],
            *rows,
            ["**PE GPCI reflects a 1.0 floor for frontier states."],
        ]
    )


def zip_csv(quarter: str = "20271", zips: Sequence[tuple[str, str, str, str, str]] = ()) -> str:
    """The ZIP file: state, ZIP code, carrier, locality, plus-4 flag."""
    header = "STATE,ZIP CODE,CARRIER,LOCALITY,RURAL IND,LAB CB LOCALITY,RURAL IND2,PLUS 4 FLAG,PART B DRUG INDICATOR"
    rows = zips or [("NY", "10001", "13202", "01", "0"), ("WM", "64001", "05302", "99", "1")]
    return _csv(
        [
            [*header.split(","), "YEAR/QTR"],
            *(
                [state, code, carrier, area, "", "Z9", "", flag, "A", quarter]
                for state, code, carrier, area, flag in rows
            ),
        ]
    )


def _csv(rows: Iterable[Sequence[str]]) -> str:
    return "\r\n".join([*(",".join(row) for row in rows), ""])
