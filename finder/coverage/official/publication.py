"""Prepares a fee schedule for writing: its files, after checks of the official files, and its changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from finder.coverage.basics.vocabulary import LineStatus
from finder.coverage.figures.fee_schedule import (
    GPCI_COLUMNS,
    RELATIVE_VALUE_COLUMNS,
    Citation,
    FeeSchedule,
    Gpci,
    RelativeValue,
)
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.localities import Locality, fold
from finder.coverage.official.gpci import GpciFile, parse_gpcis
from finder.coverage.official.rvu import RelativeValueFile, parse_relative_values
from finder.coverage.official.tables import WrongFile
from finder.coverage.official.zips import parse_zip_localities

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """An official file: its name, its text and the SHA-256 of its bytes."""

    name: str
    text: str
    sha256: str

    @property
    def citation(self) -> Citation:
        """The citation of the file in the figures."""
        return Citation(f"CMS {self.name}", "primary", self.sha256)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The input for importing a fee schedule."""

    first_day: date
    last_day: date
    rvu: OfficialFile
    gpci: OfficialFile
    zips: OfficialFile | None = None
    qualifying_apm_conversion_factor: Decimal | None = None
    qualifying_apm_source: str = "As given to the import by a person, from CMS's announcement"
    dropped_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Publication:
    """A fee schedule as files to write, and what it holds."""

    schedule: Mapping[str, str]
    """Files of the folder ``fee_schedule/<first day>``."""
    zip_localities: tuple[str, str] | None
    """Name and text of a new file of ``zip_localities``."""
    relative_values: Mapping[str, RelativeValue]
    gpcis: Mapping[tuple[str, str], Gpci]
    conversion_factor: Decimal
    remarks: tuple[str, ...]


def prepare(figures: Figures, inputs: Inputs) -> Publication:
    """Read the official files and make the fee schedule of ``inputs.first_day``.

    Raises WrongFile; nothing is written here.
    """
    floor = figures.parameters.work_gpci_floor.find(inputs.first_day)
    rvu = _read(parse_relative_values, inputs.rvu)
    gpci = _read(lambda text: parse_gpcis(text, floor.amount if floor else None), inputs.gpci)
    _check_dates(figures, inputs, rvu, gpci)
    before = _schedule_before(figures, inputs.first_day)
    values = _therapy_values(figures, before, rvu, inputs)
    name, new_map, localities = _zip_map(figures, before, inputs)
    _check_areas(localities, gpci)
    _check_factors(rvu.conversion_factor, inputs)
    return Publication(
        schedule={
            "relative_values.csv": _csv(RELATIVE_VALUE_COLUMNS, map(_relative_value_row, values.values())),
            "gpci.csv": _csv(
                GPCI_COLUMNS, map(_gpci_row, sorted(gpci.rows.values(), key=lambda it: (it.carrier, it.locality)))
            ),
            "schedule.toml": _schedule_toml(inputs, rvu.conversion_factor, name, _zip_citation(before, inputs)),
        },
        zip_localities=(name, new_map) if new_map else None,
        relative_values=values,
        gpcis=gpci.rows,
        conversion_factor=rvu.conversion_factor,
        remarks=tuple(_remarks(figures, inputs, rvu, gpci, name)),
    )


def _read(parse: Callable[[str], Read], file: OfficialFile) -> Read:
    """Read a file. Raises WrongFile with the name of the file."""
    try:
        return parse(file.text)
    except WrongFile as error:
        raise WrongFile(f"{file.name}: {error}") from None


def _check_dates(figures: Figures, inputs: Inputs, rvu: RelativeValueFile, gpci: GpciFile) -> None:
    """Check the years of the files, and that the days neither cross New Year nor overlap another schedule."""
    year = inputs.first_day.year
    if inputs.last_day.year != year or inputs.last_day < inputs.first_day:
        raise WrongFile(f"A fee schedule lies within one year: not from {inputs.first_day} to {inputs.last_day}.")
    for file, years in ((inputs.rvu, rvu.years), (inputs.gpci, gpci.years)):
        if years and year not in years:
            raise WrongFile(f"{file.name} is of {' or '.join(map(str, sorted(years)))}, not of {year}.")
    for other in figures.schedules:
        if (
            other.first_day != inputs.first_day
            and other.first_day <= inputs.last_day
            and inputs.first_day <= other.last_day
        ):
            raise WrongFile(
                f"The schedule from {other.first_day} to {other.last_day} overlaps; "
                "import that one again with a last day before this one."
            )


def _schedule_before(figures: Figures, first_day: date) -> FeeSchedule | None:
    """Return the latest schedule that begins before this one."""
    earlier = [schedule for schedule in figures.schedules if schedule.first_day < first_day]
    return earlier[-1] if earlier else None


def _therapy_values(
    figures: Figures, before: FeeSchedule | None, rvu: RelativeValueFile, inputs: Inputs
) -> dict[str, RelativeValue]:
    """Return the therapy codes; a missing code of the earlier schedule must be dropped explicitly."""
    codes = sorted(figures.code_table.codes)
    values = {code: rvu.rows[code, ""].value for code in codes if (code, "") in rvu.rows}
    missing = set(before.relative_values if before else ()) - set(values) - inputs.dropped_codes
    if missing or not values:
        raise WrongFile(
            f"{inputs.rvu.name}: therapy codes of the schedule before are missing: "
            f"{', '.join(sorted(missing)) or 'all'}. "
            "Is the file whole? If Medicare has dropped them, say so with --drop CODE."
        )
    empty = [it.code for it in values.values() if it.status is LineStatus.PAYABLE and not it.work_rvu + it.pe_rvu]
    if empty:
        raise WrongFile(f"{inputs.rvu.name}: payable codes without relative values: {', '.join(empty)}.")
    return values


