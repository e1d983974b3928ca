"""The commands that change something, each as it is run in a trial, and what may be published afterwards."""

from __future__ import annotations

import shutil
import traceback
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import click
from flask.testing import FlaskClient

from finder import create_app
from finder.intake.publishing.backup import write_backup
from finder.intake.publishing.bootstrap import ensure_ready
from finder.intake.publishing.publish import prune
from finder.places.gazetteer import Gazetteer
from finder.releases.installation import Installation
from finder.resources import MEDICARE
from finder.settings import Settings
from tests.coverage.official.official_files import RelativeValues, gpci_csv
from tests.intake.fetch.registry import provider, registry_page
from tests.intake.fetch.server import Publisher, file_page, json_page, text_page
from tests.intake.sources.nppes.nppes_files import line, main_file
from tests.soak.states import DRAFT, StateFactory
from tests.web.staff import files
from tests.web.staff.office import StaffMember, email_of

TRACEBACK = 70
"""The exit status of a command that ended with an error that nobody expected."""


@dataclass(frozen=True)
class Job:
    """What a command of a trial works on."""

    settings: Settings
    folder: Path
    """The trial's own folder."""
    inputs: Path
    """Files that all trials read."""
    service: str
    """The address of the server that stands for the publishers of public files and for the map service."""
    cookies: dict[str, str]


@dataclass(frozen=True)
class Command:
    """A command: its arguments, or a function in place of a command line."""

    name: str
    arguments: Callable[[Job], list[str]] | None = None
    function: Callable[[Job], int] | None = None
    state: str = "published"
    prepare: Callable[[Job], None] = lambda _job: None
    """What is done before, so that the command finds what it changes."""
    publishes: str = ""
    """What it publishes: the ``draft``, the release ``before``, the ``sample`` or a ``backup``; or nothing."""
    refused_again: tuple[str, ...] = ()
    """What it may answer when it is run again after it was done: that it was done."""

    def run(self, job: Job) -> tuple[int, str]:
        """Run the command in this process; return its exit status and what it printed, a traceback included."""
        try:
            if self.function:
                return self.function(job), ""
            assert self.arguments
            result = create_app(job.settings).test_cli_runner().invoke(args=self.arguments(job))
        except Exception:
            return TRACEBACK, traceback.format_exc()
        if result.exception and not isinstance(result.exception, SystemExit | click.exceptions.Exit):
            return TRACEBACK, "".join(traceback.format_exception(result.exception))
        return result.exit_code, result.output


def make_inputs(folder: Path, states: StateFactory) -> None:
    """Write the files that commands read."""
    folder.mkdir()
    (folder / "visits-2026-11-19.csv").write_text(files.with_faults(60), encoding="utf-8")
    (folder / "npidata_pfile_20050523-20261108.csv").write_bytes(main_file(line(1)))
    (folder / "rvu.txt").write_text(RelativeValues().fixed_width(), encoding="latin-1")
    (folder / "gpci.csv").write_text(gpci_csv(), encoding="utf-8")
    with states.copied("published", folder / "source", postgresql=False) as settings:
        installation = Installation.open(settings, Gazetteer.load())
        with closing(installation.records):
            write_backup(installation, folder / "backup.zip")


def serve_files(publisher: Publisher) -> None:
    """Let a local server answer as the NPI Registry, the publisher of NPPES and the map service do."""
    people = [provider(number, f"0213{8 + number % 2}{number:04}") for number in range(1, 300)]
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("npidata.csv", bytes(3_000_000))
    names = ["NPPES_Data_Dissemination_November_2026_V2.zip", "NPPES_Deactivated_NPI_Report_110926_V2.zip"]
    publisher.pages["/api/"] = registry_page(people)
    publisher.pages["/index.html"] = text_page("".join(f'<a href="./{name}">x</a>' for name in names))
    publisher.pages |= {f"/{name}": file_page(content.getvalue()) for name in names}
    publisher.pages["/search"] = json_page([{"lat": "42.3655", "lon": "-71.1036", "display_name": "99, Elm Street"}])


