"""Requests for estimates in JSON: one, or one a line (NDJSON), each answered with its response or its errors.

Requests are read strictly: a field that is given twice is an error.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from finder.coverage import Estimate, PlanOfCareEstimate, errors_to_json, to_json
from finder.coverage.basics.json_fields import printable_key
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_, Message

LARGEST_REQUEST = 1_000_000
"""Bytes; a course of 366 visits has some 200,000."""

WorkOut = Callable[[Mapping[str, object]], Estimate | PlanOfCareEstimate]
"""Works out the estimate of a request. Raises InvalidRequest."""


def answer(read: Callable[[], Mapping[str, object]], work_out: WorkOut, language: str) -> dict[str, Any]:
    """Return the response to a request as JSON types; ``{"errors": [...]}`` where it cannot be read or is wrong."""
    try:
        return to_json(work_out(read()), language)
    except InvalidRequest as error:
        return errors_to_json(error, language)


def answer_lines(requests: BinaryIO, work_out: WorkOut, language: str = "en") -> Iterator[dict[str, Any]]:
    """Answer requests line by line, each before the next is read; blank lines are passed over.

    A line that is wrong is answered with its errors. No more than ``LARGEST_REQUEST`` bytes of a line are held.
    """
    for line in _lines(requests):
        yield answer(partial(read_request, line), work_out, language)


def as_line(response: Mapping[str, Any]) -> str:
    """Write a response in one line, without its end."""
    return json.dumps(response, ensure_ascii=False, separators=(",", ":"))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Read lines without their ends and the blank ones. Of a line that is too long comes one byte more than allowed."""
    while line := file.readline(LARGEST_REQUEST + 2):
        rest = line
        while len(rest) == LARGEST_REQUEST + 2 and not rest.endswith(b"\n"):
            rest = file.readline(LARGEST_REQUEST + 2)
        if line.strip():
            yield line.rstrip(b"\r\n")


def read_request(content: bytes) -> Mapping[str, object]:
    """Read a request from JSON bytes. Raises InvalidRequest if it is no JSON object or repeats a field."""
    if len(content) > LARGEST_REQUEST:
        raise invalid("request", N_("The request is too large."))
    request = read_json(content, "request")
    if not isinstance(request, Mapping):
        raise invalid("request", N_("The request must be a JSON object."))
    return request


def read_json(content: bytes, field: str) -> object:
    """Read JSON bytes. Raises InvalidRequest, for ``field``, if it is no JSON; for the fields that are given twice."""
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_Object)
        named_twice = _named_twice(value, "" if field == "request" else field)
    except RecursionError:
        raise invalid(field, N_("The request is nested too deeply.")) from None
    except UnicodeDecodeError:
        raise invalid(field, N_("The request is not text in UTF-8.")) from None
    except ValueError as error:  # not JSON, or a number with thousands of digits
        raise invalid(field, N_("The request is not JSON: {problem}."), problem=str(error)) from None
    if named_twice:
        raise InvalidRequest(named_twice)
    return value


class _Object(dict[str, object]):
    """A JSON object that records repeated names, whose values are ambiguous."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs)
        self.twice = [name for name, given in times.items() if given > 1]


def _named_twice(value: object, path: str) -> list[FieldError]:
    """Return the errors of repeated fields anywhere in a request."""
    errors: list[FieldError] = []
    if isinstance(value, _Object):
        prefix = f"{path}." if path else ""
        message = Message(N_("This field is given twice."))
        errors.extend(FieldError(f"{prefix}{printable_key(name)}", message) for name in value.twice)
        for name, item in value.items():
            errors.extend(_named_twice(item, f"{prefix}{printable_key(name)}"))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            errors.extend(_named_twice(item, f"{path}[{index}]"))
    return errors


def invalid(field: str, text: str, **arguments: object) -> InvalidRequest:
    """Return the error of one field of a request."""
    return InvalidRequest([FieldError(field, Message(text, arguments))])
