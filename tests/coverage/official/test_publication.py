"""Bringing next year's official files in: no code changes, and files that do not add up change nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finder.cli.fees import fees_group
from finder.coverage import Estimate, Figures, PlanOfCareEstimate, estimate
from finder.coverage.figures.checks import problems
from finder.errors import InvalidRequest
from finder.i18n import word
from finder.resources import MEDICARE
from tests.coverage.official.official_files import RelativeValues, gpci_csv, gpcis_of_2026, values_of_2026, zip_csv

VISIT = {
    "date_of_service": "2027-02-01",
    "zip": "10001",
    "participation": "participating",
    "deductible_remaining": "0.00",
    "services": [{"code": "97112", "units": 1}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the figures, to import into."""
    shutil.copytree(MEDICARE, tmp_path / "medicare")
    return tmp_path / "medicare"


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., Result]:
    """Run ``fees import`` for 2027 with the texts of official files."""

    def run_import(
        rvu: str | None = None,
        gpci: str | None = None,
        zips: str | None = None,
        *options: str,
        first: str = "2027-01-01",
    ) -> Result:
        arguments = ["import", "--from", first, "--into", str(folder), *options]
        texts = {"--rvu": rvu or RelativeValues().fixed_width(), "--gpci": gpci or gpci_csv(), "--zip-locality": zips}
        for option, text in texts.items():
            if text is not None:
                path = tmp_path / f"{option.strip('-')}.txt"
                path.write_bytes(text.encode("latin-1"))
                arguments += [option, str(path)]
        return CliRunner().invoke(fees_group, arguments)

    return run_import


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("layout", ["fixed_width", "stacked_csv", "plain_csv"])
def test_next_year_is_imported_from_every_layout(run: Callable[..., Result], folder: Path, layout: str) -> None:
    result = run(getattr(RelativeValues(), layout)())
    assert result.exit_code == 0, result.output
    assert "Conversion factor: 33.4009 → 33.9001." in result.output
    assert "part_b_deductible" in result.output
    answer = estimate(VISIT, Figures(folder))
    # Manhattan: (0.50 × 1.064 + 0.47 × 1.162 + 0.01 × 1.586) × 33.9001 = 37.0872…
    assert isinstance(answer, Estimate)
    assert answer.allowed_amount == Decimal("37.09")
    assert answer.patient_pays == Decimal("7.42")


def test_what_the_year_still_lacks_is_said_and_nothing_is_taken_from_another_year(
    run: Callable[..., Result], folder: Path
) -> None:
    assert run().exit_code == 0
    figures = Figures(folder)
    answer = estimate(VISIT, figures)
    assert isinstance(answer, Estimate)
    assert answer.therapy.kx_threshold_passed is None
    assert "thresholds_not_published" in {note.code for note in answer.notes}
    unknown = estimate({**VISIT, "deductible_remaining": "unknown"}, figures)
    # 20% of the allowed amount if the deductible is met, all of it if none is
    assert unknown.patient_pays_range == (Decimal("7.42"), answer.allowed_amount)
    assert "deductible_not_published" in {note.code for note in unknown.notes}
    with pytest.raises(InvalidRequest, match="qualifying_apm"):
        estimate({**VISIT, "qualifying_apm": True}, figures)
    assert set(figures.missing(2027)) == {
        "part_b_deductible", "kx_threshold", "medigap_k_limit", "medigap_l_limit", "medigap_high_deductible",
        "medicare_advantage_limit", "commercial_limit",
    }  # fmt: skip
    assert figures.missing_next_year(date(2026, 9, 30)) == ()
    assert figures.missing_next_year(date(2026, 10, 1)) == figures.missing(2027)


def test_a_figure_that_the_year_lacks_is_not_needed_where_the_amount_is_told(
    run: Callable[..., Result], folder: Path
) -> None:
    assert run().exit_code == 0
    figures = Figures(folder)
    plan_k = {"kind": "medigap", "plan": "K"}
    missing = estimate({**VISIT, "other_coverage": plan_k}, figures)
    assert missing.patient_bounds is None
    assert "yearly limit of Medigap plan K" in word(missing.notes[0].text)
    answer = estimate({**VISIT, "other_coverage": {**plan_k, "limit_remaining": "3.00"}}, figures)
    # half of 7.42 is 3.71, of which 3.00 are left to pay
    assert isinstance(answer, Estimate)
    assert answer.patient_pays == Decimal("3.00")


