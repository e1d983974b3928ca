"""How the words of a need were understood, for the person to see: what they led to, what was left, how to undo it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from finder.directory.vocabulary.need import Match, Need
from finder.directory.vocabulary.offers import offers
from finder.i18n import Message
from finder.web.http.language import gettext
from finder.web.http.urls import RESULTS, Link, address, changed
from finder.web.presentation.formats import plain_specialty_name
from finder.web.search.search_args import NAME, NEED, name_of


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words as typed, what they were taken for, and the kinds of therapist, or of offers, that they lead to.

    ``meant`` is the word of which they were a typo; empty where they were none.
    """

    typed: str
    meant: str
    label: Message
    kinds: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedSummary:
    """All that the page says of the words of a need."""

    meanings: tuple[Meaning, ...]
    name: str
    ignored: str
    types: tuple[Message, ...]
    unheard: tuple[Message, ...]
    """What was asked for and nobody on the list is known to offer: a question for the call."""
    urgent: bool
    undo: tuple[Link, ...]


def need_summary(need: Need, args: MultiDict[str, str], filtered: Collection[str]) -> NeedSummary | None:
    """Return how the words of a search were understood; None where there were none, or none with a meaning.

    ``filtered`` are the offers that the search filters by; those that nobody on the list is known to make are not.
    """
    if not (need.matched or need.leftover or need.ignored):
        return None
    return NeedSummary(
        meanings=tuple(_meaning(match) for match in need.matched),
        name=need.leftover,
        ignored=need.ignored,
        types=tuple(Message(name) for name in need.type_names),
        unheard=tuple(Message(offers()[offer].plain_name) for offer in need.offers if offer not in filtered),
        urgent=need.urgent,
        undo=tuple(_undo(need, args, filtered)),
    )


def _meaning(match: Match) -> Meaning:
    return Meaning(
        typed=match.word,
        meant=match.phrase if match.typo else "",
        label=Message(match.label),
        kinds=(
            *(Message(plain_specialty_name(facet)) for facet in match.facets),
            *(Message(offers()[offer].plain_name) for offer in match.offers),
        ),
    )


def _undo(need: Need, args: MultiDict[str, str], filtered: Collection[str]) -> list[Link]:
    """Return the ways out of a misunderstanding: the same words as a name, the kinds chosen by hand, no words at all.

    By hand the kinds that the words lead to are ticked, but not beside what is ticked already: that would find more.
    """
    typed = args.get(NEED, "").strip()
    links = []
    if need.matched:
        links.append(Link(gettext("Search for this as a name"), address(RESULTS, _instead(args, [(NAME, typed)]))))
        meant = [("specialty", kind) for kind in need.specialties]
        meant += [("offers", offer) for offer in need.offers if offer in filtered]
        if kinds := [(facet, value) for facet, value in meant if not any(args.getlist(facet))]:
            by_hand = address(RESULTS, [*_instead(args, [(NAME, name_of(args))]), *kinds])
            links.append(Link(gettext("Choose the kinds myself"), f"{by_hand}#filters"))
    links.append(Link(gettext("Leave these words out"), address(RESULTS, changed(args, **{NEED: None}))))
    return links


def _instead(args: MultiDict[str, str], others: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*changed(args, **{NEED: None, NAME: None}), *others]
