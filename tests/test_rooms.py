"""``make quick`` runs the tests of what was changed."""

from __future__ import annotations

import pytest

from tests.rooms import ROOMS_OF_DATA, main, paths_of, room_tests


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        (["finder/web/map/views.py", "finder/web/search/cards.py"], ["tests/web"]),
        (["finder/settings.py"], ["tests/test_settings.py"]),
        (["tests/places/test_point.py"], ["tests/places"]),
        (["templates/layouts/page.html"], ["tests/web"]),
        (["data/medicare/part_b_deductible.toml", "finder/i18n.py"], ["tests/coverage", "tests/test_i18n.py"]),
        (["README.md", "docs/testing.md", "requirements.txt"], []),
    ],
)
def test_a_changed_file_leads_to_the_tests_of_its_room(changed: list[str], tests: list[str]) -> None:
    assert paths_of(changed) == tests


def test_a_room_inside_a_room_can_be_named() -> None:
    assert room_tests("web/map") == ["tests/web/map"]


def test_every_room_of_data_has_tests() -> None:
    assert [room for room in ROOMS_OF_DATA.values() if not room_tests(room)] == []


def test_a_room_without_tests_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attic"]) == 2
    assert "attic" in capsys.readouterr().err
