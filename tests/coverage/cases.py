"""Comparing an answer with what a case expects: every expected field must be there and equal, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from finder.coverage import errors_to_json, estimate, to_json
from finder.errors import InvalidRequest


def answer(request: Mapping[str, object]) -> dict[str, Any]:
    """Answer a request as the command does: the response, or the errors."""
    try:
        return to_json(estimate(request))
    except InvalidRequest as error:
        return errors_to_json(error)


def differences(expected: object, given: object, path: str = "") -> Iterator[str]:
    """Name every place where the answer is not what is expected."""
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        for key, value in expected.items():
            yield from differences(value, given.get(key, "(absent)"), f"{path}.{key}".lstrip("."))
    elif isinstance(expected, list | tuple) and isinstance(given, list | tuple):
        if len(expected) != len(given):
            yield f"{path}: {len(expected)} entries expected, {len(given)} given"
        for index, value in enumerate(expected[: len(given)]):
            yield from differences(value, given[index], f"{path}[{index}]")
    elif expected != given:
        yield f"{path}: {expected!r} expected, {given!r} given"
