"""Publishes the bundled sample of fictional providers in a new installation."""

from __future__ import annotations

from contextlib import suppress

from finder.intake.layers.stack import SAMPLE
from finder.intake.publishing.publish import publish
from finder.intake.publishing.stage import StageRequest, stage
from finder.records.drafts import BaseChanged, DraftClosed
from finder.releases.installation import Installation
from finder.resources import SAMPLE_PROVIDERS


def publish_sample(installation: Installation, *, by: str) -> None:
    """Stage and publish the sample; of several processes that start together, the first one succeeds."""
    draft = stage(installation, StageRequest(paths=[SAMPLE_PROVIDERS], by=by, source=SAMPLE))
    with suppress(BaseChanged, DraftClosed):  # another process was first
        publish(installation, draft.id, by=by)
