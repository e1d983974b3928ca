"""The directory that the public sees: follows the pointer, and keeps serving when the records are away.

Every web process asks the records, at most every two seconds, which release is current, and opens another one when the
answer changes. While the records or the store do not answer, the last release goes on being served, over a restart too.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from finder.directory.release.release import Release
from finder.directory.search import Directory
from finder.errors import FinderError
from finder.records.database import Records
from finder.records.releases import current_sha256
from finder.releases.installation import NothingPublished
from finder.releases.store import Store
from finder.settings import Settings

CHECK_SECONDS = 2.0
"""How often the records are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryState:
    """What ``/healthz`` tells: the release that is served, and whether the records answered the last time."""

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
        return self._directory

    def state(self) -> DirectoryState:
        """Return what is served now."""
        with suppress(FinderError):
            self.get()
        return DirectoryState(release=self._sha256, records_answer=self._answered)

    def _follow(self) -> None:
        """Ask for the pointer and open what it names. Of several threads one asks; the others go on as they are."""
        if not self._lock.acquire(blocking=self._directory is None):
            return
        try:
            if time.monotonic() < self._next_check and self._directory is not None:
                return
            self._next_check = time.monotonic() + self._check_seconds
            wanted = self._ask()
            if wanted and wanted != self._sha256:
                self._open(wanted)
        finally:
            self._lock.release()

    def _ask(self) -> str | None:
        """Return the name of the current release; when the records are away, of the last one that we know."""
        try:
            if self._records is None:
                self._records = Records(self._settings.records_url())
            with self._records.reading() as session:
                wanted = current_sha256(session)
        except FinderError:
            self._answered = False
            return self._sha256 or self._recall()
        self._answered = True
        return wanted

    def _open(self, sha256: str) -> None:
        """Serve another release; where its file cannot be had the last one stays."""
        try:
            directory = Directory(Release.open(self._store.local("", sha256)))
        except (FinderError, FileNotFoundError):
            if self._directory is None:
                raise
            return
        self._directory, self._sha256 = directory, sha256
        self._remember(sha256)

    def _recall(self) -> str | None:
        try:
            return str(json.loads(self._remembered.read_text(encoding="utf-8"))["release"])
        except (OSError, ValueError, KeyError):
            return None

    def _remember(self, sha256: str) -> None:
        """Keep the name for a start without the records; not being able to is no reason to fail."""
        if self._recall() == sha256:
            return
        with suppress(OSError):
            self._remembered.parent.mkdir(parents=True, exist_ok=True)
            descriptor, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=self._remembered.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"release": sha256}, file)
            Path(unfinished).replace(self._remembered)
