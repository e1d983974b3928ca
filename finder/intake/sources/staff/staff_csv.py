"""The staff CSV: what staff found out by telephone. One row is one practice location of one NPI.

``columns`` documents the layout, ``template`` returns an empty file. Several rows of one NPI are several locations;
the provider's own columns are read from the first. Missing columns are unknown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date

from finder.directory.vocabulary.conditions import Condition
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import CONFIRMED, GENERAL, EvidenceRow, confirmable, evidence_for
from finder.i18n import N_, Message, word
from finder.intake.cleaning import names
from finder.intake.cleaning.fields import clean_date, clean_npi, collapse
from finder.intake.layers.layer import Layer
from finder.intake.sources.addresses import AddressColumns, read_location
from finder.intake.sources.base import Context
from finder.intake.sources.builder import UNDATED, LayerBuilder, Location
from finder.intake.sources.coordinates import at_given_point
from finder.intake.sources.errors import AsOfNeeded
from finder.intake.sources.formats.delimited import Header, Row, Table, header_of, is_below_table
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.staff.column_spellings import with_our_names
from finder.notices.notices import Findings, Notice
from finder.spreadsheet import plain_cell

SOURCE = "staff"

ADDRESS = AddressColumns("street", "street_2", "city", "state", "zip", "", "phone", "phone_extension")

ENTITIES = {"individual": "individual", "1": "individual", "organization": "organization", "2": "organization"}

ANSWERS = ("yes", "no")
"""The answers on something that a place may offer; an empty cell means unknown."""

SAMPLE_DAY = "sample_as_of"
"""The column that only the bundled sample has, so that fictional rows are never read as staff rows."""

_STAFF_ONLY_COLUMNS = ("verified_on", "insurance_yes", *(specialty.confirmed_column for specialty in confirmable()))


_FIXED_COLUMNS = {
    "npi": N_("Ten digits. The only column that every row needs."),
    "entity": N_("individual or organization. Needed for a provider that is not listed yet."),
    "first_name": N_("Of a person."),
    "middle_name": N_("Of a person, or the initial."),
    "last_name": N_("Of a person."),
    "name": N_("Of a clinic; of a person the whole name, where it does not come in parts."),
    "credentials": N_("As the person writes them: PT, DPT, NCS."),
    "taxonomy_codes": N_(
        "NUCC codes with semicolons between them: 225100000X is a physical therapist, 2251N0400X one with the"
        " specialty neurology, 261QP2000X a clinic."
    ),
    "location_name": N_("What it says on the door."),
    "street": N_("Where patients are seen, never a mailing address."),
    "street_2": N_("Suite or floor."),
    "city": N_("City."),
    "state": N_("Two letters."),
    "zip": N_("Five digits, or five and four."),
    "phone": N_("Ten digits, in any spelling."),
    "phone_extension": N_("Digits."),
    "latitude": N_("Degrees north, where the place is known better than by its ZIP code."),
    "longitude": N_("Degrees east: minus signs in America."),
    "neurologic_confirmed_on": N_("The day on which the clinic confirmed that it treats neurologic conditions."),
}
"""The descriptions of the columns that do not depend on reference data, in the order of the template."""


def columns() -> dict[str, Message]:
    """Return the description of each column, in the order of the template; every condition and offer has a column."""
    return {
        **{column: Message(words) for column, words in _FIXED_COLUMNS.items()},
        **_condition_columns(),
        **{
            offer.fact: Message(
                N_("yes or no: “{offer}”. Empty where nobody has said."), {"offer": Message(offer.sentence)}
            )
            for offer in offers().values()
        },
        "insurance_yes": Message(
            N_("Plans that are accepted, with semicolons between them: {plans}, or the id of another plan."),
            {"plans": "; ".join(payers())},
        ),
        "insurance_no": Message(
            N_("Plans that are not accepted, with semicolons. A plan in neither column is unknown.")
        ),
        "verified_on": Message(
            N_("The day on which all of this was heard, like 2026-10-05 or 10/05/2026. Empty: the date of the file.")
        ),
    }


def _condition_columns() -> dict[str, Message]:
    columns = {}
    for specialty in confirmable():
        if condition := specialty.condition:
            columns[specialty.confirmed_column] = Message(
                N_("The day on which the clinic confirmed that it {treats}."),
                {"treats": Message(condition.plain_name)},
            )
            if condition.types:
                columns[condition.types_column] = Message(
                    N_("Types the clinic named, with semicolons between them: {types}."),
                    {"types": "; ".join(condition.types)},
                )
    return columns


def template() -> str:
    """Return an empty staff CSV: its header line."""
    return ",".join(columns()) + "\r\n"


def documentation() -> str:
    """Return the text of ``docs/staff_columns.md``: every column with what goes into it."""
    lines = [
        "# The columns of our tables",
        "",
        "One row is one practice location of one NPI: [how rows are read](updating.md#our-own-table).",
        "The conditions that a clinic can confirm are listed in `data/reference/conditions.toml`, what a place can",
        "offer in `data/reference/offers.toml`; a new entry there is a new column here.",
        "",
        "This page is written by `python -m finder.intake.sources.staff.staff_csv > docs/staff_columns.md`.",
        "",
        "| column | what goes into it |",
        "|---|---|",
        *(f"| `{column}` | {word(words)} |" for column, words in columns().items()),
    ]
    return "\n".join(lines) + "\n"


def recognizes(file: SourceFile) -> bool:
    """Return whether a file is a staff CSV: it has NPIs and a column that only staff fill."""
    found = header_of(file)
    if found is None or SAMPLE_DAY in found:
        return False
    header = our_header(found)
    return "npi" in header and any(column in header for column in _STAFF_ONLY_COLUMNS)


def our_header(header: Header) -> Header:
    """Return the header of a table with the names of our columns, however people spell them."""
    return with_our_names(header, (*columns(), SAMPLE_DAY))


def staff_table(file: SourceFile, findings: Findings) -> Table:
    """Open a staff CSV."""
    return Table(file, findings, rename=our_header)


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read the rows of staff. Raises AsOfNeeded if neither the file name nor a row has a date."""
    return read_as_of(files, context, "verified_on", frozenset(payers()) | frozenset(context.known_plans))


