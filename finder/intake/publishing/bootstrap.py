"""Prepare an installation for serving: migrate the records, and publish the sample where nothing is published yet."""

from __future__ import annotations

from datetime import UTC, datetime

from finder.intake.publishing.rebuild import rebuild_current
from finder.records.casework.reports import forget_contacts
from finder.records.people.attempts import forget_old_attempts
from finder.records.releases import current_release
from finder.releases.installation import Installation
from finder.settings import Settings

SETUP = "setup"
"""The actor of the first publication in the audit log."""


def ensure_ready(settings: Settings) -> None:
    """Migrate the records, and publish the bundled sample where nothing was ever published. Quick when nothing is due.

    A release that another version of the program wrote is rebuilt in the file format of this version.
    """
    installation = Installation.open(settings)
    try:
        with installation.records.writing() as session:
            forget_contacts(session)
            forget_old_attempts(session, at=datetime.now(UTC))
        with installation.records.reading() as session:
            published = current_release(session)
        if published:
            rebuild_current(installation, by=SETUP)
        else:
            from finder.intake.publishing.sample import publish_sample  # imported here: later starts need no pandas

            publish_sample(installation, by=SETUP)
    finally:
        installation.records.close()


if __name__ == "__main__":  # for `make serve`, whose server starts again with every change
    ensure_ready(Settings.from_env())