def _zip_map(
    figures: Figures, before: FeeSchedule | None, inputs: Inputs
) -> tuple[str, str | None, Iterable[tuple[str, Locality]]]:
    """Return the name of the ZIP map, its text if it is new, and its localities.

    The file that was given, else the map in use.
    """
    if inputs.zips:
        read = _read(parse_zip_localities, inputs.zips)
        name, text = f"{read.quarter}.csv", fold(read.localities.items())
        others = [it for it in figures.schedules if it.zip_localities == name and it.first_day != inputs.first_day]
        if others and figures.zip_map(name).text != text:
            raise WrongFile(f"{inputs.zips.name} differs from the map of {read.quarter} that other schedules use.")
        return name, text, read.localities.items()
    if before is None:
        raise WrongFile("There is no ZIP map yet: give one with --zip-locality.")
    return before.zip_localities, None, figures.zip_map(before.zip_localities)


def _check_areas(localities: Iterable[tuple[str, Locality]], gpci: GpciFile) -> None:
    """Check that every payment area of a ZIP code has price indices."""
    missing = {locality.key for _, locality in localities} - set(gpci.rows)
    if missing:
        areas = ", ".join(sorted(" ".join(key) for key in missing))
        raise WrongFile(
            f"The price-index file lacks payment areas that ZIP codes lie in (carrier and locality): {areas}."
        )


def _check_factors(factor: Decimal, inputs: Inputs) -> None:
    """Check that the conversion factors are plausible, and the one of qualifying participants is higher."""
    qualifying = inputs.qualifying_apm_conversion_factor
    if not 10 < factor < 100:
        raise WrongFile(f"{inputs.rvu.name}: a conversion factor of {factor} cannot be.")
    if qualifying is not None and not factor <= qualifying < factor * Decimal("1.1"):
        raise WrongFile(
            f"The conversion factor of qualifying participants, {qualifying}, does not fit the other one, {factor}."
        )


def _zip_citation(before: FeeSchedule | None, inputs: Inputs) -> Citation:
    if inputs.zips:
        return inputs.zips.citation
    return before.zip_citation if before else Citation("", "unverified")


def _remarks(figures: Figures, inputs: Inputs, rvu: RelativeValueFile, gpci: GpciFile, zip_map: str) -> Iterable[str]:
    """Yield remarks for the person who imports the schedule."""
    yield f"Work index taken from the column {gpci.work_column!r}."
    if not rvu.years:
        yield f"{inputs.rvu.name} does not say its year; it was taken as {inputs.first_day.year}."
    if not gpci.years:
        yield f"{inputs.gpci.name} does not say its year; it was taken as {inputs.first_day.year}."
    if not inputs.zips:
        yield f"No ZIP file was given: {zip_map} stays in use."
    apm = figures.parameters.qualifying_apm.find(inputs.first_day)
    if apm and apm.amount and inputs.qualifying_apm_conversion_factor is None:
        yield "No conversion factor for qualifying participants was given: such estimates will say that it is missing."


def _schedule_toml(inputs: Inputs, factor: Decimal, zip_map: str, zip_citation: Citation) -> str:
    """Return the text of the schedule's TOML file: figures and citations."""
    tables: dict[str, dict[str, str]] = {
        "conversion_factor": {
            "unit": "USD per relative value unit",
            "amount": str(factor),
            "source": inputs.rvu.citation.source,
            "certainty": "primary",
        },
        "relative_values": asdict(inputs.rvu.citation),
        "gpci": asdict(inputs.gpci.citation),
        "zip_localities": {"file": zip_map, **asdict(zip_citation)},
    }
    if inputs.qualifying_apm_conversion_factor is not None:
        tables["qualifying_apm_conversion_factor"] = {
            "unit": "USD per relative value unit",
            "amount": str(inputs.qualifying_apm_conversion_factor),
            "source": inputs.qualifying_apm_source,
            "certainty": "secondary",
        }
    head = [
        "# Written by `fees import`; edit nothing here, import again.",
        'description = "Medicare physician fee schedule: relative values, price indices and conversion factors"',
        f"from = {inputs.first_day}",
        f"to = {inputs.last_day}",
    ]
    body = [
        line
        for name, table in tables.items()
        for line in ("", f"[{name}]", *(f'{key} = "{_escape(text)}"' for key, text in table.items()))
    ]
    return "\n".join([*head, *body, ""])


def _escape(text: str) -> str:
    """Escape text for quotes in TOML; a file's name may hold any character."""
    return "".join(char for char in text if char.isprintable()).replace("\\", "\\\\").replace('"', '\\"')


def _relative_value_row(value: RelativeValue) -> tuple[str, ...]:
    rvus = (f"{rvu:.2f}" for rvu in (value.work_rvu, value.pe_rvu, value.mp_rvu))
    return (value.code, value.status_code, *rvus, value.multiple_procedure)


def _gpci_row(gpci: Gpci) -> tuple[str, ...]:
    indices = (f"{index:.3f}" for index in (gpci.work_gpci, gpci.pe_gpci, gpci.mp_gpci))
    return (gpci.carrier, gpci.locality, gpci.name, *indices)


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
