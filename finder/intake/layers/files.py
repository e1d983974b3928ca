"""Files of layers and of a draft's notices: the same content always gives the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from finder.directory.release.tables import LAYER, PLAN_TABLES
from finder.intake.layers.layer import Layer, npi_updates, plan_tables, table
from finder.intake.unpacking.budget import STORED, Allowance
from finder.intake.unpacking.gzips import open_gzip
from finder.intake.unpacking.zips import open_zip
from finder.notices.notices import Notice, notice

EARLIER_PLANS = "plans.parquet"
"""The names of plans in a layer that an earlier version stored."""

UPDATES = "updates.parquet"
"""The dates of what is known of each NPI, in the layer of a source that gives them."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_layer(layer: Layer, path: Path) -> None:
    """Write a layer as a zip with one sorted Parquet file per table; empty tables of plans and notices are left out."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        about = {
            "source": layer.source,
            "title": layer.title,
            "as_of": layer.as_of.isoformat(),
            "rows": layer.rows,
        }
        archive.writestr(zipfile.ZipInfo("layer.json", _EPOCH), json.dumps(about, sort_keys=True))
        for name in LAYER:
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _EPOCH), _parquet(sort_rows(layer.tables[name])))
        for name in PLAN_TABLES:
            if len(layer.plans[name]):
                archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _EPOCH), _parquet(layer.plans[name]))
        if len(layer.updates):
            archive.writestr(zipfile.ZipInfo(UPDATES, _EPOCH), _parquet(layer.updates))


def read_layer(path: Path) -> Layer:
    """Read the file of a layer."""
    with open_zip(path, path.name, Allowance(STORED), path) as archive:
        about = json.loads(archive.read("layer.json"))
        tables = {name: table(name, _frame(archive.read(f"{name}.parquet"))) for name in LAYER}
        names = set(archive.namelist())
        plans = {name: _frame(archive.read(f"{name}.parquet")) for name in PLAN_TABLES if f"{name}.parquet" in names}
        if EARLIER_PLANS in names:
            plans["plan"] = _frame(archive.read(EARLIER_PLANS))
        updates = _frame(archive.read(UPDATES)).astype("str") if UPDATES in names else npi_updates()
    return Layer(
        source=about["source"],
        as_of=date.fromisoformat(about["as_of"]),
        tables=tables,
        plans=plan_tables(plans),
        updates=updates,
        rows=about["rows"],
        complete=True,
        title=about.get("title", ""),
    )


def sort_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct rows sorted by NPI, then by a hash of their values, whatever the order of the file."""
    if len(frame) < 2:
        return frame.reset_index(drop=True)
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    if len(np.unique(hashes)) < len(frame):
        frame = frame.drop_duplicates()
        hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    npis = pd.factorize(frame["npi"], sort=True)[0]
    return frame.iloc[np.lexsort((hashes, npis))].reset_index(drop=True)


def write_notices(notices: Iterable[Notice], path: Path) -> None:
    """Write notices as compressed lines of JSON: codes and arguments, without sentences."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file:
        for found in notices:
            line = {
                "code": found.code,
                "file": found.file,
                "row": found.row,
                "line": found.line,
                "column": found.column,
                "value": found.value,
                "arguments": dict(found.message.arguments),
            }
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")


def read_notices(path: Path) -> Iterator[Notice]:
    """Yield the notices of a file."""
    with open_gzip(path, path.name, Allowance(STORED), path) as file:
        for line in io.TextIOWrapper(file, encoding="utf-8"):
            yield notice(**json.loads(line))


def _frame(parquet: bytes) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(io.BytesIO(parquet)).to_pandas()
    return frame


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()
