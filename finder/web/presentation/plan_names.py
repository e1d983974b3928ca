"""What the plans of insurance are called on a page: by the names of the release that is published."""

from __future__ import annotations

from finder.directory.plans.plans import Plans
from finder.http.services import services


def plans_of_release() -> Plans:
    """Return the plans of the release that is published."""
    return services().directory().plans


def plan_name(plan: str) -> str:
    """Return the name of a plan for people (``finder.directory.plans.plans.Plans``)."""
    return plans_of_release().name(plan)
