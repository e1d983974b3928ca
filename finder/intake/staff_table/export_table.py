"""Our own table as it is published, written as the staff CSV that it was read from, to be changed and uploaded again.

It holds what staff said in tables and nothing else: no other source, and no correction made on a page. Reading it gives
the same rows with the same days. Two things take another form on the way: an address is one line, and a place that a
map service found comes back as one whose coordinates were given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from finder.directory.release.tables import LAYER
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
"""A row of a staff CSV; an empty cell may be left out."""

_ADDRESS = ("street", "city", "state", "zip", "phone", "phone_extension")

_NUMBERS = ("latitude", "longitude")

CONFIRMED = {"neurologic": "neurologic_confirmed_on", "treats_neuropathy": "treats_neuropathy_on"}
"""The column of the day on which a clinic confirmed something."""

_LINES_AT_ONCE = 1_000


def own_pin(installation: Installation) -> Mapping[str, Any] | None:
    """Give the pin of our own tables in the published release; None where there are none."""
    with installation.records.reading() as session:
        release = current_release(session)
    pins = release.manifest["layers"] if release else []
    return next((pin for pin in pins if pin["source"] == staff_csv.SOURCE), None)


def own_table(installation: Installation) -> Iterator[str]:
    """Write what is published of our own tables, piece by piece; where there is nothing, the empty template."""
    pin = own_pin(installation)
    return (
        written(read_layer(installation.store.verify("layers", pin["sha256"]))) if pin else iter([staff_csv.template()])
    )


def written(layer: Layer) -> Iterator[str]:
    """Write a layer of staff, as it is stored, piece by piece: UTF-8 with a mark that spreadsheets look for, CRLF."""
    columns = tuple(staff_csv.columns())
    yield BYTE_ORDER_MARK + staff_csv.template()
    rows = (row for found in _by_provider(layer) for row in _rows(found))
    while lines := [[row.get(column, "") for column in columns] for row in islice(rows, _LINES_AT_ONCE)]:
        yield csv_lines(lines)


def _by_provider(layer: Layer) -> Iterator[dict[str, list[Row]]]:
    """Give the rows of each provider by table; a layer that is stored has every table in the order of NPIs."""
    streams = {name: iter(layer.tables[name].to_dict("records")) for name in LAYER}
    ahead = {name: next(stream, None) for name, stream in streams.items()}
    while rest := [str(row["npi"]) for row in ahead.values() if row]:
        npi = min(rest)
        found: dict[str, list[Row]] = {name: [] for name in LAYER}
        for name, stream in streams.items():
            while (row := ahead[name]) and row["npi"] == npi:
                found[name].append({str(column): value for column, value in row.items()})
                ahead[name] = next(stream, None)
        yield found


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that is being written: about one place, or (an empty ``key``) about all of them."""

    key: str
    day: str
    cells: Cells = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows of one provider, as they come about."""

    lines: list[_Line] = field(default_factory=list)

    def add(self, key: str, day: str) -> _Line:
        """Add a row."""
        self.lines.append(_Line(key, day))
        return self.lines[-1]

    def line(self, key: str, day: str, fits: Callable[[_Line], bool]) -> _Line:
        """Give the first row that fits; where there is none, a new one."""
        return next(filter(fits, self.lines), None) or self.add(key, day)


def _rows(found: Mapping[str, Sequence[Row]]) -> Iterator[Cells]:
    """Write all that was said of one provider. The first row has the day of the provider itself."""
    (provider,) = found["provider"]
    sheet, day = _Sheet(), provider["as_of"]
    places = sorted(found["location"], key=lambda place: (place["as_of"] != day, place["location_key"]))
    if not places or places[0]["as_of"] != day:
        sheet.add("", day)
    for place in places:
        sheet.add(place["location_key"], place["as_of"]).cells.update(_place(place))
    for evidence in found["specialty"]:
        if evidence["kind"] == "confirmed":
            _write_confirmation(sheet, evidence, day)
    for answer in found["insurance"]:
        _write_insurance(sheet, answer)
    for fact in found["fact"]:
        (_write_type if fact["field"] == "neuropathy_type" else _write_answer)(sheet, fact)
    about = _provider(provider, found["specialty"])
    for line in sheet.lines:
        cells = about | line.cells | {"verified_on": line.day}
        yield {column: cell if column in _NUMBERS else safe_cell(cell) for column, cell in cells.items()}


def _provider(provider: Row, evidence: Sequence[Row]) -> Cells:
    """Write what is said of the provider wherever they work."""
    codes = sorted({row["detail"] for row in evidence if row["kind"] == "taxonomy"})
    return {
        "npi": provider["npi"],
        "entity": provider["entity"],
        **_name(provider),
        "credentials": provider["credentials"],
        "taxonomy_codes": ";".join(codes),
    }


def _name(provider: Row) -> Cells:
    """Write a name so that it is read, and sorted, as it was: in parts where that is so, else whole."""
    words = provider["name"].split()
    for first in range(len(words)):
        parts = {"first_name": " ".join(words[:first]), "last_name": " ".join(words[first:])}
        read_as = staff_csv.names_of({"middle_name": "", **parts})
        if read_as == (provider["name"], provider["sort_name"]):
            return parts
    return {"name": provider["name"]}


def _place(place: Row) -> Cells:
    """Write an address; coordinates only where they are better than a center."""
    cells = {"location_name": place["name"]} | {column: place[column] for column in _ADDRESS}
    if place["geocode_source"] not in ("", ZIP_CENTROID, CITY_CENTROID):
        cells |= {"latitude": repr(place["latitude"]), "longitude": repr(place["longitude"])}
    return cells


def _write_insurance(sheet: _Sheet, answer: Row) -> None:
    """Write whether a plan is accepted, never beside the opposite."""
    column, other = (
        ("insurance_yes", "insurance_no") if answer["status"] == "yes" else ("insurance_no", "insurance_yes")
    )
    plan, key, day = answer["plan"], answer["location_key"], answer["as_of"]
    line = sheet.line(
        key, day, lambda line: (line.key, line.day) == (key, day) and plan not in _listed(line.cells, other)
    )
    _list(line.cells, column, plan)


def _write_answer(sheet: _Sheet, fact: Row) -> None:
    """Write whether something is offered, never over another answer."""
    column, value, key, day = fact["field"], fact["value"], fact["location_key"], fact["as_of"]
    line = sheet.line(
        key, day, lambda line: (line.key, line.day) == (key, day) and line.cells.get(column, value) == value
    )
    line.cells[column] = value


def _write_confirmation(sheet: _Sheet, evidence: Row, day: str) -> None:
    """Write a day on which the clinic confirmed something; it holds for every row of the provider."""
    column, said = CONFIRMED[evidence["facet"]], evidence["as_of"]
    line = sheet.line("", day, lambda line: line.cells.get(column, said) == said)
    line.cells[column] = said


def _write_type(sheet: _Sheet, fact: Row) -> None:
    """Write a type of neuropathy beside the day on which the clinic named it."""
    said = fact["as_of"]
    line = sheet.line("", said, lambda line: line.cells.get(CONFIRMED["treats_neuropathy"], line.day) == said)
    _list(line.cells, "neuropathy_types", fact["value"])


def _listed(cells: Cells, column: str) -> list[str]:
    return cells.get(column, "").split(";")


def _list(cells: Cells, column: str, value: str) -> None:
    """Add a value to a cell that is a list; the values stand in their order."""
    cells[column] = ";".join(sorted({*filter(None, _listed(cells, column)), value}))
