"""``flask places corrections``."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from finder.cli.places import places_group


def test_builds_the_table_and_reports_its_corrections(tmp_path: Path) -> None:
    census, cms, output = tmp_path / "gaz.txt", tmp_path / "zip5.csv", tmp_path / "table.csv"
    census.write_text("GEOID\tINTPTLONG\tINTPTLAT\n99723\t-156.8\t71.25\n")
    cms.write_text("STATE,ZIP CODE\nMA,02158\n")
    result = CliRunner().invoke(
        places_group, ["corrections", "--census", str(census), "--cms", str(cms), "--output", str(output)]
    )
    assert result.exit_code == 0, result.output
    assert "far from the Census point" in result.output
    rows = output.read_text().splitlines()
    assert any(row.startswith("99723,71.250000,-156.800000,Barrow,AK") for row in rows)
    assert any(row.startswith("02158,42.") for row in rows)


def test_refuses_a_file_of_another_kind(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n")
    result = CliRunner().invoke(places_group, ["corrections", "--census", str(other), "--cms", str(other)])
    assert result.exit_code == 1
    assert "no column GEOID, INTPTLAT, INTPTLONG" in result.output
