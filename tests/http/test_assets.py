"""Static files: hashed names, cached forever, with redirects from older names."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.http import assets
from tests.web.reading import public_pages

HEAVY = (
    "/therapists?near=02139&miles=100",
    "/therapists/map?near=02139&miles=100",
    "/estimate?zip=0&date=x&visit=by_hand&deductible=part",
    "/estimate/course?zip=43210&start=2025-11-03&weeks=52&visits=5&deductible=unknown&coverage=medigap",
)
"""Pages that say more than most."""


def styles_of(client: FlaskClient) -> list[str]:
    """Return the style sheets that the first page loads."""
    return re.findall(r'rel="stylesheet" href="([^"]+)"', client.get("/").text)


def test_static_files_may_be_cached_forever(client: FlaskClient) -> None:
    styles = styles_of(client)
    assert len(styles) == 2
    for address in styles:
        response = client.get(address)
        assert response.status_code == 200
        assert response.mimetype == "text/css"
        assert "immutable" in response.headers["Cache-Control"]
        assert "max-age=31536000" in response.headers["Cache-Control"]


def test_an_older_hashed_name_redirects_to_the_current_one(client: FlaskClient) -> None:
    present = next(address for address in styles_of(client) if "finder.css" in address)
    response = client.get("/assets/000000000000/finder.css")
    assert response.status_code == 302
    assert response.location == present
    assert "immutable" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "name", ["nothing.css", "../assets.py", "%2e%2e/assets.py", ".hidden", "a//b", "..%5cassets.py", "static", ""]
)
def test_files_outside_the_static_folder_are_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/000000000000/{name}").status_code in {404, 308}


def test_the_hashed_name_changes_with_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "style.css"
    monkeypatch.setattr(assets, "_locate", lambda name: file)
    names = []
    for text in ("a {}", "b {}"):
        file.write_text(text, encoding="utf-8")
        names.append(assets.asset_path.__wrapped__("style.css"))
    assert names[0] != names[1]
    assert all(name and name.endswith("/style.css") for name in names)


def test_a_file_that_a_template_names_must_exist() -> None:
    with pytest.raises(FileNotFoundError):
        assets.asset_url("missing.css")


@pytest.mark.slow
def test_every_page_and_its_files_stay_under_the_size_limit(sample_app: Flask, client: FlaskClient) -> None:
    """Compressed, under 150 kB (the limit that the pages are held to), the map and its library too."""
    heavy = {}
    weigh = cache(lambda part: len(client.get(part, headers={"Accept-Encoding": "br"}).data))
    for address in [*public_pages(sample_app), *HEAVY]:
        page = client.get(address)
        loaded = set(re.findall(r'(?:href|src)="(/assets/[^"#]+)', page.text))
        loaded |= {part for sheet in loaded for part in re.findall(r'url\("?(/assets/[^")#]+)', _style(client, sheet))}
        if (weight := weigh(address) + sum(map(weigh, loaded))) >= 150_000:
            heavy[address] = weight
    assert heavy == {}


def _style(client: FlaskClient, asset: str) -> str:
    return client.get(asset).text if asset.endswith(".css") else ""


def test_browsers_that_ask_for_the_old_icon_get_one(client: FlaskClient) -> None:
    response = client.get("/favicon.ico", follow_redirects=True)
    assert response.status_code == 200
    assert response.mimetype == "image/svg+xml"


def test_an_error_page_is_compressed_too(client: FlaskClient) -> None:
    page = client.get("/estimate?zip=1", headers={"Accept-Encoding": "br"})
    assert page.status == "400 BAD REQUEST"
    assert page.headers["Content-Encoding"] == "br"
    assert len(page.data) < 15_000
    assert client.get("/no-such-page", headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in client.get("/estimate?zip=1").headers


OTHER_COLORS = re.compile(
    r"(?:prefers-contrast|prefers-color-scheme|forced-colors|data-look~=\"(?:light|dark|contrast)\")[^{}]*\{"
)
OF_COLORS_OR_LINES = re.compile(
    r"--[a-z-]+|color|color-scheme|background(-color|-image)?|border(-[a-z-]+)?|outline(-[a-z]+)?|box-shadow"
)


def block_at(text: str, start: int) -> str:
    """Return the text between a brace that was opened before ``start`` and its end."""
    depth = 1
    for end, letter in enumerate(text[start:], start):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0:
            return text[start:end]
    raise AssertionError("a brace is not closed")


def test_looks_of_other_colors_change_nothing_but_colors_and_lines() -> None:
    """Nothing moves or hides: axe need not try its other rules again (``tests/browser/checks.py``)."""
    sheets = "\n".join(
        file.read_text() for file in (files(assets.OURS) / "static").iterdir() if file.name.endswith(".css")
    )
    blocks = [block_at(sheets, found.end()) for found in OTHER_COLORS.finditer(sheets)]
    properties = {name for block in blocks for name in re.findall(r"([a-z-]+):\s", block)}
    assert len(blocks) >= 10
    assert {"--ink", "border"} <= properties
    assert {name for name in properties if not OF_COLORS_OR_LINES.fullmatch(name)} == set()
