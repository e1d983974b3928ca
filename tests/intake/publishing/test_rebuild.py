"""A program version with a new release format rebuilds the published release at its start."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from finder.directory.release import release, write
from finder.directory.release.file_format import FORMAT
from finder.directory.release.release import OtherFormat, Release
from finder.intake.publishing.bootstrap import SETUP, ensure_ready
from finder.intake.publishing.export import export_csv
from finder.intake.publishing.publish import publish, published_tables, roll_back
from finder.intake.publishing.rebuild import rebuild_current
from finder.records.audit import AuditFilter, list_events
from finder.records.drafts import BaseChanged, DraftClosed
from finder.records.tables.data import ReleaseRecord
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.fixtures.installation import Stage
from tests.intake.rows import small_layer


@contextmanager
def older_format() -> Iterator[None]:
    """Read and write releases as the version of the program before this one."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (write, release):
            patch.setattr(module, "FORMAT", FORMAT - 1)
        yield


@pytest.fixture
def old_release(installation: Installation, stage: Stage) -> ReleaseRecord:
    """A release of five therapists, after one of three, both by the last version."""
    with older_format():
        publish(installation, stage(small_layer(3)).id, by="ana")
        return publish(installation, stage(small_layer(5)).id, by="ana")


def test_a_start_rebuilds_a_release_of_an_older_format(
    settings: Settings, installation: Installation, old_release: ReleaseRecord
) -> None:
    with pytest.raises(OtherFormat):
        Release.open(installation.published_file())
    ensure_ready(settings)
    assert len(CurrentDirectory(settings).get()) == 5
    with installation.records.reading() as session:
        event = list_events(session)[0]
    assert (event.actor, event.action, event.detail["replaces"]) == (SETUP, "renew", old_release.id)
    ensure_ready(settings)
    with installation.records.reading() as session:
        assert len(list_events(session, AuditFilter(action="renew"))) == 1


def test_a_release_of_the_current_format_is_not_rebuilt(installation: Installation, stage: Stage) -> None:
    publish(installation, stage(small_layer()).id, by="ana")
    assert not rebuild_current(installation, by="shell")


def test_without_a_release_nothing_is_rebuilt(installation: Installation) -> None:
    assert not rebuild_current(installation, by="shell")


def test_processes_that_start_together_rebuild_once(installation: Installation, old_release: ReleaseRecord) -> None:
    renewed: list[bool] = []
    together = [
        threading.Thread(target=lambda: renewed.append(rebuild_current(installation, by="shell"))) for _ in range(3)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert sorted(renewed) == [False, False, True]


def test_rolling_back_rebuilds_the_release_before(installation: Installation, old_release: ReleaseRecord) -> None:
    rebuild_current(installation, by="shell")
    roll_back(installation, by="ben")
    tables = published_tables(installation)
    assert len(tables["provider"]) == 3
    assert "".join(export_csv(tables)).count("\r\n") == 4


def test_a_draft_of_the_last_version_is_staged_again(
    installation: Installation, stage: Stage, old_release: ReleaseRecord
) -> None:
    with older_format():
        draft = stage(small_layer(7))
    rebuild_current(installation, by="shell")
    with pytest.raises((BaseChanged, DraftClosed)):
        publish(installation, draft.id, by="ana")
    publish(installation, stage(small_layer(7)).id, by="ana")
    assert len(published_tables(installation)["provider"]) == 7
