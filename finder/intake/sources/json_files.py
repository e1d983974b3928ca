"""JSON files that are small enough to read whole: answers of an API, a plan's list of providers, a FHIR bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from finder.intake.sources.errors import BrokenJson, LineTooLong
from finder.intake.sources.files import SourceFile

LARGEST = 64 * 1024 * 1024
"""Bytes. What is larger is published as a stream and read as one."""


def begins_with(file: SourceFile, *keys: str) -> bool:
    """Whether a file looks like JSON and its beginning holds all these keys."""
    start = file.start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[") and all(f'"{key}"'.encode() in start for key in keys)


def load(file: SourceFile) -> Any:
    """Read a file. Raises BrokenJson, or LineTooLong where it is larger than any such file."""
    with file.open() as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise LineTooLong(file.name)
    try:
        return json.loads(content, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(file.name) from error


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a list; anything else gives none."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def text(value: Any) -> str:
    """Give a text of a value: of null, lists and objects none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()
