"""Find a neurologic physical therapist and see what the visit costs.

The packages, top to bottom, each importing only downwards: app; cli, web, api; intake; records;
directory, coverage; places; settings, errors, i18n. ``create_app`` imports the application only when it is called,
so that ``import finder.coverage`` loads no web framework.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from finder.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Make the web application and its commands; without ``settings`` they are read from the environment."""
    from finder.app import build

    return build(settings)
