"""What the page says when nobody was found: which filter to drop, how far the nearest is, how else to get care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.directory.search import Directory, Help
from finder.i18n import N_
from finder.web.asked import NAME, NEED, need_of
from finder.web.cards import Card, card
from finder.web.language import ngettext
from finder.web.links import RESULTS, Link, Pairs, address, changed
from finder.web.results import USUAL_PLAN
from finder.web.words import number, word

FILTERS = {
    "specialty": N_("the kind of therapist"),
    "insurance": N_("the insurance"),
    "entity": N_("therapists or clinics"),
    "name": N_("the name"),
}
"""What each filter is about, as it stands inside a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Ways on from an empty list; each may be missing."""

    removes_most: str
    """The filter that takes out most, worded; empty where leaving out no single one helps."""
    drop: Link | None
    wider: Link | None
    nearest: Card | None


def nobody_here(directory: Directory, query: Query, asked: MultiDict[str, str], today: date) -> Nobody:
    """Find the ways on from a search that found nobody."""
    found = directory.explain_empty(query)
    nearest = found.nearest
    plans = query.insurance or (USUAL_PLAN,)
    return Nobody(
        removes_most=word(FILTERS[found.removes_most]) if found.removes_most else "",
        drop=_drop(found, asked),
        wider=_wider(found, asked),
        nearest=card(nearest, plans=plans, origin=query.origin, today=today) if nearest else None,
    )


def _drop(found: Help, asked: MultiDict[str, str]) -> Link | None:
    name = found.removes_most
    if name is None:
        return None
    count = found.without[name]
    label = ngettext(
        "Leave out %(filter)s: %(number)s listing", "Leave out %(filter)s: %(number)s listings",
        count, filter=word(FILTERS[name]), number=number(count),
    )  # fmt: skip
    return Link(label, address(RESULTS, _left_out(name, asked)))


def _left_out(name: str, asked: MultiDict[str, str]) -> Pairs:
    """Give the search without a filter, whether it was chosen or stood among the words of the need."""
    need = need_of(asked)
    if name == "specialty" and need.matched:
        names = " ".join(filter(None, (need.leftover, asked.get(NAME, ""))))
        return changed(asked, specialty=None, **{NEED: None, NAME: names or None})
    if name == "name":
        words = " ".join(match.word for match in need.matched)
        return changed(asked, **{NAME: None, NEED: words or None})
    return changed(asked, **{name: None})


def _wider(found: Help, asked: MultiDict[str, str]) -> Link | None:
    """Offer the smallest distance at which somebody is there."""
    for miles, count in found.wider.items():
        if count:
            label = ngettext(
                "Look within %(miles)s miles: %(number)s listing", "Look within %(miles)s miles: %(number)s listings",
                count, miles=miles, number=number(count),
            )  # fmt: skip
            return Link(label, address(RESULTS, changed(asked, miles=str(miles))))
    return None
