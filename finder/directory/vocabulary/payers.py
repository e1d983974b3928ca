"""Who pays: the payers that a search offers, and what is known of one practice location.

Yes, no and unknown are three answers. No row means unknown; unknown is never taken for no.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from finder.directory.provider import Insurance
from finder.resources import REFERENCE

PAYERS_FILE = REFERENCE / "payers.toml"

_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)*")
_ABBREVIATIONS = frozenset({"epo", "hmo", "hsa", "pos", "ppo"})


@lru_cache(maxsize=1)
def payers() -> MappingProxyType[str, str]:
    """Return the name for people (a catalogue id) of each payer that is always offered, by its plan id."""
    rows = tomllib.loads(PAYERS_FILE.read_text(encoding="utf-8"))["payer"]
    return MappingProxyType({row["plan"]: row["name"] for row in rows})


class PlanNames:
    """What the plans of a release are called."""

    def __init__(self, published: Mapping[str, str] = MappingProxyType({})) -> None:
        """``published``: the names that the sources give, by plan id."""
        self._published = published
        self._sharing = Counter(name.casefold() for name in published.values())

    def name(self, plan: str) -> str:
        """Return the name of a plan for people; plans that share one are told apart by their ids.

        Without a published name ``harborlight-ppo`` is Harborlight PPO, and a numbered id stays as it is.
        """
        if plan in payers():
            return payers()[plan]
        if name := self._published.get(plan):
            return f"{name} ({plan})" if self._sharing[name.casefold()] > 1 else name
        if not _SLUG.fullmatch(plan):
            return plan
        return " ".join(part.upper() if part in _ABBREVIATIONS else part.capitalize() for part in plan.split("-"))


def known_plans(in_release: Iterable[str]) -> tuple[str, ...]:
    """Return every plan that can be searched for: the payers always offered, then those of a release, by id."""
    return (*payers(), *sorted(set(in_release) - set(payers())))


def at_location(answers: Iterable[Insurance], location_key: str) -> tuple[Insurance, ...]:
    """Return the answers at one practice location by plan: its own, else the provider's for all locations."""
    everywhere, here = {}, {}
    for answer in answers:
        if answer.location_key == "":
            everywhere[answer.plan] = answer
        elif answer.location_key == location_key:
            here[answer.plan] = answer
    found = everywhere | here
    return tuple(found[plan] for plan in sorted(found))