def read_as_of(
    files: Sequence[SourceFile], context: Context, day_column: str, plans: frozenset[str] | None
) -> list[Layer]:
    """Read rows whose date is in ``day_column``; ``plans`` are the valid plan ids, None for any."""
    builder = LayerBuilder()
    meter = Meter(context.progress, sum(file.size for file in files))
    as_of = context.date_of(files)
    latest: date | None = None
    notices: list[Notice] = []
    rows = 0
    reading = _Reading(context, builder, plans)
    known = {*columns(), day_column}
    for file in files:
        findings = Findings(file.name)
        table = staff_table(file, findings)
        for column, name in zip(table.header.written, table.header.names, strict=True):
            if column and name not in known:
                findings.add("column_unknown", column=column, value=column)
        with file.open() as stream:
            for row in table.read(meter.measured(stream)):
                _take_marks_off(row)
                day = _date(row, day_column, as_of)
                latest = max(filter(None, (latest, day)), default=None)
                unreadable = day is None and row[day_column].strip() != ""
                reading.add(row, day.isoformat() if day else UNDATED if unreadable else "", as_of)
        rows += table.rows
        notices += findings.notices()
    layer_date = as_of or latest
    if layer_date is None:
        raise AsOfNeeded(files[0].name)
    return [builder.layer(context, layer_date, notices=notices, rows=rows)]


_NAMES = frozenset({"first_name", "middle_name", "last_name", "name", "location_name", "street"})
"""The columns where an apostrophe in front of a letter may belong to the text: ``'t Hooft``, ``'Ohana``."""


def _take_marks_off(row: Row) -> None:
    """Remove the apostrophes in front of cells: those of our own downloads, and those that make text of numbers."""
    if "'" in "".join(row.values.values()):
        row.values = {column: _without_mark(column, value) for column, value in row.values.items()}


def _without_mark(column: str, value: str) -> str:
    plain = plain_cell(value)
    if plain != value or not value.startswith("'"):
        return plain
    return value if column in _NAMES and value[1:2].isalpha() else value[1:]


