"""``flask data``: its output, its refusals, and a real file from staging to rollback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from finder.cli.data import data_group
from finder.cli.records import records_group
from finder.settings import Settings
from tests.fixtures.installation import Stage
from tests.intake.rows import NPIS, make_layer, place, provider, small_layer

PRACTITIONERS = "nppes/sample-nppes-practitioner_20181204-data.csv"


@pytest.fixture
def run(settings: Settings) -> FlaskCliRunner:
    app = Flask("data")
    app.config["FINDER_SETTINGS"] = settings
    app.cli.add_command(data_group)
    app.cli.add_command(records_group)
    return app.test_cli_runner()


def ask(run: FlaskCliRunner, *words: object) -> Result:
    return run.invoke(args=[str(word) for word in words])


def test_status_on_an_empty_installation(run: FlaskCliRunner) -> None:
    assert ask(run, "data", "status").output == "Nothing is published yet.\n"
    assert json.loads(ask(run, "data", "status", "--json").output) == {"release": None, "earlier": [], "drafts": []}


def test_a_real_file_is_staged_published_and_rolled_back(run: FlaskCliRunner, shared_data: Path) -> None:
    staged = ask(run, "data", "stage", shared_data / PRACTITIONERS, "--json")
    report = json.loads(staged.stdout)
    assert (staged.exit_code, report["rows"], report["providers"]) == (0, 2000, 44)
    assert set(report) == {"draft", "rows", "providers", "notices", "counts"}

    difference = json.loads(ask(run, "data", "diff", report["draft"], "--json").stdout)
    assert [difference[name] for name in ("added", "changed", "removed", "unchanged")] == [44, 0, 0, 0]
    assert len(difference["changes"]) == 44

    assert ask(run, "data", "publish", report["draft"], "--by", "ana").exit_code == 0
    status = json.loads(ask(run, "data", "status", "--json").stdout)
    assert (status["release"]["providers"], status["release"]["published_by"]) == (44, "ana")
    exports = [ask(run, "data", "export", "--format", kind).stdout_bytes for kind in ("csv", "json")]
    assert len(json.loads(exports[1])["providers"]) == 44
    evidence = [kind for one in json.loads(exports[1])["providers"] for kind in one["specialty"]]
    assert len([kind for kind in evidence if kind["facet"] == "neurologic"]) == 1

    clinics = json.loads(
        ask(
            run,
            "data",
            "stage",
            shared_data / "nppes/sample-nppes-organization-data.csv",
            "--json",
            "--as-of",
            "2019-01-01",
        ).stdout
    )
    assert clinics["providers"] == 5
    ask(run, "data", "publish", clinics["draft"], "--by", "ana")
    assert json.loads(ask(run, "data", "status", "--json").stdout)["release"]["providers"] == 49
    assert ask(run, "data", "rollback", "--by", "ben").exit_code == 0
    assert [ask(run, "data", "export", "--format", kind).stdout_bytes for kind in ("csv", "json")] == exports


@pytest.mark.parametrize(
    "words",
    [
        ("data", "stage"),
        ("data", "stage", "x.csv", "--as-of", "yesterday"),
        ("data", "publish", "1"),
        ("data", "publish", "one", "--by", "ana"),
        ("data", "publish", "1", "--by", " "),
        ("data", "rollback", "--by", ""),
        ("data", "rollback"),
        ("data", "export", "--format", "xml"),
        ("data", "diff"),
    ],
)
def test_wrong_usage_is_exit_status_2(run: FlaskCliRunner, words: tuple[str, ...]) -> None:
    assert ask(run, *words).exit_code == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("data", "stage", "nowhere.csv"), "no such file"),
        (("data", "diff", "7"), "no draft with that number"),
        (("data", "publish", "7", "--by", "ana"), "no draft with that number"),
        (("data", "rollback", "--by", "ana"), "no earlier release"),
        (("data", "export"), "No provider data are published yet"),
    ],
)
def test_a_refusal_is_exit_status_1_with_the_reason_on_standard_error(
    run: FlaskCliRunner, words: tuple[str, ...], reason: str
) -> None:
    result = ask(run, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


def test_too_many_removals_are_refused_until_confirmed(run: FlaskCliRunner, stage: Stage) -> None:
    ask(run, "data", "publish", stage(small_layer(10)).id, "--by", "ana")
    draft = stage(small_layer(8), replace=True)
    refused = ask(run, "data", "publish", draft.id, "--by", "ana")
    assert refused.exit_code == 1
    assert "2 of 10" in refused.stderr
    assert ask(run, "data", "publish", draft.id, "--by", "ana", "--confirm-removals", "2").exit_code == 0


def test_a_difference_is_printed_in_words(run: FlaskCliRunner, stage: Stage) -> None:
    ask(run, "data", "publish", stage(small_layer(2)).id, "--by", "ana")
    draft = stage(make_layer("nppes", provider=[provider(NPIS[0], "New Name")], location=[place(NPIS[0])]))
    output = ask(run, "data", "diff", draft.id).output
    assert "0 added, 1 changed, 0 removed, 1 unchanged" in output
    assert f"'Person {NPIS[0][-3:]}' → 'New Name'" in output


def test_an_export_is_safe_to_open_in_a_spreadsheet(run: FlaskCliRunner, stage: Stage) -> None:
    names = ['=HYPERLINK("http://example.com")', "+1+1", "-2", "@SUM(A1)", "\tTab", "Plain, Name"]
    rows = [provider(npi, name) for npi, name in zip(NPIS, names, strict=False)]
    ask(run, "data", "publish", stage(make_layer("nppes", provider=rows)).id, "--by", "ana")
    lines = ask(run, "data", "export").stdout_bytes.decode().split("\r\n")
    assert len(lines) == len(names) + 2
    assert '"\'=HYPERLINK(""http://example.com"")"' in lines[1]
    assert all(
        f",'{name[0]}" in line or f",\"'{name[0]}" in line for name, line in zip(names[:5], lines[1:6], strict=True)
    )
    assert '"Plain, Name"' in lines[6]


def test_records_are_migrated_by_command(run: FlaskCliRunner) -> None:
    assert ask(run, "records", "migrate").exit_code == 0


def test_a_file_without_a_date_names_the_option_for_it(run: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    path.write_text(f"NPI,NPPES Deactivation Date\n{NPIS[0]},5/4/26\n")
    refused = ask(run, "data", "stage", path)
    assert refused.exit_code == 1
    assert refused.stderr.endswith("Give the date of the file. Use --as-of, like --as-of 2026-11-01.\n")
    assert ask(run, "data", "stage", path, "--as-of", "2026-11-01").exit_code == 0
