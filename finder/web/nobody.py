"""What the page says when nobody was found: which filter to drop, how far the nearest is, how else to get care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.directory.search import Directory, Help
from finder.i18n import N_
from finder.web.asked import NAME, NEED, need_of
from finder.web.cards import Card, card
from finder.web.language import gettext, ngettext
from finder.web.links import RESULTS, Link, Pairs, address, changed
from finder.web.results import USUAL_PLAN
from finder.web.services import services
from finder.web.words import number, word

VIDEO = "telehealth"
"""The offer of visits by video."""

FILTERS = {
    "specialty": N_("the kind of therapist"),
    "insurance": N_("the insurance"),
    "offers": N_("what they offer"),
    "entity": N_("therapists or clinics"),
    "name": N_("the name"),
}
"""What each filter is about, as it stands inside a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Ways on from an empty list: why it is empty, the searches that would find somebody, the nearest match."""

    reason: str
    ways: tuple[Link, ...]
    nearest: Card | None


def nobody_here(directory: Directory, query: Query, asked: MultiDict[str, str], today: date) -> Nobody:
    """Find the ways on from a search that found nobody."""
    found = directory.explain_empty(query)
    nearest = found.nearest
    plans = query.insurance or (USUAL_PLAN,)
    return Nobody(
        reason=_reason(query, found),
        ways=(*_drop(found, asked), *_wider(found, asked), *_by_video(directory, query, asked)),
        nearest=card(nearest, plans=plans, wanted=query.offers, origin=query.origin, today=today) if nearest else None,
    )


def _reason(query: Query, found: Help) -> str:
    """Name what takes out most: one filter, all of them together, or the distance itself."""
    if found.removes_most:
        name = word(FILTERS[found.removes_most])
        return gettext("The filter that takes out most is %(filter)s.", filter=name)
    if found.anyone:
        return gettext("No single filter is in the way, but all of them together are.")
    if query.origin and query.origin.point:
        return gettext("What takes out most is the distance: we know of nobody at all so near, with any filter.")
    return gettext("We know of nobody there, with any filter.")


def _drop(found: Help, asked: MultiDict[str, str]) -> Iterator[Link]:
    """Offer to leave out the filter that takes out most; where no single one helps, all of them."""
    name = found.removes_most
    if name:
        count = found.without[name]
        label = ngettext(
            "Leave out %(filter)s: %(number)s listing", "Leave out %(filter)s: %(number)s listings",
            count, filter=word(FILTERS[name]), number=number(count),
        )  # fmt: skip
        yield Link(label, address(RESULTS, _left_out(name, asked)))
    elif found.anyone:
        label = ngettext(
            "Leave out all filters: %(number)s listing", "Leave out all filters: %(number)s listings",
            found.anyone, number=number(found.anyone),
        )  # fmt: skip
        yield Link(label, address(RESULTS, changed(asked, **dict.fromkeys((*FILTERS, "insurance_status", NEED)))))


def _wider(found: Help, asked: MultiDict[str, str]) -> Iterator[Link]:
    """Offer each larger distance at which there is somebody more."""
    before = 0
    for miles, count in found.wider.items():
        if count > before:
            before = count
            label = ngettext(
                "Look within %(miles)s miles: %(number)s listing", "Look within %(miles)s miles: %(number)s listings",
                count, miles=miles, number=number(count),
            )  # fmt: skip
            yield Link(label, address(RESULTS, changed(asked, miles=str(miles))))


def _by_video(directory: Directory, query: Query, asked: MultiDict[str, str]) -> Iterator[Link]:
    """Offer those in the state who say that they see people by video: for that a license counts, not the distance."""
    state = query.origin.state if query.origin and query.origin.point else None
    if state is None or VIDEO not in directory.offered or not {VIDEO}.issuperset(query.offers):
        return
    there = services().gazetteer.resolve(state)
    count = directory.search(replace(query, origin=there, offers=(VIDEO,), page=1, per_page=1)).total
    if count:
        label = ngettext(
            "Visits by video in %(state)s: %(number)s listing", "Visits by video in %(state)s: %(number)s listings",
            count, state=word(there.label), number=number(count),
        )  # fmt: skip
        yield Link(label, address(RESULTS, changed(asked, near=state, miles=None, offers=VIDEO)))


def _left_out(name: str, asked: MultiDict[str, str]) -> Pairs:
    """Give the search without a filter, whether it was chosen or stood among the words of the need."""
    need = need_of(asked)
    if name in ("specialty", "offers") and need.matched:
        others = (match for match in need.matched if not (match.facets if name == "specialty" else match.offers))
        words = " ".join(match.word for match in others)
        names = " ".join(filter(None, (need.leftover, asked.get(NAME, ""))))
        return changed(asked, **{name: None, NEED: words or None, NAME: names or None})
    if name == "name":
        words = " ".join(match.word for match in need.matched)
        return changed(asked, **{NAME: None, NEED: words or None})
    return changed(asked, **{name: None})
