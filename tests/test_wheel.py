"""The wheel: it has what the product reads and no tests, and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from finder.resources import ROOT

pytestmark = pytest.mark.process

REQUEST = """{"date_of_service": "2026-10-05", "zip": "10001", "participation": "participating",
              "services": [{"code": "97112", "units": 2}], "deductible_remaining": "0.00"}"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as ``make wheel`` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, without what it depends on: that is the test environment's."""
    folder = tmp_path_factory.mktemp("installed")
    uv = str(Path(sys.executable).with_name("uv"))
    install = [uv, "pip", "install", "--offline", "--no-deps", "--python", sys.executable]
    subprocess.run([*install, "--target", str(folder), str(wheel)], check=True, capture_output=True)
    return folder


def run_finder(installed: Path, home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed program, away from the checkout."""
    return subprocess.run(
        [installed / "bin" / "finder", *arguments],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(installed), "FINDER_HOME": str(home / "instance")},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def files(folder: str) -> set[str]:
    """Return the files below a folder of the checkout that belong to the product, by their path in the checkout."""
    made = {"__pycache__"}
    paths = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if not made & set(path.parts)}


def test_the_wheel_has_every_file_of_the_product_and_no_other(wheel: Path) -> None:
    sources = {path for path in files("finder") if not path.endswith(".po")}
    resources = {f"finder/{path}" for folder in ("templates", "data") for path in files(folder)}
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == sources | resources


def test_the_metadata_of_the_wheel_are_those_of_the_project(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    with ZipFile(wheel) as archive:
        metadata = message_from_bytes(archive.read(f"{folder}/METADATA"))
        scripts = archive.read(f"{folder}/entry_points.txt").decode()
        assert f"{folder}/licenses/LICENSE" in archive.namelist()
    assert (metadata["Name"], metadata["Version"]) == (project["name"], project["version"])
    assert (metadata["Requires-Python"], metadata["License-Expression"]) == (">=3.11", "MIT")
    assert sorted(metadata.get_all("Requires-Dist", [])) == sorted(project["dependencies"])
    assert scripts == "[console_scripts]\nfinder = finder.__main__:main\n"


def test_the_version_of_the_wheel_is_the_newest_of_the_change_log() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changes.splitlines() if line.startswith("## ")).split()[1]
    assert project["version"].partition(".dev")[0] == newest


def test_an_installed_program_estimates_from_its_own_figures(installed: Path, tmp_path: Path) -> None:
    answer = run_finder(installed, tmp_path, "estimate", "-", given=REQUEST)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert '"patient_pays_range"' in answer.stdout


def test_an_installed_program_can_serve(installed: Path, tmp_path: Path) -> None:
    answer = run_finder(installed, tmp_path, "serve", "--help")
    assert answer.returncode == 0
    assert answer.stdout.startswith("Usage: finder serve")


@pytest.mark.parametrize("command", [("catalogues", "update"), ("fees", "document")])
def test_an_installed_program_does_not_change_its_own_files(
    installed: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused = run_finder(installed, tmp_path, *command)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: This command changes files of the project")
