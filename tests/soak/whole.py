"""What must be true of an installation after anything that happened to it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from finder.directory.release.release import Release
from finder.disk import UNFINISHED
from finder.errors import FinderError
from finder.intake.publishing.publish import KEPT_RELEASES, needed_files
from finder.records.database import Records, Session
from finder.records.migrate import is_current
from finder.records.releases import current_release, get_release
from finder.records.tables.data import AuditEvent, ReleaseRecord
from finder.releases.current import CurrentDirectory
from finder.releases.store import Store
from finder.settings import Settings

MOVES = ("publish", "rollback", "renew")
"""The events of the log that move the pointer."""


@dataclass(frozen=True)
class Published:
    """What the public sees: the release and its providers; None and 0 before the first publication."""

    sha256: str | None = None
    providers: int = 0
    before: str | None = None
    """The release that rolling back would lead to."""


def published(settings: Settings) -> Published:
    """Return what is published."""
    if not is_current(settings.records_url()):
        return Published()
    with closing(Records(settings.records_url())) as records, records.reading() as session:
        release = current_release(session)
        if release is None:
            return Published()
        base = get_release(session, release.base_id) if release.base_id else None
        return Published(release.sha256, int(release.manifest["providers"]), base.sha256 if base else None)


def faults(settings: Settings) -> list[str]:
    """Return what is not whole: the database, the files of releases and drafts, log and pointer, what is served."""
    found = _database_faults(settings)
    if found or not is_current(settings.records_url()):
        return found
    store = Store.of(settings)
    with closing(Records(settings.records_url())) as records, records.reading() as session:
        found += _log_faults(session)
        release = current_release(session)
        for folder, sha256 in set(needed_files(session, KEPT_RELEASES)):
            try:
                store.verify(folder, sha256)
            except FinderError as error:
                found.append(f"{folder}/{sha256}: {type(error).__name__}")
    if release:
        tables = Release.open(store.local("", release.sha256)).tables()
        if len(tables["provider"]) != release.manifest["providers"]:
            found.append("the release has not the providers of its manifest")
        if CurrentDirectory(settings).get().release.sha256 != release.sha256:
            found.append("another release is served than is published")
    return found


def _database_faults(settings: Settings) -> list[str]:
    path = settings.home / "records.sqlite"
    if settings.database_url or not path.exists():
        return []
    with closing(sqlite3.connect(path)) as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
    return ([] if answer == "ok" else [f"integrity: {answer}"]) + [f"foreign key: {row}" for row in broken]


def _log_faults(session: Session) -> list[str]:
    """Return where log and pointer do not agree: each publication has an event, and the last one named the current."""
    release = current_release(session)
    moves = session.scalars(select(AuditEvent).where(AuditEvent.action.in_(MOVES)).order_by(AuditEvent.id)).all()
    releases = session.scalar(select(func.count()).select_from(ReleaseRecord))
    subject = moves[-1].subject_id if moves else None
    current = str(release.id) if release else None
    found = [] if subject == current else [f"the log ends with release {subject}, the pointer is at {current}"]
    added = len([event for event in moves if event.action != "rollback"])
    return found + ([] if added == releases else [f"{releases} releases, {added} events that add one"])


def leftovers(*folders: Path) -> list[str]:
    """Return what a program that ended has left unfinished."""
    return sorted({
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if UNFINISHED in path.name or path.name.endswith(".new")
    })  # fmt: skip


def age(folder: Path) -> None:
    """Make everything in a folder two days old: what is kept for a day because somebody may work on it goes now."""
    long_ago = time.time() - 2 * 24 * 3600
    for path in folder.rglob("*"):
        if UNFINISHED in str(path):
            os.utime(path, (long_ago, long_ago))
