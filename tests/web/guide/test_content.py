"""The guide as data: every statement has a dated source, every link leads somewhere, no amount is written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from finder.coverage.figures.parameters import Parameters
from finder.resources import GUIDE
from finder.web.guide.content import Passage, Topic, guide, read_guide

WHOLE = read_guide(GUIDE)

MUST_COVER = {
    "what-it-is", "exercise", "safety", "types", "evidence", "first-visit", "not-improving", "choosing",
    "insurance-lists", "paperwork", "medicare", "other-ways", "help",
}  # fmt: skip


def passages(topic: Topic) -> Iterator[Passage]:
    for section in topic.sections:
        yield from section.passages


def words(topic: Topic) -> str:
    found = [topic.name, topic.sentence]
    for passage in passages(topic):
        found += [passage.sentence, *(f"{item.name} {item.sentence}" for item in passage.items)]
    return " ".join(found)


def test_every_topic_is_there_once() -> None:
    assert {topic.slug for topic in WHOLE.topics} == MUST_COVER
    assert len(WHOLE.topics) == len(MUST_COVER)


@pytest.mark.parametrize("topic", WHOLE.topics, ids=lambda topic: topic.slug)
def test_every_statement_names_a_dated_source_or_a_figure_that_brings_its_own(topic: Topic) -> None:
    for passage in passages(topic):
        assert bool(passage.sources) != bool(passage.figure), passage.sentence
        assert passage.sentence or passage.items
        assert all(date(2026, 1, 1) <= source.read_on <= topic.checked for source in passage.sources)


def test_every_source_is_used() -> None:
    used = {source.key for topic in WHOLE.topics for passage in passages(topic) for source in passage.sources}
    listed = set(re.findall(r'^key = "(.+)"', (GUIDE / "sources.toml").read_text(encoding="utf-8"), re.MULTILINE))
    assert used == listed


@pytest.mark.parametrize("topic", WHOLE.topics, ids=lambda topic: topic.slug)
def test_links_lead_to_one_place_and_topics_that_exist(topic: Topic) -> None:
    for link in (link for passage in passages(topic) for link in passage.links):
        assert [bool(link.endpoint), bool(link.topic), bool(link.url)].count(True) == 1
        assert not link.topic or WHOLE.topic(link.topic)
        assert not link.url or link.url.startswith(("https://", "tel:+1"))


def test_every_figure_is_one_of_medicares() -> None:
    figures = {passage.figure for topic in WHOLE.topics for passage in passages(topic) if passage.figure}
    assert figures == {"part_b_deductible", "kx_threshold", "review_threshold"}
    assert figures <= set(Parameters.names())


@pytest.mark.parametrize("topic", WHOLE.topics, ids=lambda topic: topic.slug)
def test_no_amount_of_money_is_written_by_hand(topic: Topic) -> None:
    assert "$" not in words(topic)


def test_the_founding_articles_are_named_with_their_author_and_reviewer() -> None:
    sources = {
        source.key: source for topic in WHOLE.topics for passage in passages(topic) for source in passage.sources
    }
    article = sources["richardson"].name
    assert "“Physical Therapy, Exercise and Neuropathy”" in article
    assert "Eugene B. Richardson" in article
    assert "Waden E. Emery III" in article


def test_both_views_of_walking_are_given_and_neither_is_preferred() -> None:
    exercise = WHOLE.topic("exercise")
    assert exercise is not None
    walking = next(section for section in exercise.sections if section.label.startswith("Walking"))
    assert [[source.key for source in passage.sources] for passage in walking.passages] == [
        ["health_article"], ["richardson_reply"], ["own_advice"],
    ]  # fmt: skip
    assert "We do not say which view fits you" in walking.passages[-1].sentence


def test_the_guide_is_read_once_in_a_process() -> None:
    assert guide() is guide()


def test_neighbours_lead_through_the_whole_guide() -> None:
    topic, seen = WHOLE.topics[0], [WHOLE.topics[0].slug]
    assert WHOLE.neighbours(topic)[0] is None
    while (after := WHOLE.neighbours(topic)[1]) is not None:
        assert WHOLE.neighbours(after)[0] is topic
        topic = after
        seen.append(topic.slug)
    assert seen == [topic.slug for topic in WHOLE.topics]
