"""The guide as values: parts, topics, sections, passages and their sources, read from ``data/guide``.

A topic is one file and one page. Every passage names its sources, or a Medicare figure that brings its own; the English
sentences are catalogue ids, worded by the page. Which address a link leads to is not known here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from finder.resources import GUIDE

Certainty = Literal["primary", "secondary", "unverified", "own"]
"""``primary``: we read the text itself; ``secondary``: what others report of it; ``own``: our own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from: ``label`` under the statement, ``name`` in full in the list at the end."""

    key: str
    label: str
    name: str
    read_on: date
    certainty: Certainty
    citation: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideLink:
    """A link below a passage, to exactly one of: a page of ours by endpoint, a topic by its slug, an address."""

    label: str
    endpoint: str = ""
    topic: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list, with a name in front where it explains a word."""

    sentence: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few sentences or a list, all from the same sources; with ``figure``, one amount that changes by the year."""

    sentence: str
    items: tuple[Item, ...]
    links: tuple[GuideLink, ...]
    sources: tuple[Source, ...]
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Passages under one heading."""

    label: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One page of the guide. ``reviewed_by`` is the clinician who reviewed it, empty until one has."""

    slug: str
    part: str
    name: str
    sentence: str
    checked: date
    boxes: tuple[str, ...]
    sections: tuple[Section, ...]
    reviewed_by: str
    reviewed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Topics that belong together on the first page of the guide."""

    key: str
    label: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole guide, in reading order."""

    parts: tuple[Part, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic, in reading order."""
        return tuple(topic for part in self.parts for topic in part.topics)

    def topic(self, slug: str) -> Topic | None:
        """Return the topic of an address."""
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def neighbours(self, topic: Topic) -> tuple[Topic | None, Topic | None]:
        """Return the topics before and after this one."""
        row = (None, *self.topics, None)
        place = row.index(topic)
        return row[place - 1], row[place + 1]


@cache
def guide() -> Guide:
    """Read the guide, once in the life of a process."""
    return read_guide(GUIDE)


def read_guide(folder: Path) -> Guide:
    """Read ``parts.toml``, ``sources.toml`` and ``topics/*.toml`` of a folder."""
    sources = {row["key"]: Source(**row) for row in _read(folder / "sources.toml")["source"]}
    files = sorted((_read(path)["order"], path) for path in (folder / "topics").glob("*.toml"))
    topics = [read_topic(path.stem, _read(path), sources) for _order, path in files]
    return Guide(
        tuple(
            Part(**part, topics=tuple(topic for topic in topics if topic.part == part["key"]))
            for part in _read(folder / "parts.toml")["part"]
        )
    )


def read_topic(slug: str, content: Mapping[str, Any], sources: Mapping[str, Source]) -> Topic:
    """Read one topic; a passage that names an unknown source raises KeyError."""
    return Topic(
        slug=slug,
        part=content["part"],
        name=content["name"],
        sentence=content["sentence"],
        checked=content["checked"],
        boxes=tuple(content["boxes"]),
        sections=tuple(
            Section(label=section["label"], passages=_passages(section["passage"], sources))
            for section in content["section"]
        ),
        reviewed_by=content.get("reviewed_by", ""),
        reviewed_on=content.get("reviewed_on"),
    )


def _passages(rows: Sequence[Mapping[str, Any]], sources: Mapping[str, Source]) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            sentence=row.get("sentence", ""),
            items=tuple(Item(**item) for item in row.get("items", ())),
            links=tuple(GuideLink(**link) for link in row.get("links", ())),
            sources=tuple(sources[key] for key in row.get("source", ())),
            figure=row.get("figure", ""),
        )
        for row in rows
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