def _member(job: Job, role: str) -> StaffMember:
    client: FlaskClient = create_app(job.settings).test_client()
    client.set_cookie("finder_staff", job.cookies[role], path="/staff")
    return StaffMember(client, email_of(role))


def _upload(job: Job) -> int:
    answer = _member(job, "editor").upload((job.inputs / "visits-2026-11-19.csv").read_bytes())
    return 0 if answer.status_code == 303 else answer.status_code


def _publish(job: Job) -> int:
    answer = _member(job, "publisher").send(f"/staff/drafts/{DRAFT}/publish")
    return 0 if answer.status_code == 303 else answer.status_code


def _prune(job: Job) -> int:
    installation = Installation.open(job.settings, Gazetteer.load())
    with closing(installation.records):
        prune(installation)
    return 0


def _bootstrap(job: Job) -> int:
    ensure_ready(job.settings)
    return 0


def _copy_figures(job: Job) -> None:
    shutil.copytree(MEDICARE, job.folder / "medicare")


def _fees(job: Job) -> list[str]:
    return [
        "fees", "import", "--from", "2027-01-01", "--into", str(job.folder / "medicare"),
        "--rvu", str(job.inputs / "rvu.txt"), "--gpci", str(job.inputs / "gpci.csv"),
    ]  # fmt: skip


def _stage(job: Job) -> list[str]:
    return ["data", "stage", str(job.inputs / "visits-2026-11-19.csv")]


def _geocode(job: Job) -> list[str]:
    return ["data", "stage", str(job.inputs / "npidata_pfile_20050523-20261108.csv"), "--geocode"]


def _fetch_near(job: Job) -> list[str]:
    return ["data", "fetch", "--near", "02139", "--miles", "3", "--address", f"{job.service}/api/", "--pace", "0"]


def _fetch_file(job: Job) -> list[str]:
    where = ["--address", f"{job.service}/index.html", "--pace", "0"]
    return ["data", "fetch", "--nppes", "--only-download", *where]


COMMANDS = (
    Command("data stage", _stage),
    Command("data stage --geocode", _geocode),
    Command(
        "data publish", lambda job: ["data", "publish", str(DRAFT), "--by", "soak"], publishes="draft",
        refused_again=("cannot be published any more", "Another release was published"),
    ),
    Command("data rollback", lambda job: ["data", "rollback", "--by", "soak"], publishes="before",
            refused_again=("no earlier release",)),
    Command("prune", function=_prune),
    Command("data export", lambda job: ["data", "export", "--format", "json"]),
    Command("data fetch --near", _fetch_near),
    Command("data fetch --nppes", _fetch_file),
    Command("records backup", lambda job: ["records", "backup", str(job.folder / "backup.zip")]),
    Command("records restore", lambda job: ["records", "restore", str(job.inputs / "backup.zip")], state="empty",
            publishes="backup", refused_again=("already",)),
    Command("records migrate", lambda job: ["records", "migrate"], state="old"),
    Command("fees import", _fees, prepare=_copy_figures),
    Command("staff add", lambda job: ["staff", "add", "new@example.org", "--role", "viewer"],
            refused_again=("already",)),
    Command("staff log-out", lambda job: ["staff", "log-out", email_of("editor")]),
    Command("serve: first start", function=_bootstrap, state="empty", publishes="sample"),
    Command("web: upload", function=_upload),
    Command("web: publish", function=_publish, publishes="draft", refused_again=("409", "404", "422")),
)  # fmt: skip
"""Every command that changes something."""


def job_of(settings: Settings, folder: Path, inputs: Path, service: str, cookies: dict[str, str]) -> Job:
    """Return a job whose map service is the local server."""
    return Job(replace(settings, geocoder_url=service), folder, inputs, service, cookies)
