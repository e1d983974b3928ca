"""The map in a browser: by keyboard, without script, without Leaflet, without dragging; streets only on demand."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from finder import create_app
from finder.settings import Settings
from tests.browser.checks import DEVICE_LOOKS, faults
from tests.browser.serving import serving
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

MAP = "/therapists/map?near=02139&miles=50&specialty=neurologic"
TILES = "https://tiles.example/{z}/{x}/{y}.png"

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


PRESSED_BESIDE = """spots => spots.flatMap(spot => {
  spot.scrollIntoView({ behavior: 'instant', block: 'center' });
  const area = spot.querySelector('.map-press').getBoundingClientRect();
  const mark = spot.querySelector('.map-mark').getBoundingClientRect();
  const corners = [area.left + 1.5, area.right - 1.5].flatMap(x => [[x, area.top + 1.5], [x, area.bottom - 1.5]]);
  return [...corners, [mark.left + mark.width / 2, mark.top + mark.height / 2]]
    .filter(point => document.elementFromPoint(...point)?.closest('a') !== spot).map(point => [spot.id, ...point]);
})"""
"""Gives the marks that are not pressed at a corner of their area or in the middle of the mark, and where."""


def mark(page: Page, number: int = 1) -> str:
    """Return the name of the mark of a listing."""
    name = page.locator(f'#drawing .map-spot[data-listed~="{number}"]').get_attribute("aria-label")
    assert name
    return name


def test_each_mark_is_reached_by_keyboard_and_highlights_its_card(page: Page) -> None:
    page.goto(MAP)
    button = page.locator("[data-live]").get_by_role("button", name=mark(page), exact=True)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#listing-1")).to_have_class(re.compile("listing-on"))
    expect(page.locator(".leaflet-popup a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#listing-1$"))
    expect(page.locator("#listing-1")).to_be_in_viewport()


def test_a_card_highlights_its_mark_on_the_map(page: Page) -> None:
    page.goto(MAP)
    card = page.locator("#listing-4")
    card.get_by_role("link", name=re.compile("^On the map")).click()
    expect(page.locator(".leaflet-popup")).to_contain_text("4.")
    expect(page.locator(".live .spot-open")).to_have_attribute("aria-label", mark(page, 4))
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.locator(f'.live [aria-label="{mark(page, 4)}"]')).to_be_focused()


def test_the_live_map_has_the_marks_of_the_list_without_overlap(page: Page) -> None:
    page.goto(MAP)
    marks = page.locator(".live .spot")
    assert marks.count() == page.locator("#drawing .map-spot").count()
    boxes = [box for one in marks.all() if (box := one.bounding_box())]
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
            down = one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
            assert not (across and down)


def test_the_map_moves_without_dragging(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(MAP)
    first = page.locator(".live .spot").first

    def place() -> tuple[float, float]:
        box, around = first.bounding_box(), page.locator("[data-live]").bounding_box()
        assert box
        assert around
        return round(box["x"] - around["x"]), round(box["y"] - around["y"])

    start = place()
    for name in ("East", "North", "Nearer", "Farther"):
        before = place()
        page.get_by_role("button", name=name).click()
        assert place() != before, name
    page.get_by_role("button", name="Show all").click()
    assert place() == start


def test_without_script_the_map_is_a_drawing_with_links_and_the_list_beside_it(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(MAP)
    expect(page.locator("[data-live]")).to_be_hidden()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    page.get_by_role("link", name=mark(page), exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#listing-1$"))
    page.locator("#listing-1").get_by_role("link", name=re.compile("^On the map")).click()
    expect(page).to_have_url(re.compile("#spot-1$"))
    context.close()


def test_the_drawing_stays_if_leaflet_is_blocked(context: BrowserContext) -> None:
    context.route("**/leaflet.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(MAP)
    expect(page.locator("#drawing")).to_be_visible()
    expect(page.get_by_role("link", name=mark(page), exact=True)).to_be_visible()
    expect(page.locator("[data-live]")).to_be_hidden()


def test_the_map_requests_no_third_party_and_violates_no_policy(context: BrowserContext, site: str) -> None:
    hosts, console_errors = set(), []
    page = context.new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: console_errors.append(message.text))
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    page.goto(MAP)
    page.get_by_role("button", name="Nearer").click()
    page.locator(".live .spot").last.click()
    page.wait_for_timeout(500)
    assert hosts == {urlsplit(site).netloc}
    assert console_errors == []
    assert context.cookies() == []


@pytest.fixture
def site_with_streets(sample_home: Path) -> Iterator[str]:
    """The address of a site that offers streets."""
    app = create_app(Settings(home=sample_home, today=TODAY, secret_key="a key for the tests alone", tiles_url=TILES))
    with serving(app) as address:
        yield address


def test_street_tiles_are_requested_only_on_demand_and_without_the_search(
    browser: Browser, site_with_streets: str
) -> None:
    tile_requests: list[dict[str, str]] = []
    console_errors: list[str] = []

    def tile(route: Route) -> None:
        tile_requests.append(route.request.all_headers())
        route.fulfill(body=DOT, content_type="image/png")

    context = browser.new_context(base_url=site_with_streets)
    context.route("https://tiles.example/**", tile)
    page = context.new_page()
    page.on("console", lambda message: console_errors.append(message.text))
    page.goto(MAP)
    page.wait_for_timeout(500)
    assert tile_requests == []
    expect(page.get_by_text("tiles.example sees the area on the map")).to_be_visible()
    page.get_by_role("button", name="Show streets from tiles.example").click()
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(page.get_by_text("OpenStreetMap contributors")).to_be_visible()
    assert tile_requests
    assert all(headers.get("referer", "") in {"", f"{site_with_streets}/"} for headers in tile_requests)
    assert console_errors == []
    context.close()


def test_the_drawing_is_printed_in_place_of_the_live_map(page: Page) -> None:
    page.goto(MAP)
    expect(page.locator("#drawing")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#drawing")).to_be_visible()
    expect(page.locator("[data-live]")).to_be_hidden()
    expect(page.locator("#listing-20")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("look", DEVICE_LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, site: str, look: str, javascript: bool
) -> None:
    context = browser.new_context(base_url=site, reduced_motion="reduce", **DEVICE_LOOKS[look].device())
    if not javascript:
        context.route("**/leaflet.js", lambda route: route.abort())  # axe itself is a script
    page = context.new_page()
    page.goto(MAP)
    if javascript:
        page.locator(".live .spot").first.press("Enter")
        expect(page.locator(".leaflet-popup")).to_be_visible()
    found = faults(page, DEVICE_LOOKS[look])
    context.close()
    assert found == []


def test_targets_are_large_enough_on_a_small_telephone(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(MAP)
    for one in page.locator(".live .spot").all():
        box = one.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 40
    context.route("**/leaflet.js", lambda route: route.abort())
    page.goto(f"{MAP}&page=1")
    for one in page.locator("#drawing .map-spot").all():
        box = one.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    assert page.locator("#drawing .map-spot").evaluate_all(PRESSED_BESIDE) == []
    context.close()
