"""The pages of the guide, as a reader sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from finder.coverage.figures.figures import Figures
from finder.web.guide.content import guide
from finder.web.guide.topic_page import chapter
from tests.web.reading import parsed, prose, text_of

SLUGS = [topic.slug for topic in guide().topics]


def test_the_first_page_leads_to_every_topic(client: FlaskClient) -> None:
    page = client.get("/guide")
    assert page.status_code == 200
    links = {link.get("href") for link in parsed(page.text).iter("a")}
    assert {f"/guide/{slug}" for slug in SLUGS} <= links
    assert "/guide/all" in links


@pytest.mark.parametrize("slug", SLUGS)
def test_a_topic_has_one_heading_that_starts_its_title_and_says_who_reviewed_it(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/guide/{slug}")
    document = parsed(page.text)
    headings = [text_of(heading) for heading in document.iter("h1")]
    title = document.find(".//title")
    assert page.status_code == 200
    assert len(headings) == 1
    assert title is not None
    assert text_of(title).startswith(headings[0])
    assert "Not yet reviewed by a clinician. We last checked this page on November 20, 2026." in prose(page.text)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_source_line_leads_to_the_source_in_full_on_the_same_page(client: FlaskClient, slug: str) -> None:
    document = parsed(client.get(f"/guide/{slug}").text)
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    lines = [line for line in document.iter("p") if line.get("class") == "source"]
    assert lines
    assert len(ids) == len(set(ids))
    for line in lines:
        assert "Checked November 20, 2026." in text_of(line)
        assert {str(link.get("href"))[1:] for link in line.iter("a")} <= set(ids)


def test_the_amounts_are_medicares_of_this_year(client: FlaskClient) -> None:
    sentences = prose(client.get("/guide/medicare").text)
    assert "The Part B deductible for 2026 is $283.00." in sentences
    assert any(sentence.startswith("Above $2,480.00 in 2026") for sentence in sentences)
    assert any(sentence.startswith("Above $3,000.00 in 2026") for sentence in sentences)
    assert any("90 FR 52063" in sentence for sentence in sentences)


def test_in_a_year_without_amounts_the_guide_says_so_and_shows_no_other_years(sample_app: Flask) -> None:
    topic = guide().topic("medicare")
    assert topic is not None
    with sample_app.test_request_context():
        unpublished_page = chapter(topic, Figures.load().parameters, date(2028, 1, 2))
    messages = [
        passage.message
        for _label, blocks in unpublished_page.sections
        for block in blocks
        for passage in block.passages
    ]
    unpublished = [message for message in messages if message.text == "We do not have the {year} amounts yet."]
    assert len(unpublished) == 3
    assert all(message.arguments == {"year": 2028} for message in unpublished)
    assert not any(isinstance(value, Decimal) for message in messages for value in message.arguments.values())


def test_a_page_names_its_reviewer_and_the_day(sample_app: Flask) -> None:
    topic = guide().topics[0]
    reviewed = replace(topic, reviewed_by="A. Clinician, PT", reviewed_on=date(2026, 12, 1))
    with sample_app.test_request_context():
        page = render_template_string(
            "{% from 'guide/passages.html' import review %}{{ review(topic) }}", topic=reviewed
        )
    sentences = text_of(parsed(page))
    assert (
        sentences == "Reviewed by A. Clinician, PT on December 1, 2026. We last checked this page on November 20, 2026."
    )


def test_the_safety_box_and_the_red_flags_stand_where_therapy_is_begun(client: FlaskClient) -> None:
    for path in ("/guide", "/guide/safety", "/guide/all"):
        sentences = prose(client.get(path).text)
        assert {
            "Ask your doctor first.",
            "Never work through pain.",
            "A little is a lot.",
            "Too much does harm.",
        } <= set(sentences)
        assert any("911" in sentence for sentence in sentences)


def test_the_whole_guide_is_on_one_page_to_print(client: FlaskClient) -> None:
    whole = client.get("/guide/all")
    sentences = set(prose(whole.text))
    document = parsed(whole.text)
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert set(SLUGS) <= set(ids)
    assert len(ids) == len(set(ids))
    for topic in guide().topics:
        for section in topic.sections:
            for passage in section.passages:
                assert passage.figure or not passage.sentence or passage.sentence in sentences


def test_external_links_send_no_referrer(client: FlaskClient) -> None:
    outside = [
        link for link in parsed(client.get("/guide/all").text).iter("a") if str(link.get("href")).startswith("http")
    ]
    assert outside
    assert all("noreferrer" in str(link.get("rel")) for link in outside)


def test_a_topic_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/guide/miracles").status_code == 404


def test_the_guide_keeps_the_chosen_language(client: FlaskClient) -> None:
    document = parsed(client.get("/guide?lang=es").text)
    assert document.get("lang") == "es"
    assert {f"/guide/{slug}?lang=es" for slug in SLUGS} <= {link.get("href") for link in document.iter("a")}
