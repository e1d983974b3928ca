"""The current directory: follows the pointer, and keeps serving while the records are unavailable.

Every web process queries the records for the current release at most every two seconds, and opens another release when
it changes. While records or store are unavailable, the last release is still served, even after a restart.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from finder.directory.release.release import Release
from finder.directory.search import Directory
from finder.disk import written_whole
from finder.errors import FinderError
from finder.records.database import Records
from finder.records.releases import current_sha256
from finder.records.writer_gate import WEB
from finder.releases.installation import NothingPublished
from finder.releases.store import Store
from finder.settings import Settings

CHECK_SECONDS = 2.0
"""Seconds between queries of the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryState:
    """The state for ``/healthz``: the release that is served, and whether the last query of the records succeeded."""

    release: str | None
    records_answer: bool


class CurrentDirectory:
    """The directory of the current release, for all threads of a process."""

    def __init__(self, settings: Settings, *, check_seconds: float = CHECK_SECONDS) -> None:
        self._settings = settings
        self._check_seconds = check_seconds
        self._store = Store.of(settings)
        self._remembered = settings.home / "last-release.json"
        self._lock = threading.Lock()
        self._records: Records | None = None
        self._directory: Directory | None = None
        self._sha256: str | None = None
        self._answered = False
        self._next_check = 0.0

    def get(self) -> Directory:
        """Return the directory of the current release. Raises NothingPublished."""
        if time.monotonic() >= self._next_check or self._directory is None:
            self._follow()
        if self._directory is None:
            raise NothingPublished
        today = self._settings.current_date()
        if self._directory.day != today:
            self._directory = self._directory.on(today)
        return self._directory

    def state(self) -> DirectoryState:
        """Return the state of the directory."""
        with suppress(FinderError):
            self.get()
        return DirectoryState(release=self._sha256, records_answer=self._answered)

    def _follow(self) -> None:
        """Query the pointer and open its release. One thread does so; the others keep the directory that they have."""
        if not self._lock.acquire(blocking=self._directory is None):
            return
        try:
            if time.monotonic() < self._next_check and self._directory is not None:
                return
            self._next_check = time.monotonic() + self._check_seconds
            current = self._current_sha256()
            if current and current != self._sha256:
                self._open(current)
        finally:
            self._lock.release()

    def _current_sha256(self) -> str | None:
        """Return the SHA-256 of the current release, or of the last known one if the records are unavailable."""
        try:
            if self._records is None:
                self._records = Records(self._settings.records_url(), patience=WEB)
            with self._records.reading() as session:
                current = current_sha256(session)
        except FinderError:
            self._answered = False
            return self._sha256 or self._read_remembered()
        self._answered = True
        return current

    def _open(self, sha256: str) -> None:
        """Serve another release; keep the last one if the file is unavailable."""
        try:
            directory = Directory(Release.open(self._store.local("", sha256)), self._settings.current_date())
        except (FinderError, FileNotFoundError):
            if self._directory is None:
                raise
            return
        self._directory, self._sha256 = directory, sha256
        self._remember(sha256)

    def _read_remembered(self) -> str | None:
        try:
            return str(json.loads(self._remembered.read_text(encoding="utf-8"))["release"])
        except (OSError, ValueError, KeyError):
            return None

    def _remember(self, sha256: str) -> None:
        """Save the SHA-256 for a start without the records; errors are ignored."""
        if self._read_remembered() == sha256:
            return
        with suppress(OSError):
            self._remembered.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(self._remembered, mode=0o600) as file:
                file.write(json.dumps({"release": sha256}).encode())
