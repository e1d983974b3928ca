"""Helpers that read bytes as a file of some name, and look into the layer."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from finder.intake.layers.layer import Layer
from finder.intake.layers.stack import Stack
from finder.intake.sources.registry import read_file
from tests.intake.sources.places import FewZips


def read(
    folder: Path,
    content: bytes | str,
    name: str,
    *,
    known: Collection[str] = (),
    as_of: date | None = None,
    source: str | None = None,
) -> Layer:
    """Write a file and read it; it must be of one source."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (layer,) = read_file([path], gazetteer=FewZips(), known_npis=known, as_of=as_of, source=source)
    return layer


def zipped(folder: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Write a zip."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return path


def codes(layer: Layer) -> list[tuple[str, int]]:
    """The code and row of each notice."""
    return [(found.code, found.row) for found in layer.notices]


def stored(layer: Layer) -> Layer:
    """The layer as a release stores it: distinct rows in a fixed order."""
    (layer_of_release,) = Stack({}).updated([layer]).layers.values()
    return layer_of_release


def rows(layer: Layer, table: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    return [{str(key): value for key, value in row.items()} for row in layer.tables[table].to_dict("records")]