def test_a_course_over_new_year_goes_on_once_the_year_is_whole(run: Callable[..., Result], folder: Path) -> None:
    course = {
        "zip": "10001",
        "participation": "participating",
        "deductible_remaining": "0.00",
        "visits": [
            {"date_of_service": "2026-12-30", "services": [{"fee": "120.00"}]},
            {"date_of_service": "2027-01-04", "services": [{"fee": "120.00"}]},
        ],
    }
    assert run().exit_code == 0
    before = estimate(course, Figures(folder))
    assert isinstance(before, PlanOfCareEstimate)
    # a deductible that is not here may be met, or take all of the 120.00
    assert [visit.patient_bounds for visit in before.visits] == [
        (Decimal("24.00"), Decimal("24.00")),
        (Decimal("24.00"), Decimal("120.00")),
    ]
    assert [note.code for note in before.visits[1].notes][:1] == ["deductible_not_published"]
    assert before.visits_without_figures == 0
    path = folder / "part_b_deductible.toml"
    value = '\n[[value]]\nfrom = 2027-01-01\nto = 2027-12-31\namount = "295.00"\nsource = "x"\ncertainty = "primary"\n'
    path.write_text(path.read_text(encoding="utf-8") + value, encoding="utf-8")
    after = estimate(course, Figures(folder))
    assert [visit.patient_pays for visit in after.visits] == [Decimal("24.00"), Decimal("120.00")]  # type: ignore[union-attr]


def test_the_second_conversion_factor_is_used_for_qualifying_participants(
    run: Callable[..., Result], folder: Path
) -> None:
    assert run(None, None, None, "--qualifying-apm-conversion-factor", "34.1002").exit_code == 0
    answer = estimate({**VISIT, "qualifying_apm": True}, Figures(folder))
    # 1.094 × 34.1002, as above
    assert answer.allowed_amount == Decimal("37.31")


def test_no_floor_is_in_force_in_2027_so_the_index_without_it_is_taken(
    run: Callable[..., Result], folder: Path
) -> None:
    result = run(None, gpci_csv(both=True))
    assert result.exit_code == 0, result.output
    assert "without 1.0 floor" in result.output
    ohio = Figures(folder).schedule(date(2027, 1, 1)).gpcis["15202", "00"]
    assert ohio.work_gpci == Decimal("0.980")


def test_a_new_zip_file_is_used_from_then_on_and_not_before(run: Callable[..., Result], folder: Path) -> None:
    assert run(None, None, zip_csv()).exit_code == 0
    localities = Figures(folder).localities
    missouri = localities.of_zip("64001", date(2027, 1, 1))
    assert missouri is not None
    assert (missouri.state, missouri.needs_plus_four) == ("MO", True)
    assert localities.of_zip("43210", date(2027, 1, 1)) is None
    assert localities.of_zip("43210", date(2026, 12, 31)) is not None


def test_importing_again_replaces_and_leaves_no_rest(run: Callable[..., Result], folder: Path) -> None:
    assert run().exit_code == 0
    assert run(RelativeValues(factor="34.0000").fixed_width()).exit_code == 0
    assert Figures(folder).schedule(date(2027, 5, 5)).conversion_factor.amount == Decimal("34.0000")
    assert sorted(path.name for path in (folder / "fee_schedule").iterdir()) == [
        "2024-01-01", "2024-03-09", "2025-01-01", "2026-01-01", "2027-01-01",
    ]  # fmt: skip


