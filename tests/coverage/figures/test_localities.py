"""ZIP codes to payment areas: the compact file loses nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.coverage import Figures
from finder.coverage.figures.localities import Locality, ZipLocalities, fold
from finder.coverage.figures.parameters import NotPublished

DAY = date(2026, 10, 5)
localities = st.builds(
    Locality,
    carrier=st.sampled_from(["13202", "13282"]),
    number=st.sampled_from(["01", "99"]),
    state=st.sampled_from(["NY", "NJ"]),
    needs_plus_four=st.booleans(),
)
zips = st.integers(0, 99_999).map(lambda number: f"{number:05}") | st.integers(100, 140).map(lambda n: f"{n:05}")


@given(st.dictionaries(zips, localities, min_size=1, max_size=60))
def test_what_is_folded_unfolds_to_the_same(tmp_path: Path, table: dict[str, Locality]) -> None:
    path = tmp_path / "map.csv"
    path.write_text(fold(table.items()), encoding="ascii")
    assert dict(ZipLocalities(path)) == table
    assert fold(ZipLocalities(path)) == fold(table.items())
    assert all(ZipLocalities(path).of_zip(zip_code) == locality for zip_code, locality in table.items())


@pytest.mark.parametrize(
    ("zip_code", "name", "state"),
    [
        ("10001", "Manhattan", "NY"),
        ("96910", "Hawaii, Guam", "GU"),
        ("00901", "Puerto Rico", "PR"),
        ("00801", "Virgin Islands", "VI"),
        ("99501", "Alaska", "AK"),
        ("66101", "Kansas", "KS"),
        ("64101", "Metropolitan Kansas City", "MO"),
        ("22201", "DC + MD/VA Suburbs", "VA"),
        ("02139", "Metropolitan Boston", "MA"),
    ],
)
def test_known_places(zip_code: str, name: str, state: str) -> None:
    figures = Figures.load()
    locality = figures.localities.of_zip(zip_code, DAY)
    assert locality is not None
    assert (figures.schedule(DAY).gpcis[locality.key].name, locality.state) == (name, state)


def test_numbers_repeat_between_carriers_so_both_make_the_key() -> None:
    keys = set(Figures.load().schedule(DAY).gpcis)
    assert len(keys) == 109
    assert len({number for _, number in keys}) < 60


def test_a_day_without_fees_has_no_areas() -> None:
    with pytest.raises(NotPublished):
        Figures.load().localities.of_zip("10001", date(2027, 1, 1))
