"""No page claims that therapy cures neuropathy, or that the 20% coinsurance is a deductible."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from finder.web.guide.content import guide
from tests.web.reading import parsed, public_pages, sentences

CURE = re.compile(
    r"\b(cure|cures|cured|curing|curar?|cura|heal|heals|healed|healing|sanar?|sana|reverse[sd]?|repairs?)\b",
    re.IGNORECASE,
)

DENIAL = re.compile(r"\b(does not|do not|cannot|not|no|nunca)\b", re.IGNORECASE)

PROMISE = re.compile(
    r"\b(guarantee[sd]?|miracle|garantiza\w*|milagro\w*|proven to (work|help)"
    r"|will (help|ease|stop|end|fix|relieve)\s+((your|the)\s+)?(pain|symptoms|nerves|neuropathy))\b",
    re.IGNORECASE,
)

WRONG_WORD = re.compile(r"20\s*(%|percent|por ciento)\s*(deductible|de(l)? deducible)|deducible del 20", re.IGNORECASE)


def claims(text: list[str]) -> list[str]:
    """Return the sentences that promise a cure, a success, or call the coinsurance a deductible."""
    single = [part for sentence in text for part in re.split(r"(?<=[.!?])\s+", sentence)]
    return [
        part
        for part in single
        if (CURE.search(part) and not DENIAL.search(part)) or PROMISE.search(part) or WRONG_WORD.search(part)
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "Physical therapy cures neuropathy.",
        "Swimming heals your nerves.",
        "Exercise can reverse nerve damage.",
        "Therapy will stop your pain.",
        "Results are guaranteed.",
        "You pay a 20% deductible.",
        "La terapia cura la neuropatía.",
    ],
)
def test_a_claim_is_recognized(claim: str) -> None:
    assert claims([f"It is cheap. {claim} Call today."]) == [claim]


def test_a_denial_is_no_claim() -> None:
    assert claims(["Physical therapy does not cure neuropathy."]) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_makes_a_claim(sample_app: Flask, language: str) -> None:
    client = sample_app.test_client()
    pages = public_pages(sample_app)
    assert {f"/guide/{topic.slug}" for topic in guide().topics} <= set(pages)
    assert len(pages) > len(guide().topics) + 8
    for path in pages:
        page = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status_code < 500, path
        if page.mimetype == "text/html":
            assert claims(sentences(parsed(page.text))) == [], path


def test_the_guide_says_that_therapy_does_not_cure_neuropathy_and_names_the_exception(sample_app: Flask) -> None:
    page = sample_app.test_client().get("/guide/what-it-is").text
    assert "Physical therapy does not cure neuropathy." in page
    assert "Entrapment is the exception." in page
