"""Addresses of our own pages: those that keep what was asked and change one thing, and what goes along everywhere.

There is no cookie: the language, the look of the pages, the visitor's list and what they said of their insurance stand
in the address, and every link and form carries them on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

from finder.http.hosts import root_as_asked
from finder.http.request_context import per_request

Pairs = list[tuple[str, str]]

RESULTS = "therapists.results"
"""The page that lists whom a search finds."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words, mostly to the same search with one thing changed."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class _Carried:
    """An argument that goes along: what it is on the present page, and where it does not go."""

    value: Callable[[], str]
    not_to: tuple[str, ...]


FILES = ("assets.", "bootstrap.")
"""What is no page: nothing goes along to it."""


def register(app: Flask) -> None:
    """Offer templates the links between views of a search, and make every link carry the carried arguments."""
    app.extensions["finder_carried"] = {}
    app.url_defaults(_into_link)
    app.jinja_env.globals.update(same_search=same_search, carried=carried)


def carry(app: Flask, name: str, value: Callable[[], str], *, not_to: Collection[str] = ()) -> None:
    """Make every link and form carry the argument ``name`` with the value ``value()`` on the present page.

    ``not_to`` are endpoints, or beginnings of endpoints, to which it does not go.
    """
    app.extensions["finder_carried"][name] = _Carried(value, (*FILES, *not_to))


def carried(*, but: Collection[str] = ()) -> Pairs:
    """Return the arguments that the present page carries, as a form's hidden fields need them."""
    return [(name, value) for name, value in _carried() if name not in but]


@per_request
def _carried() -> Pairs:
    every: dict[str, _Carried] = current_app.extensions["finder_carried"]
    return [(name, text) for name, one in every.items() if (text := one.value())]


def shared(endpoint: str, pairs: Iterable[tuple[str, str]], **parts: Any) -> str:
    """Return an address to send to others: these arguments alone, without the carried ones."""
    path = root_as_asked() + url_for(endpoint, **parts).split("?", 1)[0]
    query = urlencode([(name, value) for name, value in pairs if value], safe=",@~")
    return f"{path}?{query}" if query else path


def _into_link(endpoint: str, values: dict[str, Any]) -> None:
    if not has_request_context():
        return
    every: dict[str, _Carried] = current_app.extensions["finder_carried"]
    for name, value in carried():
        if name not in values and not endpoint.startswith(every[name].not_to):
            values[name] = value


def address(endpoint: str, pairs: Iterable[tuple[str, str]], **parts: Any) -> str:
    """Return the address of a page with exactly these arguments; ``parts`` are those of its path."""
    path = url_for(endpoint, **parts).split("?", 1)[0] if parts else _path(endpoint)
    query = urlencode([(name, value) for name, value in pairs if value], safe=",@~")
    return f"{path}?{query}" if query else path


@per_request
def _path(endpoint: str) -> str:
    """Return the path of a page; a list of results names the same few a hundred times."""
    return url_for(endpoint).split("?", 1)[0]


def same_search(endpoint: str, *, page: bool = False) -> str:
    """Return the address of another view of the present search; with ``page``, of the same page of it."""
    number = [("page", value) for value in request.args.getlist("page")[:1] if page]
    return address(endpoint, changed(request.args) + number)


def changed(args: MultiDict[str, str], **changes: str | None) -> Pairs:
    """Return arguments with some changed, or removed where None. The page number starts again."""
    remaining = [(name, value) for name, value in args.items(multi=True) if name not in changes and name != "page"]
    return remaining + [(name, value) for name, value in changes.items() if value is not None]


def without(args: MultiDict[str, str], name: str, value: str) -> Pairs:
    """Return arguments without a value of an argument that may have several."""
    return [pair for pair in changed(args) if pair != (name, value)]