class _Reading:
    """The rows of the layer; a second row of an NPI only adds a location."""

    def __init__(self, context: Context, builder: LayerBuilder, plans: frozenset[str] | None) -> None:
        self._context = context
        self._builder = builder
        self._plans = plans
        self._rows: set[tuple[str, ...]] = set()
        self._locations: set[tuple[str, str]] = set()
        self._providers: set[str] = set()

    def add(self, row: Row, day: str, as_of: date | None) -> None:
        """Add one row, or report why it is skipped."""
        npi, finding = clean_npi(row["npi"])
        values = tuple(row.values.values())
        if finding and is_below_table(values):
            row.report("below_table", "npi", row["npi"])
            return
        if finding:
            row.report(finding, "npi", row["npi"])
            return
        if values in self._rows:
            row.report("duplicate_row", "npi", npi)
            return
        self._rows.add(values)
        location = read_location(row, ADDRESS, self._context.places) if _has_address(row) else None
        if location:
            location = at_given_point(row, location, self._context.places)
            if (npi, location.key) in self._locations:
                row.report("location_repeated", "street", location.street)
                return
            self._locations.add((npi, location.key))
        if not self._take_provider(npi, row, day):
            return
        if location:
            self._builder.location(npi, location, name=names.organization_name(row["location_name"]), as_of=day)
        self._take_answers(npi, row, location, day)
        _add_confirmations(self._builder, npi, row, day, as_of)

    def _take_provider(self, npi: str, row: Row, day: str) -> bool:
        """Add the provider, once; in a row without a name, another source has the name."""
        if npi in self._providers:
            return True
        entity = ENTITIES.get(row["entity"].strip().lower(), "")
        if row["entity"].strip() and not entity:
            row.report("entity_unknown", "entity", row["entity"])
            return False
        name, sort_name = names_of(row)
        entity = entity or ("individual" if row["last_name"].strip() else "")
        if name and not entity:
            row.report("entity_unknown", "entity", "")
            return False
        self._providers.add(npi)
        self._builder.provider(
            npi,
            entity=entity,
            name=name,
            sort_name=sort_name,
            credentials=names.credentials(row["credentials"]),
            as_of=day,
        )
        codes = [code.strip().upper() for code in row["taxonomy_codes"].split(";") if code.strip()]
        evidence = evidence_for(codes, row["credentials"], clean_date(day).value)
        for code in codes:
            if not any(found.detail == code for found in evidence):
                row.report("taxonomy_unknown", "taxonomy_codes", code)
        general = EvidenceRow(GENERAL, "source_specialty", "")
        self._builder.evidence(npi, evidence or ((general,) if name else ()), day)
        return True

    def _take_answers(self, npi: str, row: Row, location: Location | None, day: str) -> None:
        """Add the answers for this location; those of a row without an address apply to all locations."""
        yes, no = _plans(row["insurance_yes"]), _plans(row["insurance_no"])
        key = location.key if location else ""
        conflicts = [plan for plan in yes if plan in no]
        for plan in conflicts:
            row.report("plan_conflict", "insurance_no", plan)
        for column, status, plans in (("insurance_yes", "yes", yes), ("insurance_no", "no", no)):
            for plan in plans:
                if self._plans is not None and plan not in self._plans:
                    row.report("plan_unknown", column, plan)
                elif plan not in conflicts:
                    self._builder.insurance(npi, plan, status, location_key=key, as_of=day)
        for offer in offers().values():
            answer = row[offer.fact].strip().lower()
            if answer in ANSWERS:
                self._builder.fact(npi, offer.fact, answer, location_key=key, as_of=day)
            elif answer:
                row.report("answer_unknown", offer.fact, row[offer.fact])


def _add_confirmations(builder: LayerBuilder, npi: str, row: Row, row_day: str, as_of: date | None) -> None:
    """Add what the clinic confirmed, each with its own day; types without a day get the day of the row."""
    for specialty in confirmable():
        day = _date(row, specialty.confirmed_column, as_of)
        if day:
            builder.evidence(npi, (EvidenceRow(specialty.facet, CONFIRMED, ""),), day.isoformat())
        if specialty.condition:
            _add_types(builder, npi, row, specialty.condition, day.isoformat() if day else row_day)


def _add_types(builder: LayerBuilder, npi: str, row: Row, condition: Condition, day: str) -> None:
    """Add the types of a condition that the clinic named."""
    for kind in map(_word, _split(row[condition.types_column])):
        if kind in condition.types:
            builder.fact(npi, condition.type_field, kind, as_of=day)
        else:
            row.report("answer_unknown", condition.types_column, kind)


def _date(row: Row, column: str, as_of: date | None) -> date | None:
    """Read a date of a row; a day after the date of the file is replaced by it."""
    day, finding = clean_date(row[column])
    if finding:
        row.report(finding, column, row[column])
    if day and as_of and day > as_of:
        row.report("date_in_future", column, row[column])
        return as_of
    return day


def _has_address(row: Row) -> bool:
    return any(row[column].strip() for column in (ADDRESS.street, ADDRESS.city, ADDRESS.zip))


def names_of(row: Row | Mapping[str, str]) -> tuple[str, str]:
    """Return the display name and the sort name, both empty if the row has none."""
    if row["last_name"].strip():
        parts = (row["first_name"], row["middle_name"], row["last_name"])
        return names.full_name(*parts), names.person_sort_name(*parts)
    name = collapse(row["name"])
    if ENTITIES.get(row["entity"].strip().lower()) == "individual" and " " in name:
        first, _, last = name.rpartition(" ")
        return name, names.person_sort_name(first, "", last)
    return names.organization_name(name), names.sort_name(name)


def _split(text: str) -> list[str]:
    """Split a list at its semicolons, without repeated values."""
    return list(dict.fromkeys(part for part in map(collapse, re.split(r"[;|]", text)) if part))


def _word(text: str) -> str:
    return text.lower().replace(" ", "_")


def _plans(text: str) -> list[str]:
    """Return the plan ids of a list; the standard payers may be written in any case."""
    return [_word(plan) if _word(plan) in payers() else plan for plan in _split(text)]


if __name__ == "__main__":
    sys.stdout.write(documentation())
