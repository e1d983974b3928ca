"""A topic of the guide as its page has it: passages joined with the amounts of today, their sources and their links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import url_for

from finder.coverage.figures.parameters import Parameter, Parameters
from finder.i18n import N_, Message
from finder.web.guide.content import GuideLink, Item, Passage, Section, Source, Topic

NOT_PUBLISHED = N_("We do not have the {year} amounts yet.")

FIGURE = Source(
    key="",
    label=N_("Medicare’s published amounts"),
    name=N_("Medicare’s published amounts"),
    read_on=date.min,
    certainty="own",
)
"""The source of an amount, before its citation and date are known."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as the page has it; ``is_outside`` where it leads to another site."""

    label: str
    address: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage as the page has it."""

    message: Message
    items: tuple[Item, ...]
    places: tuple[LinkView, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PassageGroup:
    """Passages in a row that share their sources, which stand below the last one."""

    passages: tuple[PassageView, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A topic as its page has it: its sections by heading, and every source once, in the order of their first use."""

    topic: Topic
    sections: tuple[tuple[str, tuple[PassageGroup, ...]], ...]
    sources: tuple[Source, ...]


def chapter(topic: Topic, parameters: Parameters, today: date) -> Chapter:
    """Join a topic with the amounts of ``today``."""

    def passage_groups(section: Section) -> tuple[PassageGroup, ...]:
        passages = (_passage_view(passage, topic.checked, parameters, today) for passage in section.passages)
        return tuple(
            PassageGroup(tuple(group), sources)
            for sources, group in groupby(passages, key=lambda passage_view: passage_view.sources)
        )

    sections = tuple((section.label, passage_groups(section)) for section in topic.sections)
    sources = (source for _label, groups in sections for group in groups for source in group.sources)
    return Chapter(topic, sections, tuple({source.key: source for source in sources}.values()))


def _passage_view(passage: Passage, checked: date, parameters: Parameters, today: date) -> PassageView:
    message, sources = Message(passage.sentence), passage.sources
    if passage.figure:
        message, source = _amount(passage, getattr(parameters, passage.figure), today)
        sources = (replace(source, read_on=checked),)
    return PassageView(message, passage.items, tuple(_link_view(link) for link in passage.links), sources)


def _amount(passage: Passage, parameter: Parameter, today: date) -> tuple[Message, Source]:
    """Return today's amount in words, and its source; where none is held, words that say so, never another year's."""
    key = parameter.name.replace("_", "-")
    value = parameter.find(today)
    if value is None:
        return Message(NOT_PUBLISHED, {"year": today.year}), replace(FIGURE, key=key)
    message = Message(passage.sentence, {"year": today.year, "amount": value.amount})
    return message, replace(FIGURE, key=key, citation=value.source, certainty=value.certainty)


def _link_view(link: GuideLink) -> LinkView:
    """Return the address of a link."""
    if link.topic:
        return LinkView(link.label, url_for("guide.topic", slug=link.topic), is_outside=False)
    if link.endpoint:
        return LinkView(link.label, url_for(link.endpoint), is_outside=False)
    return LinkView(link.label, link.url, is_outside=link.url.startswith("https:"))
