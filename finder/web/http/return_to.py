"""Pages that one visits in between lead back to where one came from: its address goes along as ``then``."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request, url_for

THEN = "then"

_LONGEST = 2_000
_OURS = re.compile(r"/(?![/\\])[!-~]*")
"""The path of a page of ours, with its question: nothing that a browser could take for another site."""


def this_page() -> str:
    """Return the address of the present page, to come back to."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{request.path}?{query}" if query else request.path


def is_ours(address: str) -> bool:
    """Return whether an address is a page of this site, however a browser reads it."""
    return len(address) <= _LONGEST and _OURS.fullmatch(address) is not None


def came_from() -> str:
    """Return the address that the visitor came from; the first page in place of any other site's address."""
    text = request.args.get(THEN, "")
    return text if is_ours(text) else url_for("search.home").split("?", 1)[0]


def back(**changes: str) -> str:
    """Return the address that the visitor came from with arguments changed; an empty value removes its argument."""
    parts = urlsplit(came_from())
    remaining = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in changes]
    query = urlencode(remaining + [(name, value) for name, value in changes.items() if value], safe=",@~")
    return f"{parts.path}?{query}" if query else parts.path
