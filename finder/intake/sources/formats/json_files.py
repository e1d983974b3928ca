"""JSON files: recognizing them by their first bytes, and reading values of any type as text or objects.

Streaming of their entries is in ``json_stream``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finder.intake.sources.formats.files import SourceFile


def begins_with(file: SourceFile, *keys: str) -> bool:
    """Return whether a file looks like JSON and all these keys are in its first bytes."""
    start = file.start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[") and all(f'"{key}"'.encode() in start for key in keys)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list; nothing for any other value."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def objects_or_one(value: Any) -> Iterator[dict[str, Any]]:
    """Return the objects of a list, or a single object in place of a list."""
    return objects(value if isinstance(value, list) else [value])


def texts(value: Any) -> list[str]:
    """Return the non-blank texts of a list, or a single text in place of a list."""
    parts = value if isinstance(value, list) else [value]
    return [found for part in parts if (found := text(part))]


def text(value: Any) -> str:
    """Return a value as text, empty for null, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()
