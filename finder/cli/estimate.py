"""``flask estimate REQUEST.json``: an estimate from a request in JSON, answered in JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from typing import BinaryIO

import click

from finder.coverage import errors_to_json, estimate, to_json
from finder.coverage.basics.json_fields import printable_key
from finder.errors import FieldError, InvalidRequest
from finder.i18n import LANGUAGES, N_, Message

LARGEST_REQUEST = 1_000_000
"""Bytes; a course of 366 visits has some 200,000."""


@click.command("estimate")
@click.argument("request_file", metavar="REQUEST.json", type=click.File("rb"))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of the sentences.")
def estimate_command(request_file: BinaryIO, language: str) -> None:
    """Estimate what a visit or a course of care costs.

    "-" reads standard input; a wrong request exits 1 with its errors.
    """
    try:
        response = to_json(estimate(parse(request_file.read(LARGEST_REQUEST + 1))), language)
    except InvalidRequest as error:
        click.echo(json.dumps(errors_to_json(error, language), ensure_ascii=False, indent=2))
        sys.exit(1)
    click.echo(json.dumps(response, ensure_ascii=False, indent=2))


def parse(content: bytes) -> Mapping[str, object]:
    """Read a request from JSON bytes. Raises InvalidRequest if it is no JSON object or repeats a field."""
    if len(content) > LARGEST_REQUEST:
        raise _invalid_request(N_("The request is too large."))
    try:
        request = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_Object)
        named_twice = _named_twice(request, "")
    except RecursionError:
        raise _invalid_request(N_("The request is nested too deeply.")) from None
    except UnicodeDecodeError:
        raise _invalid_request(N_("The request is not text in UTF-8.")) from None
    except ValueError as error:  # not JSON, or a number with thousands of digits
        raise _invalid_request(N_("The request is not JSON: {problem}."), problem=str(error)) from None
    if not isinstance(request, _Object):
        raise _invalid_request(N_("The request must be a JSON object."))
    if named_twice:
        raise InvalidRequest(named_twice)
    return request


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


def _invalid_request(text: str, **arguments: object) -> InvalidRequest:
    """Return the error of a request that cannot be parsed."""
    return InvalidRequest([FieldError("request", Message(text, arguments))])
