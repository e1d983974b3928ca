"""What a page of the search was asked, read once: the need in a person's own words, and the query that it makes.

The list, its map and its table all ask alike. How the words were taken is told by ``finder.web.understood``.
"""

from __future__ import annotations

from flask import g
from werkzeug.datastructures import MultiDict

from finder.directory.need import Need, understand
from finder.directory.query import Query, parse_query
from finder.web.language import language
from finder.web.services import services

NEED, NAME = "q", "name"
"""The arguments for what a person needs, in their own words, and for a name that is nothing else."""


def query_of(asked: MultiDict[str, str]) -> Query:
    """Read the search of a page. Raises PlaceError, InvalidRequest."""
    need = need_of(asked)
    name = " ".join(filter(None, (need.leftover, asked.get(NAME, ""))))
    others = [(argument, value) for argument, value in asked.items(multi=True) if argument not in (NEED, NAME)]
    kinds = [("specialty", facet) for facet in need.specialties]
    arguments = MultiDict([*others, *kinds, (NAME, name)])
    return parse_query(arguments, services().gazetteer, services().directory().plans, insurance_status="yes_or_unknown")


def need_of(asked: MultiDict[str, str]) -> Need:
    """Understand the words of a page's search; a word that is somebody's name on the list is never taken for a typo."""
    text = asked.get(NEED, "")
    remembered: dict[str, Need] = g.setdefault("needs", {})
    if text not in remembered:
        remembered[text] = _understand(text)
    return remembered[text]


def _understand(text: str) -> Need:
    return understand(text, language(), is_name=services().directory().is_name) if text else Need((), "")
