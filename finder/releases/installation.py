"""One installation of the program: its settings, its records and its release store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from finder.errors import FinderError
from finder.places.gazetteer import Gazetteer
from finder.records.database import Records
from finder.records.migrate import is_current, migrate
from finder.records.releases import current_release
from finder.records.writer_gate import COMMANDS, Patience
from finder.releases.store import Store
from finder.settings import Settings


class NothingPublished(FinderError):
    """No provider data are published yet. Stage a file and publish the draft."""


@dataclass(frozen=True)
class Installation:
    """The settings, records and store of an installation."""

    settings: Settings
    records: Records
    store: Store
    gazetteer: Gazetteer

    @classmethod
    def open(
        cls, settings: Settings, gazetteer: Gazetteer | None = None, *, patience: Patience = COMMANDS
    ) -> Installation:
        """Open the installation, with the records migrated to the newest schema."""
        url, secret_key = settings.records_url(), settings.signing_key()
        if not is_current(url):
            migrate(url, secret_key=secret_key)
        records = Records(url, secret_key, patience=patience)
        return cls(settings, records, Store.of(settings), gazetteer or Gazetteer.load())

    @property
    def work(self) -> Path:
        """The folder for unfinished files."""
        return self.settings.home / "cache"

    def published_file(self) -> Path:
        """Return the file of the published release. Raises NothingPublished."""
        with self.records.reading() as session:
            release = current_release(session)
        if release is None:
            raise NothingPublished
        return self.store.local("", release.sha256)
