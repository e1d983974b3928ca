"""What the plans of insurance are called on a page: by the names of the release that is published."""

from __future__ import annotations

from finder.http.services import services


def plan_name(plan: str) -> str:
    """Return the name of a plan for people (``finder.directory.vocabulary.payers.PlanNames``)."""
    return services().directory().plan_names.name(plan)
