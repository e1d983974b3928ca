"""What the page says when nobody was found: which filter to drop, how far the nearest is, how else to get care."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from finder.directory.query import Query
from finder.directory.search import Directory, Help
from finder.directory.vocabulary.need import Match
from finder.http.services import services
from finder.i18n import N_
from finder.web.http.language import gettext, ngettext
from finder.web.http.urls import RESULTS, Link, Pairs, address, changed
from finder.web.presentation.formats import number, word
from finder.web.search.cards import Card, card
from finder.web.search.results_page import USUAL_PLAN
from finder.web.search.search_args import NAME, NEED, name_of, need_of

VIDEO = "telehealth"
"""The offer of visits by video."""

FILTERS = {
    "specialty": N_("the kind of therapist"),
    "insurance": N_("the insurance"),
    "offers": N_("what they offer"),
    "entity": N_("therapists or clinics"),
    "name": N_("the name"),
}
"""What each filter that has an argument is about, as it stands inside a sentence."""

NEEDS: Mapping[str, Callable[[Match], Collection[str]]] = {
    "need_specialty": lambda match: match.facets,
    "need_offers": lambda match: match.offers,
}
"""The filters that the words of the need are, each with what words must lead to in order to belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoResults:
    """Ways on from an empty list: why it is empty, the searches that would find somebody, the nearest match."""

    reason: str
    ways: tuple[Link, ...]
    nearest: Card | None


def no_results(directory: Directory, query: Query, args: MultiDict[str, str], today: date) -> NoResults:
    """Find the ways on from a search that found nobody."""
    found = directory.explain_empty(query)
    nearest = found.nearest
    plans = query.insurance or (USUAL_PLAN,)
    return NoResults(
        reason=_reason(query, found, args),
        ways=(*_drop(found, args), *_wider(found, args), *_by_video(directory, query, args)),
        nearest=card(nearest, plans=plans, offers_wanted=query.every_offer, origin=query.origin, today=today)
        if nearest
        else None,
    )


def _reason(query: Query, found: Help, args: MultiDict[str, str]) -> str:
    """Return the filter that removes most in words: a filter, the typed words, all together, or the distance."""
    name = found.removes_most
    if name and name in NEEDS:
        return gettext("What takes out most is in your words: “%(words)s”.", words=_words(name, args))
    if name:
        return gettext("The filter that takes out most is %(filter)s.", filter=word(FILTERS[name]))
    if found.anyone:
        return gettext("No single filter is in the way, but all of them together are.")
    if query.origin and query.origin.point:
        return gettext("What takes out most is the distance: we know of nobody at all so near, with any filter.")
    return gettext("We know of nobody there, with any filter.")


def _drop(found: Help, args: MultiDict[str, str]) -> Iterator[Link]:
    """Yield links that leave out the filter which removes most; where no single filter helps, all of them."""
    name = found.removes_most
    if name:
        count = found.without[name]
        label = ngettext(
            "Leave out %(filter)s: %(number)s listing", "Leave out %(filter)s: %(number)s listings",
            count, filter=_named(name, args), number=number(count),
        )  # fmt: skip
        yield Link(label, address(RESULTS, _left_out(name, args)))
    elif found.anyone:
        label = ngettext(
            "Leave out all filters: %(number)s listing", "Leave out all filters: %(number)s listings",
            found.anyone, number=number(found.anyone),
        )  # fmt: skip
        yield Link(label, address(RESULTS, changed(args, **dict.fromkeys((*FILTERS, "insurance_status", NEED)))))


def _wider(found: Help, args: MultiDict[str, str]) -> Iterator[Link]:
    """Offer each larger distance at which there is somebody more."""
    before = 0
    for miles, count in found.wider.items():
        if count > before:
            before = count
            label = ngettext(
                "Look within %(miles)s miles: %(number)s listing", "Look within %(miles)s miles: %(number)s listings",
                count, miles=miles, number=number(count),
            )  # fmt: skip
            yield Link(label, address(RESULTS, changed(args, miles=str(miles))))


def _by_video(directory: Directory, query: Query, args: MultiDict[str, str]) -> Iterator[Link]:
    """Yield a link to listings in the state with visits by video, where the license counts and not the distance."""
    state = query.origin.state if query.origin and query.origin.point else None
    if state is None or VIDEO not in directory.offered or not {VIDEO}.issuperset(query.every_offer):
        return
    there = services().gazetteer.resolve(state)
    count = directory.search(replace(query, origin=there, offers=(VIDEO,), page=1, per_page=1)).total
    if count:
        label = ngettext(
            "Visits by video in %(state)s: %(number)s listing", "Visits by video in %(state)s: %(number)s listings",
            count, state=word(there.label), number=number(count),
        )  # fmt: skip
        yield Link(label, address(RESULTS, changed(args, near=state, miles=None, offers=VIDEO)))


def _left_out(name: str, args: MultiDict[str, str]) -> Pairs:
    """Return the search without a filter: what was chosen, or the words of the need that are in the way."""
    matched = need_of(args).matched
    if name in NEEDS:
        words = " ".join(match.word for match in matched if not NEEDS[name](match))
        return changed(args, **{NEED: words or None, NAME: name_of(args) or None})
    if name == "name":
        words = " ".join(match.word for match in matched)
        return changed(args, **{NAME: None, NEED: words or None})
    return changed(args, **{name: None})


def _named(name: str, args: MultiDict[str, str]) -> str:
    """Name a filter as it stands inside a sentence; the words of the need are quoted."""
    if name in NEEDS:
        return gettext("your words “%(words)s”", words=_words(name, args))
    return word(FILTERS[name])


def _words(name: str, args: MultiDict[str, str]) -> str:
    """Return the words of the need that are a filter, as typed."""
    return ", ".join(match.word for match in need_of(args).matched if NEEDS[name](match))