def broken_files() -> Iterator[tuple[str, dict[str, str], str]]:
    good = RelativeValues()
    fixed = good.fixed_width()
    lines = fixed.splitlines()
    without = [value for value in values_of_2026() if value.code != "97112"]
    empty = [
        replace(it, work_rvu=Decimal(0), pe_rvu=Decimal(0)) if it.code == "97110" else it for it in values_of_2026()
    ]
    yield "cut in a line", {"rvu": fixed[: len(fixed) // 2 - 40]}, "cut short"
    yield "cut between lines", {"rvu": "\n".join(lines[:30])}, "missing"
    yield "a therapy code is missing", {"rvu": RelativeValues(values=without).fixed_width()}, "97112"
    yield "two factors", {"rvu": fixed.replace("33.9001", "33.9002", 1)}, "conversion factor"
    yield "an impossible factor", {"rvu": RelativeValues(factor="339.001").fixed_width()}, "cannot be"
    yield "a row twice", {"rvu": fixed + lines[5] + "\n"}, "twice"
    yield "values that do not add up", {"rvu": fixed.replace("0.50   0.47", "0.51   0.47", 1)}, "add up"
    yield "payable without values", {"rvu": RelativeValues(values=empty).fixed_width()}, "97110"
    yield "another year", {"rvu": RelativeValues(year=2025).fixed_width()}, "2025"
    yield "another year, csv", {"rvu": RelativeValues(year=2026).stacked_csv()}, "2026"
    yield "a csv row cut", {"rvu": good.plain_csv()[:-14]}, "cut short"
    yield "a csv without a column", {"rvu": good.plain_csv().replace("mult_proc", "multi")}, "lacks a column"
    yield "no such file at all", {"rvu": "hello\nworld\n"}, "relative value file"
    yield "an empty file", {"rvu": "\n"}, "relative value file"
    yield "a binary", {"rvu": "\x00\x01\x02\xff" * 500}, "relative value file"
    yield "indices of another year", {"gpci": gpci_csv(2026)}, "2026"
    yield "an area is missing", {"gpci": gpci_csv(gpcis=gpcis_of_2026()[:-1])}, "lacks payment areas"
    yield "an area twice", {"gpci": gpci_csv(gpcis=[*gpcis_of_2026(), gpcis_of_2026()[0]])}, "twice"
    yield "zeros lost", {"gpci": gpci_csv().replace("01112,", "1112,")}, "five digits"
    yield "an index that cannot be", {"gpci": gpci_csv().replace(",1.064,", ",10.64,")}, "cannot be"
    yield "no indices", {"gpci": zip_csv()}, "price-index file"
    yield "a floor that does not fit", {"gpci": gpci_csv(both=True).replace("0.980,1.000", "0.980,0.990", 1)}, "floor"
    yield "a ZIP code twice", {"zips": zip_csv(zips=[("NY", "10001", "13202", "01", "0")] * 2)}, "twice"
    yield "a short ZIP code", {"zips": zip_csv(zips=[("MA", "2139", "14212", "01", "0")])}, "five digits"
    yield "an area nobody knows", {"zips": zip_csv(zips=[("NY", "10001", "99999", "01", "0")])}, "99999"
    yield "no ZIP file", {"zips": gpci_csv()}, "ZIP file"


@pytest.mark.parametrize(
    ("texts", "reason"), [case[1:] for case in broken_files()], ids=[it[0] for it in broken_files()]
)
def test_files_that_do_not_add_up_change_nothing(
    run: Callable[..., Result], folder: Path, texts: dict[str, str], reason: str
) -> None:
    before = snapshot(folder)
    result = run(texts.get("rvu"), texts.get("gpci"), texts.get("zips"))
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert reason in result.output
    assert snapshot(folder) == before


def test_a_dropped_code_must_be_named(run: Callable[..., Result], folder: Path) -> None:
    rvu = RelativeValues(values=[value for value in values_of_2026() if value.code != "97112"]).fixed_width()
    result = run(rvu, None, None, "--drop", "97112")
    assert result.exit_code == 0
    assert "Codes no longer there: 97112." in result.output
    with pytest.raises(InvalidRequest, match=r"services\[0\].code"):
        estimate(VISIT, Figures(folder))


@pytest.mark.parametrize("factor", ["33.0000", "50.0000"])
def test_the_second_factor_must_fit_the_first(run: Callable[..., Result], folder: Path, factor: str) -> None:
    before = snapshot(folder)
    assert run(None, None, None, "--qualifying-apm-conversion-factor", factor).exit_code == 1
    assert snapshot(folder) == before


def test_wrong_usage_is_status_2(run: Callable[..., Result]) -> None:
    assert run(None, None, None, "--qualifying-apm-conversion-factor", "NaN").exit_code == 2
    assert run(first="soon").exit_code == 2


def test_schedules_may_not_overlap(run: Callable[..., Result], folder: Path) -> None:
    assert run().exit_code == 0
    result = run(first="2027-07-01")
    assert result.exit_code == 1
    assert "overlaps" in result.output
    assert run(None, None, None, "--to", "2027-06-30").exit_code == 0
    assert run(first="2027-07-01").exit_code == 0
    assert [it.first_day for it in Figures(folder).schedules[-2:]] == [date(2027, 1, 1), date(2027, 7, 1)]
    assert not any("fee_schedule" in problem for problem in problems(Figures(folder)))


@pytest.mark.shared
def test_the_figures_of_the_product_are_what_the_import_makes_of_the_official_files(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "medicare"
    folder.mkdir()
    for path in MEDICARE.glob("*.toml"):
        shutil.copy(path, folder)
    shutil.copytree(MEDICARE / "coverage", folder / "coverage")
    fees = shared_data / "fees"
    source = "CMS final rule for 2026, as quoted by aptqi.com and mcdermottplus.com"
    runs = [
        ("2024-01-01", "pprrvu_rvu24a_jan.csv", "gpci_rvu24a.csv", ["--zip-locality", str(fees / "ZIP5_APR2026.csv")]),
        ("2024-03-09", "pprrvu_rvu24ar_jan.csv", "gpci_rvu24ar.csv", []),
        ("2025-01-01", "PPRRVU2025_Oct.csv", "GPCI2025.csv", []),
        ("2026-01-01", "PPRRVU2026_Apr_nonQPP.txt", "GPCI2026.csv", ["--qualifying-apm-conversion-factor", "33.5675"]),
    ]
    extra = {"2024-01-01": ["--to", "2024-03-08"], "2026-01-01": ["--qualifying-apm-source", source]}
    for first, rvu, gpci, options in runs:
        arguments = ["import", "--from", first, "--into", str(folder), "--rvu", str(fees / rvu)]
        arguments += ["--gpci", str(fees / gpci), *options, *extra.get(first, [])]
        result = CliRunner().invoke(fees_group, arguments)
        assert result.exit_code == 0, result.output
    assert snapshot(folder) == snapshot(MEDICARE)


def test_a_killed_import_leaves_a_schedule_that_is_read_and_the_next_import_tidies_up(
    run: Callable[..., Result], folder: Path
) -> None:
    assert run().exit_code == 0
    schedules = folder / "fee_schedule"
    shutil.copytree(schedules / "2027-01-01", schedules / "2027-01-01.new")
    path = schedules / "2027-01-01.new" / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("33.9001", "33.9999"), encoding="utf-8")
    assert Figures(folder).schedule(date(2027, 1, 1)).conversion_factor.amount == Decimal("33.9999")
    shutil.rmtree(schedules / "2027-01-01")
    for left in (schedules / ".unfinished-1", folder / "zip_localities" / ".unfinished-2"):
        left.mkdir(parents=True)
        os.utime(left, (0, 0))
    assert Figures(folder).schedule(date(2027, 1, 1)).conversion_factor.amount == Decimal("33.9999")
    assert run(RelativeValues(factor="34.0000").fixed_width()).exit_code == 0
    assert Figures(folder).schedule(date(2027, 1, 1)).conversion_factor.amount == Decimal("34.0000")
    assert [path.name for path in schedules.iterdir() if "2027" in path.name or path.name[0] == "."] == ["2027-01-01"]
    assert not (folder / "zip_localities" / ".unfinished-2").exists()


def test_a_zip_map_that_other_years_use_is_not_changed_under_them(run: Callable[..., Result], folder: Path) -> None:
    before = snapshot(folder)
    result = run(None, None, zip_csv(quarter="20262"))
    assert result.exit_code == 1
    assert "other schedules use" in result.output
    assert snapshot(folder) == before
