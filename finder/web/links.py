"""Addresses of our own pages that keep what was asked and change one thing: another page, one filter less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from werkzeug.datastructures import MultiDict

Pairs = list[tuple[str, str]]

RESULTS = "therapists.results"
"""The page that lists whom a search finds."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words, mostly to the same search with one thing changed."""

    label: str
    address: str


def register(app: Flask) -> None:
    """Let templates lead from a search to other views of it."""
    app.jinja_env.globals["same_search"] = same_search


def address(endpoint: str, pairs: Iterable[tuple[str, str]], **parts: Any) -> str:
    """Give the address of a page with exactly these arguments; ``parts`` are those of its path."""
    path = url_for(endpoint, **parts).split("?", 1)[0]
    query = urlencode([(name, value) for name, value in pairs if value], safe=",@")
    return f"{path}?{query}" if query else path


def same_search(endpoint: str, *, page: bool = False) -> str:
    """Give the address of another view of the present search; with ``page``, of the same page of it."""
    number = [("page", value) for value in request.args.getlist("page")[:1] if page]
    return address(endpoint, changed(request.args) + number)


def changed(asked: MultiDict[str, str], **changes: str | None) -> Pairs:
    """Give what was asked with some arguments set anew, or left out where None. The number of the page starts over."""
    kept = [(name, value) for name, value in asked.items(multi=True) if name not in changes and name != "page"]
    return kept + [(name, value) for name, value in changes.items() if value is not None]


def without(asked: MultiDict[str, str], name: str, value: str) -> Pairs:
    """Give what was asked less one value of one argument."""
    return [pair for pair in changed(asked) if pair != (name, value)]
