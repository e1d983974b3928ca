"""What stands in files of JSON: how they are known by their beginning, and values of whatever kind read as another.

How their entries are read, one after the other, is ``json_stream``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finder.intake.sources.formats.files import SourceFile


def begins_with(file: SourceFile, *keys: str) -> bool:
    """Return whether a file looks like JSON and its beginning holds all these keys."""
    start = file.start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[") and all(f'"{key}"'.encode() in start for key in keys)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; anything else gives none."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def objects_or_one(value: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a list, or the one that stands in its place."""
    return objects(value if isinstance(value, list) else [value])


def texts(value: Any) -> list[str]:
    """Give the texts of a list, or the one that stands in its place; blank ones aside."""
    parts = value if isinstance(value, list) else [value]
    return [found for part in parts if (found := text(part))]


def text(value: Any) -> str:
    """Return a text of a value: of null, lists and objects none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()
