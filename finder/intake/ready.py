"""Make an installation ready to serve: the records migrated, and the sample published where nothing is yet."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from finder.intake.desk import Desk
from finder.intake.layers import SAMPLE
from finder.intake.publish import publish
from finder.intake.renew import renew
from finder.intake.stage import Request, stage
from finder.records.drafts import BaseChanged, DraftClosed
from finder.records.releases import current_release
from finder.records.reports import forget_contacts
from finder.settings import Settings

SAMPLE_FILE = Path(__file__).parents[2] / "data" / "sample" / "providers.csv"

SETUP = "setup"
"""The actor of the first publication in the audit log."""


def ensure_ready(settings: Settings) -> None:
    """Migrate the records, and publish the bundled sample where nothing was ever published. Quick when done before.

    What an earlier version of the program published is made again in the form that this one reads.
    """
    desk = Desk.open(settings)
    try:
        with desk.records.writing() as session:
            forget_contacts(session)
        with desk.records.reading() as session:
            published = current_release(session)
        if published:
            renew(desk, by=SETUP)
            return
        draft = stage(desk, Request(paths=[SAMPLE_FILE], by=SETUP, source=SAMPLE))
        with suppress(BaseChanged, DraftClosed):  # another process that started with us was first
            publish(desk, draft.id, by=SETUP)
    finally:
        desk.records.close()
