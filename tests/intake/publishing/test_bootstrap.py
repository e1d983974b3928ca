"""The first start publishes the sample once, even with several processes; a second start is quick."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from finder.intake.publishing import sample
from finder.intake.publishing.bootstrap import SETUP, ensure_ready
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.intake.publishing.status import describe_status
from finder.places.gazetteer import Gazetteer
from finder.records.audit import AuditFilter, count_events
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.intake.rows import small_layer
from tests.processes import exit_status, start

START = """
import sys
from pathlib import Path
from finder.intake.publishing.bootstrap import ensure_ready
from finder.settings import Settings

ensure_ready(Settings(home=Path(sys.argv[1])))
"""


@pytest.mark.process
@pytest.mark.slow
def test_processes_that_start_together_publish_the_sample_once(tmp_path: Path, empty_url: str) -> None:
    home = tmp_path / "instance"
    settings = Settings(home=home, database_url=empty_url)
    starting = [start(ensure_ready, settings) for _ in range(3)]
    assert [exit_status(process, 300) for process in starting] == [0, 0, 0]
    installation = Installation.open(settings)
    status = describe_status(installation)
    assert [layer["source"] for layer in status["release"]["layers"]] == ["sample"]
    assert (status["release"]["published_by"], status["earlier"], status["drafts"]) == (SETUP, [], [])
    with installation.records.reading() as session:
        assert count_events(session, AuditFilter(action="publish")) == 1
    installation.records.close()


def test_a_start_after_the_first_publishes_nothing(
    settings: Settings, installation: Installation, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, stack = published_stack(installation)
    request = StageRequest(paths=[Path("november.csv")], by="eva", as_of=date(2026, 11, 1))
    draft = stage_layers(installation, [small_layer(3)], request, base=base, stack=stack, gazetteer=gazetteer)
    publish(installation, draft.id, by="ana")
    monkeypatch.setattr(sample, "stage", None)
    ensure_ready(settings)
    assert describe_status(installation)["release"]["providers"] == 3


@pytest.mark.process
def test_a_second_start_does_not_import_what_only_updates_need(
    home: Path,
) -> None:
    script = f"{START}\nprint('pandas' in sys.modules)"
    again = [sys.executable, "-c", script, str(home)]
    assert subprocess.run(again, capture_output=True, text=True, check=True).stdout == "False\n"
