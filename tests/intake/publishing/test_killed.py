"""Killed at any moment, stage, publish and roll back leave the old release or the new one, always readable."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from finder.intake.publishing.publish import publish, published_tables
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.audit import AuditFilter, count_events
from finder.records.releases import current_release, list_releases
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.intake.rows import small_layer
from tests.intake.worker import SIZES

KILLS = 16
SEED = 20261120


@pytest.mark.process
@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_the_old_release_or_the_new_one(
    tmp_path: Path, empty_url: str, gazetteer: Gazetteer
) -> None:
    settings = Settings(home=tmp_path / "instance", database_url=empty_url)
    installation = Installation.open(settings)
    publish_first(installation, gazetteer)  # loads what is loaded once
    began = time.monotonic()
    publish_first(installation, gazetteer)
    cycle = time.monotonic() - began
    moments = random.Random(SEED)
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.worker", str(settings.home), empty_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    for _ in range(KILLS):
        worker.stdin.write("\n")
        worker.stdin.flush()
        child = int(worker.stdout.readline())
        for _ in range(moments.choice((0, 1, 1, 2))):  # however slow the machine, the kills fall on every part
            assert worker.stdout.readline() == "published\n"
        time.sleep(moments.uniform(0, cycle))
        os.kill(child, signal.SIGKILL)
        while worker.stdout.readline() != "gone\n":
            pass
        assert check_whole(installation, settings) in SIZES
    worker.stdin.close()
    assert worker.wait(30) == 0
    with installation.records.reading() as session:
        finished = count_events(session, AuditFilter(actor="worker", action="publish"))
    assert finished >= KILLS / 2
    publish_first(installation, gazetteer)
    assert check_whole(installation, settings) == SIZES[0]


def publish_first(installation: Installation, gazetteer: Gazetteer) -> None:
    base, stack = published_stack(installation)
    request = StageRequest(paths=[Path("file.csv")], by="test", replace=True)
    draft = stage_layers(installation, [small_layer(SIZES[0])], request, base=base, stack=stack, gazetteer=gazetteer)
    publish(installation, draft.id, by="test", confirm_removals=SIZES[1] - SIZES[0])


def check_whole(installation: Installation, settings: Settings) -> int:
    """Check that what is published is one of the two states, whole in file and log; give which."""
    with installation.records.reading() as session:
        release = current_release(session)
        assert release is not None
        published = len(list_releases(session, limit=10_000))
        assert count_events(session, AuditFilter(action="publish")) == published
    assert installation.store.verify("", release.sha256).is_file()
    for layer in release.manifest["layers"]:
        assert installation.store.verify("layers", layer["sha256"]).is_file()
    size = len(published_tables(installation)["provider"])
    assert size == release.manifest["providers"]
    assert CurrentDirectory(settings).get().release.sha256 == release.sha256
    return size
