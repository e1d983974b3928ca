"""What the pages work with, made once in the application factory and reached from a request by ``services()``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from flask import current_app

from finder.coverage import Figures
from finder.directory.search import Directory
from finder.places.gazetteer import Gazetteer
from finder.pricing.prices import Prices
from finder.records.writer_gate import WEB
from finder.releases.current import CurrentDirectory
from finder.releases.installation import Installation
from finder.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Services:
    """The published directory, the places, the Medicare figures, and the settings of this run."""

    settings: Settings
    current: CurrentDirectory
    gazetteer: Gazetteer
    figures: Figures

    @cached_property
    def installation(self) -> Installation:
        """The desk of the staff pages, opened when it is first needed: pages that only read do without the records."""
        return Installation.open(self.settings, self.gazetteer, patience=WEB)

    @cached_property
    def prices(self) -> Prices:
        """What visits cost by the figures, worked out once for each payment area and insurance."""
        return Prices(self.figures)

    def directory(self) -> Directory:
        """Return the directory of the release published now. Raises NothingPublished."""
        return self.current.get()

    def today(self) -> date:
        """Return today's date, as the settings have it."""
        return self.settings.current_date()


def services() -> Services:
    """Return the services of the application that handles this request."""
    return cast(Services, current_app.extensions["finder"])
