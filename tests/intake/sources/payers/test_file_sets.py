"""Sets of files: what counts as one, and what is refused because a part is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from finder.intake.sources.errors import PartsMissing
from finder.intake.sources.payers.file_sets import Part, part_of
from tests.intake.sources.payers.rates_files import PLAN, entry, group, npis_by_plan, rates, read


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-10_in-network-rates_1_of_20.json", Part("2026-10_in-network-rates_#.json", 1, 20)),
        ("Rates 03-OF-12 x.json", Part("rates # x.json", 3, 12)),
        ("part2of3.json", Part("part#.json", 2, 3)),
        ("rates_1_of_1.json", None),
        ("rates_4_of_3.json", None),
        ("2026-10-01_rates.json", None),
    ],
)
def test_the_part_that_a_name_tells(name: str, expected: Part | None) -> None:
    assert part_of(name) == expected


def part(number: int) -> dict[str, Any]:
    return rates(entry("97110"), groups=[group(1, number)], **PLAN)


def test_a_part_alone_is_refused_unless_it_is_said_to_be_one(tmp_path: Path) -> None:
    names = [f"rates_{number}_of_3.json" for number in (1, 2, 3)]
    with pytest.raises(PartsMissing, match=r"rates_2_of_3\.json: .* Missing of 3 parts: 1, 3\."):
        read(tmp_path, part(2), names=names[1:2])
    (layer,) = read(tmp_path, part(2), names=names[1:2], part=True)
    assert not layer.complete
    (layer,) = read(tmp_path, *map(part, (1, 2, 3)), names=names)
    assert layer.complete
    assert [len(npis) for npis in npis_by_plan([layer]).values()] == [3]


def contents(*names: str) -> dict[str, Any]:
    """A table of contents that lists files of rates."""
    files = [{"description": "d", "location": f"https://payer.example/f/{name}?key=1"} for name in names]
    plans = [{"reporting_plans": [], "in_network_files": [file]} for file in files]
    return {"reporting_structure": [*plans, plans[0]], "reporting_entity_name": "Harbor Mutual"}


def test_a_table_of_contents_that_lists_more(tmp_path: Path) -> None:
    names = ["toc.json", "a%20b.json", "c.json"]
    toc = contents("a%20b.json.gz", "c.json")
    with pytest.raises(PartsMissing, match=r"toc\.json: .* It lists 2 files\. Missing: c\.json\."):
        read(tmp_path, toc, part(1), names=["toc.json", "a b.json"])
    assert len(read(tmp_path, toc, part(1), names=["toc.json", "a b.json"], part=True)) == 1
    (layer,) = read(tmp_path, toc, part(1), part(2), names=["toc.json", "a b.json", names[2]])
    assert "no_providers" in [found.code for found in layer.notices]


def test_files_that_were_renamed_are_counted(tmp_path: Path) -> None:
    toc = contents("a.json", "c.json")
    assert len(read(tmp_path, toc, part(1), part(2), names=["toc.json", "x.json", "y.json"])) == 1
    with pytest.raises(PartsMissing):
        read(tmp_path, toc, part(1), names=["toc.json", "x.json"])


def test_an_insurer_s_index_speaks_of_its_lists_of_providers(tmp_path: Path) -> None:
    index = {"provider_urls": [f"https://insurer.example/{name}/providers.json" for name in ("a", "b")]}
    providers = [{"npi": "1", "type": "INDIVIDUAL", "plans": [], "last_updated_on": "2026-10-01"}]
    with pytest.raises(PartsMissing, match=r"Missing: providers\.json"):
        read(tmp_path, index, providers, names=["index.json", "providers.json"])
    assert read(tmp_path, index, part(1), names=["index.json", "rates.json"]), "rates are no list of this index"


def test_a_long_list_is_cut_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(PartsMissing, match=r"Missing of 20 parts: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 9 more\."):
        read(tmp_path, part(1), names=["rates_1_of_20.json"])
