"""The reading level of every English page: US school grade 8 or below by the Flesch-Kincaid formula."""

from __future__ import annotations

import pytest
import textstat
from flask import Flask

from finder.web.guide.content import Topic, guide
from tests.web.reading import prose, public_pages

HIGHEST_GRADE = 8.0


def grade(sentences: list[str]) -> float:
    """Return the school grade of a text, at which it can be read."""
    return float(textstat.flesch_kincaid_grade(" ".join(sentences)))


def test_hard_words_raise_the_grade() -> None:
    hard = (
        "Reimbursement eligibility determinations necessitate contemporaneous documentation of functional limitations."
    )
    assert grade([hard]) > HIGHEST_GRADE


@pytest.mark.slow
def test_every_page_can_be_read_in_grade_8(sample_app: Flask) -> None:
    client = sample_app.test_client()
    grades = {}
    for path in public_pages(sample_app):
        page = client.get(path, headers={"Accept-Language": "en"})
        if page.mimetype == "text/html":
            grades[path] = grade(prose(page.text))
    assert len(grades) > len(guide().topics) + 8
    assert {path: round(level, 1) for path, level in grades.items() if level > HIGHEST_GRADE} == {}


@pytest.mark.parametrize("topic", guide().topics, ids=lambda topic: topic.slug)
def test_the_statements_of_the_guide_are_easier_than_their_sources(sample_app: Flask, topic: Topic) -> None:
    sentences = [
        line
        for line in prose(sample_app.test_client().get(f"/guide/{topic.slug}").text)
        if not line.startswith("Source:")
    ]
    assert grade(sentences) <= 7.0
