"""The published staff table written as a staff CSV, to be changed and uploaded again.

It holds the rows of staff tables only: no other source, and no correction made on a page. Reading it gives the same
rows with the same dates. Two things change their form: an address becomes one line, and a place that a map service
found comes back as one whose coordinates were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from finder.directory.release.tables import LAYER
from finder.directory.vocabulary.conditions import conditions
from finder.directory.vocabulary.specialties import CONFIRMED, confirmable
from finder.intake.layers.files import read_layer
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import CITY_CENTROID, ZIP_CENTROID
from finder.intake.sources.staff import staff_csv
from finder.records.releases import current_release
from finder.releases.installation import Installation
from finder.spreadsheet import BYTE_ORDER_MARK, csv_lines, safe_cell

Row = Mapping[str, Any]
"""A row of a layer."""

Cells = dict[str, str]
"""A row of a staff CSV by column; an empty cell may be missing."""

_ADDRESS = ("street", "city", "state", "zip", "phone", "phone_extension")

_NUMBERS = ("latitude", "longitude")

_CONFIRMED_COLUMNS = {specialty.facet: specialty.confirmed_column for specialty in confirmable()}
"""The column of the day on which a clinic confirmed something, by its facet."""

_TYPE_FIELDS = {condition.type_field: condition for condition in conditions().values()}
"""The condition of which a fact names a type, by the field of the fact."""

_LINES_AT_ONCE = 1_000


def staff_layer_pin(installation: Installation) -> Mapping[str, Any] | None:
    """Return the pin of the staff layer in the published release, None where there is none."""
    with installation.records.reading() as session:
        release = current_release(session)
    pins = release.manifest["layers"] if release else []
    return next((pin for pin in pins if pin["source"] == staff_csv.SOURCE), None)


def export_staff_table(installation: Installation) -> Iterator[str]:
    """Return the published staff table as pieces of CSV; the empty template where there is none."""
    pin = staff_layer_pin(installation)
    return (
        staff_csv_lines(read_layer(installation.store.verify("layers", pin["sha256"])))
        if pin
        else iter([staff_csv.template()])
    )


def staff_csv_lines(layer: Layer) -> Iterator[str]:
    """Yield a stored staff layer as pieces of CSV: UTF-8 with a byte order mark for spreadsheets, CRLF."""
    columns = tuple(staff_csv.columns())
    yield BYTE_ORDER_MARK + staff_csv.template()
    rows = (row for found in _by_provider(layer) for row in _rows(found))
    while lines := [[row.get(column, "") for column in columns] for row in islice(rows, _LINES_AT_ONCE)]:
        yield csv_lines(lines)


def _by_provider(layer: Layer) -> Iterator[dict[str, list[Row]]]:
    """Yield the rows of each provider by table; every table of a stored layer is ordered by NPI."""
    streams = {name: iter(layer.tables[name].to_dict("records")) for name in LAYER}
    next_rows = {name: next(stream, None) for name, stream in streams.items()}
    while npis := [str(row["npi"]) for row in next_rows.values() if row]:
        npi = min(npis)
        found: dict[str, list[Row]] = {name: [] for name in LAYER}
        for name, stream in streams.items():
            while (row := next_rows[name]) and row["npi"] == npi:
                found[name].append({str(column): value for column, value in row.items()})
                next_rows[name] = next(stream, None)
        yield found


@dataclass(frozen=True, slots=True)
class _CsvRow:
    """A CSV row in the making: about one place, or (with an empty ``key``) about all places."""

    key: str
    day: str
    cells: Cells = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _ProviderRows:
    """The CSV rows of one provider."""

    lines: list[_CsvRow] = field(default_factory=list)

    def add(self, key: str, day: str) -> _CsvRow:
        """Add a row."""
        self.lines.append(_CsvRow(key, day))
        return self.lines[-1]

    def line(self, key: str, day: str, matches: Callable[[_CsvRow], bool]) -> _CsvRow:
        """Return the first row that matches, or a new row."""
        return next(filter(matches, self.lines), None) or self.add(key, day)


def _rows(found: Mapping[str, Sequence[Row]]) -> Iterator[Cells]:
    """Yield the CSV rows of one provider. The first row has the date of the provider itself."""
    (provider,) = found["provider"]
    provider_rows, day = _ProviderRows(), provider["as_of"]
    places = sorted(found["location"], key=lambda place: (place["as_of"] != day, place["location_key"]))
    if not places or places[0]["as_of"] != day:
        provider_rows.add("", day)
    for place in places:
        provider_rows.add(place["location_key"], place["as_of"]).cells.update(_place_cells(place))
    for evidence in found["specialty"]:
        if evidence["kind"] == CONFIRMED:
            _write_confirmation(provider_rows, evidence, day)
    for answer in found["insurance"]:
        _write_insurance(provider_rows, answer)
    for fact in found["fact"]:
        (_write_type if fact["field"] in _TYPE_FIELDS else _write_answer)(provider_rows, fact)
    about = _provider_cells(provider, found["specialty"])
    for line in provider_rows.lines:
        cells = about | line.cells | {"verified_on": line.day}
        yield {column: cell if column in _NUMBERS else safe_cell(cell) for column, cell in cells.items()}


def _provider_cells(provider: Row, evidence: Sequence[Row]) -> Cells:
    """Return the cells about the provider that are the same in all rows."""
    codes = sorted({row["detail"] for row in evidence if row["kind"] == "taxonomy"})
    return {
        "npi": provider["npi"],
        "entity": provider["entity"],
        **_name_cells(provider),
        "credentials": provider["credentials"],
        "taxonomy_codes": ";".join(codes),
    }


def _name_cells(provider: Row) -> Cells:
    """Return the cells of a name that read back to the same name and sort name: in parts where possible."""
    words = provider["name"].split()
    for first in range(len(words)):
        parts = {"first_name": " ".join(words[:first]), "last_name": " ".join(words[first:])}
        read_as = staff_csv.names_of({"middle_name": "", **parts})
        if read_as == (provider["name"], provider["sort_name"]):
            return parts
    return {"name": provider["name"]}


def _place_cells(place: Row) -> Cells:
    """Return the cells of an address; coordinates only where they are better than a center."""
    cells = {"location_name": place["name"]} | {column: place[column] for column in _ADDRESS}
    if place["geocode_source"] not in ("", ZIP_CENTROID, CITY_CENTROID):
        cells |= {"latitude": repr(place["latitude"]), "longitude": repr(place["longitude"])}
    return cells


def _write_insurance(provider_rows: _ProviderRows, answer: Row) -> None:
    """Write whether a plan is accepted, in a row that does not say the opposite."""
    column, other = (
        ("insurance_yes", "insurance_no") if answer["status"] == "yes" else ("insurance_no", "insurance_yes")
    )
    plan, key, day = answer["plan"], answer["location_key"], answer["as_of"]
    line = provider_rows.line(
        key, day, lambda line: (line.key, line.day) == (key, day) and plan not in _listed(line.cells, other)
    )
    _add_to_list(line.cells, column, plan)


def _write_answer(provider_rows: _ProviderRows, fact: Row) -> None:
    """Write whether something is offered, in a row without another answer."""
    column, value, key, day = fact["field"], fact["value"], fact["location_key"], fact["as_of"]
    line = provider_rows.line(
        key, day, lambda line: (line.key, line.day) == (key, day) and line.cells.get(column, value) == value
    )
    line.cells[column] = value


def _write_confirmation(provider_rows: _ProviderRows, evidence: Row, day: str) -> None:
    """Write the day on which the clinic confirmed something; it applies to every row of the provider."""
    column, confirmed_on = _CONFIRMED_COLUMNS[evidence["facet"]], evidence["as_of"]
    line = provider_rows.line("", day, lambda line: line.cells.get(column, confirmed_on) == confirmed_on)
    line.cells[column] = confirmed_on


def _write_type(provider_rows: _ProviderRows, fact: Row) -> None:
    """Write a type of a condition in the row with the day on which the clinic named it."""
    condition, day = _TYPE_FIELDS[fact["field"]], fact["as_of"]
    column = _CONFIRMED_COLUMNS[condition.facet]
    line = provider_rows.line("", day, lambda line: line.cells.get(column, line.day) == day)
    _add_to_list(line.cells, condition.types_column, fact["value"])


def _listed(cells: Cells, column: str) -> list[str]:
    return cells.get(column, "").split(";")


def _add_to_list(cells: Cells, column: str, value: str) -> None:
    """Add a value to a cell that is a sorted list."""
    cells[column] = ";".join(sorted({*filter(None, _listed(cells, column)), value}))
