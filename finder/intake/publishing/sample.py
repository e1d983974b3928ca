"""The bundled sample of fictional providers, published where nothing ever was."""

from __future__ import annotations

from contextlib import suppress

from finder.intake.layers.stack import SAMPLE
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import Request, stage
from finder.records.drafts import BaseChanged, DraftClosed
from finder.releases.installation import Installation
from finder.resources import SAMPLE_PROVIDERS


def publish_sample(installation: Installation, *, by: str) -> None:
    """Stage and publish the sample; of processes that start together one does it."""
    draft = stage(installation, Request(paths=[SAMPLE_PROVIDERS], by=by, source=SAMPLE))
    with suppress(BaseChanged, DraftClosed):  # another one was first
        publish(installation, draft.id, by=by)
