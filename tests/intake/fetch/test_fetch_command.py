"""``flask data fetch``: fetched files are staged, or their paths printed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from finder.cli.data import data_group
from finder.intake.fetch.listings import UTILIZATION_TITLE
from finder.settings import Settings
from tests.intake.fetch.registry import CLINIC, NEUROLOGY, provider, registry_page
from tests.intake.fetch.server import Publisher, file_page, json_page, status, text_page
from tests.intake.sources.federal import clinicians_file as clinicians
from tests.intake.sources.federal import utilization_file as utilization
from tests.intake.sources.nppes.nppes_files import line, main_file, npi, workbook


@pytest.fixture
def run(settings: Settings) -> FlaskCliRunner:
    app = Flask("fetch")
    app.config["FINDER_SETTINGS"] = settings
    app.cli.add_command(data_group)
    return app.test_cli_runner()


def fetch(run: FlaskCliRunner, publisher: Publisher, path: str, *options: str) -> Result:
    return run.invoke(args=["data", "fetch", "--address", publisher.url(path), "--pace", "0", *options])


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_providers_near_a_zip_code_are_staged_as_a_draft(run: FlaskCliRunner, publisher: Publisher) -> None:
    publisher.pages["/api/"] = registry_page(
        [provider(1, "02139"), provider(2, "02138", NEUROLOGY), provider(3, "021390001", CLINIC), provider(4, "02368")]
    )
    result = fetch(run, publisher, "/api/", "--near", "02139", "--miles", "3", "--by", "eva", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["draft"], report["rows"], report["providers"]) == (1, 3, 3)
    assert not [code for code in report["counts"] if code.startswith("results")]
    (draft,) = json.loads(run.invoke(args=["data", "status", "--json"]).stdout)["drafts"]
    assert draft["staged_by"] == "eva"
    assert "Draft 2: 3 rows" in fetch(run, publisher, "/api/", "--near", "02139", "--miles", "3").stdout


def test_only_download_stages_nothing(run: FlaskCliRunner, publisher: Publisher, settings: Settings) -> None:
    publisher.pages["/api/"] = registry_page([provider(1, "02139")])
    options = ("--near", "02139", "--miles", "3", "--only-download")
    file = settings.home / "fetch" / "near-02139-3" / "npi-registry_2026-11-20_001.json"
    assert fetch(run, publisher, "/api/", *options).stdout == f"{file}\n"
    assert json.loads(fetch(run, publisher, "/api/", *options, "--json").stdout) == {"files": [str(file)]}
    assert json.loads(run.invoke(args=["data", "status", "--json"]).stdout)["drafts"] == []


def test_no_provider_near_prints_a_sentence(run: FlaskCliRunner, publisher: Publisher) -> None:
    publisher.pages["/api/"] = registry_page([])
    result = fetch(run, publisher, "/api/", "--near", "02139", "--miles", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nobody practices there" in result.stderr


def test_nppes_is_staged_with_its_week_and_deactivations(run: FlaskCliRunner, publisher: Publisher) -> None:
    monthly = main_file(line(1), line(2), line(3, updated="11/02/2026"))
    weekly = main_file(line(2, taxonomy_2="2251N0400X", updated="11/10/2026"))
    deactivated = workbook((npi(3), "11/05/2026"), title="NPPES Deactivated Records as of Nov 09 2026")
    files = {
        "NPPES_Data_Dissemination_November_2026_V2.zip": zipped("npidata_pfile_20050523-20261108.csv", monthly),
        "NPPES_Data_Dissemination_110926_111526_Weekly_V2.zip": zipped("npidata_pfile_20261109-20261115.csv", weekly),
        "NPPES_Deactivated_NPI_Report_110926_V2.zip": zipped("NPPES Deactivated NPI Report.xlsx", deactivated),
    }
    publisher.pages |= {f"/{name}": file_page(content) for name, content in files.items()}
    publisher.pages["/index"] = text_page("".join(f'<a href="{name}">x</a>' for name in files))
    report = json.loads(fetch(run, publisher, "/index", "--nppes", "--json").stdout)
    assert report["providers"] == 3
    changes = json.loads(run.invoke(args=["data", "diff", str(report["draft"]), "--json"]).stdout)["changes"]
    assert {change["npi"] for change in changes} == {npi(1), npi(2)}, "who was deactivated is not listed"


def test_clinicians_and_utilization_are_staged(run: FlaskCliRunner, publisher: Publisher) -> None:
    dac = clinicians.NEW + clinicians.new_row(1)
    puf = utilization.NEW + utilization.new_row(1)
    entry = {"modified": "2026-11-05", "distribution": [{"downloadURL": "/DAC.csv", "mediaType": "text/csv"}]}
    year = {"downloadURL": "/MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv", "mediaType": "text/csv"}
    publisher.pages |= {
        "/item": json_page(entry),
        "/DAC.csv": file_page(dac.encode()),
        "/data.json": json_page({"dataset": [{"title": UTILIZATION_TITLE, "distribution": [year]}]}),
        "/MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv": file_page(puf.encode()),
    }
    for options in (("/item", "--clinicians"), ("/data.json", "--utilization")):
        result = fetch(run, publisher, *options, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["providers"] == 1


def test_a_refusing_server_prints_one_sentence_and_exits_1(run: FlaskCliRunner, publisher: Publisher) -> None:
    publisher.pages["/api/"] = status(403)
    result = fetch(run, publisher, "/api/", "--near", "02139", "--miles", "3")
    assert result.exit_code == 1
    assert "HTTP 403" in result.stderr
    assert "data stage FILE" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--near", "02139", "--nppes"],
        ["--near", "02139", "--miles", "0"],
        ["--near", "02139", "--miles", "nan"],
        ["--near", "02139", "--miles", "5000"],
    ],
)
def test_wrong_usage_exits_2(run: FlaskCliRunner, options: list[str]) -> None:
    assert run.invoke(args=["data", "fetch", *options]).exit_code == 2


@pytest.mark.parametrize("near", ["00000", "Nowhereville, ZZ", "Texas"])
def test_an_unknown_place_exits_1(run: FlaskCliRunner, near: str) -> None:
    assert run.invoke(args=["data", "fetch", "--near", near]).exit_code == 1


def test_a_url_without_https_exits_1(run: FlaskCliRunner, tmp_path: Path) -> None:
    result = run.invoke(args=["data", "fetch", "--clinicians", "--address", tmp_path.as_uri()])
    assert result.exit_code == 1
    assert "https" in result.stderr
