"""What a practice location offers beside its field: new patients taken, visits by video, therapy in water.

The vocabulary is data (``data/reference/offers.toml``); the answers are facts of a provider. Yes, no and unknown are
three answers: only a clear yes is found, and unknown is never taken for no.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from finder.directory.provider import Fact
from finder.resources import REFERENCE

OFFERS_FILE = REFERENCE / "offers.toml"

YES = "yes"
"""The one value of a fact that says that something is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that can be asked for: the fact that it is read from, and its words for people (catalogue ids)."""

    value: str
    fact: str
    name: str
    plain_name: str
    """As it stands inside a sentence."""
    sentence: str
    """What is said of somebody who offers it."""


@lru_cache(maxsize=1)
def offers() -> MappingProxyType[str, Offer]:
    """Return every offer that can be searched for, by its value, in the order of the choices."""
    rows = tomllib.loads(OFFERS_FILE.read_text(encoding="utf-8"))["offer"]
    return MappingProxyType({row["value"]: Offer(**row) for row in rows})


def answer_at(facts: Iterable[Fact], field: str, location_key: str) -> Fact | None:
    """Return the answer about a field that holds at one practice location: its own, else the provider's for all.

    None where nobody has said anything, or where one source says two things.
    """
    known = [fact for fact in facts if fact.field == field]
    here = [fact for fact in known if fact.location_key == location_key]
    holding = here or [fact for fact in known if fact.location_key == ""]
    return holding[0] if len(holding) == 1 else None


def offered_at(facts: Iterable[Fact], location_key: str) -> dict[str, Fact]:
    """Return what one practice location clearly offers: the fact that says yes, by the value of the offer."""
    every = tuple(facts)
    answers = {offer.value: answer_at(every, offer.fact, location_key) for offer in offers().values()}
    return {value: answer for value, answer in answers.items() if answer and answer.value == YES}
