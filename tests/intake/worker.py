"""A process that stages, publishes and rolls back without end, for a test to kill.

Started once: for each line on standard input it forks a worker and prints its process id, so that the many kills do not
each pay for loading the program. It publishes once beforehand, elsewhere: much is loaded only then, and the kills are
to fall on the work, not on loading. The worker prints a line for each publication.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from pathlib import Path

import psycopg  # noqa: F401 - loaded once here and not in every worker

from finder.intake.publishing.publish import prune, publish, roll_back
from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers
from finder.places.gazetteer import Gazetteer
from finder.records.drafts import BaseChanged
from finder.records.releases import NothingToRollBack
from finder.releases.installation import Installation
from finder.settings import Settings
from tests.intake.rows import small_layer

SIZES = (5, 30)
"""The two states that the worker goes between: so many providers."""


def work(settings: Settings, gazetteer: Gazetteer) -> None:
    """Publish the state that is not current, sometimes go back, until killed."""
    installation = Installation.open(settings)
    for number in itertools.count():
        try:
            publish_other(installation, gazetteer)
            print("published", flush=True)  # noqa: T201
            if number % 3 == 2:
                roll_back(installation, by="worker")
        except (BaseChanged, NothingToRollBack):
            continue
        prune(installation, keep=3)


def publish_other(installation: Installation, gazetteer: Gazetteer) -> None:
    """Publish the state that is not current."""
    base, stack = published_stack(installation)
    request = StageRequest(paths=[Path("file.csv")], by="worker", replace=True)
    other = SIZES[0] if base and base.manifest["providers"] == SIZES[1] else SIZES[1]
    draft = stage_layers(installation, [small_layer(other)], request, base=base, stack=stack, gazetteer=gazetteer)
    publish(installation, draft.id, by="worker", confirm_removals=SIZES[1] - SIZES[0])


def publish_elsewhere(gazetteer: Gazetteer) -> None:
    """Publish twice and roll back in a temporary folder, so that workers inherit the imported modules."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation.open(Settings(home=Path(folder)))
        publish_other(installation, gazetteer)
        publish_other(installation, gazetteer)
        roll_back(installation, by="worker")
        prune(installation, keep=3)
        installation.records.close()


def main() -> None:
    """Fork a worker for every line; the last words on the command line are the state folder and the database."""
    settings = Settings(home=Path(sys.argv[1]), database_url=sys.argv[2])
    gazetteer = Gazetteer.load()
    publish_elsewhere(gazetteer)
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            work(settings, gazetteer)
        print(child, flush=True)  # noqa: T201 - the answer to the test
        os.waitpid(child, 0)
        print("gone", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
