"""The list of therapists that a visitor keeps: it lives in the address of every page (``?keep=NPI,NPI@place``).

There is no account, no cookie and no storage: links carry the list from page to page, as they carry the language.
The page that shows the list is ``finder.web.shortlist.views``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, request
from werkzeug.datastructures import MultiDict

from finder.directory.provider import PracticeLocation, Provider
from finder.http.request_context import per_request
from finder.web.http.urls import Pairs, address, carried, carry

KEEP = "keep"
"""The argument that carries the list."""

LISTED = "npis"
"""The argument of a page that shows listings: those that it shows."""

MOST = 12
"""A list to telephone through; more would make addresses that do not fit into a message."""

LIST = "shortlist.shortlist"
COMPARE = "compare.compare"
SEARCHES = frozenset({"therapists.results", "maps.results", "therapists.therapist", LIST, COMPARE})
"""The pages whose arguments are a search; the list keeps them, so that it can say how far, and lead back."""

_NAMES = {LIST: (LISTED, KEEP), COMPARE: (KEEP, LISTED)}
"""Where the list stands in the address of these pages, which may be shared; of all others, in ``KEEP`` alone."""

_LONGEST = 2_000
_ENTRY = re.compile(r"([0-9]{10})(?:@([0-9a-f]{6}))?")


@dataclass(frozen=True, slots=True)
class ShortlistEntry:
    """One listing on the list; ``place`` names one practice location, and is empty where there is only one."""

    npi: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.npi}@{self.place}" if self.place else self.npi

    def means(self, npi: str, place: str) -> bool:
        """Return whether this is the listing of a provider at a place."""
        return self.npi == npi and self.place in ("", place)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortlistToggle:
    """The link on a card that puts a listing on the list, or takes it off; no address: the list is full."""

    id: str
    is_listed: bool
    address: str


def register(app: Flask) -> None:
    """Make every link carry the list, and offer templates the link that changes it."""
    carry(app, KEEP, lambda: write_list(shortlisted()), not_to=(LIST, "staff."))
    app.jinja_env.globals.update(
        shortlist_toggle=shortlist_toggle, shortlisted=shortlisted, shortlist_address=list_address
    )


def read_list(texts: Iterable[str]) -> tuple[ShortlistEntry, ...]:
    """Read a list from arguments: each listing once, at most ``MOST``; what is no NPI is passed over."""
    words = re.split(r"[,\s]+", ",".join(texts)[:_LONGEST])
    entries = (ShortlistEntry(match[1], match[2] or "") for word in words if (match := _ENTRY.fullmatch(word)))
    return tuple(dict.fromkeys(entries))[:MOST]


def write_list(entries: Iterable[ShortlistEntry]) -> str:
    """Write a list as the value of an argument."""
    return ",".join(map(str, entries))


def entry(provider: Provider, location: PracticeLocation) -> ShortlistEntry:
    """Return the name of a listing in the list: its NPI, with the place only where it has several."""
    several = len(provider.locations) > 1
    return ShortlistEntry(provider.npi, place_id(location) if several else "")


def place_id(location: PracticeLocation) -> str:
    """Name a practice location in six characters, the same in every release that has it."""
    return hashlib.sha256(location.location_key.encode()).hexdigest()[:6]


@per_request
def shortlisted() -> tuple[ShortlistEntry, ...]:
    """Return the list that the address of the present page carries."""
    names = _NAMES.get(request.endpoint or "", (KEEP,))
    lists = (read_list(request.args.getlist(name)) for name in names)
    return next(filter(None, lists), ())


def shortlist_toggle(provider: Provider, location: PracticeLocation) -> ShortlistToggle:
    """Offer to put a listing on the list, or to take it off: a link to the same page with the list changed."""
    one = entry(provider, location)
    place = place_id(location)
    others = tuple(other for other in shortlisted() if not other.means(provider.npi, place))
    is_listed = len(others) < len(shortlisted())
    anchor = f"keep-{one}".replace("@", "-")
    if not is_listed and len(others) >= MOST:
        return ShortlistToggle(id=anchor, is_listed=False, address="")
    changed = others if is_listed else (*others, one)
    return ShortlistToggle(id=anchor, is_listed=is_listed, address=f"{_here(changed)}#{anchor}")


def list_address() -> str:
    """Return the address of the visitor's list, with the search that it came from."""
    search = _others(request.args) if request.endpoint in SEARCHES else carried(but=(KEEP,))
    return address(LIST, [*search, (LISTED, write_list(shortlisted()))])


def _here(entries: Sequence[ShortlistEntry]) -> str:
    """Return the address of this page with another list."""
    without = _without_list()
    if not entries:
        return without
    name = LISTED if request.endpoint == LIST else KEEP
    return f"{without}{'&' if '?' in without else '?'}{name}={write_list(entries)}"


@per_request
def _without_list() -> str:
    """Return the address of this page without its list; it is the same for all cards."""
    return address(request.endpoint or LIST, _others(request.args), **(request.view_args or {}))


def _others(args: MultiDict[str, str]) -> Pairs:
    return [(name, value) for name, value in args.items(multi=True) if name not in (KEEP, LISTED)]
