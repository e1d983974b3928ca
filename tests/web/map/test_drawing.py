"""The drawing of the map: directions and distances are to scale, and nothing overlaps."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.places.gazetteer import Gazetteer
from finder.places.point import Point, great_circle_miles
from finder.web.map.drawing import (
    LARGE_PRESS,
    LETTER,
    LINE,
    MARK_HEIGHT,
    PRESS,
    REACH,
    SIZE,
    Drawing,
    Mark,
    draw,
    on_paper,
)
from finder.web.map.label_placement import Box, press_areas, spread

CAMBRIDGE = Point(latitude=42.3647, longitude=-71.1042)

latitudes = st.floats(-80, 80)
points = st.builds(
    lambda latitude, longitude: Point(latitude=latitude, longitude=longitude), latitudes, st.floats(-180, 180)
)


def units_from_center(place: tuple[float, float]) -> float:
    """Measure from the middle of the paper, in units."""
    return math.hypot(place[0] - SIZE / 2, place[1] - SIZE / 2)


def marks_near_cambridge(*steps: tuple[float, float], width: float = 32.0) -> list[Mark]:
    """Make marks by steps north and east of Cambridge, in degrees."""
    return [
        Mark(Point(latitude=CAMBRIDGE.latitude + north, longitude=CAMBRIDGE.longitude + east), width)
        for north, east in steps
    ]


def draw_around_cambridge(marks: list[Mark], radius: float = 25.0, center: Point | None = CAMBRIDGE) -> Drawing:
    """Draw marks around Cambridge."""
    return draw(marks, Gazetteer.load(), center=center, radius_miles=radius)


@given(points, points)
def test_distances_from_the_center_are_to_scale(center: Point, point: Point) -> None:
    units = units_from_center(on_paper(center, 100.0, point))
    assert units == pytest.approx(REACH * great_circle_miles(center, point) / 100.0)


@pytest.mark.parametrize(("north", "east", "x", "y"), [(1, 0, 0, -1), (-1, 0, 0, 1), (0, 1, 1, 0), (0, -1, -1, 0)])
def test_north_is_up_and_east_is_right(north: float, east: float, x: int, y: int) -> None:
    (mark,) = marks_near_cambridge((north * 0.1, east * 0.1))
    place = on_paper(CAMBRIDGE, 25.0, mark.point)
    across, down = (place[0] - SIZE / 2) / units_from_center(place), (place[1] - SIZE / 2) / units_from_center(place)
    assert across == pytest.approx(x, abs=0.01)
    assert down == pytest.approx(y, abs=0.01)


def test_the_shorter_way_is_drawn_across_the_date_line() -> None:
    place = on_paper(Point(latitude=52.0, longitude=179.9), 25.0, Point(latitude=52.0, longitude=-179.9))
    assert place[0] > SIZE / 2
    assert units_from_center(place) < REACH


@pytest.mark.parametrize(
    ("north", "radius", "rings"),
    [
        (0.01, 25, [1]),
        (0.05, 25, [1, 2, 5]),
        (0.3, 25, [5, 10, 25]),
        (0.3, 7, [1, 2, 5, 7]),
        (0.08, 7, [1, 2, 5, 7]),
        (1.2, 100, [25, 50, 100]),
    ],
)
def test_the_outermost_ring_is_the_usual_distance_that_holds_all_and_not_past_the_radius(
    north: float, radius: float, rings: list[float]
) -> None:
    assert [ring.miles for ring in draw_around_cambridge(marks_near_cambridge((north, 0)), radius).rings] == rings


def test_a_ring_is_where_its_distance_is() -> None:
    for ring in draw_around_cambridge(marks_near_cambridge((0.3, 0))).rings:
        assert ring.radius == pytest.approx(REACH * ring.miles / 25)


def test_without_a_center_there_are_no_rings_and_all_marks_are_on_the_paper() -> None:
    marks = marks_near_cambridge((0, 0), (3, 4), (-2, 1), (20, -50))
    drawing = draw_around_cambridge(marks, center=None)
    assert drawing.rings == ()
    assert all(0 <= place.x <= SIZE and 0 <= place.y <= SIZE for place in drawing.places)


def test_a_map_without_marks_is_drawn() -> None:
    assert draw_around_cambridge([], center=None).places == ()
    assert [ring.miles for ring in draw_around_cambridge([]).rings] == [5, 10, 25]


def test_overlapping_marks_are_spread_with_lines_to_their_points() -> None:
    drawing = draw_around_cambridge(marks_near_cambridge(*((0.0001 * number, 0) for number in range(20)), width=50.0))
    boxes = [Box.around(place.x, place.y, 50.0, MARK_HEIGHT) for place in drawing.places]
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))
    assert [place.was_moved for place in drawing.places] == [False] + [True] * 19


@given(
    st.lists(st.tuples(st.floats(0, 420), st.floats(0, 420), st.floats(30, 60)), max_size=20),
)
def test_marks_stay_on_the_paper_and_part(marks: list[tuple[float, float, float]]) -> None:
    widths = [width for _, _, width in marks]
    moved = spread([(x, y) for x, y, _ in marks], widths, height=30.0, press=PRESS, size=SIZE)
    for (x, y), width in zip(moved, widths, strict=True):
        assert width / 2 <= x <= SIZE - width / 2
        assert 15 <= y <= SIZE - 15
    boxes = [Box.around(x, y, width, 30.0) for (x, y), width in zip(moved, widths, strict=True)]
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))


def test_marks_with_enough_space_are_not_moved() -> None:
    places = [(100.0, 100.0), (200.0, 100.0), (100.0, 160.0), (22.0, 20.0), (397.0, 403.0)]
    assert spread(places, [40.0] * 5, height=30.0, press=PRESS, size=SIZE) == places
    too_near = [(100.0, 100.0), (100.0, 140.0)]
    first, second = spread(too_near, [40.0] * 2, height=30.0, press=PRESS, size=SIZE)
    assert first == too_near[0]
    assert math.dist(second, too_near[1]) <= 30


@given(st.lists(st.tuples(st.floats(0, 420), st.floats(0, 420), st.floats(30, 60)), max_size=20))
def test_every_mark_of_a_page_can_be_pressed_beside_itself(marks: list[tuple[float, float, float]]) -> None:
    widths = [width for _, _, width in marks]
    places = spread([(x, y) for x, y, _ in marks], widths, height=MARK_HEIGHT, press=PRESS, size=SIZE)
    boxes = [Box.around(x, y, width, MARK_HEIGHT) for (x, y), width in zip(places, widths, strict=True)]
    for least in (PRESS, LARGE_PRESS):
        areas = press_areas(boxes, least=least, size=SIZE)
        assert not any(one.meets(other) for one, other in itertools.combinations(areas, 2))
        for box, area in zip(boxes, areas, strict=True):
            assert 0 <= area.left <= box.left < box.right <= area.right <= SIZE
            assert 0 <= area.top <= box.top < box.bottom <= area.bottom <= SIZE


def test_a_page_of_marks_in_one_town_has_thumb_sized_targets() -> None:
    marks = marks_near_cambridge(*((0.002 * number, 0.003 * number) for number in range(14)), width=41.0)
    assert all(min(width_and_height(place.press)) > PRESS - 1e-6 for place in draw_around_cambridge(marks).places)
    large = draw(marks[::7], Gazetteer.load(), center=CAMBRIDGE, radius_miles=25.0, press=LARGE_PRESS)
    assert all(min(width_and_height(place.press)) > PRESS for place in large.places)


def test_where_two_marks_are_close_the_line_between_them_is_half_way() -> None:
    boxes = [Box(100, 100, 140, 130), Box(150, 90, 200, 120), Box(300, 300, 340, 330)]
    left, right, alone = press_areas(boxes, least=PRESS, size=SIZE)
    assert left.right == right.left == 146, "both are as wide as they must be"
    near, far = press_areas([Box(100, 100, 140, 130), Box(143, 90, 183, 120)], least=PRESS, size=SIZE)
    assert near.right == far.left == 141.5
    assert (left.top, right.top) == (115 - PRESS / 2, 105 - PRESS / 2)
    assert alone == Box.around(320, 315, PRESS, PRESS)


def test_marks_that_cover_one_another_share_what_they_cover() -> None:
    first, second = press_areas([Box(100, 100, 140, 130), Box(130, 100, 170, 130)], least=PRESS, size=SIZE)
    assert first.right == second.left == 135


def width_and_height(box: Box) -> tuple[float, float]:
    """Return the width and the height of a box."""
    return box.right - box.left, box.bottom - box.top


@pytest.mark.parametrize(
    "near", [CAMBRIDGE, Point(latitude=61.2, longitude=-149.9), Point(latitude=18.4, longitude=-66.1)]
)
def test_words_cover_neither_marks_nor_words(near: Point) -> None:
    marks = [
        Mark(Point(latitude=near.latitude + 0.05 * n, longitude=near.longitude + 0.04 * n), 32.0) for n in range(6)
    ]
    drawing = draw_around_cambridge(marks, 50.0, near)
    boxes = [Box.around(place.x, place.y, 32.0, MARK_HEIGHT) for place in drawing.places]
    boxes += [Box.around(ring.label.x, ring.label.y, 6 * LETTER, LINE) for ring in drawing.rings if ring.label]
    for town in drawing.towns:
        wide = len(town.name) * LETTER
        boxes.append(Box.around(town.x + (-1 if town.is_left else 1) * (wide / 2 + 6), town.y, wide, LINE))
    assert drawing.towns
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))


def test_the_largest_towns_are_named_where_they_are() -> None:
    names = {town.name: town for town in draw_around_cambridge(marks_near_cambridge((0.3, 0.2))).towns}
    assert "Boston" in names
    assert units_from_center((names["Boston"].x, names["Boston"].y)) < REACH / 4
