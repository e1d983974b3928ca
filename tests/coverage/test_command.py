"""``flask estimate`` and ``flask fees``, as a person or a script calls them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from finder.cli.estimate import estimate_command
from finder.cli.fees import fees_group
from finder.coverage import estimate
from finder.errors import InvalidRequest
from finder.exchange.estimates.json_requests import LARGEST_REQUEST, _Object, answer_lines, read_request
from finder.i18n import word
from finder.resources import MEDICARE

REQUEST: dict[str, Any] = {
    "date_of_service": "2026-10-05",
    "zip": "10001",
    "participation": "participating",
    "services": [{"code": "97162"}],
    "deductible_remaining": "283.00",
}


def ask(text: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(estimate_command, ["-", *options], input=text)


def refused(text: str | bytes) -> list[dict[str, str]]:
    """Return the errors of a refused request: status 1, nothing else on standard output, no traceback."""
    result = ask(text)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    answer: dict[str, list[dict[str, str]]] = json.loads(result.stdout)
    assert set(answer) == {"errors"}
    assert all(set(error) == {"field", "message"} and error["message"] for error in answer["errors"])
    return answer["errors"]


def test_a_request_is_answered_from_standard_input_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(REQUEST), encoding="utf-8")
    by_file = CliRunner().invoke(estimate_command, [str(path)])
    by_input = ask(json.dumps(REQUEST))
    assert (by_file.exit_code, by_input.exit_code) == (0, 0)
    assert json.loads(by_file.stdout) == json.loads(by_input.stdout)
    assert json.loads(by_file.stdout)["patient_pays"] == "108.82"


def test_the_answer_has_every_field_and_money_as_text() -> None:
    answer = json.loads(ask(json.dumps(REQUEST)).stdout)
    amounts = (
        "allowed_amount", "deductible_applied", "coinsurance", "medicare_pays", "excess_charge", "other_coverage_pays",
        "patient_pays",
    )  # fmt: skip
    assert all(isinstance(answer[name], str) for name in amounts)
    assert answer["patient_pays_range"] is None
    assert set(answer["lines"][0]) == {
        "code", "units", "status",
        "allowed_amount", "deductible_applied", "coinsurance", "medicare_pays", "excess_charge", "not_covered",
        "assistant_reduction", "fee_per_unit", "reduced_fee_per_unit", "reduced_units", "limiting_charge", "modifiers",
    }  # fmt: skip
    assert all({"text", "amount", "parameter", "source"} <= set(step) for step in answer["steps"])
    assert all({"code", "text"} <= set(note) for note in answer["notes"])
    assert "scenarios" not in answer


def test_what_is_unknown_is_null_with_a_range_and_complete_scenarios() -> None:
    sparse = {key: REQUEST[key] for key in ("date_of_service", "zip", "services")}
    answer = json.loads(ask(json.dumps(sparse)).stdout)
    assert answer["patient_pays"] is None
    bounds = [scenario["patient_pays"] for scenario in answer["scenarios"].values()]
    assert answer["patient_pays_range"] == [min(bounds, key=float), max(bounds, key=float)]
    assert set(answer["scenarios"]) == {
        f"{participation}_{deductible}"
        for participation in ("participating", "nonparticipating_assigned", "nonparticipating_unassigned")
        for deductible in ("deductible_met", "deductible_not_met")
    }
    complete = set(json.loads(ask(json.dumps(REQUEST)).stdout))
    assert all(set(scenario) == complete for scenario in answer["scenarios"].values())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "request"),
        ("{", "request"),
        ("[]", "request"),
        ("null", "request"),
        ("'x'", "request"),
        (b"\xff\xfe{}", "request"),
        ("[" * 100_000, "request"),
        ('{"x":' * 100_000, "request"),
        ('{"zip": ' + "9" * 5000 + "}", "request"),
        (b" " * (LARGEST_REQUEST + 1), "request"),
        ('{"zip": "10001", "zip": "02139"}', "zip"),
        ('{"services": [{"code": "97112", "units": 1, "units": 2}]}', "services[0].units"),
        ("{" + "".join(f'"a{it}":1,' for it in range(60_000)) + '"a0":2}', "a0"),
        ('{"deductible_remaining": NaN}', "deductible_remaining"),
        ('{"deductible_remaining": -Infinity}', "deductible_remaining"),
        ('{"services": [{"code": "97112", "units": 1e999}]}', "services[0].units"),
        ('{"services": [{"code": "97112", "units": 1000000000}]}', "services[0].units"),
        ('{"date_of_service": "2026-10-05\\u0000"}', "date_of_service"),
        ('{"\\ud800": 1}', "?"),
    ],
    ids=range(19),
)
def test_what_is_no_good_request_exits_1_with_its_errors(text: str | bytes, field: str) -> None:
    assert field in {error["field"] for error in refused(text)}


def test_a_request_that_only_the_parser_can_follow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # Some versions of Python parse deeper nesting than they let a function follow.
    nested: dict[str, object] = {}
    for _ in range(5_000):
        nested = _Object([("x", nested)])
    monkeypatch.setattr("finder.exchange.estimates.json_requests.json.loads", lambda *_, **__: nested)
    with pytest.raises(InvalidRequest, match="nested too deeply"):
        read_request(b"{}")


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert CliRunner().invoke(estimate_command, ["nowhere.json"]).exit_code == 2


def test_the_figures_of_the_product_are_sound() -> None:
    result = CliRunner().invoke(fees_group, ["check"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("part_b_deductible.toml", 'source = "90 FR 52063"', 'source = " "', "no source"),
        ("part_b_deductible.toml", 'certainty = "primary"', 'certainty = "sure"', "certainty"),
        ("part_b_deductible.toml", 'amount = "283.00"', "amount = 283.0", "not a number written as text"),
        ("part_b_deductible.toml", 'amount = "283.00"', 'amount = "NaN"', "not a number written as text"),
        ("part_b_deductible.toml", "to = 2024-12-31", "to = 2024-12-30", "gap between 2024-12-30 and 2025-01-01"),
        ("part_b_deductible.toml", "to = 2024-12-31", "to = 2025-01-01", "overlap on 2025-01-01"),
        ("part_b_deductible.toml", "to = 2024-12-31\n", "", "overlap"),
        ("part_b_deductible.toml", "to = 2026-12-31", "to = 2026-06-30", "there are fees until 2026-12-31"),
        ("part_b_deductible.toml", "from = 2024-01-01", "from = 2024-02-01", "begins on 2024-02-01"),
        ("part_b_deductible.toml", 'unit = "USD per year"', 'unit = ""', "unit is missing"),
        ("medigap_plans.toml", "source = ", "origin = ", "no source"),
        ("therapy_codes.toml", '90913 = "90912"', '90913 = "90999"', "90999 is no therapy code"),
        ("visit_presets.toml", "97164", "97999", "97999 is no therapy code"),
        ("fee_schedule/2026-01-01/schedule.toml", "from = 2026-01-01", "from = 2026-01-02", "gap"),
        ("fee_schedule/2026-01-01/schedule.toml", 'sha256 = "1794c340', 'sha256 = "', "CMS GPCI2026.csv: no SHA-256"),
        ("fee_schedule/2026-01-01/gpci.csv", "13202,01,", "13202,98,", "no price indices for 13202 01"),
    ],
)
def test_the_checker_names_what_is_wrong(tmp_path: Path, file: str, old: str, new: str, problem: str) -> None:
    folder = tmp_path / "medicare"
    shutil.copytree(MEDICARE, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    result = CliRunner().invoke(fees_group, ["check", "--in", str(folder)])
    assert result.exit_code == 1
    assert problem in result.stderr


def test_the_checker_names_a_figure_that_no_rule_reads(tmp_path: Path) -> None:
    folder = tmp_path / "medicare"
    shutil.copytree(MEDICARE, folder)
    shutil.copy(folder / "telehealth.toml", folder / "lottery.toml")
    (folder / "kx_threshold.toml").unlink()
    result = CliRunner().invoke(fees_group, ["check", "--in", str(folder)])
    assert "lottery.toml: no rule reads it" in result.stderr
    assert "kx_threshold.toml: it is missing" in result.stderr


def test_lines_of_requests_are_answered_in_order() -> None:
    unknown_zip, too_long = {**REQUEST, "zip": "1"}, b'{"x": "' + b"y" * LARGEST_REQUEST + b'"}'
    lines = [json.dumps(REQUEST).encode(), b"", b" \r", json.dumps(unknown_zip).encode(), b"{", too_long, b"[]"]
    result = ask(b"\n".join([*lines, json.dumps(REQUEST).encode()]), "--ndjson", "--language", "es")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer.get("patient_pays") for answer in answers] == ["108.82", None, None, None, None, "108.82"]
    assert [answer["errors"][0]["field"] for answer in answers[1:-1]] == ["zip", "request", "request", "request"]
    assert answers[3]["errors"][0]["message"] == word("The request is too large.", "es")
    assert result.exit_code == 1
    assert ask(json.dumps(REQUEST), "--ndjson").exit_code == 0


def test_each_line_is_answered_before_the_next_is_read() -> None:
    requests = Counted(json.dumps(REQUEST).encode() + b"\n")
    answers = answer_lines(requests, estimate)
    for number in (1, 2, 3):
        assert next(answers)["patient_pays"] == "108.82"
        assert requests.lines == number


class Counted(io.BytesIO):
    """A file in which the same line comes again and again."""

    lines = 0

    def readline(self, size: int | None = -1) -> bytes:
        self.lines += 1
        return self.getvalue()


def test_a_table_is_answered_row_by_row() -> None:
    rows = [
        "id,date_of_service,zip,participation,services,deductible_remaining",
        "1,2026-10-05,10001,participating,97162,283.00",
        "=2,2026-10-05,10001,participating,97112,283.00",
    ]
    result = ask("\n".join(rows), "--csv")
    answered = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["patient_pays"] for row in answered] == ["108.82", ""]
    assert answered[1]["id"] == "'=2"
    assert json.loads(answered[1]["errors"])[0]["field"] == "services[0].units"
    assert result.exit_code == 1
    assert ask("\n".join(rows[:2]), "--csv").exit_code == 0


@pytest.mark.parametrize("text", [b"x,y\n1,2\n", b"date_of_service,services\n2026-10-05,\xe9\n", b""])
def test_what_is_no_table_is_refused_on_standard_error(text: bytes) -> None:
    result = ask(text, "--csv")
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert "Error: " in result.stderr


@pytest.mark.parametrize("command", ["document", "answers"])
def test_the_generated_pages_are_written_where_asked(tmp_path: Path, command: str) -> None:
    path = tmp_path / "page.md"
    result = CliRunner().invoke(fees_group, [command, "--to", str(path)])
    assert result.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("# ")
