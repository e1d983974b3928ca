"""The file format of a release: a SQLite file with tables, manifest and index; ``write`` makes it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np

FORMAT = 4
APPLICATION_ID = 0x46696E64
"""Marks the file as a release ("Find") in SQLite's header."""

T = TypeVar("T")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(cls: type[T], read: Mapping[str, tuple[str, str, bytes]], prefix: str = "") -> T:
    """Rebuild a dataclass of arrays from the rows of ``index_array``: name → (kind, shape, data)."""
    values: dict[str, Any] = {}
    hints = get_type_hints(cls)
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]  # a dataclass, by contract
        name = prefix + field.name
        if dataclasses.is_dataclass(hints[field.name]):
            values[field.name] = load(hints[field.name], read, f"{name}.")
        else:
            kind, shape, data = read[name]
            values[field.name] = (
                json.loads(data) if kind == "json" else np.frombuffer(data, dtype=kind).reshape(json.loads(shape))
            )
    return cls(**values)
