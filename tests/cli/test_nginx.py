"""The documented configuration of nginx, held against the program: its routes, its limits, the headers it believes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from finder.cli.server import GRACE_SECONDS, HEADER_BYTES
from finder.http.body_limits import FORM_BYTES, LARGE_BODIES
from finder.resources import ROOT
from finder.web.staff.drafts.uploads import LARGEST_UPLOAD

UNITS = {"": 1, "k": 2**10, "m": 2**20, "s": 1}


@pytest.fixture(scope="module")
def directives() -> dict[str, dict[str, str]]:
    """The directives of the server and, by their heads, of its locations; of several with one name, the last."""
    found: dict[str, dict[str, str]] = {"": {}}
    location = ""
    for line in _lines((ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")):
        if line.startswith("location "):
            location = line.removesuffix(" {")
            found[location] = {}
        elif line == "}":
            location = ""
        elif line.endswith(";"):
            name, _, value = line[:-1].partition(" ")
            if name == "proxy_set_header":
                name, _, value = value.partition(" ")
            found[location][name] = value
    return found


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line := re.sub(r"\s+", " ", re.sub(r"#.*", "", line)).strip():
            yield line


def size(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([kms]?)", text.split()[-1]).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def test_only_the_upload_is_not_buffered(sample_app: Flask, directives: dict[str, dict[str, str]]) -> None:
    assert directives[""]["proxy_request_buffering"] == directives[""]["proxy_buffering"] == "on"
    passed_on = [head for head, values in directives.items() if values.get("proxy_request_buffering") == "off"]
    adapter = sample_app.url_map.bind("")
    endpoints = {view: endpoint for endpoint, view in sample_app.view_functions.items()}
    usual = size(directives[""]["client_max_body_size"])
    larger = [view for view, large in LARGE_BODIES.items() if large.size > usual]
    assert passed_on == [f"location = {adapter.build(endpoints[view])}" for view in larger]


def test_bodies_and_headers_that_the_program_takes_pass(directives: dict[str, dict[str, str]]) -> None:
    assert size(directives["location = /staff/upload"]["client_max_body_size"]) > LARGEST_UPLOAD
    assert size(directives[""]["client_max_body_size"]) > FORM_BYTES
    assert size(directives[""]["large_client_header_buffers"]) == HEADER_BYTES
    assert size(directives[""]["client_header_timeout"]) == GRACE_SECONDS


def test_the_headers_that_are_believed_are_set_and_the_others_cleared(directives: dict[str, dict[str, str]]) -> None:
    headers = {name: value for name, value in directives[""].items() if name[0].isupper()}
    believed = {"X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme", "X-Forwarded-Host": "$http_host"}
    cleared = dict.fromkeys(("Forwarded", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP"), '""')
    assert headers == {"Host": "$http_host", **believed, **cleared}
    assert not [name for head, values in directives.items() if head for name in values if name[0].isupper()]


def test_the_log_of_the_proxy_holds_neither_searches_nor_addresses(directives: dict[str, dict[str, str]]) -> None:
    written = set(re.findall(r"\$(\w+)", directives[""]["log_format"]))
    assert written == {"time_iso8601", "request_method", "status", "body_bytes_sent", "request_time"}
    assert directives[""]["access_log"].endswith(" finder")
    assert directives[""]["error_log"].endswith(" crit")
