"""``make quick`` selects the tests of what was changed."""

from __future__ import annotations

import pytest

from tests.selection import PACKAGES_OF_DATA, file_tests, main, package_tests


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
def test_a_changed_file_selects_the_tests_of_its_package(changed: list[str], tests: list[str]) -> None:
    assert file_tests(changed) == tests


def test_a_package_inside_a_package_can_be_named() -> None:
    assert package_tests("web/map") == ["tests/web/map"]


def test_every_package_that_reads_data_has_tests() -> None:
    assert [package for package in PACKAGES_OF_DATA.values() if not package_tests(package)] == []


def test_a_package_without_tests_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attic"]) == 2
    assert "attic" in capsys.readouterr().err
