"""Staff decisions as layers: edits, and suppressions that outlast every update; conflicts of edits with sources.

The decisions are in the records; at each staging they become layers like any other source, pinned by the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.directory.release.tables import LAYER
from finder.intake.layers.layer import Layer, table
from finder.intake.layers.stack import Stack
from finder.intake.merging.merge import CLOSED, SUPPRESSED, merge
from finder.intake.merging.plan_keys import current_keys
from finder.intake.sources.addresses import center
from finder.places.gazetteer import Gazetteer
from finder.records.edit_values import (
    CONFIRMED,
    FACT,
    LISTING,
    OF_PROVIDER,
    PLAN,
    EditedAddress,
    EditedPhone,
    EditField,
    join_answers,
    location_value,
    split_answers,
)
from finder.records.tables.casework import Edit, Suppression

EDITS, SUPPRESSIONS = "edits", "suppressions"
"""The sources of the two layers."""

Row = dict[str, object]


def add_staff_layers(
    stack: Stack, edits: Sequence[Edit], suppressions: Sequence[Suppression], gazetteer: Gazetteer
) -> Stack:
    """Return the stack with the staff decisions in force now, in place of those of an earlier release."""
    layers = dict(stack.without(EDITS, SUPPRESSIONS).layers)
    if edits:
        layers[EDITS] = edits_layer(edits, gazetteer)
    if suppressions:
        layers[SUPPRESSIONS] = suppressions_layer(suppressions)
    return Stack(layers)


def edits_layer(edits: Iterable[Edit], gazetteer: Gazetteer) -> Layer:
    """Return the layer of edits: one row per edit with that field alone, dated by the day of the edit."""
    rows: dict[str, list[Row]] = {name: [] for name in LAYER}
    for edit in edits:
        day = edit.edited_at.date().isoformat()
        for name, row in _edit_rows(edit, gazetteer):
            rows[name].append({"npi": edit.npi, "source": EDITS, "as_of": day} | row)
    return _layer(EDITS, rows)


def suppressions_layer(suppressions: Iterable[Suppression]) -> Layer:
    """Return the layer of suppressions."""
    rows: dict[str, list[Row]] = {name: [] for name in LAYER}
    for suppression in suppressions:
        day = suppression.decided_at.date().isoformat()
        shared: Row = {"npi": suppression.npi, "source": SUPPRESSIONS, "as_of": day}
        if suppression.location_key:
            place: Row = {"location_key": suppression.location_key, "field": CLOSED[0], "value": CLOSED[1]}
            rows["fact"].append(shared | place)
        else:
            rows["provider"].append(shared | {"status": SUPPRESSED})
    return _layer(SUPPRESSIONS, rows)


def find_conflicts(stack: Stack, edits: Sequence[Edit]) -> dict[int, str]:
    """Return the edits whose sources have changed since: edit id → the sources' value now.

    A source that now agrees with the edit is no conflict.
    """
    if not edits:
        return {}
    npis = sorted({edit.npi for edit in edits})
    tables = merge([_restricted_to(layer, npis) for layer in stack.without(EDITS, SUPPRESSIONS).layers.values()]).tables
    source_values = {edit.id: source_value(tables, edit) for edit in edits}
    return {
        edit.id: value
        for edit in edits
        if (value := source_values[edit.id]) is not None and value not in (edit.source_value, edit.value)
    }


def source_value(tables: Mapping[str, pd.DataFrame], edit: Edit) -> str | None:
    """Return the value of an edited field in release tables, in the form of an edit's value.

    None for fields that no source has.
    """
    field = EditField.parse(edit.field)
    if field.kind in {CONFIRMED, LISTING}:
        return None
    if field.kind in OF_PROVIDER:
        rows = _matching(tables["provider"], npi=edit.npi)
        return str(rows[field.kind].iloc[0]) if len(rows) else ""
    where = {"npi": edit.npi, "location_key": edit.location_key}
    if field.kind == PLAN:
        plan = current_keys(tables["plan_alias"]).get(field.name, field.name)
        rows = _rows_at_place(tables["insurance"], **where, plan=plan)
        return str(rows["status"].iloc[0]) if len(rows) else ""
    if field.kind == FACT:
        return join_answers(_rows_at_place(tables["fact"], **where, field=field.name)["value"])
    rows = _matching(tables["location"], **where)
    return location_value(field.kind, rows.iloc[0].to_dict()) if len(rows) else ""


def _edit_rows(edit: Edit, gazetteer: Gazetteer) -> Iterable[tuple[str, Row]]:
    """Yield the rows (table, columns) that an edit becomes."""
    field = EditField.parse(edit.field)
    place: Row = {"location_key": edit.location_key}
    match field.kind:
        case "name" | "credentials" as column:  # sorted as the source has it: only it knows which is the last name
            yield "provider", {column: edit.value}
        case "location_name":
            yield "location", place | {"name": edit.value}
        case "phone":
            phone = EditedPhone.parse(edit.value)
            yield "location", place | {"phone": phone.number, "phone_extension": phone.extension}
        case "address":
            yield "location", place | _address(EditedAddress.parse(edit.value), gazetteer)
        case "plan":
            yield "insurance", place | {"plan": field.name, "status": edit.value}
        case "confirmed":
            yield "specialty", {"facet": field.name, "kind": "confirmed", "detail": ""}
        case _:
            fact = field.name or CLOSED[0]
            yield from (("fact", place | {"field": fact, "value": one}) for one in split_answers(edit.value))


def _address(address: EditedAddress, gazetteer: Gazetteer) -> Row:
    row: Row = asdict(address)
    point, source = center(address.zip, address.city, address.state, gazetteer)
    if point is None:
        return row
    return row | {"latitude": point.latitude, "longitude": point.longitude, "geocode_source": source}


def _layer(source: str, rows: Mapping[str, Sequence[Row]]) -> Layer:
    tables = {name: table(name, rows[name]) for name in LAYER}
    latest = max(str(row["as_of"]) for table_rows in rows.values() for row in table_rows)
    return Layer(source=source, as_of=pd.Timestamp(latest).date(), tables=tables, rows=sum(map(len, tables.values())))


def _restricted_to(layer: Layer, npis: Sequence[str]) -> Layer:
    tables = {name: frame[is_in(frame["npi"], npis)] for name, frame in layer.tables.items()}
    return replace(layer, tables=tables)


def _rows_at_place(frame: pd.DataFrame, location_key: str, **values: str) -> pd.DataFrame:
    """Return the rows that apply to a place: its own, else those that apply to all places."""
    rows = _matching(frame, **values)
    here = _matching(rows, location_key=location_key)
    return here if len(here) else _matching(rows, location_key="")


def _matching(frame: pd.DataFrame, **values: str) -> pd.DataFrame:
    for column, value in values.items():
        frame = frame[frame[column] == value]
    return frame
