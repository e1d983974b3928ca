"""Numbers in the path of an address: rows of the records, in digits from 0 to 9, no more than the database can hold."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """``<id:draft_id>``: the number of a row."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def register(app: Flask) -> None:
    """Let routes have numbers of rows in their path."""
    app.url_map.converters["id"] = RowId
